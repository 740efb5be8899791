/**
 * A shop for the nightly bench: so many items and 400 days of bills, made once and kept in the system's temporary folder;
 * every run works on a copy. Rule kept: bills are made by core and written by the same tables as at the counter; weekdays,
 * a year's course and popularity are drawn from a seed, so that two runs sell the same.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from '#core/catalogue/item.ts';
import { paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { addDays, type BusinessDate, businessDateOf, instant } from '#core/time.ts';
import { tryAssemble } from '#till/assemble.ts';
import type { TillContext } from '#till/context.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { durableFiles } from '#till/models/durable-files.ts';
import { openModelFolder } from '#till/models/model-folder.ts';
import { say } from '../till/figures.ts';
import { makeGoods, seeded } from '../till/goods.ts';
import { cashierOf, letKeepHouse, pastBill, writePast } from '../till/past-bill.ts';

export type NightShop = {
  readonly items: number;
  readonly days: number;
  readonly billsPerDay: number;
  readonly linesPerBill: number;
};
/** The last day that was sold on: a till that is started now finds its past ending yesterday. */
export const nightShopEnds = (): BusinessDate => addDays(businessDateOf(instant(Date.now())), -1);

const dayMs = 86_400_000;
const morning = (date: BusinessDate): number => Date.parse(`${date}T03:30:00Z`);

/** A copy of the shop in `into`; made first where this machine has none of this shape yet. */
export async function copyNightShop(shop: NightShop, into: string): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify({ ...shop, ends: nightShopEnds() }));
  const migrations = join(import.meta.dirname, '../../../db/migrations');
  for (const name of readdirSync(migrations)
    .filter((each) => each.endsWith('.sql'))
    .sort())
    hash.update(readFileSync(join(migrations, name)));
  hash.update(readFileSync(import.meta.filename));
  for (const name of ['goods.ts', 'past-bill.ts'])
    hash.update(readFileSync(join(import.meta.dirname, '../till', name)));
  const home = join(tmpdir(), `billmitra-night-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(home)) {
    const making = `${home}.making-${process.pid}`;
    rmSync(making, { recursive: true, force: true });
    const from = performance.now();
    say(`making the night's shop: ${shop.items} items, ${shop.days} days (once)`);
    await fill(making, shop);
    await trainModel(making);
    if (existsSync(home)) rmSync(making, { recursive: true, force: true });
    else renameSync(making, home);
    say(`made in ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(home))
    if (/^(shop|carts)\.db$/.test(file)) copyFileSync(join(home, file), join(into, file));
  if (existsSync(join(home, 'models'))) cpSync(join(home, 'models'), join(into, 'models'), { recursive: true });
}

async function fill(dir: string, shop: NightShop): Promise<void> {
  const first = addDays(nightShopEnds(), 1 - shop.days);
  let now = morning(first) - dayMs;
  const opened = await tryAssemble({ shopDir: dir, clock: { now: () => instant(now) } });
  if (!opened.ok) throw new Error(`the night's shop does not open: ${JSON.stringify(opened.error)}`);
  const till = opened.value;
  const ctx = till.context;
  const random = seeded(3);
  try {
    seedDemoShop(ctx, { atMost: 20 });
    const names = Array.from({ length: shop.items }, (_, n) => ({ name: `Goods ${n + 1}`, nameHi: null }));
    const items = names.map(
      (_, n): Item => ({ ...makeGoods(ctx.newId(), n, names, random), category: `Shelf ${n % 40}` }),
    );
    stockUp(ctx, items);
    const cashier = cashierOf(ctx);
    ctx.tables.shifts.open({
      id: ctx.newId(),
      cashierId: cashier.id,
      cashierName: cashier.name,
      openedAtMs: instant(now),
      businessDate: first,
      floatPaise: paise(200_000),
    });
    // Popularity: a few sell daily, most some times a month.
    const weights = items.map((_, n) => 1 / (n + 25) ** 0.9);
    const ends = Float64Array.from(weights);
    for (let n = 1; n < ends.length; n += 1) ends[n] = (ends[n] ?? 0) + (ends[n - 1] ?? 0);
    for (let day = 0; day < shop.days; day += 1) {
      now = morning(addDays(first, day));
      const weekday = [1.3, 0.9, 0.9, 0.95, 1, 1.1, 1.2][day % 7] ?? 1;
      const course = 1 + 0.2 * Math.sin((2 * Math.PI * day) / 365);
      sellDay(ctx, {
        items,
        ends,
        bills: Math.round(shop.billsPerDay * weekday * course),
        shop,
        random,
        at: now,
      });
      await letKeepHouse(ctx);
      if (day % 50 === 49) say(`day ${day + 1}`);
    }
    while (ctx.tables.stock.tailLength() > 3_000) {
      ctx.tables.stock.fold(20_000);
      await letKeepHouse(ctx);
    }
  } finally {
    await till.close();
  }
}

/** The shop's own model, trained by its own night and made the one that runs: the bench is of its cost, not of its skill. */
async function trainModel(dir: string): Promise<void> {
  const opened = await tryAssemble({
    shopDir: dir,
    clock: { now: () => instant(morning(addDays(nightShopEnds(), 1))) },
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const till = opened.value;
  say('the night before, with the weekly training');
  till.context.forecast.start('nightly');
  await till.context.forecast.idle();
  const made = till.context.models.page().models.find(({ origin }) => origin === 'thisShop');
  await till.close();
  if (made === undefined) return;
  const folder = openModelFolder(join(dir, 'models'), durableFiles);
  await folder.point({ running: made.id, previous: [], shadow: null });
}

function stockUp(ctx: TillContext, items: readonly Item[]): void {
  ctx.tables.transact(() => {
    ctx.tables.items.insertMany(items);
    ctx.tables.stock.append(
      items.map((item) => ({
        id: ctx.newId(),
        itemId: item.id,
        batchId: null,
        qtyMilli: milli(100_000_000),
        kind: 'opening' as const,
        refId: null,
        refLineNo: null,
        businessDate: ctx.today(),
        occurredAtMs: ctx.clock.now(),
        costPricePaise: null,
        note: null,
      })),
    );
  });
}

type Day = {
  readonly items: readonly Item[];
  /** Running sums of what is wanted. */
  readonly ends: Float64Array;
  readonly bills: number;
  readonly shop: NightShop;
  readonly random: () => number;
  readonly at: number;
};

function draw({ ends, random }: Day): number {
  const wanted = random() * (ends.at(-1) ?? 1);
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sellDay(ctx: TillContext, day: Day): void {
  const { tables } = ctx;
  tables.transact(() => {
    for (let n = 0; n < day.bills; n += 1) {
      const occurredAtMs = instant(day.at + Math.floor((n / day.bills) * 12 * 3_600_000));
      const chosen = new Set<number>();
      while (chosen.size < day.shop.linesPerBill) chosen.add(draw(day));
      const goods = [...chosen].flatMap((at) => day.items[at] ?? []);
      writePast(ctx, pastBill(ctx, goods, occurredAtMs, null));
    }
  });
}
