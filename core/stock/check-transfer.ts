/**
 * Judges a fact of a transfer that a till pushed, by itself: readable, of a store that it concerns, adding up. Rule kept:
 * who pushes is the one who writes: only the sending store's till dispatches, only the receiving store's receives; no
 * amount that was sent is believed. What depends on other facts is settled in transfer.ts, never refused: goods that
 * moved have moved.
 */
import { documentNumber } from '../billing/bill-number.ts';
import { isUuid } from '../ids.ts';
import { addPaise, amountOf, type Paise } from '../money.ts';
import { isUnit, maxQty, type Milli } from '../quantity.ts';
import { err, ok, type Result } from '../result.ts';
import { financialYearOf, parseBusinessDate } from '../time.ts';
import type { Pusher } from '../sync/check-document.ts';
import { isVariance, needsInvoice } from './transfer.ts';
import { type TransferDispatched, type TransferEvent, transferEventTypes } from './transfer-events.ts';

type Fields = Readonly<Record<string, unknown>>;
type Rules = Readonly<Record<string, (value: unknown) => boolean>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isAmount = (value: unknown): boolean => isWhole(value) && value >= 0 && value <= 1_000_000_000_000_000;
/** Bounds under which no sum of a challan leaves the safe integers: ₹1 crore a unit, ₹10,000 crore a line. */
const isUnitValue = (value: unknown): boolean => isWhole(value) && value >= 0 && value <= 1_000_000_000;
const isLineValue = (value: unknown): boolean => isWhole(value) && value >= 0 && value <= 10_000_000_000_000;
const isQty = (value: unknown): boolean => isWhole(value) && value >= 0 && value <= maxQty;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1_000;
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isId = (value: unknown): boolean => typeof value === 'string' && isUuid(value);
const isDay = (value: unknown): boolean => typeof value === 'string' && parseBusinessDate(value) !== null;
const isOneOf =
  (...known: readonly unknown[]) =>
  (value: unknown): boolean =>
    known.includes(value);
const each =
  (rules: Rules) =>
  (value: unknown): boolean =>
    isFields(value) && badField(value, rules) === null;
const listOf =
  (rules: Rules) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.length <= maxTransferLines && value.every(each(rules));

/** Lines of one request, challan or receipt. */
export const maxTransferLines = 500;

function badField(fields: Fields, rules: Rules): string | null {
  return Object.keys(rules).find((name) => rules[name]?.(fields[name]) !== true) ?? null;
}

const store: Rules = {
  storeId: isId,
  name: isText,
  address: isText,
  stateCode: (value) => isText(value) && /^\d\d$/.test(value),
  gstin: isTextOrNull,
};
const goods: Rules = {
  lineNo: (value) => isWhole(value) && value >= 1,
  itemId: isId,
  name: isText,
  nameHi: isTextOrNull,
  unit: (value) => isText(value) && isUnit(value),
};
const head: Rules = {
  schemaVersion: isOneOf(1),
  type: (value) => typeof value === 'string' && transferEventTypes.has(value),
  id: isId,
  transferId: isId,
  fromStoreId: isId,
  toStoreId: isId,
  atMs: isAmount,
  by: (value) =>
    isFields(value) &&
    isText(value['name']) &&
    (value['kind'] === 'store'
      ? isId(value['storeId']) && isId(value['tillId']) && isId(value['staffId'])
      : value['kind'] === 'office' && isId(value['accountId'])),
  note: (value) => value === undefined || isText(value),
};
const bodies: Readonly<Record<string, Rules>> = {
  transferRequested: { note: isText, lines: listOf({ ...goods, qtyMilli: isQty }) },
  transferDeclined: { note: isText },
  transferCancelled: { note: isText },
  transferDispatched: {
    note: isText,
    number: isText,
    series: isText,
    financialYear: isText,
    sequence: (value) => isWhole(value) && value >= 1,
    businessDate: isDay,
    from: each(store),
    to: each(store),
    lines: listOf({
      ...goods,
      hsn: isTextOrNull,
      qtyMilli: isQty,
      unitValuePaise: isUnitValue,
      valuedAt: isOneOf('cost', 'sellingPrice'),
      valuePaise: isLineValue,
    }),
    valuePaise: isAmount,
  },
  transferReceived: {
    note: isText,
    dispatchId: isId,
    businessDate: isDay,
    lines: listOf({
      lineNo: (value) => isWhole(value) && value >= 1,
      itemId: isId,
      sentMilli: isQty,
      goodMilli: isQty,
      damagedMilli: isQty,
      reason: isOneOf(null, 'short', 'damaged', 'expired', 'wrongItem', 'excess', 'other'),
    }),
  },
};

/** Error: the name of the first field that is missing or no such thing. */
export function readTransferEvent(text: string): Result<TransferEvent, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: said by name like any other fault of the text.
    return err('json');
  }
  if (!isFields(value)) return err('event');
  const bad = badField(value, head) ?? badField(value, bodies[String(value['type'])] ?? {});
  return bad === null ? ok(value as TransferEvent) : err(bad);
}

export type TransferFault =
  | { readonly kind: 'foreign'; readonly field: string }
  | { readonly kind: 'differs'; readonly field: string; readonly lineNo: number | null }
  /** Stores of two registered persons: a challan is not enough. */
  | { readonly kind: 'invoiceDue' };

const hasTwice = (values: readonly unknown[]): boolean => new Set(values).size !== values.length;

function linesFault(
  lines: readonly { readonly lineNo: number; readonly itemId: string; readonly qtyMilli?: Milli }[],
): TransferFault | null {
  if (hasTwice(lines.map((line) => line.lineNo))) return { kind: 'differs', field: 'lineNo', lineNo: null };
  if (hasTwice(lines.map((line) => line.itemId))) return { kind: 'differs', field: 'itemId', lineNo: null };
  const empty = lines.find((line) => line.qtyMilli === 0);
  return empty === undefined ? null : { kind: 'differs', field: 'qtyMilli', lineNo: empty.lineNo };
}

function challanFault(event: TransferDispatched): TransferFault | null {
  const differs = (field: string, lineNo: number | null = null): TransferFault => ({ kind: 'differs', field, lineNo });
  if (event.from.storeId !== event.fromStoreId || event.to.storeId !== event.toStoreId) return differs('storeId');
  const number = documentNumber(event.series, event.financialYear, event.sequence);
  if (!number.ok || number.value !== event.number) return differs('number');
  if (financialYearOf(event.businessDate) !== event.financialYear) return differs('financialYear');
  const line = event.lines.find((one) => one.valuePaise !== amountOf(one.unitValuePaise, one.qtyMilli));
  if (line !== undefined) return differs('valuePaise', line.lineNo);
  if (event.valuePaise !== addPaise(...event.lines.map((one) => one.valuePaise))) return differs('valuePaise');
  return needsInvoice(event.from, event.to) ? { kind: 'invoiceDue' } : null;
}

/** The first thing that is wrong with a till's fact; null when it may be believed. */
export function faultOfTransferEvent(event: TransferEvent, pusher: Pusher): TransferFault | null {
  const { by, fromStoreId, toStoreId } = event;
  if (fromStoreId === toStoreId) return { kind: 'foreign', field: 'toStoreId' };
  if (by.kind !== 'store' || by.storeId !== pusher.storeId) return { kind: 'foreign', field: 'storeId' };
  if (by.tillId !== pusher.tillId && pusher.replaces?.includes(by.tillId) !== true)
    return { kind: 'foreign', field: 'tillId' };
  const allowed =
    event.type === 'transferDispatched'
      ? [fromStoreId]
      : event.type === 'transferReceived'
        ? [toStoreId]
        : [fromStoreId, toStoreId];
  if (!allowed.includes(pusher.storeId)) return { kind: 'foreign', field: 'fromStoreId' };
  if (event.type === 'transferRequested') return linesFault(event.lines);
  if (event.type === 'transferDispatched') return linesFault(event.lines) ?? challanFault(event);
  if (event.type !== 'transferReceived') return null;
  const unsaid = event.lines.find((line) => isVariance(line) !== (line.reason !== null));
  return (
    linesFault(event.lines) ??
    (unsaid === undefined ? null : { kind: 'differs', field: 'reason', lineNo: unsaid.lineNo })
  );
}

/** A challan's line from an item: at cost, or at the selling price where no cost is known. */
export function valueOfLine(
  item: { readonly costPricePaise: Paise | null; readonly sellingPricePaise: Paise },
  qtyMilli: Milli,
): { readonly unitValuePaise: Paise; readonly valuedAt: 'cost' | 'sellingPrice'; readonly valuePaise: Paise } {
  const unitValuePaise = item.costPricePaise ?? item.sellingPricePaise;
  const valuedAt = item.costPricePaise === null ? 'sellingPrice' : 'cost';
  return { unitValuePaise, valuedAt, valuePaise: amountOf(unitValuePaise, qtyMilli) };
}
