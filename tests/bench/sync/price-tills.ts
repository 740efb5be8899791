/**
 * A process of several tills for the bench of prices: real SQLite, the till's own sync desk (catalogue, publications, the
 * words that they arrived and are sold by), no screens. Rule kept: a price counts as in use when a read of the file after
 * the transaction gives it. Times are of the machine's one clock that never steps.
 */
import { randomBytes } from 'node:crypto';
import type { Item } from '#core/catalogue/item.ts';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { freshShop, makeShopSettings } from '#till/shop-settings.ts';
import { makeSyncDesk } from '#till/sync/sync-desk.ts';
import { openTables } from '#till/tables.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import type { BenchTill } from './bills.ts';

export type PriceTillsAsked =
  | { readonly kind: 'open'; readonly url: string; readonly tills: readonly BenchTill[]; readonly items: number }
  | { readonly kind: 'stop' };
export type PriceTillsSay =
  | { readonly kind: 'ready' }
  /** That price is what this till sells by since `atMs`. */
  | { readonly kind: 'sells'; readonly pricePaise: number; readonly atMs: number };

/** Milliseconds since the machine started: the same in all of its processes. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

const say = (what: PriceTillsSay): void => void process.send?.(what);
const clock = { now: () => instant(Date.now()) };
const newId = makeIds(clock, (n) => randomBytes(n));
const ends: (() => Promise<void>)[] = [];

async function openTill(url: string, till: BenchTill, count: number): Promise<void> {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  const own = openTables(shop);
  const update = (item: Item, entry?: 'now' | 'follows'): void => {
    own.items.update(item, entry);
    // After the transaction that this is part of, which ends before anything else runs.
    queueMicrotask(() => {
      const pricePaise = own.items.byId(item.id)?.sellingPricePaise ?? 0;
      say({ kind: 'sells', pricePaise, atMs: machineMs() });
    });
  };
  const tables = { ...own, items: { ...own.items, update } };
  const settings = makeShopSettings(tables.settings, () => freshShop(till.storeId, till.tillId));
  const desk = makeSyncDesk({
    tables,
    settings,
    random: Math.random,
    randomBytes: (n) => randomBytes(n),
    clock,
    newId,
    uptimeMs: () => performance.now(),
    onSent: () => undefined,
  });
  settings.save({ headOffice: { url, tillId: till.tillId, storeName: 'Bench' } });
  await desk.reopen({ token: till.access, livesMs: 3_600_000 });
  ends.push(async () => {
    await desk.close();
    shop.close();
    folder.remove();
  });
  while (own.settings.get('shape.catalogue') === null || own.items.count() < count) {
    await new Promise((go) => setTimeout(go, 20));
  }
}

process.on('message', async (asked: PriceTillsAsked) => {
  if (asked.kind === 'open') {
    await Promise.all(asked.tills.map((till) => openTill(asked.url, till, asked.items)));
    say({ kind: 'ready' });
  } else {
    for (const end of ends) await end();
    process.exit(0);
  }
});
