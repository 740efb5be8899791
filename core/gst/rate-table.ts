/**
 * Reads the text of the rate table (assets/gst/rates.csv) into rows. The one rule: a table is taken whole or
 * refused whole, with the line and the reason: a half-read table would tax some goods wrongly in silence.
 * It opens no file.
 */
import { type BasisPoints, basisPoints } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import { parseBusinessDate } from '../time.ts';
import { findOverlap, type RateRow } from './rates.ts';
import type { Cess, Treatment } from './tax.ts';

export type RateTableInvalid = {
  readonly type: 'RateTableInvalid';
  /** 1-based line of the text; 0 when the fault is between lines. */
  readonly line: number;
  readonly reason:
    | 'header'
    | 'columns'
    | 'classKey'
    | 'hsn'
    | 'date'
    | 'rate'
    | 'cess'
    | 'treatment'
    | 'valuation'
    | 'overlap';
};

export const rateTableHeader =
  'class_key,hsn,description,condition,from,to,rate_bp,cess_bp,cess_milli_paise,cess_rule,treatment,valuation,confidence,from_traced';

/** One line of RFC 4180 CSV without line breaks inside fields; null when its quotes don't close. */
function splitCsvLine(line: string): string[] | null {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const c = line.charAt(i);
    if (isQuoted) {
      if (c !== '"') field += c;
      else if (line.charAt(i + 1) === '"') {
        field += '"';
        i += 1;
      } else isQuoted = false;
    } else if (c === '"' && field === '') isQuoted = true;
    else if (c === ',') {
      fields.push(field);
      field = '';
    } else field += c;
  }
  fields.push(field);
  return isQuoted ? null : fields;
}

const wholeNumber = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

function readRate(text: string): BasisPoints | null {
  const n = wholeNumber(text);
  return n === null || n > 10_000 ? null : basisPoints(n);
}

function readCess(bp: string, milliPaise: string, rule: string): Cess | null | 'invalid' {
  if (bp === '' && milliPaise === '' && rule === '') return null;
  const rateBp = wholeNumber(bp);
  const perUnitMilliPaise = wholeNumber(milliPaise);
  if (rateBp === null || perUnitMilliPaise === null || (rule !== 'sum' && rule !== 'max')) return 'invalid';
  return { rateBp: basisPoints(rateBp), perUnitMilliPaise, rule };
}

const treatments: ReadonlyMap<string, Treatment> = new Map([
  ['taxable', 'taxable'],
  ['nilRated', 'nilRated'],
  ['exempt', 'exempt'],
  ['nonGst', 'nonGst'],
]);

function readRow(fields: readonly string[]): RateRow | RateTableInvalid['reason'] {
  const [classKey = '', hsn = '', description = '', condition = '', fromText = '', toText = '', bp = ''] = fields;
  const [cessBp = '', cessMilliPaise = '', cessRule = '', treatmentText = '', valuation = ''] = fields.slice(7);
  if (!/^[a-z0-9][a-z0-9-]{1,79}$/.test(classKey) || classKey.startsWith('plain-')) return 'classKey';
  if (!/^(?:\d{2}|\d{4}|\d{6}|\d{8})$/.test(hsn)) return 'hsn';
  const from = parseBusinessDate(fromText);
  const to = toText === '' ? null : parseBusinessDate(toText);
  if (from === null || (toText !== '' && to === null)) return 'date';
  const rateBp = readRate(bp);
  if (rateBp === null) return 'rate';
  const cess = readCess(cessBp, cessMilliPaise, cessRule);
  if (cess === 'invalid') return 'cess';
  const treatment = treatments.get(treatmentText);
  if (treatment === undefined || (treatment !== 'taxable' && rateBp !== 0)) return 'treatment';
  if (valuation !== 'transactionValue' && valuation !== 'retailSalePrice') return 'valuation';
  return { classKey, hsn, description, condition, from, to, rate: { rateBp, cess, treatment, valuation } };
}

/** The whole table, in the order of the text, or the first fault. The last two columns are for readers. */
export function parseRateTable(csvText: string): Result<readonly RateRow[], RateTableInvalid> {
  const refuse = (line: number, reason: RateTableInvalid['reason']) =>
    err({ type: 'RateTableInvalid', line, reason } as const);
  const lines = csvText.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0] !== rateTableHeader) return refuse(1, 'header');
  const columns = rateTableHeader.split(',').length;
  const rows: RateRow[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line === '') continue;
    const fields = splitCsvLine(line);
    if (fields === null || fields.length !== columns) return refuse(i + 1, 'columns');
    const row = readRow(fields);
    if (typeof row === 'string') return refuse(i + 1, row);
    rows.push(row);
  }
  return findOverlap(rows) === null ? ok(rows) : refuse(0, 'overlap');
}
