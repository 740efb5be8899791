/**
 * Second step: bills as demand, a frame for each store. Rule kept: what came back is taken from the sale before it, never a
 * day below nothing; a day on which an item was out of stock is not known, never nil; a store that was not heard of is
 * not known from there on.
 */
import { numberCell, readParquet, textCell } from '../lake/read-parquet.ts';
import { exportedDays, type LakeDay, shopDays } from './exported-days.ts';
import { type FrameRow, frameColumns, frameFile, type FramesTold, type StoreFacts } from './store-frames.ts';
import { makeVersion, type StepReport, StepTooEarly, type StepWorld } from './step.ts';

/** A return without its bill is of a sale of these days, or of none that is known. */
const returnDays = 30;

type ItemDays = {
  readonly category: string;
  readonly days: Map<string, { units: number | null; price: number | null }>;
};
type Chain = Map<string, Map<string, ItemDays>>;

async function readItems(world: StepWorld, shops: readonly LakeDay[]) {
  const categories = new Map<string, string>();
  const regions = new Map<string, string>();
  const newest = shops.at(-1);
  if (newest === undefined) return { categories, regions };
  const items = await readParquet(world.store, `${newest.prefix}/items.parquet`, ['store_id', 'item_id', 'category']);
  for (const row of items)
    categories.set(`${textCell(row, 'store_id')}/${textCell(row, 'item_id')}`, textCell(row, 'category'));
  const stores = await readParquet(world.store, `${newest.prefix}/stores.parquet`, ['store_id', 'region']);
  for (const row of stores) regions.set(textCell(row, 'store_id'), textCell(row, 'region'));
  return { categories, regions };
}

const lineNames = ['store_id', 'item_id', 'qty_milli', 'net_paise'];

/** Takes `back` from the latest days on or before `day` that have something. */
function takeBack(days: ItemDays['days'], inOrder: readonly string[], day: string, back: number): void {
  let left = back;
  for (let at = inOrder.length - 1; at >= Math.max(0, inOrder.length - returnDays) && left > 0; at -= 1) {
    const cell = days.get(inOrder[at] ?? day);
    if (cell === undefined || cell.units === null) continue;
    const taken = Math.min(left, cell.units);
    cell.units -= taken;
    left -= taken;
  }
}

async function readDay(
  world: StepWorld,
  lake: LakeDay,
  seen: readonly string[],
  chain: Chain,
  categories: ReadonlyMap<string, string>,
) {
  const rows = await readParquet(world.store, `${lake.prefix}/lines.parquet`, lineNames);
  const returns: { readonly item: ItemDays; readonly back: number }[] = [];
  const sums = new Map<ItemDays, { milli: number; paise: number }>();
  const stores = new Set<string>();
  for (const row of rows) {
    const [storeId, itemId] = [textCell(row, 'store_id'), textCell(row, 'item_id')];
    stores.add(storeId);
    if (itemId === '') continue;
    let items = chain.get(storeId);
    if (items === undefined) chain.set(storeId, (items = new Map()));
    let item = items.get(itemId);
    if (item === undefined) {
      item = { category: categories.get(`${storeId}/${itemId}`) ?? '', days: new Map() };
      items.set(itemId, item);
    }
    const milli = numberCell(row, 'qty_milli');
    if (milli < 0) returns.push({ item, back: -milli / 1000 });
    else {
      const sum = sums.get(item) ?? { milli: 0, paise: 0 };
      sum.milli += milli;
      sum.paise += Math.max(0, numberCell(row, 'net_paise'));
      sums.set(item, sum);
    }
  }
  for (const [item, { milli, paise }] of sums) {
    item.days.set(lake.day, { units: milli / 1000, price: milli > 0 && paise > 0 ? (10 * paise) / milli : null });
  }
  for (const { item, back } of returns) takeBack(item.days, seen, lake.day, back);
  return stores;
}

/**
 * Where a snapshot of the evening before and of the evening itself both say that there is none, and none was sold, and
 * somebody keeps that item's stock (it was once above nothing).
 */
async function censor(world: StepWorld, shops: readonly LakeDay[], chain: Chain): Promise<number> {
  const isKept = new Set<string>();
  let before = new Set<string>();
  let censored = 0;
  for (const shop of shops) {
    world.signal.throwIfAborted();
    const out = new Set<string>();
    for (const row of await readParquet(world.store, `${shop.prefix}/levels.parquet`, [
      'store_id',
      'item_id',
      'qty_milli',
    ])) {
      const key = `${textCell(row, 'store_id')}/${textCell(row, 'item_id')}`;
      if (numberCell(row, 'qty_milli') > 0) isKept.add(key);
      else if (isKept.has(key)) out.add(key);
    }
    for (const key of out) {
      if (!before.has(key)) continue;
      const [storeId = '', itemId = ''] = key.split('/');
      const days = chain.get(storeId)?.get(itemId)?.days;
      if (days === undefined || (days.get(shop.day)?.units ?? 0) > 0) continue;
      days.set(shop.day, { units: null, price: null });
      censored += 1;
    }
    before = out;
  }
  return censored;
}

function* rowsOf(items: ReadonlyMap<string, ItemDays>): Iterable<FrameRow> {
  for (const [itemId, { category, days }] of [...items].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [day, { units, price }] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      yield { item_id: itemId, category, business_date: day, units, price };
    }
  }
}

export async function clean(world: StepWorld): Promise<StepReport> {
  const all = await exportedDays(world);
  const days = all.slice(-world.settings.historyDays);
  const last = days.at(-1);
  const first = days[0];
  if (first === undefined || last === undefined) throw new StepTooEarly('There are no bills yet. Run ingest first.');
  const shops = (await shopDays(world)).filter(({ day }) => day >= first.day);
  const inputs = [days, shops].map((lake) => lake.map(({ day, version }) => `${day} ${version}`));
  let censored = 0;
  const made = await makeVersion(world, 'frames', ['frames 1', inputs], async (to) => {
    const { categories, regions } = await readItems(world, shops);
    const chain: Chain = new Map();
    const heard = new Map<string, { first: string; last: string }>();
    const seen: string[] = [];
    for (const [at, lake] of days.entries()) {
      world.signal.throwIfAborted();
      world.tell({ done: at, of: days.length });
      seen.push(lake.day);
      for (const storeId of await readDay(world, lake, seen, chain, categories)) {
        heard.set(storeId, { first: heard.get(storeId)?.first ?? lake.day, last: lake.day });
      }
    }
    censored = await censor(
      world,
      shops.filter(({ day }) => day <= last.day),
      chain,
    );
    const stores: StoreFacts[] = [];
    for (const [storeId, items] of [...chain].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const span = heard.get(storeId) ?? { first: first.day, last: last.day };
      await to.parquet(frameFile(storeId), frameColumns, rowsOf(items));
      const facts = { region: regions.get(storeId) ?? '', firstDay: span.first, lastDay: span.last, items: items.size };
      stores.push({ storeId, ...facts });
    }
    const used = [...chain.values()].flatMap((items) => [...items.values()].map(({ category }) => category));
    const told: FramesTold = {
      firstDay: first.day,
      lastDay: last.day,
      stores,
      categories: [...new Set(used)].toSorted(),
    };
    return { ...told, censored };
  });
  return {
    version: made.version,
    isNew: made.isNew,
    facts: {
      days: days.length,
      stores: made.told['stores'] === undefined ? 0 : (made.told['stores'] as readonly unknown[]).length,
      censored,
    },
  };
}
