/**
 * A tax rate as it is typed, and back. Rule kept: percentages become hundredths of a percent by their digits, never by
 * floating point; what cannot be is named by its field.
 */
import { officeClassPrefix } from '#contract/sent-shapes.ts';
import type { RateRow } from '#core/gst/rates.ts';
import { type BasisPoints, basisPoints } from '#core/money.ts';
import type { BusinessDate } from '#core/time.ts';
import { parseTypedDate, typedDate } from '../words/typed-date.ts';

export type RateFields = {
  readonly description: string;
  readonly condition: string;
  readonly hsn: string;
  readonly treatment: RateRow['rate']['treatment'];
  readonly percent: string;
  readonly cess: string;
  readonly valuation: RateRow['rate']['valuation'];
  /** As typed, day first. */
  readonly from: string;
  readonly to: string;
};
export type BadField = 'description' | 'hsn' | 'percent' | 'cess' | 'from' | 'to';

export const percentText = (bp: number): string => {
  const rest = String(bp % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.floor(bp / 100)}${rest === '' ? '' : `.${rest}`}`;
};
function bpOf(text: string, most: number): BasisPoints | null {
  const match = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(text.trim());
  const bp = match === null ? Number.NaN : Number(match[1]) * 100 + Number((match[2] ?? '0').padEnd(2, '0'));
  return bp <= most ? basisPoints(bp) : null;
}

export const fieldsOf = (row: RateRow | null): RateFields => ({
  description: row?.description ?? '',
  condition: row?.condition ?? '',
  hsn: row?.hsn ?? '',
  treatment: row?.rate.treatment ?? 'taxable',
  percent: row === null ? '' : percentText(row.rate.rateBp),
  cess: row === null || row.rate.cess === null ? '' : percentText(row.rate.cess.rateBp),
  valuation: row?.rate.valuation ?? 'transactionValue',
  from: row === null ? '' : typedDate(row.from),
  to: row === null || row.to === null ? '' : typedDate(row.to),
});

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);

/** `kept`: the row whose class it is; a class keeps its name when its words change. `today`: for a day without its year. */
export function rateOf(
  fields: RateFields,
  kept: RateRow | null,
  today: BusinessDate,
): RateRow | { readonly bad: BadField } {
  const description = fields.description.trim();
  const hsn = fields.hsn.trim();
  if (description === '') return { bad: 'description' };
  if (!/^\d{2,8}$/.test(hsn)) return { bad: 'hsn' };
  const isTaxed = fields.treatment === 'taxable';
  const rateBp = isTaxed ? bpOf(fields.percent, 10_000) : basisPoints(0);
  if (rateBp === null) return { bad: 'percent' };
  const cessBp = isTaxed && fields.cess.trim() !== '' ? bpOf(fields.cess, 100_000) : basisPoints(0);
  if (cessBp === null) return { bad: 'cess' };
  const from = parseTypedDate(fields.from, today);
  if (from === null) return { bad: 'from' };
  const to = fields.to.trim() === '' ? null : parseTypedDate(fields.to, today);
  if (fields.to.trim() !== '' && (to === null || to < from)) return { bad: 'to' };
  const parts = [hsn, slugOf(description), slugOf(fields.condition)].filter((part) => part !== '');
  return {
    classKey: kept?.classKey ?? `${officeClassPrefix}${parts.join('-')}`.slice(0, 80),
    hsn,
    description,
    condition: fields.condition.trim(),
    from,
    to,
    rate: {
      rateBp,
      cess:
        cessBp === 0
          ? null
          : (kept?.rate.cess ?? null) === null
            ? { rateBp: cessBp, perUnitMilliPaise: 0, rule: 'sum' }
            : { ...(kept?.rate.cess as NonNullable<RateRow['rate']['cess']>), rateBp: cessBp },
      treatment: fields.treatment,
      valuation: isTaxed ? fields.valuation : 'transactionValue',
    },
  };
}
