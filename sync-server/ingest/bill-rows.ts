/**
 * The rows that accepted bills and credit notes become, gathered document by document: bills, lines, sums of the day,
 * stock. Rule kept: a document is read once and let go, so that a batch waits for Postgres as bytes and not as objects;
 * sums are of the very lines that are stored, in the order of their keys.
 */
import type { CommittedDocument, CreditNoteLine } from '#core/documents.ts';
import { multiplyQty } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { dateColumn, int4Column, int8Column, textColumn, uuidColumn } from '../postgres/binary-array.ts';

type Day = { bills: number; notes: number; sales: number; refunds: number; readonly items: Map<string, Item> };
type Item = { qty: number; net: number };

/** A return counts against what was sold. */
const signOf = (document: CommittedDocument): 1 | -1 => (document.type === 'bill' ? 1 : -1);

/** What the shelf gains: a sale takes, a return gives back what was put back. */
function stockOf(document: CommittedDocument, line: CommittedDocument['lines'][number]): number {
  const qtyMilli = multiplyQty(line.qtyMilli, line.packQtyMilli);
  if (document.type === 'bill') return -qtyMilli;
  return (line as CreditNoteLine).isRestocked ? qtyMilli : 0;
}

export type BillRows = {
  readonly add: (document: CommittedDocument) => void;
  readonly count: () => number;
  readonly days: () => readonly BusinessDate[];
  /**
   * Parameters of writeBills, from the third on. With `more`, stock that others of the batch move is summed in, and a last
   * parameter says each stock row's store.
   */
  readonly taken: (more?: MoreStock) => readonly Buffer[];
};

/** What a store's shelf gains (milli), beside bills. */
export type StockMove = { readonly storeId: string; readonly itemId: string; readonly qtyMilli: number };
export type MoreStock = { readonly storeId: string; readonly moves: readonly StockMove[] };

export function makeBillRows(): BillRows {
  const bill = {
    // A till that was brought back brings bills of the one that it replaces.
    till: uuidColumn(),
    day: dateColumn(),
    id: uuidColumn(),
    kind: textColumn(),
    number: textColumn(),
    amounts: Array.from({ length: 10 }, int8Column),
  };
  const line = {
    day: dateColumn(),
    bill: uuidColumn(),
    no: int4Column(),
    item: uuidColumn(),
    amounts: Array.from({ length: 3 }, int8Column),
  };
  const days = new Map<BusinessDate, Day>();
  const stock = new Map<string, number>();
  let count = 0;

  function addLines(document: CommittedDocument, items: Day['items']): void {
    const sign = signOf(document);
    const [qtys, nets, totals] = line.amounts;
    for (const one of document.lines) {
      const qty = sign * one.qtyMilli;
      const net = sign * one.netPaise;
      line.day.add(document.businessDate);
      line.bill.add(document.id);
      line.no.add(one.lineNo);
      line.item.add(one.itemId);
      qtys?.add(qty);
      nets?.add(net);
      totals?.add(sign * one.totalPaise);
      if (one.itemId === null) continue;
      const sum = items.get(one.itemId);
      if (sum === undefined) items.set(one.itemId, { qty, net });
      else {
        sum.qty += qty;
        sum.net += net;
      }
      const gained = stockOf(document, one);
      if (gained !== 0) stock.set(one.itemId, (stock.get(one.itemId) ?? 0) + gained);
    }
  }

  return {
    count: () => count,
    days: () => [...days.keys()],
    add: (document) => {
      count += 1;
      bill.till.add(document.tillId);
      bill.day.add(document.businessDate);
      bill.id.add(document.id);
      bill.kind.add(document.type);
      bill.number.add(document.number);
      const { split } = document;
      const amounts = [
        document.occurredAtMs,
        split.taxableValuePaise,
        split.cgstPaise,
        split.sgstPaise,
        split.utgstPaise,
        split.igstPaise,
        split.cessPaise,
        document.discountPaise,
        document.roundOffPaise,
        document.payablePaise,
      ];
      for (const [i, column] of bill.amounts.entries()) column.add(amounts[i] ?? 0);
      const day = days.get(document.businessDate) ?? { bills: 0, notes: 0, sales: 0, refunds: 0, items: new Map() };
      days.set(document.businessDate, day);
      if (document.type === 'bill') {
        day.bills += 1;
        day.sales += document.payablePaise;
      } else {
        day.notes += 1;
        day.refunds += document.payablePaise;
      }
      addLines(document, day.items);
    },
    taken: (more) => {
      const inOrder = [...days].toSorted(byKey);
      const [item, qty, ...stores] = more === undefined ? stocks(stock) : stocksOfStores(stock, more);
      return [
        ...[bill.till, bill.day, bill.id, bill.kind, bill.number, ...bill.amounts].map((column) => column.taken()),
        ...[line.day, line.bill, line.no, line.item, ...line.amounts].map((column) => column.taken()),
        ...itemDays(inOrder),
        item,
        qty,
        ...storeDays(inOrder),
        ...stores,
      ];
    },
  };
}

/** Keys are ASCII: as Postgres orders them under the C locale, and uuids. */
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function itemDays(days: readonly (readonly [string, Day])[]): readonly Buffer[] {
  const [day, item, qty, net] = [dateColumn(), uuidColumn(), int8Column(), int8Column()];
  for (const [date, { items }] of days) {
    for (const [id, sum] of [...items].toSorted(byKey)) {
      day.add(date);
      item.add(id);
      qty.add(sum.qty);
      net.add(sum.net);
    }
  }
  return [day.taken(), item.taken(), qty.taken(), net.taken()];
}

type Stocks = readonly [item: Buffer, qty: Buffer, ...stores: Buffer[]];

function stocks(gained: ReadonlyMap<string, number>): Stocks {
  const [item, qty] = [uuidColumn(), int8Column()];
  for (const [id, sum] of [...gained].toSorted(byKey)) {
    item.add(id);
    qty.add(sum);
  }
  return [item.taken(), qty.taken()];
}

function stocksOfStores(gained: ReadonlyMap<string, number>, { storeId, moves }: MoreStock): Stocks {
  const sums = new Map([...gained].map(([itemId, sum]) => [`${storeId} ${itemId}`, sum]));
  for (const move of moves) {
    const key = `${move.storeId} ${move.itemId}`;
    sums.set(key, (sums.get(key) ?? 0) + move.qtyMilli);
  }
  const [item, qty, store] = [uuidColumn(), int8Column(), uuidColumn()];
  for (const [key, sum] of [...sums].toSorted(byKey)) {
    const [of = '', id = ''] = key.split(' ');
    store.add(of);
    item.add(id);
    qty.add(sum);
  }
  return [item.taken(), qty.taken(), store.taken()];
}

function storeDays(days: readonly (readonly [string, Day])[]): readonly Buffer[] {
  const day = dateColumn();
  const [bills, notes, sales, refunds] = [int8Column(), int8Column(), int8Column(), int8Column()];
  for (const [date, sum] of days) {
    day.add(date);
    bills.add(sum.bills);
    notes.add(sum.notes);
    sales.add(sum.sales);
    refunds.add(sum.refunds);
  }
  return [day, bills, notes, sales, refunds].map((column) => column.taken());
}
