/**
 * Whole bills: the invariants of GST arithmetic on what priceCart and makeBill produce together, and every
 * reason for which a cart may not become a bill.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { cartLine, factsFor, rates, type Sale, sale, testId } from '../../tests/fixtures/random-carts.ts';
import type { Bill } from '../documents.ts';
import { sumHsnRows, summariseHsn } from '../gst/hsn-summary.ts';
import type { Gstin } from '../gst/gstin.ts';
import { addSplits, splitTotal, taxTotal, valuationDifference } from '../gst/tax.ts';
import { addPaise, type Paise, paise, shareOf } from '../money.ts';
import { milli, onePiece, units } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import { type Cart, type CartLine, emptyCart } from './cart.ts';
import { makeBill, refusalToCommit } from './make-bill.ts';
import { discountOn, grossOf, priceCart } from './price-cart.ts';

function billOf({ cart, priced, facts }: Sale): Bill {
  const made = makeBill(cart, priced, facts);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}
const sum = (amounts: readonly Paise[]): Paise => addPaise(...amounts);
const every = (check: (bill: Bill, made: Sale) => void): void =>
  fc.assert(
    fc.property(sale, (made) => {
      check(billOf(made), made);
    }),
    { numRuns: propertyRuns() },
  );

describe('every bill', () => {
  it('Σ line totals + roundOff = payable, and roundOff stays within half a step', () => {
    every((bill, { roundStepPaise }) => {
      const total = sum(bill.lines.map((l) => l.totalPaise));
      expect(total + bill.roundOffPaise).toBe(bill.payablePaise);
      expect(bill.payablePaise % roundStepPaise).toBe(0);
      expect(Math.abs(bill.roundOffPaise) * 2).toBeLessThanOrEqual(roundStepPaise === 1 ? 0 : roundStepPaise);
    });
  });

  it('Σ splits = the bill’s split = Σ HSN rows, CGST = SGST + UTGST everywhere, one kind of tax only', () => {
    every((bill) => {
      expect(addSplits(...bill.lines.map((l) => l.split))).toEqual(bill.split);
      const rows = summariseHsn(
        bill.lines.map((l) => ({
          hsn: l.hsn ?? '',
          uqc: units[l.unit].uqc,
          qtyMilli: l.qtyMilli,
          rateBp: l.rate.rateBp,
          treatment: l.rate.treatment,
          split: l.split,
        })),
      );
      expect(sumHsnRows(rows).split).toEqual(bill.split);
      for (const split of [bill.split, ...bill.lines.map((l) => l.split), ...rows.map((r) => r.split)]) {
        expect(split.cgstPaise).toBe(split.sgstPaise + split.utgstPaise);
        if (bill.supply === 'interState') expect(split.cgstPaise).toBe(0);
        else expect(split.igstPaise).toBe(0);
        if (bill.supply === 'intraUt') expect(split.sgstPaise).toBe(0);
        else expect(split.utgstPaise).toBe(0);
      }
    });
  });

  it('an inclusive line stays exact: taxable + taxes = net; an exclusive one adds its taxes', () => {
    every((bill) => {
      for (const l of bill.lines) {
        expect(l.totalPaise).toBe(l.isInclusive ? l.netPaise : l.netPaise + taxTotal(l.split));
        // Rule 31D taxes the printed price whatever was charged: the declared value then differs from the money.
        if (l.rate.valuation === 'retailSalePrice') continue;
        expect(splitTotal(l.split)).toBe(l.totalPaise);
        expect(valuationDifference(l.netPaise, l.isInclusive, l.split)).toBe(0);
        if (!l.isInclusive) expect(l.split.taxableValuePaise).toBe(l.netPaise);
      }
    });
  });

  it('discounts: gross − line − share = net, nothing negative, shares add up to the bill’s discount', () => {
    every((bill, { cart }) => {
      for (const l of bill.lines) {
        expect(l.grossPaise - l.lineDiscountPaise - l.billDiscountPaise).toBe(l.netPaise);
        for (const amount of [l.netPaise, l.lineDiscountPaise, l.billDiscountPaise, l.totalPaise]) {
          expect(amount).toBeGreaterThanOrEqual(0);
        }
      }
      const lineOff = sum(bill.lines.map((l) => l.lineDiscountPaise));
      const billOff = sum(bill.lines.map((l) => l.billDiscountPaise));
      const base = paise(bill.itemsPaise - lineOff);
      expect(billOff).toBe(Math.min(base, discountOn(cart.billDiscount, base)));
      expect(bill.itemsPaise).toBe(sum(bill.lines.map((l) => l.grossPaise)));
      expect(bill.discountPaise).toBe(lineOff + billOff);
    });
  });

  it('tenders add up to the payable; change comes out of cash alone', () => {
    every((bill) => {
      expect(sum(bill.tenders.map((t) => t.amountPaise))).toBe(bill.payablePaise);
      expect(sum(bill.tenders.map((t) => t.receivedPaise))).toBe(bill.payablePaise + bill.changePaise);
      for (const t of bill.tenders) {
        expect(t.amountPaise).toBeGreaterThanOrEqual(0);
        if (t.kind !== 'cash') expect(t.receivedPaise).toBe(t.amountPaise);
      }
    });
  });

  it('a dealer without GSTIN or under composition charges nothing and gives a bill of supply', () => {
    every((bill, { priced }) => {
      const { gstin, isComposition } = bill.seller;
      if (gstin !== null && !isComposition) return;
      expect(bill.title).toBe('billOfSupply');
      expect(taxTotal(bill.split)).toBe(0);
      expect(priced.addedTaxPaise).toBe(0);
      for (const l of bill.lines) expect(l.split.taxableValuePaise).toBe(l.netPaise);
    });
  });

  it('is plain JSON that reads back the same', () => {
    every((bill) => expect(JSON.parse(JSON.stringify(bill))).toEqual(bill));
  });

  it('its lines give its totals to an independent reckoning in whole paise', () => {
    every((bill, { roundStepPaise }) => {
      const isTaxed = bill.seller.gstin !== null && !bill.seller.isComposition;
      for (const l of bill.lines) {
        if (l.rate.cess !== null || l.rate.valuation === 'retailSalePrice') continue;
        const rate = isTaxed && l.rate.treatment === 'taxable' ? BigInt(l.rate.rateBp) : 0n;
        const whole = l.isInclusive ? 10_000n + rate : 10_000n;
        const half = (parts: bigint): bigint => (2n * BigInt(l.netPaise) * rate + parts * whole) / (2n * parts * whole);
        const expected = bill.supply === 'interState' ? half(1n) : 2n * half(2n);
        expect(BigInt(taxTotal(l.split))).toBe(expected);
      }
      const total = bill.lines.reduce((s, l) => s + BigInt(l.totalPaise), 0n);
      const step = BigInt(roundStepPaise);
      expect(BigInt(bill.payablePaise)).toBe(((2n * total + step) / (2n * step)) * step);
    });
  });
});

// ── single cases ───────────────────────────────────────────────────────────────────────────────────────

const registered = { gstin: '27AAPFU0939F1ZV', isComposition: false, stateCode: '27' };
const facts = factsFor(registered);
const plainLine = (more: Partial<CartLine> = {}): CartLine => ({
  ...(fc.sample(cartLine, { numRuns: 1, seed: 7 })[0] as CartLine),
  unit: 'pc',
  qtyMilli: onePiece,
  packQtyMilli: onePiece,
  taxClassKey: 'plain-1800',
  isInclusive: true,
  mrpPaise: paise(20_000),
  sellingPricePaise: paise(10_000),
  discount: null,
  fixedAmountPaise: null,
  expiresOn: null,
  ...more,
});
const cartOf = (lines: Cart['lines'], more: Partial<Cart> = {}): Cart => ({
  ...emptyCart(testId(1), facts.occurredAtMs, testId(2)),
  lines,
  tenders: [{ id: testId(9), kind: 'cash', amountPaise: paise(99_999_00), status: 'received', reference: null }],
  ...more,
});
const priceOf = (cart: Cart, more: Partial<Parameters<typeof priceCart>[1]> = {}) =>
  priceCart(cart, {
    supply: 'intraState',
    chargesTax: true,
    roundStepPaise: paise(100),
    rateOf: (key) => rates[key] ?? null,
    ...more,
  });
const refusal = (cart: Cart) => refusalToCommit(cart, priceOf(cart), facts.businessDate);
const titleOf = (lines: Cart['lines'], gstin: string | null = null) => {
  const customer = { mobile: null, name: null, gstin: gstin as Gstin | null, address: null, placeOfSupply: null };
  const cart = cartOf(lines, { customer });
  return billOf({ cart, priced: priceOf(cart), facts, roundStepPaise: paise(100) }).title;
};

describe('what a cart may not become', () => {
  it('an empty, unsettled, rateless, expired or unprinted one', () => {
    expect(refusal(cartOf([]))).toEqual({ type: 'CartEmpty' });
    const red = { kind: 'unknown' as const, id: testId(50), code: '890', qtyMilli: onePiece };
    expect(refusal(cartOf([plainLine(), red]))).toEqual({ type: 'CartUnsettled', lines: 1 });
    expect(refusal(cartOf([plainLine({ taxClassKey: 'gone' })]))).toMatchObject({ type: 'NoTaxRate' });
    const yesterday = '2026-11-19' as BusinessDate;
    expect(refusal(cartOf([plainLine({ expiresOn: yesterday })]))).toEqual({
      type: 'BatchExpired',
      expiredOn: yesterday,
    });
    expect(refusal(cartOf([plainLine({ expiresOn: facts.businessDate })]))).toBeNull();
    expect(refusal(cartOf([plainLine({ taxClassKey: 'tobacco', mrpPaise: null })]))).toMatchObject({
      type: 'MrpNeeded',
    });
  });

  it('short money says by how much; other money than cash may not exceed the payable', () => {
    const tender = (kind: 'cash' | 'upi' | 'card', amountPaise: number) => ({
      id: testId(amountPaise),
      kind,
      amountPaise: paise(amountPaise),
      status: 'received' as const,
      reference: null,
    });
    const paid = (...tenders: Cart['tenders']) => refusal(cartOf([plainLine()], { tenders }));
    expect(paid()).toEqual({ type: 'TenderShort', shortByPaise: 10_000 });
    expect(paid(tender('cash', 9_999))).toEqual({ type: 'TenderShort', shortByPaise: 1 });
    expect(paid(tender('card', 10_000))).toBeNull();
    expect(paid(tender('upi', 10_001))).toEqual({ type: 'TenderAbovePayable', overByPaise: 1 });
    expect(paid(tender('upi', 6_000), tender('cash', 5_000))).toBeNull();
    // The cart shrank after UPI was taken: cash can't give back more than was handed over.
    expect(paid(tender('upi', 10_500), tender('cash', 300))).toEqual({ type: 'TenderAbovePayable', overByPaise: 500 });
  });

  it('from ₹50,000 of taxable value an unregistered buyer has a name and an address (Rule 46)', () => {
    const dear = plainLine({ sellingPricePaise: paise(50_000_00), mrpPaise: null, isInclusive: false });
    const buyer = (name: string | null, address: string | null, gstin: string | null = null) =>
      refusal(
        cartOf([dear], {
          customer: { mobile: null, name, address, gstin: gstin as Gstin | null, placeOfSupply: null },
        }),
      );
    expect(refusal(cartOf([dear]))).toMatchObject({ type: 'CustomerDetailsNeeded' });
    expect(buyer('Asha', null)).toMatchObject({ type: 'CustomerDetailsNeeded' });
    expect(buyer('Asha', 'Road')).toBeNull();
    expect(buyer(null, null, '27AAPFU0939F1ZV')).toBeNull();
    const under = plainLine({ sellingPricePaise: paise(49_999_99), mrpPaise: null, isInclusive: false });
    expect(refusal(cartOf([under]))).toBeNull();
  });
});

describe('titles', () => {
  it('taxed goods alone, untaxed alone, and both (Rules 46, 49, 46A)', () => {
    const taxed = plainLine();
    const free = plainLine({ taxClassKey: 'exempt' });
    expect(titleOf([taxed])).toBe('taxInvoice');
    expect(titleOf([free])).toBe('billOfSupply');
    expect(titleOf([taxed, free])).toBe('invoiceCumBillOfSupply');
    expect(titleOf([taxed, free], '27AAPFU0939F1ZV')).toBe('taxInvoice');
  });
});

describe('tax on the printed price (Rule 31D)', () => {
  it('a pack of MRP ₹140 sold at ₹100 bears the tax of ₹140 at 40 %', () => {
    const cart = cartOf([
      plainLine({ taxClassKey: 'tobacco', mrpPaise: paise(14_000), sellingPricePaise: paise(10_000) }),
    ]);
    const { lines, payablePaise } = priceOf(cart);
    // 140 × 40 ÷ 140 = 40.00, whatever is charged; half to the Centre.
    expect(lines[0]?.split).toMatchObject({ cgstPaise: 2000, sgstPaise: 2000, taxableValuePaise: 10_000 });
    expect(payablePaise).toBe(10_000);
  });
});

describe('priceCart', () => {
  it('gives the residual paisa of a bill discount to the largest line', () => {
    const third = plainLine({ sellingPricePaise: paise(3_333) });
    const cart = cartOf([third, { ...third, sellingPricePaise: paise(3_334) }, third], {
      billDiscount: { kind: 'amount', amountPaise: paise(100) },
    });
    expect(priceOf(cart).lines.map((l) => l.billDiscountPaise)).toEqual([33, 34, 33]);
  });

  it('caps a bill discount that the cart has shrunk under, so nothing turns negative', () => {
    const cart = cartOf([plainLine()], { billDiscount: { kind: 'amount', amountPaise: paise(50_000) } });
    expect(priceOf(cart)).toMatchObject({ payablePaise: 0, discountPaise: 10_000, roundOffPaise: 0 });
  });

  it('a fixed amount ("₹20 ka") is what the line costs, whatever its weight rounds to', () => {
    const line = plainLine({
      unit: 'kg',
      qtyMilli: milli(426),
      sellingPricePaise: paise(4_700),
      fixedAmountPaise: paise(2_000),
    });
    expect(grossOf(line)).toBe(2_000);
    expect(priceOf(cartOf([line])).payablePaise).toBe(2_000);
  });

  it('shows what the customer saves against the MRP', () => {
    const cart = cartOf([plainLine({ discount: { kind: 'percent', rateBp: 1000 as never } })]);
    expect(priceOf(cart).savedPaise).toBe(20_000 - 10_000 + shareOf(paise(10_000), 1000 as never));
  });
});
