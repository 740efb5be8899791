/**
 * Prices a cart: amounts, discounts, tax, round-off, what is to pay. Rule kept: one function prices the
 * screen, the bill and the independent check, so a receipt and an invoice can't differ by a paisa; bill
 * totals are sums of lines. It never looks anything up and never changes the cart.
 */
import {
  computeLineTax,
  type Supply,
  type TaxRate,
  type TaxSplit,
  addSplits,
  lineTotal,
  zeroSplit,
} from '../gst/tax.ts';
import { addPaise, amountOf, type Paise, roundToStep, shareOf, subtractPaise, zeroPaise } from '../money.ts';
import { apportionBillDiscount } from '../gst/bill-discount.ts';
import { type Cart, type CartLine, type Discount, isItemLine } from './cart.ts';

/** What of the shop and the day decides amounts. */
export type PricingContext = {
  readonly supply: Supply;
  /** false: composition dealer, nothing charged. */
  readonly chargesTax: boolean;
  /** Round-off step in paise: 100 = nearest rupee, 50, or 1 for none. */
  readonly roundStepPaise: Paise;
  /** Rate in force on the business date; null when the table has none (the line then blocks the bill). */
  readonly rateOf: (taxClassKey: string) => TaxRate | null;
};

export type PricedLine = {
  readonly line: CartLine;
  readonly rate: TaxRate;
  readonly hasRate: boolean;
  readonly grossPaise: Paise;
  readonly lineDiscountPaise: Paise;
  readonly billDiscountPaise: Paise;
  /** gross − discounts, in the price's own mode. */
  readonly netPaise: Paise;
  readonly split: TaxSplit;
  /** What the customer pays for this line. */
  readonly totalPaise: Paise;
};

export type PricedCart = {
  readonly lines: readonly PricedLine[];
  /** Σ gross. */
  readonly itemsPaise: Paise;
  /** Σ of both discounts, positive. */
  readonly discountPaise: Paise;
  /** Tax that goes on top of shown prices (exclusive lines only); 0 when all prices include it. */
  readonly addedTaxPaise: Paise;
  readonly split: TaxSplit;
  readonly roundOffPaise: Paise;
  readonly payablePaise: Paise;
  /** MRP × quantity − what is paid, over lines that have an MRP; what the customer saves. */
  readonly savedPaise: Paise;
};

const untaxedRate: TaxRate = {
  rateBp: 0 as TaxRate['rateBp'],
  cess: null,
  treatment: 'exempt',
  valuation: 'transactionValue',
};

export const grossOf = (line: CartLine): Paise =>
  line.fixedAmountPaise ?? amountOf(line.sellingPricePaise, line.qtyMilli);

/** A discount in paise on `base`; may exceed it when a person typed so, callers refuse that. */
export const discountOn = (discount: Discount | null, base: Paise): Paise =>
  discount === null ? zeroPaise : discount.kind === 'amount' ? discount.amountPaise : shareOf(base, discount.rateBp);

const capped = (value: Paise, cap: Paise): Paise => (value > cap ? cap : value);

/**
 * Prices every item line of the cart. Sources: rules-gst-retail.md §3.2 (per-line heads, half up; the bill
 * discount apportioned by value before tax, residual paisa to the largest line; round-off after tax, a line
 * of its own). A discount larger than its base is capped here so that a stale cart can't turn negative.
 */
export function priceCart(cart: Pick<Cart, 'lines' | 'billDiscount'>, context: PricingContext): PricedCart {
  const items = cart.lines.filter(isItemLine);
  const gross = items.map(grossOf);
  const lineDiscount = items.map((line, i) => capped(discountOn(line.discount, gross[i] as Paise), gross[i] as Paise));
  const afterLine = items.map((_, i) => subtractPaise(gross[i] as Paise, lineDiscount[i] as Paise));
  const base = addPaise(...afterLine);
  const wanted = capped(discountOn(cart.billDiscount, base), base);
  const billDiscount = apportionBillDiscount(wanted, afterLine);

  const lines = items.map((line, i): PricedLine => {
    const rate = context.rateOf(line.taxClassKey);
    const netPaise = subtractPaise(afterLine[i] as Paise, billDiscount[i] ?? zeroPaise);
    const split = computeLineTax({
      amountPaise: netPaise,
      qtyMilli: line.qtyMilli,
      isInclusive: line.isInclusive,
      supply: context.supply,
      rate: rate ?? untaxedRate,
      rspPaise: line.mrpPaise,
      chargesTax: context.chargesTax,
    });
    return {
      line,
      rate: rate ?? untaxedRate,
      hasRate: rate !== null,
      grossPaise: gross[i] as Paise,
      lineDiscountPaise: lineDiscount[i] as Paise,
      billDiscountPaise: billDiscount[i] ?? zeroPaise,
      netPaise,
      split,
      totalPaise: lineTotal(netPaise, line.isInclusive, split),
    };
  });

  const total = addPaise(...lines.map((l) => l.totalPaise));
  const payablePaise = roundToStep(total, context.roundStepPaise);
  return {
    lines,
    itemsPaise: addPaise(...gross),
    discountPaise: addPaise(...lineDiscount, ...billDiscount),
    addedTaxPaise: addPaise(...lines.map((l) => subtractPaise(l.totalPaise, l.netPaise))),
    split: lines.length === 0 ? zeroSplit : addSplits(...lines.map((l) => l.split)),
    roundOffPaise: subtractPaise(payablePaise, total),
    payablePaise,
    savedPaise: addPaise(...lines.map(savedOn)),
  };
}

function savedOn({ line, totalPaise }: PricedLine): Paise {
  if (line.mrpPaise === null) return zeroPaise;
  const atMrp = amountOf(line.mrpPaise, line.qtyMilli);
  return atMrp > totalPaise ? subtractPaise(atMrp, totalPaise) : zeroPaise;
}

/** Cash to give back: only cash tenders can overpay (rules §1.1 "change only from cash"). */
export type Settlement = {
  readonly tenderedPaise: Paise;
  readonly stillToCollectPaise: Paise;
  readonly changePaise: Paise;
};

export function settle(payablePaise: Paise, tenders: Cart['tenders']): Settlement {
  const tenderedPaise = addPaise(...tenders.map((t) => t.amountPaise));
  const over = subtractPaise(tenderedPaise, payablePaise);
  return {
    tenderedPaise,
    stillToCollectPaise: over < 0 ? subtractPaise(payablePaise, tenderedPaise) : zeroPaise,
    changePaise: over > 0 ? over : zeroPaise,
  };
}
