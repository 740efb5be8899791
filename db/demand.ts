/**
 * What the till knows of demand, as rows for forecasting: bill lines, returns, the stock ledger, opening hours, wishes.
 * Rule kept: reads only, each table once and in its own order, so that 400 days of 5,000 items take about two seconds.
 * It holds its thread that long: call it on a worker's own connection, inside one read transaction.
 */
import { istOffsetMinutes, type BusinessDate } from '#core/time.ts';
import { isMeasured, type Unit } from '#core/quantity.ts';
import { documentKinds, movementKinds } from './codes.ts';
import type { Database } from './connection.ts';
import { partsPerDocument } from './part-keys.ts';
import { type LastSold, noteSale, pricesAhead } from './prices-ahead.ts';
import { bytesToUuid } from './uuid-bytes.ts';

const dayMs = 86_400_000;

/** Days count from 1970-01-01; items by their number in this file, named by their id. */
export type DemandRows = {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly items: Iterable<{
    readonly no: number;
    readonly name: string;
    readonly store: string;
    readonly isMeasured: boolean;
    readonly isActive: boolean;
    readonly groups: Readonly<Record<string, string>>;
  }>;
  readonly lines: Iterable<{
    readonly item: number;
    readonly day: number;
    readonly minute: number;
    readonly qtyMilli: number;
    readonly paidPaise: number;
    readonly isPromoted: boolean;
    readonly isReturn: boolean;
    readonly soldOn: number | null;
  }>;
  readonly hours: Iterable<{
    readonly store: string;
    readonly day: number;
    readonly from: number;
    readonly to: number;
  }>;
  readonly onHand: Iterable<{ readonly item: number; readonly qtyMilli: number }>;
  readonly movements: Iterable<{
    readonly item: number;
    readonly day: number;
    readonly minute: number;
    readonly qtyMilli: number;
    readonly kind: 'sale' | 'return' | 'other';
  }>;
  readonly wishes: Iterable<{ readonly item: number; readonly day: number }>;
  readonly prices: Iterable<{ readonly item: number; readonly day: number; readonly pricePaise: number }>;
  readonly promotions: Iterable<{ readonly item: number; readonly from: number; readonly to: number }>;
};
type Row<K extends keyof DemandRows> = DemandRows[K] extends Iterable<infer T> ? T : never;

export type DemandSpan = {
  readonly from: BusinessDate;
  /** The last whole day: yesterday, mostly. */
  readonly to: BusinessDate;
  /** What the shop is called in rows; one till is one store. */
  readonly store: string;
};

const bill = documentKinds.toCode('bill');
const sale = movementKinds.toCode('sale');
const returned = movementKinds.toCode('return');

const dayOfDate = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
/** Minutes after the shop's midnight of that day; a day that ends after midnight goes past 1440. */
const minuteOf = (atMs: number, day: number): number => Math.floor((atMs - day * dayMs) / 60_000) + istOffsetMinutes;

/** The same text comes thousands of times in a row. */
function dateReader(): (date: string) => number {
  const days = new Map<string, number>();
  return (date) => {
    let day = days.get(date);
    if (day === undefined) {
      day = dayOfDate(date);
      days.set(date, day);
    }
    return day;
  };
}

/** The first and last day on which anything was sold; null: nothing ever. */
export function demandDates(sql: Database): { readonly first: BusinessDate; readonly last: BusinessDate } | null {
  const row = sql
    .prepare<[], { first: BusinessDate | null; last: BusinessDate | null }>(
      'SELECT min(business_date) AS first, max(business_date) AS last FROM document',
    )
    .get();
  return row === undefined || row.first === null || row.last === null ? null : { first: row.first, last: row.last };
}

export function readDemand(sql: Database, span: DemandSpan): DemandRows {
  const [firstDay, lastDay] = [dayOfDate(span.from), dayOfDate(span.to)];
  const firstMovement = movementFrom(sql, span.from);
  const sold = new Map<number, LastSold>();
  return {
    firstDay,
    lastDay,
    items: { [Symbol.iterator]: () => itemRows(sql, span.store) },
    lines: { [Symbol.iterator]: () => lineRows(sql, span, sold) },
    hours: { [Symbol.iterator]: () => hourRows(sql, span) },
    onHand: { [Symbol.iterator]: () => onHandRows(sql, firstMovement) },
    movements: { [Symbol.iterator]: () => movementRows(sql, firstMovement, span.to) },
    wishes: { [Symbol.iterator]: () => wishRows(sql, span) },
    // Read behind the lines, which say how each was sold.
    prices: { [Symbol.iterator]: () => pricesAhead(sql, sold, lastDay + 1, dayOfDate) },
    promotions: [],
  };
}

type ItemRow = [no: number, id: Buffer, unit: Unit, category: string | null, brand: string | null, active: number];

function* itemRows(sql: Database, store: string): Generator<Row<'items'>> {
  const rows = sql.prepare('SELECT item_no, id, unit, category, brand, is_active FROM item ORDER BY item_no').raw();
  for (const [no, id, unit, category, brand, active] of rows.iterate() as IterableIterator<ItemRow>) {
    yield {
      no,
      name: bytesToUuid(id),
      store,
      isMeasured: isMeasured(unit),
      isActive: active === 1,
      groups: { category: category ?? '', brand: brand ?? '' },
    };
  }
}

type DocumentRow = [no: number, kind: number, date: string, atMs: number, soldOn: string | null];
type LineRow = [
  key: number,
  item: number,
  qty: number,
  packQty: number,
  gross: number,
  discount: number,
  listed: number,
  batch: number | null,
];

/** Documents and lines stand in one order: each is walked once, side by side. */
function* lineRows(sql: Database, span: DemandSpan, sold: Map<number, LastSold>): Generator<Row<'lines'>> {
  const dayOf = dateReader();
  const first = sql
    .prepare<[string], number | null>('SELECT min(document_no) FROM document WHERE business_date >= ?')
    .pluck()
    .get(span.from);
  if (first === null || first === undefined) return;
  const documents = sql
    .prepare(
      `SELECT document_no, kind, business_date, occurred_at_ms, returned_business_date FROM document
       WHERE document_no >= ? ORDER BY document_no`,
    )
    .raw()
    .iterate(first) as IterableIterator<DocumentRow>;
  const lines = sql
    .prepare(
      `SELECT line_key, item_no, qty_milli, pack_qty_milli, gross_paise, line_discount_paise, selling_price_paise, batch_no
       FROM document_line
       WHERE line_key >= ? AND item_no IS NOT NULL ORDER BY line_key`,
    )
    .raw()
    .iterate(first * partsPerDocument) as IterableIterator<LineRow>;
  let [documentNo, day, minute, isReturn] = [-1, 0, 0, false];
  let soldOn: number | null = null;
  let isInside = false;
  try {
    for (const [key, item, qty, packQty, gross, discount, listed, batch] of lines) {
      const wanted = Math.floor(key / partsPerDocument);
      while (documentNo < wanted) {
        const next = documents.next();
        if (next.done === true) return;
        const [no, kind, date, atMs, returnedDate] = next.value;
        documentNo = no;
        day = dayOf(date);
        minute = minuteOf(atMs, day);
        isReturn = kind !== bill;
        soldOn = isReturn && returnedDate !== null ? dayOf(returnedDate) : null;
        isInside = date >= span.from && date <= span.to;
      }
      if (documentNo !== wanted || !isInside) continue;
      const qtyMilli = packQty === 1000 ? qty : Math.round((qty * packQty) / 1000);
      if (!isReturn && batch === null && packQty === 1000) noteSale(sold, item, listed, gross, discount);
      yield { item, day, minute, qtyMilli, paidPaise: gross - discount, isPromoted: discount > 0, isReturn, soldOn };
    }
  } finally {
    documents.return?.();
  }
}

/** From shifts: a shift that runs over days leaves the days between open from morning to night. */
function* hourRows(sql: Database, span: DemandSpan): Generator<Row<'hours'>> {
  const rows = sql
    .prepare<[string, string], { business_date: string; from_ms: number; to_ms: number | null; open: number }>(
      `SELECT business_date, min(opened_at_ms) AS from_ms, max(closed_at_ms) AS to_ms, sum(closed_at_ms IS NULL) AS open
       FROM shift WHERE business_date BETWEEN ? AND ? GROUP BY business_date ORDER BY business_date`,
    )
    .all(span.from, span.to);
  for (const row of rows) {
    const day = dayOfDate(row.business_date);
    const to = row.open > 0 || row.to_ms === null ? 1440 : Math.min(1440, minuteOf(row.to_ms, day));
    yield { store: span.store, day, from: Math.max(0, minuteOf(row.from_ms, day)), to };
  }
}

/** The ledger is in the order of its numbers, and days follow them: the first movement of a day by halving. */
function movementFrom(sql: Database, date: string): number {
  const last = sql.prepare<[], number | null>('SELECT max(movement_no) FROM stock_movement').pluck().get() ?? 0;
  const dateAt = sql
    .prepare<[number], string>(
      'SELECT business_date FROM stock_movement WHERE movement_no >= ? ORDER BY movement_no LIMIT 1',
    )
    .pluck();
  let [low, high] = [1, last + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dateAt.get(middle) ?? '9') >= date) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The ledger's sum before a movement: of what is before it, or of what there is less what came since, whichever is shorter. */
function* onHandRows(sql: Database, first: number): Generator<Row<'onHand'>> {
  if (first <= 1) return;
  const last = sql.prepare<[], number | null>('SELECT max(movement_no) FROM stock_movement').pluck().get() ?? 0;
  const isEarly = first * 2 < last;
  const sums = new Map<number, number>();
  const add = (rows: Iterable<unknown>, sign: 1 | -1): void => {
    for (const [item, qty] of rows as Iterable<[number, number]>) sums.set(item, (sums.get(item) ?? 0) + sign * qty);
  };
  const movements = (where: string) =>
    sql.prepare(`SELECT item_no, qty_milli FROM stock_movement WHERE ${where}`).raw();
  if (isEarly) add(movements('movement_no < ?').iterate(first), 1);
  else {
    add(sql.prepare('SELECT item_no, qty_milli FROM stock_balance').raw().iterate(), 1);
    add(movements('movement_no > (SELECT through_movement_no FROM stock_fold WHERE only = 1)').iterate(), 1);
    add(movements('movement_no >= ?').iterate(first), -1);
  }
  for (const [item, qtyMilli] of sums) if (qtyMilli !== 0) yield { item, qtyMilli };
}

type MovementRow = [item: number, qty: number, kind: number, date: string, atMs: number];

function* movementRows(sql: Database, first: number, to: string): Generator<Row<'movements'>> {
  const dayOf = dateReader();
  const rows = sql
    .prepare(
      `SELECT item_no, qty_milli, kind, business_date, occurred_at_ms FROM stock_movement
       WHERE movement_no >= ? ORDER BY movement_no`,
    )
    .raw();
  for (const [item, qtyMilli, kind, date, atMs] of rows.iterate(first) as IterableIterator<MovementRow>) {
    if (date > to) continue;
    const day = dayOf(date);
    const named = kind === sale ? 'sale' : kind === returned ? 'return' : 'other';
    yield { item, day, minute: minuteOf(atMs, day), qtyMilli, kind: named };
  }
}

function* wishRows(sql: Database, span: DemandSpan): Generator<Row<'wishes'>> {
  const dayOf = dateReader();
  const rows = sql
    .prepare('SELECT item_no, business_date FROM enquiry WHERE item_no IS NOT NULL AND business_date BETWEEN ? AND ?')
    .raw();
  for (const [item, date] of rows.iterate(span.from, span.to) as IterableIterator<[number, string]>) {
    yield { item, day: dayOf(date) };
  }
}
