/**
 * Reads a document's JSON text into its type. Rule kept: every field that arithmetic touches is proved to be a safe
 * integer, every array an array, before core's own functions see it; a text that is not a document is an answer, not
 * an exception. By hand and not by a schema: a server reads tens of thousands of lines a second here.
 */
import type { CommittedDocument } from '../documents.ts';
import { isUnit } from '../quantity.ts';
import { err, ok, type Result } from '../result.ts';
import { parseBusinessDate } from '../time.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 1_000_000_000_000_000;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1_000;
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const isId = (value: unknown): boolean => typeof value === 'string' && uuidPattern.test(value);

const splitFields = ['taxableValuePaise', 'cgstPaise', 'sgstPaise', 'utgstPaise', 'igstPaise', 'cessPaise'];
const headAmounts = ['sequence', 'occurredAtMs', 'itemsPaise', 'discountPaise', 'roundOffPaise', 'payablePaise'];
const lineAmounts = [
  'lineNo',
  'qtyMilli',
  'packQtyMilli',
  'sellingPricePaise',
  'grossPaise',
  'lineDiscountPaise',
  'billDiscountPaise',
  'netPaise',
  'totalPaise',
];
const treatments: readonly unknown[] = ['taxable', 'nilRated', 'exempt', 'nonGst'];
const valuations: readonly unknown[] = ['transactionValue', 'retailSalePrice'];
const supplies: readonly unknown[] = ['intraState', 'intraUt', 'interState'];
const cessRules: readonly unknown[] = ['sum', 'max'];
const tenderKinds: readonly unknown[] = ['cash', 'upi', 'card', 'khata', 'creditNote'];

const badField = (fields: Fields, names: readonly string[], isGood: (value: unknown) => boolean): string | null =>
  names.find((name) => !isGood(fields[name])) ?? null;

const badSplit = (value: unknown): string | null =>
  isFields(value) ? badField(value, splitFields, isAmount) : 'split';

function badRate(value: unknown): string | null {
  if (!isFields(value) || !isAmount(value['rateBp'])) return 'rate';
  if (!treatments.includes(value['treatment']) || !valuations.includes(value['valuation'])) return 'rate';
  const cess = value['cess'];
  if (cess === null) return null;
  const isGood =
    isFields(cess) &&
    isAmount(cess['rateBp']) &&
    isAmount(cess['perUnitMilliPaise']) &&
    cessRules.includes(cess['rule']);
  return isGood ? null : 'cess';
}

function badLine(value: unknown, isNote: boolean): string | null {
  if (!isFields(value)) return 'line';
  const bad = badField(value, lineAmounts, isAmount) ?? badSplit(value['split']) ?? badRate(value['rate']);
  if (bad !== null) return bad;
  if (value['mrpPaise'] !== null && !isAmount(value['mrpPaise'])) return 'mrpPaise';
  if (value['itemId'] !== null && !isId(value['itemId'])) return 'itemId';
  if (!isText(value['name']) || typeof value['isInclusive'] !== 'boolean') return 'name';
  if (!isText(value['unit']) || !isUnit(value['unit'])) return 'unit';
  if (isNote && value['billLineNo'] !== null && !isAmount(value['billLineNo'])) return 'billLineNo';
  return null;
}

const badTender = (value: unknown): string | null =>
  isFields(value) && isAmount(value['amountPaise']) && tenderKinds.includes(value['kind']) ? null : 'tender';

function badSeller(value: unknown): string | null {
  if (!isFields(value) || !isText(value['stateCode']) || typeof value['isComposition'] !== 'boolean') return 'seller';
  return isTextOrNull(value['gstin']) ? null : 'gstin';
}

function badHead(fields: Fields): string | null {
  const ids = ['id', 'storeId', 'tillId', 'shiftId', 'cashierId'];
  const texts = ['number', 'series', 'financialYear', 'businessDate', 'placeOfSupply', 'cashierName'];
  const bad =
    badField(fields, ids, isId) ??
    badField(fields, texts, isText) ??
    badField(fields, headAmounts, isAmount) ??
    badSplit(fields['split']) ??
    badSeller(fields['seller']);
  if (bad !== null) return bad;
  if (fields['schemaVersion'] !== 1) return 'schemaVersion';
  if (!supplies.includes(fields['supply'])) return 'supply';
  return parseBusinessDate(String(fields['businessDate'])) === null ? 'businessDate' : null;
}

function badDocument(value: unknown): string | null {
  if (!isFields(value)) return 'document';
  const { type, lines } = value;
  if (type !== 'bill' && type !== 'creditNote') return 'type';
  const isNote = type === 'creditNote';
  const money = isNote ? value['refunds'] : value['tenders'];
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > 5_000) return 'lines';
  if (!Array.isArray(money) || money.length > 100) return 'tenders';
  const head = badHead(value);
  if (head !== null) return head;
  for (const line of lines) {
    const bad = badLine(line, isNote);
    if (bad !== null) return bad;
  }
  return money.map(badTender).find((bad) => bad !== null) ?? null;
}

/** Error: the name of the first field that is missing or no such thing. */
export function readDocument(text: string): Result<CommittedDocument, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: said by name like any other fault of the text.
    return err('json');
  }
  const bad = badDocument(value);
  return bad === null ? ok(value as CommittedDocument) : err(bad);
}
