/**
 * A new till's catalogue: 100,000 items from head office through its shape into SQLite, as the product does it. Rule
 * kept: the clock runs from the first request to the switch that makes them for sale; the file is a real one and
 * durable; how long billing would have been held is shown beside it.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as letOthers } from 'node:timers/promises';
import { Pool } from 'pg';
import type { Item } from '#core/catalogue/item.ts';
import { makeIds } from '#core/ids.ts';
import { onePiece } from '#core/quantity.ts';
import { instant } from '#core/time.ts';
import { makeItems } from '#db/items.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCatalogueApplier, type ShapeChange } from '#till/sync/apply-catalogue.ts';
import { followCatalogue } from '#till/sync/follow-catalogue.ts';
import { openTables, type Tables } from '#till/tables.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { type Figure, round } from '../till/figures.ts';
import type { BenchServer } from './bench-server.ts';

const words = ['Atta', 'Salt', 'Sugar', 'Dal', 'Soap', 'Oil', 'Tea', 'Rice', 'Biscuit', 'Masala', 'Shampoo', 'Ghee'];

function makeGoods(count: number): readonly Item[] {
  const newId = makeIds({ now: () => instant(Date.now()) }, (n) => new Uint8Array(randomBytes(n)));
  return Array.from({ length: count }, (_, i): Item => {
    const name = `${words[i % words.length]} ${words[(i * 7) % words.length]} ${i} g`;
    return {
      id: newId(),
      code: `HO${i}`,
      name,
      nameHi: null,
      brand: words[(i * 5) % words.length] ?? null,
      category: 'Grocery',
      unit: 'pc',
      hsn: '1101',
      taxClassKey: null,
      isInclusive: true,
      mrpPaise: null,
      sellingPricePaise: (100 + i) as Item['sellingPricePaise'],
      costPricePaise: null,
      looseSlot: null,
      isActive: true,
      barcodes: [
        {
          code: String(8_900_000_000_000 + i),
          packQtyMilli: onePiece,
          packName: null,
          sellingPricePaise: null,
          mrpPaise: null,
        },
      ],
      batches: [],
    };
  });
}

async function inNewShop<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  try {
    return await work(openTables(shop));
  } finally {
    shop.close();
    folder.remove();
  }
}

/** `shape_rows_applied_per_s` and `new_till_100k_items_s`. */
export async function measureShapes(server: BenchServer, count: number): Promise<readonly Figure[]> {
  const goods = makeGoods(count);
  const [till] = server.tills;
  if (till === undefined) throw new Error('a bench of shapes needs a till');
  const applied = await inNewShop(async (tables) => {
    const applier = makeCatalogueApplier(tables);
    const changes = goods.map(
      (item): ShapeChange => ({ kind: 'put', id: item.id, item, content: JSON.stringify(item) }),
    );
    let heldMs = 0;
    let from = performance.now();
    const pause = async (): Promise<void> => {
      heldMs = Math.max(heldMs, performance.now() - from);
      await letOthers();
      from = performance.now();
    };
    const began = performance.now();
    applier.beginStaging();
    await applier.stage(changes, pause);
    const stagedMs = performance.now() - began;
    from = performance.now();
    await applier.finishStaging({ handle: 'h', offset: '0_inf' }, pause);
    const switchMs = performance.now() - from;
    return { ms: performance.now() - began, stagedMs, heldMs, switchMs, items: makeItems(tables.shop).count() };
  });
  const pool = new Pool({ connectionString: server.databaseUrl, max: 2 });
  const newTillMs = await inNewShop(async (tables) => {
    for (let from = 0; from < count; from += 5_000) {
      await publishItems(pool, server.tenantId, [till.storeId], goods.slice(from, from + 5_000), Date.now());
    }
    const began = performance.now();
    let stop: () => void = () => undefined;
    await new Promise<void>((resolve, reject) => {
      stop = followCatalogue({
        server: {
          url: server.url,
          fetch: (input, init) => fetch(input, { ...init, headers: { authorization: `Bearer ${till.access}` } }),
        },
        applier: makeCatalogueApplier(tables),
        onApplied: (n) => (n === count ? resolve() : undefined),
        onFault: reject,
        onNotEnrolled: () => reject(new Error('not enrolled')),
        later: (work, ms) => {
          const timer = setTimeout(work, ms);
          return () => clearTimeout(timer);
        },
      });
    }).finally(() => stop());
    return performance.now() - began;
  }).finally(() => pool.end());
  return [
    {
      name: 'shape_rows_applied_per_s',
      value: round(count / (applied.ms / 1_000), 0),
      unit: 'rows/s',
      n: count,
      bar: { atLeast: 50_000 },
      beside: {
        staged_per_s: round(count / (applied.stagedMs / 1_000), 0),
        longest_piece_ms: round(applied.heldMs, 1),
        switch_ms: round(applied.switchMs, 1),
        items: applied.items,
      },
    },
    {
      name: 'new_till_100k_items_s',
      value: round(newTillMs / 1_000),
      unit: 's',
      n: count,
      bar: { atMost: 30 },
    },
  ];
}
