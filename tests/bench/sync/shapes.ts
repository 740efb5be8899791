/**
 * A new till's catalogue: 100,000 items from head office through its shape into SQLite, as the product does it. Rule
 * kept: the clock runs from the first request to the switch that makes them for sale; the file is a real one and
 * durable; how long the till's one thread was held at most is shown beside it. What a till makes of the answers alone is
 * measured on the same bytes, recorded and answered by a thread.
 */
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Pool } from 'pg';
import type { Item } from '#core/catalogue/item.ts';
import { makeIds } from '#core/ids.ts';
import { onePiece } from '#core/quantity.ts';
import { instant } from '#core/time.ts';
import { makeHeadOfficeItems } from '#db/head-office-items.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import { followCatalogue } from '#till/sync/follow-catalogue.ts';
import { growSearch } from '#till/sync/grow-search.ts';
import type { SyncServer } from '#till/sync/till-access.ts';
import { openTables, type Tables } from '#till/tables.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { type Figure, median, round, worst } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { recordShape, replayShape } from './record-shape.ts';

const words = ['Atta', 'Salt', 'Sugar', 'Dal', 'Soap', 'Oil', 'Tea', 'Rice', 'Biscuit', 'Masala', 'Shampoo', 'Ghee'];

export const goodsBarcode = (n: number): string => String(8_900_000_000_000 + n);

export function makeGoods(count: number): readonly Item[] {
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
          code: goodsBarcode(i),
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

const asTill = (url: string, access: string): SyncServer => ({
  url,
  fetch: (input, init) => fetch(input, { ...init, headers: { authorization: `Bearer ${access}` } }),
});

type Arrival = {
  /** From the first request to all of it for sale, and until search knows all of it. */
  readonly saleMs: number;
  readonly searchMs: number;
  /** The longest that the event loop was held: so long a bill may have waited. */
  readonly heldMs: number;
  readonly heldBySearchMs: number;
  readonly items: number;
};

/** As the till does it: follows, stages, switches on, and lets search grow. */
async function arrive(tables: Tables, server: SyncServer, count: number): Promise<Arrival> {
  const held = monitorEventLoopDelay({ resolution: 1 });
  const later = (work: () => void, ms: number): (() => void) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  };
  let stop: () => void = () => undefined;
  held.enable();
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    stop = followCatalogue({
      server,
      applier: makeCatalogueApplier(tables),
      onApplied: (n) => (n === count ? resolve() : undefined),
      onFault: reject,
      onNotEnrolled: () => reject(new Error('not enrolled')),
      later,
    });
  });
  const saleMs = performance.now() - began;
  const last = goodsBarcode(count - 1);
  if (tables.items.byBarcode(last)?.item.isActive !== true) throw new Error('the last item is not for sale');
  while (makeHeadOfficeItems(tables.shop).isUnsettled()) await later1();
  const heldMs = held.max / 1e6;
  held.reset();
  await new Promise<void>((resolve, reject) => {
    const onPiece = (isWhole: boolean): void => (isWhole ? resolve() : undefined);
    growSearch({ queue: tables.searchQueue, later, onPiece, onFault: reject }).look();
  });
  held.disable();
  stop();
  return {
    saleMs,
    searchMs: performance.now() - began,
    heldMs,
    heldBySearchMs: held.max / 1e6,
    items: tables.items.count(),
  };
}

const later1 = (): Promise<void> => new Promise((go) => setTimeout(go, 1));

/** `shape_rows_applied_per_s` and `new_till_100k_items_s`. */
export async function measureShapes(server: BenchServer, count: number): Promise<readonly Figure[]> {
  const goods = makeGoods(count);
  const [till] = server.tills;
  if (till === undefined) throw new Error('a bench of shapes needs a till');
  const pool = new Pool({ connectionString: server.databaseUrl, max: 2 });
  for (let from = 0; from < count; from += 5_000) {
    await publishItems(pool, server.tenantId, [till.storeId], goods.slice(from, from + 5_000), Date.now());
  }
  await pool.end();
  const who = asTill(server.url, till.access);
  const newTill = await inNewShop((tables) => arrive(tables, who, count));
  const answers = await recordShape(who, 'catalogue');
  const rounds: Arrival[] = [];
  for (let round = 0; round < 3; round += 1) {
    const replay = await replayShape(answers);
    rounds.push(await inNewShop((tables) => arrive(tables, { ...who, url: replay.url }, count)));
    await replay.end();
  }
  const perS = rounds.map(({ saleMs }) => count / (saleMs / 1_000));
  const bytes = answers.reduce((sum, { body }) => sum + body.length, 0);
  return [
    {
      name: 'shape_rows_applied_per_s',
      value: median(perS),
      unit: 'rows/s',
      n: count,
      bar: { atLeast: 50_000 },
      beside: {
        rounds: perS.length,
        worst: round(Math.min(...perS), 0),
        counted:
          'first request to a replayed server until for sale by barcode, with the place; JSON parsing in it, search not',
        mb: round(bytes / 1e6, 1),
        held_at_most_ms: round(worst(rounds.map((one) => one.heldMs)), 1),
        items: rounds[0]?.items ?? 0,
      },
    },
    {
      name: 'new_till_100k_items_s',
      value: newTill.saleMs / 1_000,
      unit: 's',
      n: count,
      bar: { atMost: 30 },
      beside: { ...coresSaid, held_at_most_ms: round(newTill.heldMs, 1) },
    },
    {
      name: 'new_till_search_whole_s',
      value: newTill.searchMs / 1_000,
      unit: 's',
      n: count,
      bar: null,
      beside: { held_at_most_ms: round(newTill.heldBySearchMs, 1), from: 'the first request' },
    },
  ];
}
