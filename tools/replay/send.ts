/**
 * Sends the invoices through the till's own commands, one shift per day of the books, the clock following the
 * file. Rule kept: it does nothing a counter couldn't, and writes down only what it asked for; what the till
 * made of it is judged later, from the database (check.ts). Rows that the till refuses go to the skipped ones.
 */
import { randomUUID } from 'node:crypto';
import { ORPCError } from '@orpc/client';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bill } from '#core/documents.ts';
import type { DomainError } from '#core/errors.ts';
import type { Uuid } from '#core/ids.ts';
import { type Paise, paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { businessDateOf, instant } from '#core/time.ts';
import { leaveCart, type LocalClient } from '#till/local-client.ts';
import type { ReturnReason } from '#contract/views.ts';
import { type GoodsTax, taxOfGoods } from './goods.ts';
import { makeReturnMatcher, type MatchedLine } from './match-returns.ts';
import type { Invoice, InvoiceRow, SkippedRow } from './read-invoices.ts';

/** What was asked for, line by line, as rederive.ts works it out again. */
export type SentLine = {
  readonly itemId: Uuid;
  readonly pricePaise: number;
  readonly qtyMilli: number;
  readonly tax: GoodsTax;
};
type Sent = { readonly id: Uuid; readonly invoice: string; readonly atMs: number };
export type SentBill = Sent & { readonly kind: 'bill'; readonly lines: readonly SentLine[] };
export type SentReturn = Sent & {
  readonly kind: 'return';
  readonly billId: Uuid;
  readonly wanted: readonly { readonly billLineNo: number; readonly qtyMilli: number }[];
};
export type SentLooseReturn = Sent & { readonly kind: 'looseReturn'; readonly lines: readonly SentLine[] };
export type SentDocument = SentBill | SentReturn | SentLooseReturn;

export type SendHost = {
  readonly client: LocalClient;
  readonly setClock: (ms: number) => void;
  readonly supervisorPin: string;
  /** The day is closed: a moment for what a till does when the counter is quiet. */
  readonly afterDay: () => void;
  readonly say: (text: string) => void;
};
export type SentAll = {
  readonly documents: readonly SentDocument[];
  /** Rows of the file that are in a document. */
  readonly rows: number;
  readonly skipped: readonly SkippedRow[];
  /** Own running count of every item's stock, thousandths. */
  readonly stock: ReadonlyMap<Uuid, number>;
  readonly days: number;
};

/** CGST Rule 46: from here on the bill must name its buyer; the file's nameless ones get a stand-in. */
const nameFromPaise = 45_000_00;

export async function sendInvoices(host: SendHost, invoices: readonly Invoice[]): Promise<SentAll> {
  const { client } = host;
  const itemIds = await addGoods(host, invoices);
  const matcher = makeReturnMatcher();
  const codes = new Map([...itemIds].map(([code, id]) => [id, code]));
  const documents: SentDocument[] = [];
  const skipped: SkippedRow[] = [];
  const stock = new Map<Uuid, number>();
  let rows = 0;
  let days = 0;
  const move = (itemId: Uuid, by: number): void => void stock.set(itemId, (stock.get(itemId) ?? 0) + by);
  const itemOf = (row: InvoiceRow): Uuid => {
    const id = itemIds.get(row.code);
    if (id === undefined) throw new Error(`${row.code} was not added`);
    return id;
  };
  const lineOf = (row: InvoiceRow): SentLine => ({
    itemId: itemOf(row),
    pricePaise: row.pricePaise,
    qtyMilli: row.pieces * 1000,
    tax: taxOfGoods(row.code),
  });
  const asked = (lines: readonly SentLine[]) =>
    lines.map(({ itemId, pricePaise, qtyMilli }) => ({
      itemId,
      qtyMilli: milli(qtyMilli),
      sellingPricePaise: paise(pricePaise),
    }));
  const refused = (error: unknown, from: readonly InvoiceRow[]): void => {
    if (!(error instanceof ORPCError) || error.code !== 'DOMAIN') throw error;
    const { type } = error.data as DomainError;
    skipped.push(...from.map(({ rowNo, cells }) => ({ rowNo, cells, reason: `refused: ${type}` as const })));
  };

  async function sell(invoice: Invoice): Promise<void> {
    const lines = mergeSame(invoice.rows.map(lineOf));
    const key = `sale-${invoice.number}`;
    let bill: Bill;
    try {
      const customer = customerOf(invoice, lines);
      if (customer !== null) await client.cart.setCustomer({ key: `${key}-who`, customer });
      await client.cart.addItems({ key: `${key}-goods`, lines: asked(invoice.rows.map(lineOf)) });
      const { header } = await client.cart.get();
      if (header.totals.payablePaise > 0) {
        await client.cart.addTender({ key: `${key}-money`, kind: 'cash', amountPaise: null });
      }
      bill = (await client.bill.commit({ cartId: header.cartId })).bill;
    } catch (error) {
      refused(error, invoice.rows);
      await leaveCart(client, key, 'refused');
      return;
    }
    documents.push({ kind: 'bill', id: bill.id, invoice: invoice.number, atMs: invoice.atMs, lines });
    rows += invoice.rows.length;
    for (const line of lines) move(line.itemId, -line.qtyMilli);
    for (const { itemId, lineNo, qtyMilli } of bill.lines) {
      const code = itemId === null ? undefined : codes.get(itemId);
      if (code !== undefined) matcher.sold(invoice.customer, code, { billId: bill.id, lineNo, leftMilli: qtyMilli });
    }
  }

  async function takeBack(invoice: Invoice): Promise<void> {
    const wanted = invoice.rows.map((row) => ({ row, code: row.code, qtyMilli: row.pieces * 1000 }));
    const { bills, withoutBill } = matcher.match(invoice.customer, wanted);
    for (const [billId, lines] of bills) await takeBackFrom(invoice, billId, lines);
    if (withoutBill.length > 0) await takeBackLoose(invoice, withoutBill);
  }

  const reason: ReturnReason = 'other';

  async function takeBackFrom(invoice: Invoice, billId: Uuid, lines: readonly MatchedLine<InvoiceRow>[]) {
    const id = randomUUID() as string as Uuid;
    const wanted = lines.map(({ billLineNo, qtyMilli }) => ({ billLineNo, qtyMilli: milli(qtyMilli) }));
    const from = lines.map((l) => l.row);
    try {
      await client.creditNote.commitForBill({ key: id, billId, lines: wanted, reason, refundKind: 'cash' });
    } catch (error) {
      return refused(error, from);
    }
    documents.push({ kind: 'return', id, invoice: invoice.number, atMs: invoice.atMs, billId, wanted });
    rows += lines.length;
    for (const { row, qtyMilli } of lines) move(itemOf(row), qtyMilli);
  }

  async function takeBackLoose(invoice: Invoice, from: readonly InvoiceRow[]): Promise<void> {
    const id = randomUUID() as string as Uuid;
    // Unlike a sale's, the lines of a return stay apart: one of two equal ones may be waste.
    const lines = from.map(lineOf);
    try {
      await client.creditNote.commitWithoutBill({
        key: id,
        lines: asked(lines),
        reason,
        refundKind: 'cash',
        customer: customerOf(invoice, lines),
        supervisorPin: host.supervisorPin,
      });
    } catch (error) {
      return refused(error, from);
    }
    documents.push({ kind: 'looseReturn', id, invoice: invoice.number, atMs: invoice.atMs, lines });
    rows += from.length;
    for (const line of lines) move(line.itemId, line.qtyMilli);
  }

  const byDay = Map.groupBy(invoices, (invoice) => businessDateOf(instant(invoice.atMs)));
  for (const [date, ofDay] of byDay) {
    host.setClock(ofDay[0]?.atMs ?? 0);
    await client.shift.open({ key: `shift-open-${date}`, floatPaise: paise(2_000_00) });
    for (const invoice of ofDay) {
      host.setClock(invoice.atMs);
      await (invoice.isCancellation ? takeBack(invoice) : sell(invoice));
      // The till's own work between two bills (copying the log) needs a turn of the loop.
      await nextTurn();
    }
    const { expectedCashPaise } = await client.shift.report();
    // More can go back than came in: the owner then has put money of his own into the drawer.
    const countedCashPaise = expectedCashPaise < 0 ? (0 as Paise) : expectedCashPaise;
    const note = countedCashPaise === expectedCashPaise ? null : 'refunds from the safe';
    const key = `shift-close-${date}`;
    await client.shift.close({ key, countedCashPaise, firstCountPaise: null, reason: note });
    host.afterDay();
    days += 1;
    if (days % 20 === 0) host.say(`${date}: ${documents.length} documents`);
  }
  return { documents, rows, skipped, stock, days };
}

/** Same goods at the same price become one line, as the counter does; in the order of their first row. */
function mergeSame(lines: readonly SentLine[]): readonly SentLine[] {
  const merged = new Map<string, SentLine>();
  for (const line of lines) {
    const key = `${line.itemId}|${line.pricePaise}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? line : { ...before, qtyMilli: before.qtyMilli + line.qtyMilli });
  }
  return [...merged.values()];
}

function customerOf(invoice: Invoice, lines: readonly SentLine[]) {
  const name = invoice.customer === null ? null : `Customer ${invoice.customer}`;
  const worth = lines.reduce((sum, l) => sum + (l.pricePaise * l.qtyMilli) / 1000, 0);
  if (name === null && worth < nameFromPaise) return null;
  const address = invoice.country === '' ? null : invoice.country;
  return { mobile: null, name: name ?? 'Not named in the file', gstin: null, address, placeOfSupply: null };
}

/** Every code of the file becomes an item, under its first name and price. Answers code → item. */
async function addGoods(host: SendHost, invoices: readonly Invoice[]): Promise<ReadonlyMap<string, Uuid>> {
  const firstRows = new Map<string, InvoiceRow>();
  for (const { rows } of invoices) {
    for (const row of rows) if (!firstRows.has(row.code)) firstRows.set(row.code, row);
  }
  const ids = new Map<string, Uuid>();
  for (const [code, row] of firstRows) {
    const { hsn, taxClassKey, isInclusive } = taxOfGoods(code);
    const { id } = await host.client.item.add({
      key: `replay-item-${code}`,
      item: {
        code,
        name: row.name.slice(0, 120),
        nameHi: null,
        brand: null,
        category: null,
        unit: 'pc',
        hsn,
        taxClassKey,
        isInclusive,
        mrpPaise: null,
        sellingPricePaise: paise(row.pricePaise),
        costPricePaise: null,
        looseSlot: null,
        barcodes: [],
        openingStockMilli: null,
      },
    });
    ids.set(code, id);
    if (ids.size % 200 === 0) await nextTurn();
  }
  host.say(`${ids.size} items added`);
  return ids;
}
