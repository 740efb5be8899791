/**
 * What the object store has of each store, as the rows that ml/frame reads. Rule kept: one pass over the days; of the stock
 * ledger there is an evening's level and the sales between two evenings, so what else moved an item is the difference,
 * said at the evening; no column of a person or a customer is read.
 */
import { dayOf } from '#ml/calendar/days.ts';
import type { BillItem, BillRows, PriceRow, StockRow } from '#ml/frame/bill-rows.ts';
import { numberCell, readParquet, textCell } from '../lake/read-parquet.ts';
import { exportedDays, type LakeDay, shopDays } from './exported-days.ts';
import { type LineColumns, makeLineColumns } from './line-columns.ts';
import { StepTooEarly, type StepWorld } from './step.ts';

/** India has one zone. */
const zoneMs = 330 * 60_000;
const lastMinute = 1_439;

type ItemFacts = { readonly category: string; readonly isMeasured: boolean };
type Evening = {
  readonly day: number;
  readonly levels: ReadonlyMap<string, number>;
  readonly prices: ReadonlyMap<string, number>;
};
type StoreBook = {
  readonly itemNos: Map<string, number>;
  readonly lines: LineColumns;
  firstDay: number;
  lastDay: number;
};
export type Books = {
  readonly firstDay: string;
  readonly lastDay: string;
  /** In order of their ids. */
  readonly storeIds: readonly string[];
  /** GST code; null where its tills have not said. */
  readonly stateOf: (storeId: string) => string | null;
  /** The store's last day with a bill: nothing is known after it. */
  readonly lastHeard: (storeId: string) => string;
  readonly firstHeard: (storeId: string) => string;
  /** The store's rows; the frame begins at the first of all stores' days. */
  readonly rowsOf: (storeId: string) => BillRows;
};

const no = (day: string): number => dayOf(day) ?? 0;
const keyOf = (storeId: string, itemId: string): string => `${storeId}/${itemId}`;

export type BookDays = { readonly days: readonly LakeDay[]; readonly shops: readonly LakeDay[] };

/** Which days there are to read. */
export async function bookDays(world: StepWorld): Promise<BookDays> {
  const days = (await exportedDays(world)).slice(-world.settings.historyDays);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new StepTooEarly('There are no bills yet. Run ingest first.');
  return { days, shops: (await shopDays(world)).filter(({ day }) => day >= first.day && day <= last.day) };
}

async function readDay(world: StepWorld, lake: LakeDay, books: Map<string, StoreBook>): Promise<void> {
  const minutes = new Map<string, number>();
  for (const row of await readParquet(world.store, `${lake.prefix}/bills.parquet`, [
    'store_id',
    'bill_id',
    'occurred_at_ms',
  ])) {
    const at = numberCell(row, 'occurred_at_ms') + zoneMs;
    minutes.set(keyOf(textCell(row, 'store_id'), textCell(row, 'bill_id')), Math.floor(at / 60_000) % 1_440);
  }
  const day = no(lake.day);
  const names = ['store_id', 'bill_id', 'item_id', 'qty_milli', 'total_paise'];
  for (const row of await readParquet(world.store, `${lake.prefix}/lines.parquet`, names)) {
    const [storeId, itemId] = [textCell(row, 'store_id'), textCell(row, 'item_id')];
    let book = books.get(storeId);
    if (book === undefined) {
      book = { itemNos: new Map(), lines: makeLineColumns(), firstDay: day, lastDay: day };
      books.set(storeId, book);
    }
    book.lastDay = day;
    // A line without an item (an open amount) is no item's demand.
    if (itemId === '') continue;
    const item = book.itemNos.get(itemId) ?? book.itemNos.size;
    book.itemNos.set(itemId, item);
    const minute = minutes.get(keyOf(storeId, textCell(row, 'bill_id'))) ?? 0;
    book.lines.add(item, day, minute, numberCell(row, 'qty_milli'), Math.abs(numberCell(row, 'total_paise')));
  }
}

async function readEvenings(world: StepWorld, shops: readonly LakeDay[]): Promise<readonly Evening[]> {
  const evenings: Evening[] = [];
  for (const shop of shops) {
    world.signal.throwIfAborted();
    const levels = new Map<string, number>();
    const prices = new Map<string, number>();
    for (const row of await readParquet(world.store, `${shop.prefix}/levels.parquet`, [
      'store_id',
      'item_id',
      'qty_milli',
    ]))
      levels.set(keyOf(textCell(row, 'store_id'), textCell(row, 'item_id')), numberCell(row, 'qty_milli'));
    const names = ['store_id', 'item_id', 'selling_price_paise'];
    for (const row of await readParquet(world.store, `${shop.prefix}/items.parquet`, names))
      prices.set(keyOf(textCell(row, 'store_id'), textCell(row, 'item_id')), numberCell(row, 'selling_price_paise'));
    evenings.push({ day: no(shop.day), levels, prices });
  }
  return evenings;
}

async function readMasters(world: StepWorld) {
  const items = new Map<string, ItemFacts>();
  const states = new Map<string, string>();
  // The newest there is, also one after the last day: names and categories are not history.
  const newest = (await shopDays(world)).at(-1);
  if (newest === undefined) return { items, states };
  const names = ['store_id', 'item_id', 'category', 'unit'];
  for (const row of await readParquet(world.store, `${newest.prefix}/items.parquet`, names)) {
    const facts = { category: textCell(row, 'category'), isMeasured: !['pc', ''].includes(textCell(row, 'unit')) };
    items.set(keyOf(textCell(row, 'store_id'), textCell(row, 'item_id')), facts);
  }
  for (const row of await readParquet(world.store, `${newest.prefix}/stores.parquet`, ['store_id', 'state_code']))
    states.set(textCell(row, 'store_id'), textCell(row, 'state_code'));
  return { items, states };
}

/** Sales as the lines have them; what else happened is what an evening's level differs by. */
function* movementsOf(storeId: string, book: StoreBook, evenings: readonly Evening[]): Iterable<StockRow> {
  const items = [...book.itemNos];
  const soldSince = new Float64Array(items.length);
  const before = new Float64Array(items.length).fill(Number.NaN);
  let next = 0;
  const evening = function* (until: number): Iterable<StockRow> {
    for (let at = evenings[next]; at !== undefined && at.day < until; at = evenings[next]) {
      next += 1;
      for (const [itemId, item] of items) {
        const level = at.levels.get(keyOf(storeId, itemId));
        if (level === undefined) continue;
        const held = before[item] ?? Number.NaN;
        const change = Number.isNaN(held) ? level : level - (held - (soldSince[item] ?? 0));
        if (change !== 0) yield { item, day: at.day, minute: lastMinute, qtyMilli: change, kind: 'other' };
        before[item] = level;
        soldSince[item] = 0;
      }
    }
  };
  for (const { item, day, minute, qtyMilli, isReturn } of book.lines.rows()) {
    yield* evening(day);
    // Before the first evening nothing is known of what was there: a sale would say that the ledger is wrong.
    if (Number.isNaN(before[item] ?? Number.NaN)) continue;
    const signed = isReturn ? qtyMilli : -qtyMilli;
    soldSince[item] = (soldSince[item] ?? 0) - signed;
    yield { item, day, minute, qtyMilli: signed, kind: isReturn ? 'return' : 'sale' };
  }
  yield* evening(Number.POSITIVE_INFINITY);
}

function* pricesOf(storeId: string, book: StoreBook, evenings: readonly Evening[]): Iterable<PriceRow> {
  for (const [itemId, item] of book.itemNos) {
    let last = 0;
    for (const { day, prices } of evenings) {
      const pricePaise = prices.get(keyOf(storeId, itemId)) ?? Number.NaN;
      if (!(pricePaise > 0) || pricePaise === last) continue;
      last = pricePaise;
      yield { item, day, pricePaise };
    }
  }
}

const textOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

export async function readBooks(world: StepWorld, { days, shops }: BookDays): Promise<Books> {
  const books = new Map<string, StoreBook>();
  for (const [at, lake] of days.entries()) {
    world.signal.throwIfAborted();
    world.tell({ done: at, of: days.length });
    await readDay(world, lake, books);
  }
  const evenings = await readEvenings(world, shops);
  const { items, states } = await readMasters(world);
  const [firstDay, lastDay] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const bookOf = (storeId: string): StoreBook => {
    const found = books.get(storeId);
    if (found === undefined) throw new Error(`${storeId} has no book`);
    return found;
  };
  return {
    firstDay,
    lastDay,
    storeIds: [...books.keys()].toSorted(),
    // An empty cell is a store that has not said.
    stateOf: (storeId) => states.get(storeId) || null,
    firstHeard: (storeId) => textOf(bookOf(storeId).firstDay),
    lastHeard: (storeId) => textOf(bookOf(storeId).lastDay),
    rowsOf: (storeId) => {
      const book = bookOf(storeId);
      const named = [...book.itemNos].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return {
        firstDay: no(firstDay),
        lastDay: book.lastDay,
        items: named.map(([itemId, item]): BillItem => {
          const facts = items.get(keyOf(storeId, itemId));
          const groups = { category: facts?.category ?? '' };
          return {
            no: item,
            name: itemId,
            store: storeId,
            isMeasured: facts?.isMeasured ?? false,
            isActive: true,
            groups,
          };
        }),
        lines: book.lines.rows(),
        hours: [],
        onHand: [],
        movements: movementsOf(storeId, book, evenings),
        wishes: [],
        prices: pricesOf(storeId, book, evenings),
        promotions: [],
      };
    },
  };
}
