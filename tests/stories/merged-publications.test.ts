/** Head office on real Postgres, tills on real SQLite: after old publications are merged every till sells the same. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import { type Instant, instant } from '#core/time.ts';
import { mergePublications } from '#sync-server/catalogue/merge-publications.ts';
import { heldItems, listPublications, publish } from '#sync-server/catalogue/publication.ts';
import type { EmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { openPostgres } from '../fixtures/postgres.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { makePublicationDesk, type PublicationPiece } from '#till/sync/apply-publications.ts';
import { openTables } from '#till/tables.ts';
import { makeFolder, mustOpen, sampleIds, sampleItem } from '../fixtures/sample-shop.ts';

const id = (n: number): Uuid => `01935000-0000-7000-8000-${String(n).padStart(12, '0')}` as Uuid;
const who = { tenantId: id(1), region: null, storeId: null, email: 'ravi@example.in' };
const storeIds = [id(10), id(11)];
const itemIds = Array.from({ length: 12 }, (_, n) => id(100 + n));
const dayMs = 86_400_000;
const firstMs = Date.parse('2026-01-01T06:00:00Z');
let postgres: EmbeddedPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await openPostgres(mkdtempSync(join(tmpdir(), 'billmitra-merge-')), 'newest');
  pool = makePool(postgres.url, 4, () => undefined);
  const on = new pg.Client({ connectionString: postgres.url });
  await on.connect();
  await on.query('INSERT INTO tenant VALUES ($1, $2)', [who.tenantId, 'Sharma']);
  for (const [n, store] of storeIds.entries()) {
    await on.query("INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'S')", [
      who.tenantId,
      store,
    ]);
    await on.query("INSERT INTO till (tenant_id, store_id, till_id, name) VALUES ($1, $2, $3, 'T')", [
      who.tenantId,
      store,
      id(20 + n),
    ]);
    for (const [i, itemId] of itemIds.entries()) {
      await on.query('INSERT INTO store_item VALUES ($1, $2, $3, $4, 0)', [
        who.tenantId,
        store,
        itemId,
        JSON.stringify({ ...sampleItem(itemId, i + 1), mrpPaise: 900_000 }),
      ]);
    }
  }
  await on.end();
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

/** One a day, of three items; every fifth to one store alone, some take effect late. */
async function publishDays(from: number, to: number): Promise<void> {
  for (let day = from; day < to; day += 1) {
    const lines = [0, 1, 2].map((n) => ({
      itemId: itemIds[(day * 5 + n * 4) % itemIds.length] ?? id(100),
      change:
        n === 1
          ? { name: `Day ${day}`, sellingPricePaise: paise(90_000 + day) }
          : { sellingPricePaise: paise(80_000 + day), mrpPaise: null },
    }));
    const scope =
      day % 5 === 0 ? { kind: 'stores' as const, storeIds: [storeIds[0] ?? id(10)] } : { kind: 'all' as const };
    const atMs = firstMs + day * dayMs;
    const effectiveAtMs = atMs + (day % 7 === 0 ? 3 * dayMs : 0);
    const sent = await publish(pool, who, atMs, {
      publicationId: id(1_000 + day),
      lines,
      scope,
      effectiveAtMs,
      note: '',
    });
    expect(sent.refused).toEqual([]);
  }
}

/** What the two shapes say to a till of the store. */
async function piecesFor(storeId: string): Promise<readonly PublicationPiece[]> {
  const heads = await pool.query(
    'SELECT * FROM store_publication WHERE tenant_id = $1 AND store_id = $2 ORDER BY published_at_ms',
    [who.tenantId, storeId],
  );
  const rows = await pool.query('SELECT * FROM store_publication_row WHERE tenant_id = $1 AND store_id = $2', [
    who.tenantId,
    storeId,
  ]);
  return [
    ...heads.rows.map(
      (row): PublicationPiece => ({
        kind: 'head',
        head: {
          id: row.publication_id,
          publishedAtMs: instant(Number(row.published_at_ms)),
          effectiveAtMs: instant(Number(row.effective_at_ms)),
          rowCount: row.row_count,
          hash: row.hash,
        },
      }),
    ),
    ...rows.rows.map(
      (row): PublicationPiece => ({
        kind: 'row',
        publicationId: row.publication_id,
        row: { itemId: row.item_id, change: row.change },
      }),
    ),
  ];
}

function openTill(nowMs: () => number) {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  const tables = openTables(shop);
  tables.items.insertMany(itemIds.map((itemId, i) => ({ ...sampleItem(itemId, i + 1), mrpPaise: paise(900_000) })));
  const clock = { now: (): Instant => instant(nowMs()) };
  const desk = makePublicationDesk({ tables, clock, newId: sampleIds() });
  const sells = () =>
    itemIds.map((itemId) => {
      const item = tables.items.byId(itemId);
      return [item?.name, item?.sellingPricePaise, item?.mrpPaise];
    });
  const close = (): void => {
    shop.close();
    folder.remove();
  };
  return { desk, sells, close };
}

const headsOf = (pieces: readonly PublicationPiece[]): number => pieces.filter((one) => one.kind === 'head').length;

it('lets a new till read few and a late one end with the same goods', async () => {
  let nowMs = firstMs;
  const now = () => nowMs;
  const [always, late, fresh] = [openTill(now), openTill(now), openTill(now)];
  const store = storeIds[0] ?? id(10);
  await publishDays(0, 20);
  nowMs = firstMs + 20 * dayMs;
  const early = await piecesFor(store);
  always.desk.take(early);
  always.desk.applyDue();
  // It has the first ten, and of the others only heads and some rows; then it is away.
  const tenth = firstMs + 10 * dayMs;
  const had = new Set(
    early.flatMap((one) => (one.kind === 'head' && one.head.publishedAtMs < tenth ? [one.head.id] : [])),
  );
  const isHad = (one: PublicationPiece): boolean => one.kind === 'head' || had.has(one.publicationId);
  late.desk.take([...early.filter(isHad), ...early.filter((one) => !isHad(one)).slice(0, 5)]);
  late.desk.applyDue();
  expect(late.desk.notWhole().length).toBeGreaterThan(3);

  await publishDays(20, 120);
  nowMs = firstMs + 120 * dayMs;
  const before = await piecesFor(store);
  always.desk.take(before);
  always.desk.applyDue();
  const clock = { now: () => instant(nowMs) };
  const signal = new AbortController().signal;
  const listed = await listPublications(pool, who, 500);
  expect(await mergePublications(pool, who.tenantId, clock, signal)).toBeGreaterThan(100);
  // Again the same night: there is nothing left that is worth it.
  expect(await mergePublications(pool, who.tenantId, clock, signal)).toBe(0);
  const after = await piecesFor(store);
  // In effect for 35 days are those of days 0 to 83 (day 84 says three days later): they are one now.
  expect([headsOf(before), headsOf(after)]).toEqual([120, 37]);

  fresh.desk.take(after);
  fresh.desk.applyDue();
  late.desk.take(after);
  late.desk.applyDue();
  // What it had in pieces is no more: forgotten, as the follower does with what stays so.
  late.desk.forget(late.desk.notWhole());
  always.desk.take(after);
  always.desk.applyDue();
  // Until the last of them is due.
  nowMs += 5 * dayMs;
  for (const till of [always, late, fresh]) till.desk.applyDue();
  const wanted = await heldItems({ query: pool.query.bind(pool) } as never, itemIds, [store]);
  const sold = itemIds.map((itemId) => {
    const item = wanted.get(itemId)?.atStores.get(store);
    return [item?.name, item?.sellingPricePaise, item?.mrpPaise];
  });
  for (const till of [always, late, fresh]) {
    expect(till.sells()).toEqual(sold);
    expect(till.desk.notWhole()).toEqual([]);
  }
  // Head office's people see each as before; what was merged is nobody's.
  expect(await listPublications(pool, who, 500)).toEqual(listed);
  for (const till of [always, late, fresh]) till.close();
}, 60_000);

it('waits with what an open proposal may have to be compared with', async () => {
  const store = storeIds[1] ?? id(11);
  await publishDays(120, 200);
  await pool.query(
    `INSERT INTO item_proposal (tenant_id, store_id, till_id, proposal_id, item_id, item, proposed_at_ms, state)
     VALUES ($1, $2, $3, $4, $5, '{}', $6, 'open')`,
    [who.tenantId, store, id(21), id(900), itemIds[0], firstMs + 121 * dayMs],
  );
  const clock = { now: () => instant(firstMs + 300 * dayMs) };
  const before = headsOf(await piecesFor(store));
  await mergePublications(pool, who.tenantId, clock, new AbortController().signal);
  const after = await piecesFor(store);
  const heads = after.flatMap((one) => (one.kind === 'head' ? [one.head] : []));
  const kept = heads.filter((head) => head.publishedAtMs >= firstMs + 121 * dayMs);
  // Days 121 to 199, without each fifth, which went to the other store.
  expect(kept.length).toBe(64);
  expect(heads.length).toBeLessThan(before);
});
