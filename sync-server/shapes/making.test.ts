/** A shape that is being made while the world goes on, and while its server stops: not a row may be missed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { startShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { beforeAll as fromStart } from './offset.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-making-'));
let postgres: EmbeddedPostgres;
let pool: Pool;
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  pool = makePool(postgres.url, 6, () => undefined);
  await pool.query('CREATE TABLE item (id int PRIMARY KEY)');
  await pool.query('ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION making FOR TABLE item');
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Waits after a snapshot was taken, before its rows are read, for as long as it is told. */
function slowPool(until: () => Promise<void>): Pool {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const slow = async () =>
    new Proxy(await connect(), {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        if (name !== 'query') return value.bind(target) as unknown;
        return async (...given: readonly unknown[]) => {
          const answer: unknown = await Reflect.apply(value, target, given);
          if (String(given[0]).includes('pg_current_snapshot()')) await until();
          return answer;
        };
      },
    });
  return new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? slow : (Reflect.get(target, name) as unknown)),
  });
}

const definition: ShapeDefinition = {
  schema: 'public',
  table: 'item',
  columns: null,
  conditions: [],
  replica: 'default',
};
const start = (from: Pool) =>
  startShapeEngine({
    connectionString: postgres.url,
    pool: from,
    dir: join(dir, 'shapes'),
    slot: 'making',
    publication: 'making',
    nowMs: Date.now,
    chunkBytes: 1_000,
    say: () => undefined,
  });
const lsnOf = async (place: string, from = ''): Promise<bigint> => {
  const found = await pool.query(`SELECT (${place} - '0/0'::pg_lsn)::text AS lsn ${from}`);
  return BigInt(found.rows[0].lsn);
};
const walEnd = () => lsnOf('pg_current_wal_lsn()');
/** What Postgres may forget. */
const confirmed = () => lsnOf('confirmed_flush_lsn', `FROM pg_replication_slots WHERE slot_name = 'making'`);
async function idsOf(engine: Awaited<ReturnType<typeof start>>): Promise<readonly number[]> {
  const made = await engine.shape(definition);
  if (!made.ok) throw new Error(made.error.message);
  const ids: number[] = [];
  for (let at = fromStart; made.value.hasAfter(at); ) {
    const part = await made.value.read(at, 1_000);
    for (const [, id] of part.body.matchAll(/"value":\{"id":"(\d+)"\}/g)) ids.push(Number(id));
    at = part.offset;
  }
  return ids.toSorted((a, b) => a - b);
}

describe('a shape being made', () => {
  it('holds back what Postgres may forget, and leaves no half of itself when its server stops', async () => {
    const going = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const slow = await start(
      slowPool(() => {
        taken.resolve();
        return going.promise;
      }),
    );
    const asked = slow.shape(definition);
    await taken.promise;
    const before = await walEnd();
    await pool.query('INSERT INTO item VALUES (1)');
    const written = await walEnd();
    for (let i = 0; i < 200 && slow.lastSeen() + 1n < written; i += 1) await sleep(20);
    // Longer than the server needs to write its place down and tell Postgres.
    await sleep(600);
    expect(slow.lastSeen()).toBeGreaterThan(before);
    expect(await confirmed()).toBeLessThanOrEqual(before);
    await slow.stop();
    going.resolve();
    await asked;
    const next = await start(pool);
    for (let i = 0; i < 200 && !next.isActive(); i += 1) await sleep(20);
    await pool.query('INSERT INTO item VALUES (2)');
    const wanted = [1, 2];
    let held: readonly number[] = [];
    for (let i = 0; i < 200 && held.length < wanted.length; i += 1) {
      await sleep(20);
      held = await idsOf(next);
    }
    expect(held).toEqual(wanted);
    await next.stop();
  }, 30_000);
});
