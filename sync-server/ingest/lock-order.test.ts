/** On a real Postgres: bills, counted stock and transfers of several tills at once never wait for each other in a ring. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billOf, entryOf } from '#tests/faults/isolation-bills.ts';
import { seededRandom } from '#tests/faults/seeded-random.ts';
import { enrolTill, type Office, openOffice } from '#tests/fixtures/office.ts';
import { byStore, dispatched, idOf, itemIdOf, received, storeIdOf } from '#tests/fixtures/transfer-events.ts';
import type { PushEntry } from '#contract/sync.ts';
import type { Bill } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { TransferEvent, TransferParty } from '#core/stock/transfer-events.ts';
import { makeCode } from '../identity/enrol.ts';

const ours = '01935000-0000-7000-8000-00000000aaaa';
const items = 12;
const rounds = 40;
/** Two tills in each of two stores. */
const places = [1, 2].flatMap((store) => [1, 2].map((till) => ({ store, tillId: idOf('bb', store * 10 + till) })));

let office: Office;
const authorizations: string[] = [];
const random = seededRandom(7);

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(ours, 'Sharma Stores');
  for (const [i, { store, tillId }] of places.entries()) {
    const storeId = storeIdOf(store);
    const code = await makeCode(office.pool, {
      tenantId: ours,
      storeId,
      isNewStore: i % 2 === 0,
      storeName: `Store ${store}`,
      region: 'Jaipur',
      expiresAtMs: office.clock.nowMs + 1_000,
    });
    authorizations.push((await enrolTill(office.app, { code, tillId, storeId })).authorization);
  }
}, 60_000);
afterAll(() => office.stop());

const deadlocks = async (): Promise<number> => {
  // A backend tells its counters when it goes idle, at most once a second; each of the pool is asked to do so now.
  const flush = () => office.pool.query('SELECT pg_stat_force_next_flush(), pg_sleep(0.05)');
  await Promise.all(Array.from({ length: office.pool.options.max }, flush));
  const found = await office.pool.query('SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database');
  return Number(found.rows[0].deadlocks);
};

const moved = new Map<string, number>();
const move = (store: number, item: number, qty: number): void => {
  const key = `${store} ${item}`;
  moved.set(key, (moved.get(key) ?? 0) + qty);
};
const anyItem = (): number => 1 + random.below(items);

/** Of a day of its till's own, so that a store's day does not put the tills one after the other. */
function bill(place: number, round: number): Bill {
  const { store, tillId } = places[place] as (typeof places)[number];
  const series = `K${store}T${(place % 2) + 1}`;
  const made = billOf({ storeId: storeIdOf(store), tillId }, randomUUID(), round + 1);
  const lines = made.lines.map((line) => {
    const item = anyItem();
    if (line.itemId === null) return line;
    move(store, item, -(line.qtyMilli * (line.packQtyMilli / 1_000)));
    return { ...line, itemId: itemIdOf(item) };
  });
  const businessDate = `2026-11-${String(10 + place).padStart(2, '0')}`;
  return { ...made, lines, series, number: made.number.replace(/^[^/]+/, series), businessDate } as Bill;
}

const adjusted = (place: number): Omit<PushEntry, 'seq'> => {
  const item = anyItem();
  move(places[place]?.store ?? 0, item, 1_000);
  const content = JSON.stringify({ itemId: itemIdOf(item), changeMilli: 1_000 });
  return { kind: 'stockAdjusted', id: randomUUID() as Uuid, atMs: 1, content };
};
const factEntry = (fact: TransferEvent): Omit<PushEntry, 'seq'> => ({
  kind: fact.type,
  id: randomUUID() as Uuid,
  atMs: fact.atMs,
  content: JSON.stringify(fact),
});

describe('the order in which tables are touched', () => {
  it('is the same for bills, counted stock and transfers: no two tills wait for each other', async () => {
    const before = await deadlocks();
    const said: string[] = [];
    const seqs = places.map(() => 0);
    let challan = 0;
    const on = (place: number, entries: readonly Omit<PushEntry, 'seq'>[]) => {
      const numbered = entries.map((entry) => ({ ...entry, seq: (seqs[place] = (seqs[place] ?? 0) + 1) }));
      const headers = { authorization: authorizations[place] ?? '' };
      return office.app
        .inject({ method: 'POST', url: '/v1/sync/push', headers, payload: { entries: numbered } })
        .then((answer) => {
          if (answer.statusCode !== 200) said.push(`${answer.statusCode} ${answer.body}`);
          else for (const one of answer.json().answers) if (one.outcome !== 'accepted') said.push(JSON.stringify(one));
        });
    };
    for (let round = 0; round < rounds; round += 1) {
      const batches = places.map((): Omit<PushEntry, 'seq'>[] => []);
      for (const [place, { store, tillId }] of places.entries()) {
        const other = 3 - store;
        for (let n = 0; n < 2; n += 1) {
          const item = anyItem();
          challan += 1;
          const by = (of: number, id: Uuid): TransferParty => ({ ...byStore(of), tillId: id }) as TransferParty;
          const way = { transfer: challan, from: store, to: other };
          const series = `D${store}${(place % 2) + 1}`;
          const number = `${series}/2627/${String(challan).padStart(5, '0')}`;
          const send = { ...dispatched(challan, [[item, 2_000]], way), by: by(store, tillId), series, number };
          const receiver = (place + 2) % 4;
          const got = { ...received(challan + 100_000, send), by: by(other, places[receiver]?.tillId as Uuid) };
          batches[place]?.push(factEntry(send));
          // At once: whichever comes last settles both stores' shelves.
          batches[receiver]?.push(factEntry(got));
          move(store, item, -2_000);
          move(other, item, 2_000);
        }
      }
      for (const [place, batch] of batches.entries()) {
        batch.push(adjusted(place), adjusted(place));
        const { seq: _, ...entry } = entryOf(bill(place, round), 0);
        batch.push(entry);
        batch.sort(() => random.below(3) - 1);
      }
      await Promise.all(batches.map((batch, place) => on(place, batch)));
    }
    expect(said).toEqual([]);
    expect((await deadlocks()) - before).toBe(0);
    const found = await office.pool.query('SELECT store_id, item_id, qty_milli FROM stock_level ORDER BY 1, 2');
    const stock = found.rows.map((row) => [row.store_id, row.item_id, Number(row.qty_milli)]);
    const wanted = [...moved].map(([key, qty]) => {
      const [store, item] = key.split(' ').map(Number) as [number, number];
      return [storeIdOf(store), itemIdOf(item), qty];
    });
    expect(stock).toEqual(wanted.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)));
    const way = await office.pool.query('SELECT DISTINCT qty_milli, lost_milli FROM transit_level');
    expect(way.rows).toEqual([{ qty_milli: '0', lost_milli: '0' }]);
  }, 60_000);
});
