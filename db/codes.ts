/**
 * Closed sets that stand in rows as small integers, because they repeat on every line. Rule kept: a code once
 * given is never given again; new members go to the end.
 */
import type { Cess, TaxRate, Treatment } from '#core/gst/tax.ts';
import type { BasisPoints } from '#core/money.ts';

type Codes<T extends string> = { readonly toCode: (name: T) => number; readonly fromCode: (code: number) => T };

/** Code n = n-th name, from 1. Throws on a code that this version does not know: the file is damaged or newer. */
function codesOf<T extends string>(what: string, names: readonly T[]): Codes<T> {
  return {
    toCode: (name) => {
      const index = names.indexOf(name);
      if (index < 0) throw new RangeError(`unknown ${what}: ${name}`);
      return index + 1;
    },
    fromCode: (code) => {
      const name = names[code - 1];
      if (name === undefined) throw new RangeError(`unknown ${what}: ${code}`);
      return name;
    },
  };
}

export const documentKinds = codesOf<'bill' | 'creditNote'>('document kind', ['bill', 'creditNote']);
export type MovementKind =
  | 'sale'
  | 'return'
  | 'receive'
  | 'adjust'
  | 'wastage'
  | 'opening'
  | 'transferOut'
  | 'transferIn';
export const movementKinds = codesOf<MovementKind>('movement kind', [
  'sale',
  'return',
  'receive',
  'adjust',
  'wastage',
  'opening',
  'transferOut',
  'transferIn',
]);
const treatments = codesOf<Treatment>('treatment', ['taxable', 'nilRated', 'exempt', 'nonGst']);
const valuations = codesOf<TaxRate['valuation']>('valuation', ['transactionValue', 'retailSalePrice']);
const cessRules = codesOf<Cess['rule']>('cess rule', ['sum', 'max']);

export type RateColumns = {
  readonly rate_bp: number;
  readonly treatment: number;
  readonly valuation: number;
  readonly cess_rule: number | null;
  readonly cess_rate_bp: number | null;
  readonly cess_per_unit_milli_paise: number | null;
};

export const rateToColumns = (rate: TaxRate): RateColumns => ({
  rate_bp: rate.rateBp,
  treatment: treatments.toCode(rate.treatment),
  valuation: valuations.toCode(rate.valuation),
  cess_rule: rate.cess === null ? null : cessRules.toCode(rate.cess.rule),
  cess_rate_bp: rate.cess === null ? null : rate.cess.rateBp,
  cess_per_unit_milli_paise: rate.cess === null ? null : rate.cess.perUnitMilliPaise,
});

export const columnsToRate = (row: RateColumns): TaxRate => ({
  rateBp: row.rate_bp as BasisPoints,
  cess:
    row.cess_rule === null
      ? null
      : {
          rateBp: (row.cess_rate_bp ?? 0) as BasisPoints,
          perUnitMilliPaise: row.cess_per_unit_milli_paise ?? 0,
          rule: cessRules.fromCode(row.cess_rule),
        },
  treatment: treatments.fromCode(row.treatment),
  valuation: valuations.fromCode(row.valuation),
});
