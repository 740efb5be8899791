/**
 * Adapter from the peers' recorded taxes to this project's tax engine: it reads a vector's taxes and charges
 * them through computeLineTax, so that the numbers compared are the engine's. The one rule: what GST has no
 * word for is left out with a sentence, never bent until it fits. It holds no expected number.
 */
import { readFileSync } from 'node:fs';
import { type Cess, computeLineTax, type Supply, type TaxSplit, taxTotal } from '#core/gst/tax.ts';
import { type BasisPoints, basisPoints, type Paise, paise } from '#core/money.ts';
import { type Milli, milli } from '#core/quantity.ts';
import { dataPath } from '../data.ts';

export type PeerTax = {
  readonly id: number;
  readonly amount_type: 'percent' | 'fixed' | 'division' | 'group';
  readonly amount?: number;
  readonly children?: readonly PeerTax[];
  readonly price_include_override?: 'tax_included' | 'tax_excluded' | false;
  readonly price_include?: boolean;
  readonly include_base_amount?: boolean;
  readonly is_base_affected?: boolean;
  readonly tax_group_id?: number;
  readonly invoice_repartition_line_ids?: readonly (readonly [string, { readonly factor_percent: number }])[];
  readonly gst?: string;
  readonly rc?: boolean;
};
export type PeerLine = {
  readonly quantity: number;
  readonly discount: number;
  readonly price_unit: number;
  readonly tax_ids?: readonly PeerTax[];
};
export type PeerDocument = {
  readonly rounding_method: 'round_per_line' | 'round_globally';
  readonly currency: { readonly rounding: number };
  readonly cash_rounding: {
    readonly strategy: string;
    readonly rounding: number;
    readonly rounding_method: string;
  } | null;
  readonly lines: readonly PeerLine[];
};
export type Charged = { readonly tax: PeerTax; readonly basePaise: Paise; readonly taxPaise: Paise };
export type ChargedLine = { readonly taxablePaise: Paise; readonly taxes: readonly Charged[] };

/** The vectors of one file; empty where this clone has no data (the tests are then skipped, saying so). */
export function readVectors<T>(file: string): readonly T[] {
  const path = dataPath(`vectors/${file}`);
  return path === null ? [] : (JSON.parse(readFileSync(path, 'utf8')) as readonly T[]);
}

/** Rupees of a JSON number → paise, exact in its shortest decimal form, ties half up. */
export function toPaise(rupees: number): Paise {
  const [whole = '0', decimals = ''] = Math.abs(rupees).toFixed(9).split('.');
  const value = Number(whole) * 100 + Number(decimals.slice(0, 2)) + (Number(decimals.slice(2)) >= 5_000_000 ? 1 : 0);
  return paise(rupees < 0 ? -value : value);
}

export const isInPrice = (tax: PeerTax): boolean => tax.price_include ?? tax.price_include_override === 'tax_included';

export const flatten = (taxes: readonly PeerTax[]): readonly PeerTax[] =>
  taxes.flatMap((tax) => (tax.amount_type === 'group' ? flatten(tax.children ?? []) : [tax]));

/** Reverse charge as the peer writes it: +100 % and −100 % of the tax, or its own flag. */
export const isReverseCharge = (tax: PeerTax): boolean =>
  tax.rc === true || (tax.invoice_repartition_line_ids ?? []).some(([, line]) => line.factor_percent < 0);

const bp = (tax: PeerTax): BasisPoints => basisPoints(Math.round((tax.amount ?? 0) * 100));
const perUnit = (tax: PeerTax): Cess => ({
  rateBp: basisPoints(0),
  perUnitMilliPaise: Math.round((tax.amount ?? 0) * 100_000),
  rule: 'sum',
});

/** Why no GST line can carry these taxes; null when it can. */
export function whyNotGst(line: PeerLine): string | null {
  const taxes = flatten(line.tax_ids ?? []);
  if (taxes.some((tax) => tax.amount_type === 'division')) {
    return 'India has no "division" tax: no GST head is a share of the price with tax.';
  }
  if (taxes.some((tax) => (tax.amount ?? 0) < 0)) return 'No GST head is negative.';
  const inside = taxes.filter(isInPrice);
  const isFixed = (tax: PeerTax): boolean => tax.amount_type === 'fixed';
  if (taxes.some(isFixed) && line.price_unit < 0) {
    return 'No line of a till has a negative price: a return has a negative quantity at the price of the sale.';
  }
  if (
    inside.some(
      (tax, i) => inside.slice(0, i).some((t) => t.include_base_amount === true) && tax.is_base_affected !== false,
    )
  ) {
    return 'A tax inside the price upon another inside it: GST has no tax on tax there, Rule 35 divides by the sum of rates.';
  }
  const percents = inside.filter((tax) => !isFixed(tax));
  if (percents.length > 3 || inside.length - percents.length > 1) return 'More heads than GST has inside one price.';
  return null;
}

function engine(
  amount: Paise,
  qty: Milli,
  isInclusive: boolean,
  rateBp: BasisPoints,
  cess: Cess | null,
  supply: Supply,
): TaxSplit {
  return computeLineTax({
    amountPaise: amount,
    qtyMilli: qty,
    isInclusive,
    supply,
    rate: { rateBp, cess, treatment: 'taxable', valuation: 'transactionValue' },
    rspPaise: null,
    chargesTax: true,
  });
}

/** Taxes inside the price, in one call of the engine: one percent is IGST, two equal ones CGST and SGST, another is cess. */
function chargeInside(amount: Paise, qty: Milli, inside: readonly PeerTax[]): ChargedLine {
  const percents = inside.filter((tax) => tax.amount_type === 'percent');
  const fixed = inside.find((tax) => tax.amount_type === 'fixed');
  const [first, second, third] = percents;
  const isIntra = first !== undefined && second !== undefined && first.amount === second.amount;
  const rateBp = basisPoints((first === undefined ? 0 : bp(first)) * (isIntra ? 2 : 1));
  const cessTax = isIntra ? third : second;
  const cess: Cess = {
    rateBp: cessTax === undefined ? basisPoints(0) : bp(cessTax),
    perUnitMilliPaise: fixed === undefined ? 0 : perUnit(fixed).perUnitMilliPaise,
    rule: 'sum',
  };
  if (cessTax !== undefined && fixed !== undefined)
    throw new Error('two cesses inside one price can not be told apart');
  const split = engine(amount, qty, true, rateBp, cess, isIntra ? 'intraState' : 'interState');
  const headOf = (tax: PeerTax): Paise => {
    if (tax === fixed || tax === cessTax) return split.cessPaise;
    return isIntra ? (tax === first ? split.cgstPaise : split.sgstPaise) : split.igstPaise;
  };
  return {
    taxablePaise: split.taxableValuePaise,
    taxes: inside.map((tax) => ({ tax, basePaise: split.taxableValuePaise, taxPaise: headOf(tax) })),
  };
}

/**
 * Charges a line's taxes in order: those inside the price by Rule 35, the others on the value, or on the
 * value and the taxes before that the peer adds to the base. With reverse charge the seller charges nothing.
 */
export function charge(amount: Paise, qty: Milli, all: readonly PeerTax[]): ChargedLine {
  const taxes = flatten(all);
  if (taxes.some(isReverseCharge)) {
    const rateBp = basisPoints(taxes.reduce((sum, tax) => sum + bp(tax), 0));
    const split = computeLineTax({
      amountPaise: amount,
      qtyMilli: qty,
      isInclusive: false,
      supply: 'interState',
      rate: { rateBp, cess: null, treatment: 'taxable', valuation: 'transactionValue' },
      rspPaise: null,
      chargesTax: false,
    });
    return {
      taxablePaise: split.taxableValuePaise,
      taxes: taxes.map((tax) => ({ tax, basePaise: split.taxableValuePaise, taxPaise: taxTotal(split) })),
    };
  }
  const inside = chargeInside(amount, qty, taxes.filter(isInPrice));
  const charged: Charged[] = [];
  for (const tax of taxes) {
    const found = inside.taxes.find((c) => c.tax === tax);
    if (found !== undefined) {
      charged.push(found);
      continue;
    }
    const before = tax.is_base_affected === false ? [] : charged.filter((c) => c.tax.include_base_amount === true);
    const basePaise = paise(inside.taxablePaise + before.reduce((sum, c) => sum + c.taxPaise, 0));
    const split =
      tax.amount_type === 'fixed'
        ? engine(basePaise, qty, false, basisPoints(0), perUnit(tax), 'interState')
        : engine(basePaise, qty, false, bp(tax), null, 'interState');
    charged.push({ tax, basePaise, taxPaise: taxTotal(split) });
  }
  return { taxablePaise: inside.taxablePaise, taxes: charged };
}

/** price × quantity less the line's own discount, in rupees. */
export const lineRupees = (line: PeerLine): number => line.price_unit * line.quantity * (1 - line.discount / 100);
export const lineMilli = (line: PeerLine): Milli => milli(Math.round(line.quantity * 1000));

const hasMixedInclusion = (line: PeerLine): boolean => {
  const taxes = flatten(line.tax_ids ?? []);
  return taxes.some(isInPrice) && !taxes.every(isInPrice);
};

/** Why a whole document can't be billed here; null when it can. */
export function whyNotDocument(document: PeerDocument): string | null {
  if (document.cash_rounding?.strategy === 'biggest_tax') {
    return 'Round-off hidden in the biggest tax: in India it is a line of its own after tax and changes no head.';
  }
  if (document.currency.rounding !== 0.01) return 'GST heads have two decimals.';
  for (const line of document.lines) {
    const why = whyNotGst(line);
    if (why !== null) return why;
  }
  if (document.rounding_method === 'round_globally' && document.lines.some(hasMixedInclusion)) {
    return 'Global rounding with one tax inside the price and another on top: the peer rounds base and taxes apart, so goods marked 2 × 17.79 leave that price by a paisa; here the marked price stays exact (Rule 35).';
  }
  return null;
}

/**
 * All lines of a document. Per line is this project's own way. A document that the peer rounds globally is
 * charged as one line for each set of taxes, with the lines' values added before tax.
 */
export function chargeDocument(document: PeerDocument): readonly ChargedLine[] {
  if (document.rounding_method === 'round_per_line') {
    return document.lines.map((line) => charge(toPaise(lineRupees(line)), lineMilli(line), line.tax_ids ?? []));
  }
  const groups = new Map<string, PeerLine[]>();
  for (const line of document.lines) {
    const key = (line.tax_ids ?? []).map((tax) => tax.id).join();
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((lines) =>
    charge(
      toPaise(lines.reduce((sum, line) => sum + lineRupees(line), 0)),
      milli(lines.reduce((sum, line) => sum + lineMilli(line), 0)),
      lines[0]?.tax_ids ?? [],
    ),
  );
}

export type DocumentTotals = { readonly base: number; readonly tax: number; readonly total: number };
export function totalsOf(lines: readonly ChargedLine[]): DocumentTotals {
  const base = lines.reduce((sum, line) => sum + line.taxablePaise, 0);
  const tax = lines.reduce((sum, line) => sum + line.taxes.reduce((s, c) => s + c.taxPaise, 0), 0);
  return { base, tax, total: base + tax };
}
