/**
 * The tax of one line: CGST + SGST (or UTGST) or IGST, and cess, out of an inclusive price (CGST Rule 35),
 * on an exclusive one, or on the printed retail sale price (Rule 31D). The one rule: every head is computed
 * from its own rate and rounded half up on its own, never one tax halved, so CGST == SGST always. It never
 * looks up a rate, never rounds a bill, and never decides who is to be charged.
 */
import {
  addPaise,
  amountOf,
  type BasisPoints,
  multiplyDivide,
  negatePaise,
  type Paise,
  paise,
  subtractPaise,
  zeroPaise,
} from '../money.ts';
import type { Milli } from '../quantity.ts';

/** Who shares the tax: Centre and State, Centre and Union territory, or the Union alone. */
export type Supply = 'intraState' | 'intraUt' | 'interState';
export type Treatment = 'taxable' | 'nilRated' | 'exempt' | 'nonGst';

/** Compensation cess; both parts are charged ('sum') or the higher of the two ('max'). */
export type Cess = {
  readonly rateBp: BasisPoints;
  /** Thousandths of a paisa per 1000 milli-units: ₹1.591 a piece = 159100. */
  readonly perUnitMilliPaise: number;
  readonly rule: 'sum' | 'max';
};

export type TaxRate = {
  /** The IGST rate, which is the sum of the CGST and SGST rates; without cess. */
  readonly rateBp: BasisPoints;
  readonly cess: Cess | null;
  readonly treatment: Treatment;
  readonly valuation: 'transactionValue' | 'retailSalePrice';
};

export type TaxSplit = {
  readonly taxableValuePaise: Paise;
  readonly cgstPaise: Paise;
  readonly sgstPaise: Paise;
  readonly utgstPaise: Paise;
  readonly igstPaise: Paise;
  readonly cessPaise: Paise;
};

export type LineTaxInput = {
  /** Line value after every discount, tax inside it or not as isInclusive says. */
  readonly amountPaise: Paise;
  readonly qtyMilli: Milli;
  readonly isInclusive: boolean;
  readonly supply: Supply;
  readonly rate: TaxRate;
  /** Retail sale price (the MRP) per 1000 milli-units; read only when the rate is valued on it. */
  readonly rspPaise: Paise | null;
  /** false for a composition dealer: nothing is charged and the value is the whole amount. */
  readonly chargesTax: boolean;
};

export const zeroSplit: TaxSplit = {
  taxableValuePaise: zeroPaise,
  cgstPaise: zeroPaise,
  sgstPaise: zeroPaise,
  utgstPaise: zeroPaise,
  igstPaise: zeroPaise,
  cessPaise: zeroPaise,
};

const untaxed = (amount: Paise): TaxSplit => ({ ...zeroSplit, taxableValuePaise: amount });

/** The GST heads of `base` at rateBp ÷ whole, each half up. `whole` is 10,000, or 10,000 + sum of rates for Rule 35. */
function headsOf(
  base: number,
  rateBp: number,
  whole: number,
  supply: Supply,
): Omit<TaxSplit, 'taxableValuePaise' | 'cessPaise'> {
  const none = { cgstPaise: zeroPaise, sgstPaise: zeroPaise, utgstPaise: zeroPaise, igstPaise: zeroPaise };
  if (supply === 'interState') return { ...none, igstPaise: paise(multiplyDivide(base, rateBp, whole)) };
  const half = paise(multiplyDivide(base, rateBp, whole * 2));
  return supply === 'intraUt'
    ? { ...none, cgstPaise: half, utgstPaise: half }
    : { ...none, cgstPaise: half, sgstPaise: half };
}

const perUnitCess = (cess: Cess, qty: Milli): number => multiplyDivide(cess.perUnitMilliPaise, qty, 1_000_000);

/** Tax on top of `value`: each head = value × its rate (CGST Act s. 9, IGST Act s. 5). */
function taxOnTop(value: Paise, qty: Milli, supply: Supply, rate: TaxRate): TaxSplit {
  const heads = headsOf(value, rate.rateBp, 10_000, supply);
  let cess = 0;
  if (rate.cess !== null) {
    const byValue = multiplyDivide(value, rate.cess.rateBp, 10_000);
    const byUnit = perUnitCess(rate.cess, qty);
    cess = rate.cess.rule === 'sum' ? byValue + byUnit : larger(byValue, byUnit);
  }
  return { taxableValuePaise: value, ...heads, cessPaise: paise(cess) };
}

/**
 * Tax inside `gross` (CGST Rule 35): each head = value × head rate ÷ (100 + sum of rates), and the taxable
 * value is what is left, so gross stays exact. A per-unit cess leaves the price first; it can't be more
 * than the price itself, so nothing turns negative under a wrong rate row.
 */
function taxInside(gross: Paise, qty: Milli, supply: Supply, rate: TaxRate): TaxSplit {
  const cess = rate.cess;
  let byUnit = 0;
  let cessBp = 0;
  if (cess !== null) {
    byUnit = smaller(perUnitCess(cess, qty), gross);
    cessBp = cess.rateBp;
    if (cess.rule === 'max') {
      const byValue = multiplyDivide(gross, cess.rateBp, 10_000 + rate.rateBp + cess.rateBp);
      if (Math.abs(byUnit) > Math.abs(byValue)) cessBp = 0;
      else byUnit = 0;
    }
  }
  const whole = 10_000 + rate.rateBp + cessBp;
  const net = gross - byUnit;
  const heads = headsOf(net, rate.rateBp, whole, supply);
  const cessPaise = paise(byUnit + multiplyDivide(net, cessBp, whole));
  const taxes = heads.cgstPaise + heads.sgstPaise + heads.utgstPaise + heads.igstPaise + cessPaise;
  return { taxableValuePaise: paise(gross - taxes), ...heads, cessPaise };
}

/** By magnitude, so that a negated line gives the negated tax. */
const larger = (a: number, b: number): number => (Math.abs(b) > Math.abs(a) ? b : a);
const smaller = (a: number, b: number): number => (Math.abs(b) < Math.abs(a) ? b : a);

/**
 * The tax of one line, in paise. Sources: CGST Rule 35 (inclusive), Rule 31D from 1 Feb 2026 (retail sale
 * price: tax = RSP × qty × head rate ÷ (100 + sum of rates), whatever was charged), s. 10 (composition).
 * A rate valued on retail sale price with rspPaise null falls back to the price charged, since Rule 31D is
 * about goods that bear one; who bills such goods refuses a missing MRP before it comes here.
 */
export function computeLineTax(input: LineTaxInput): TaxSplit {
  const { amountPaise, qtyMilli, supply, rate } = input;
  if (!input.chargesTax || rate.treatment !== 'taxable') return untaxed(amountPaise);
  if (rate.valuation === 'retailSalePrice' && input.rspPaise !== null) {
    return taxInside(amountOf(input.rspPaise, qtyMilli), qtyMilli, supply, rate);
  }
  return input.isInclusive
    ? taxInside(amountPaise, qtyMilli, supply, rate)
    : taxOnTop(amountPaise, qtyMilli, supply, rate);
}

/** Σ of all heads and cess, without the taxable value. */
export const taxTotal = (split: TaxSplit): Paise =>
  addPaise(split.cgstPaise, split.sgstPaise, split.utgstPaise, split.igstPaise, split.cessPaise);

/** Taxable value + all taxes. For goods valued on retail sale price it is the declared value, not what was paid. */
export const splitTotal = (split: TaxSplit): Paise => addPaise(split.taxableValuePaise, taxTotal(split));

/**
 * What the customer pays for the line: the amount itself when tax is inside it, amount + taxes when not.
 * Equals splitTotal except for goods valued on retail sale price, whose taxable value is deemed.
 */
export const lineTotal = (amount: Paise, isInclusive: boolean, split: TaxSplit): Paise =>
  isInclusive ? amount : addPaise(amount, taxTotal(split));

/**
 * lineTotal − splitTotal: 0 for every line but one valued on retail sale price and sold below it, where it is
 * the (negative) part of the declared value that nobody pays. Σ splitTotal + Σ valuationDifference = Σ lineTotal.
 */
export const valuationDifference = (amount: Paise, isInclusive: boolean, split: TaxSplit): Paise =>
  subtractPaise(lineTotal(amount, isInclusive, split), splitTotal(split));

const zip = (a: TaxSplit, b: TaxSplit, f: (x: number, y: number) => number): TaxSplit => ({
  taxableValuePaise: paise(f(a.taxableValuePaise, b.taxableValuePaise)),
  cgstPaise: paise(f(a.cgstPaise, b.cgstPaise)),
  sgstPaise: paise(f(a.sgstPaise, b.sgstPaise)),
  utgstPaise: paise(f(a.utgstPaise, b.utgstPaise)),
  igstPaise: paise(f(a.igstPaise, b.igstPaise)),
  cessPaise: paise(f(a.cessPaise, b.cessPaise)),
});

export const addSplits = (...splits: readonly TaxSplit[]): TaxSplit =>
  splits.reduce((sum, split) => zip(sum, split, (x, y) => x + y), zeroSplit);

export const negateSplit = (split: TaxSplit): TaxSplit => zip(split, split, (x) => negatePaise(x as Paise));

/**
 * The part of a sold line's amount that a return of `now` takes, after `already` of `sold` came back:
 * share(already + now) − share(already), so returns in any parts add up to the whole to the paisa.
 * Throws RangeError when more comes back than was sold: the credit note refuses that first.
 */
export function amountShare(amount: Paise, sold: Milli, already: Milli, now: Milli): Paise {
  if (sold <= 0 || already < 0 || now < 0 || already + now > sold) {
    throw new RangeError(`return of ${now} after ${already} of ${sold}`);
  }
  return paise(multiplyDivide(amount, already + now, sold) - multiplyDivide(amount, already, sold));
}

/**
 * The share of a sold line's split for a return, each head by amountShare, so CGST == SGST stays and a
 * full return nets to 0.00. The taxable value is the share of (taxable + taxes) less the shared taxes: so
 * the return of an inclusive line pays back amountShare(amount) exactly.
 */
export function splitShare(
  split: TaxSplit,
  soldQtyMilli: Milli,
  alreadyReturnedMilli: Milli,
  nowMilli: Milli,
): TaxSplit {
  const share = (amount: Paise): Paise => amountShare(amount, soldQtyMilli, alreadyReturnedMilli, nowMilli);
  const taxes: TaxSplit = {
    taxableValuePaise: zeroPaise,
    cgstPaise: share(split.cgstPaise),
    sgstPaise: share(split.sgstPaise),
    utgstPaise: share(split.utgstPaise),
    igstPaise: share(split.igstPaise),
    cessPaise: share(split.cessPaise),
  };
  return { ...taxes, taxableValuePaise: paise(share(splitTotal(split)) - taxTotal(taxes)) };
}
