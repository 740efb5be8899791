/**
 * The bench's shop: 100,000 items and 1,000,000 bill lines of a past year, made once and kept in the system's
 * temporary folder; every run works on a copy. Rule kept: bills are made by core and written by the same tables
 * as at the counter, with stock, journal and every index; the stock ledger is folded as a night would leave it.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cart } from '#core/billing/cart.ts';
import type { Item } from '#core/catalogue/item.ts';
import { paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { tryAssemble } from '#till/assemble.ts';
import type { TillContext } from '#till/context.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { say } from './figures.ts';
import { basket, goodsNames, makeGoods, seeded } from './goods.ts';
import { cashierOf, letKeepHouse, pastBill, writePast } from './past-bill.ts';
import { linesPerBill, type Scale } from './scale.ts';

const root = resolve(import.meta.dirname, '../../..');
const dayMs = 86_400_000;
const pieceOfBills = 500;
/** As many movements may still wait for the night (till/housekeeping.ts begins above it). */
const foldedTo = 3_000;

/** A copy of the shop in `into`; made first where this machine has none of this shape yet. */
export async function copyShop(scale: Scale, into: string): Promise<void> {
  const kept = await keptShop(scale);
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(kept)) {
    if (/^(shop|carts)\.db$/.test(file)) copyFileSync(join(kept, file), join(into, file));
  }
}

async function keptShop(scale: Scale): Promise<string> {
  const home = join(tmpdir(), `billmitra-bench-${shapeOf(scale)}`);
  if (existsSync(home)) return home;
  const making = `${home}.making-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  const from = performance.now();
  say(`making the bench's shop: ${scale.items} items, ${scale.bills} bills (once)`);
  try {
    await fillShop(making, scale);
    renameSync(making, home);
  } catch (error) {
    // Two benches at once make the same shop: the first one's stays.
    if (!existsSync(home)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  say(`made in ${((performance.now() - from) / 1000).toFixed(0)} s: ${home}`);
  return home;
}

/** Changes with the schema, with how the shop is made, and with its size. */
function shapeOf(scale: Scale): string {
  const hash = createHash('sha256').update(`${scale.items} ${scale.bills} ${goodsNames().areReal}`);
  const migrations = join(root, 'db', 'migrations');
  const sources = readdirSync(migrations).filter((name) => /\.(ts|sql)$/.test(name));
  const files = [
    ...sources.sort().map((name) => join(migrations, name)),
    ...['shop.ts', 'goods.ts', 'past-bill.ts'].map((name) => join(import.meta.dirname, name)),
  ];
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function fillShop(dir: string, scale: Scale): Promise<void> {
  const opened = await tryAssemble({ shopDir: dir });
  if (!opened.ok) throw new Error(`the bench's shop does not open: ${JSON.stringify(opened.error)}`);
  const till = opened.value;
  const ctx = till.context;
  try {
    seedDemoShop(ctx);
    const items = addItems(ctx, scale.items);
    openShift(ctx);
    await sellPast(ctx, items, scale.bills);
    while (ctx.tables.stock.tailLength() > foldedTo) {
      ctx.tables.stock.fold(Math.min(20_000, ctx.tables.stock.tailLength() - foldedTo + 250));
      await letKeepHouse(ctx);
    }
  } finally {
    await till.close();
  }
}

function addItems(ctx: TillContext, count: number): readonly Item[] {
  const random = seeded(7);
  const { names } = goodsNames();
  const items = Array.from({ length: count }, (_, n) => makeGoods(ctx.newId(), n, names, random));
  const businessDate = ctx.today();
  const occurredAtMs = ctx.clock.now();
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
        businessDate,
        occurredAtMs,
        costPricePaise: null,
        note: null,
      })),
    );
  });
  say(`${count} items`);
  return items;
}

function openShift(ctx: TillContext): void {
  const cashier = cashierOf(ctx);
  ctx.tables.shifts.open({
    id: ctx.newId(),
    cashierId: cashier.id,
    cashierName: cashier.name,
    openedAtMs: ctx.clock.now(),
    businessDate: ctx.today(),
    floatPaise: paise(200_000),
  });
}

async function sellPast(ctx: TillContext, items: readonly Item[], bills: number): Promise<void> {
  const random = seeded(11);
  const lastMs = ctx.clock.now();
  const stepMs = Math.floor((360 * dayMs) / bills);
  const { tables } = ctx;
  for (let at = 0; at < bills; at += pieceOfBills) {
    tables.transact(() => {
      for (let n = at; n < Math.min(bills, at + pieceOfBills); n += 1) {
        const goods = basket(random, items.length, linesPerBill).flatMap((i) => items[i] ?? []);
        const bill = pastBill(ctx, goods, lastMs - (bills - n) * stepMs, customerOf(n));
        writePast(ctx, bill);
      }
    });
    await letKeepHouse(ctx);
    if ((at / pieceOfBills) % 40 === 39) say(`${at + pieceOfBills} bills`);
  }
}

/** One bill in four has one. */
const customerOf = (n: number): Cart['customer'] =>
  n % 4 === 0
    ? {
        mobile: `98${String(n % 100_000_000).padStart(8, '0')}`,
        name: null,
        gstin: null,
        address: null,
        placeOfSupply: null,
      }
    : null;
