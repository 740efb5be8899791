/**
 * Finds bills and credit notes by what a person remembers: a number or its last digits, a mobile, a name, a
 * day, an item. Rule kept: every look-up goes through an index or one day's rows, so that it stays quick with
 * years of bills; what was typed is data, never a pattern.
 */
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import { documentKinds } from './codes.ts';
import type { ShopDb } from './open.ts';
import { makeStock } from './stock.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type BillRow = {
  readonly id: Uuid;
  readonly kind: 'bill' | 'creditNote';
  readonly number: string;
  readonly occurredAtMs: Instant;
  readonly cashierName: string;
  readonly customerMobile: string | null;
  readonly lineCount: number;
  readonly payablePaise: Paise;
};

/** All newest first. */
export type BillSearch = {
  /** By number, its last part, mobile or name; of one day when a date is given; the newest when both are empty. */
  readonly find: (text: string, businessDate: BusinessDate | null, limit: number) => readonly BillRow[];
  readonly recent: (limit: number) => readonly BillRow[];
  readonly billsOfCustomer: (mobile: string, limit: number) => readonly BillRow[];
  readonly billsWithItem: (itemId: Uuid, limit: number) => readonly BillRow[];
};

type Row = {
  document_no: number;
  id: Buffer;
  kind: number;
  number: string;
  occurred_at_ms: Instant;
  cashier_name: string;
  customer_mobile: string | null;
  line_count: number;
  payable_paise: Paise;
};
const columns =
  'document_no, id, kind, number, occurred_at_ms, cashier_name, customer_mobile, line_count, payable_paise';
const fromRow = (row: Row): BillRow => ({
  id: bytesToUuid(row.id),
  kind: documentKinds.fromCode(row.kind),
  number: row.number,
  occurredAtMs: row.occurred_at_ms,
  cashierName: row.cashier_name,
  customerMobile: row.customer_mobile,
  lineCount: row.line_count,
  payablePaise: row.payable_paise,
});

const longestText = 60;
/** Past every character that follows a prefix. */
const afterAll = '\u{10ffff}';

export function makeBillSearch(shop: ShopDb): BillSearch {
  const { sql } = shop;
  const stock = makeStock(shop);
  const select = `SELECT ${columns} FROM document`;
  const newestFirst = 'ORDER BY document_no DESC LIMIT ?';
  const recent = sql.prepare<[number], Row>(`${select} ${newestFirst}`);
  const onDay = sql.prepare<[{ date: string; text: string; upper: string; limit: number }], Row>(
    `${select} WHERE business_date = :date AND (:text = '' OR instr(number, :upper) > 0
       OR instr(customer_mobile, :text) > 0 OR instr(upper(customer_name), :upper) > 0)
     ORDER BY document_no DESC LIMIT :limit`,
  );
  const nextSeries = sql.prepare<[string, string], { series: string; financial_year: string }>(
    `SELECT series, financial_year FROM document WHERE (series, financial_year) > (?, ?)
     ORDER BY series, financial_year LIMIT 1`,
  );
  const bySequence = sql.prepare<[string, string, number], Row>(
    `${select} WHERE series = ? AND financial_year = ? AND sequence = ?`,
  );
  const byMobile = sql.prepare<[string, string, number], Row>(
    `${select} WHERE customer_mobile >= ? AND customer_mobile < ? ${newestFirst}`,
  );
  const byName = sql.prepare<[string, string, number], Row>(
    `${select} WHERE customer_name COLLATE NOCASE >= ? AND customer_name COLLATE NOCASE < ?
       AND customer_name IS NOT NULL ${newestFirst}`,
  );
  const ofCustomer = sql.prepare<[string, number], Row>(`${select} WHERE customer_mobile = ? ${newestFirst}`);
  const byId = sql.prepare<[Buffer], Row>(`${select} WHERE id = ?`);

  const allSeries = (): { series: string; financial_year: string }[] => {
    const found: { series: string; financial_year: string }[] = [];
    let at = nextSeries.get('', '');
    while (at !== undefined) {
      found.push(at);
      at = nextSeries.get(at.series, at.financial_year);
    }
    return found;
  };

  /** "123", "2627/123", "K3T1/2627/00123": the last part is the sequence, parts before it narrow the series. */
  const byNumber = (text: string): Row[] => {
    const parts = text.toUpperCase().split('/');
    const last = parts.at(-1) ?? '';
    if (!/^\d{1,10}$/.test(last) || parts.length > 3) return [];
    const year = parts.length > 1 ? parts.at(-2) : undefined;
    const series = parts.length > 2 ? parts[0] : undefined;
    return allSeries()
      .filter((s) => series === undefined || s.series === series)
      .filter((s) => year === undefined || s.financial_year.slice(2).replace('-', '') === year)
      .flatMap((s) => bySequence.all(s.series, s.financial_year, Number(last)));
  };

  const find: BillSearch['find'] = (typed, businessDate, limit) => {
    const text = typed.trim().slice(0, longestText);
    if (businessDate !== null) {
      return onDay.all({ date: businessDate, text, upper: text.toUpperCase(), limit }).map(fromRow);
    }
    if (text === '') return recent.all(limit).map(fromRow);
    const found = new Map<number, Row>();
    const rows = [
      ...byNumber(text),
      ...(/^\+?\d{4,}$/.test(text) ? byMobile.all(text, text + afterAll, limit) : []),
      ...(/\p{L}/u.test(text) ? byName.all(text, text + afterAll, limit) : []),
    ];
    for (const row of rows) found.set(row.document_no, row);
    return [...found.values()]
      .sort((a, b) => b.document_no - a.document_no)
      .slice(0, limit)
      .map(fromRow);
  };

  const billsWithItem: BillSearch['billsWithItem'] = (itemId, limit) => {
    // A bill may have the item on several lines.
    const ids = [...new Set(stock.salesOfItem(itemId, limit * 4).map((sale) => sale.billId))].slice(0, limit);
    return ids.flatMap((id) => {
      const row = byId.get(uuidToBytes(id));
      return row === undefined ? [] : [fromRow(row)];
    });
  };

  return {
    find,
    recent: (limit) => recent.all(limit).map(fromRow),
    billsOfCustomer: (mobile, limit) => ofCustomer.all(mobile, limit).map(fromRow),
    billsWithItem,
  };
}
