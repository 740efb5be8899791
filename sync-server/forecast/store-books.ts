/**
 * What the object store has of each store, as the rows that ml/frame reads. Rule kept: one pass over the days; what a
 * document says of its lines counts before what a table kept of them; of the stock ledger there is an evening's level and
 * the sales between two evenings, so what else moved an item is the difference, said at the evening; no column of a person
 * or a customer is read.
 */
import { isMeasured, isUnit } from '#core/quantity.ts';
import { dayOf } from '#ml/calendar/days.ts';
import type { BillItem, BillRows, PriceRow, StockRow } from '#ml/frame/bill-rows.ts';
import { type LakeRow, numberCell, readParquet, textCell } from '../lake/read-parquet.ts';
import { soldColumns } from '../lake/sold-rows.ts';
import { exportedDays, type LakeDay, shopDays } from './exported-days.ts';
import { type LineColumns, makeLineColumns } from './line-columns.ts';
import { StepTooEarly, type StepWorld } from './step.ts';

/** India has one zone. */
const zoneMs = 330 * 60_000;
const lastMinute = 1_439;

type ItemFacts = { readonly category: string; readonly unit: string };
type Evening = {
  readonly day: number;
  readonly levels: ReadonlyMap<string, number>;
  readonly prices: ReadonlyMap<string, number>;
};
type StoreBook = {
  readonly itemNos: Map<string, number>;
  /** By item number: as it was last sold. */
  readonly units: Map<number, string>;
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

function bookOf(books: Map<string, StoreBook>, storeId: string, day: number): StoreBook {
  const known = books.get(storeId);
  if (known !== undefined) {
    known.lastDay = day;
    return known;
  }
  const made = { itemNos: new Map(), units: new Map(), lines: makeLineColumns(), firstDay: day, lastDay: day };
  books.set(storeId, made);
  return made;
}
function itemNo({ itemNos }: StoreBook, itemId: string): number {
  const item = itemNos.get(itemId) ?? itemNos.size;
  itemNos.set(itemId, item);
  return item;
}

/** As the till sees them; false: the day was exported before documents were read (lake/sold-rows.ts). */
async function readSold(world: StepWorld, lake: LakeDay, books: Map<string, StoreBook>): Promise<boolean> {
  const key = `${lake.prefix}/sold.parquet`;
  if ((await world.store.head(key)) === null) return false;
  const rows = await readParquet(
    world.store,
    key,
    soldColumns.map(({ name }) => name),
  );
  if (rows.length === 0) return false;
  const day = no(lake.day);
  // Ids are of their time: a store's documents in the order in which its till made them.
  const at = (row: LakeRow): string => `${textCell(row, 'store_id')} ${textCell(row, 'bill_id')}`;
  const inOrder = rows.toSorted((a, b) =>
    at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : numberCell(a, 'line_no') - numberCell(b, 'line_no'),
  );
  for (const row of inOrder) {
    const book = bookOf(books, textCell(row, 'store_id'), day);
    const item = itemNo(book, textCell(row, 'item_id'));
    book.units.set(item, textCell(row, 'unit'));
    const soldOn = textCell(row, 'sold_on');
    book.lines.add({
      item,
      day,
      minute: numberCell(row, 'minute'),
      qtyMilli: numberCell(row, 'qty_milli'),
      paidPaise: numberCell(row, 'paid_paise'),
      isPromoted: numberCell(row, 'is_promoted') === 1,
      soldOn: soldOn === '' ? null : no(soldOn),
    });
  }
  return true;
}

async function readDay(world: StepWorld, lake: LakeDay, books: Map<string, StoreBook>): Promise<void> {
  const isSaid = await readSold(world, lake, books);
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
    const book = bookOf(books, storeId, day);
    // A line without an item (an open amount) is no item's demand, but the store was open.
    if (itemId === '' || isSaid) continue;
    book.lines.add({
      item: itemNo(book, itemId),
      day,
      minute: minutes.get(keyOf(storeId, textCell(row, 'bill_id'))) ?? 0,
      qtyMilli: numberCell(row, 'qty_milli'),
      paidPaise: Math.abs(numberCell(row, 'total_paise')),
      isPromoted: false,
      soldOn: null,
    });
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
    const facts = { category: textCell(row, 'category'), unit: textCell(row, 'unit') };
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
  const bookAt = (storeId: string): StoreBook => {
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
    firstHeard: (storeId) => textOf(bookAt(storeId).firstDay),
    lastHeard: (storeId) => textOf(bookAt(storeId).lastDay),
    rowsOf: (storeId) => {
      const book = bookAt(storeId);
      const named = [...book.itemNos].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return {
        firstDay: no(firstDay),
        lastDay: book.lastDay,
        items: named.map(([itemId, item]): BillItem => {
          const facts = items.get(keyOf(storeId, itemId));
          const groups = { category: facts?.category ?? '' };
          const unit = facts?.unit || (book.units.get(item) ?? '');
          return {
            no: item,
            name: itemId,
            store: storeId,
            isMeasured: isUnit(unit) && isMeasured(unit),
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
