/** What keeps the shape server small: shapes found by value, logs that end, shapes that nobody uses. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { type ShapeEngine, startShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { isVisible } from './snapshot.ts';
import { makeWhereIndex } from './where-index.ts';

const of = (column: string, ...values: readonly string[]): ShapeDefinition => ({
  schema: 'public',
  table: 'item',
  columns: null,
  conditions: values.length === 0 ? [] : [{ column, values }],
  replica: 'default',
});

describe('the index of where-clauses', () => {
  it('names of a thousand shapes only those that a row concerns, as it was and as it is', () => {
    const index = makeWhereIndex<{ readonly definition: ShapeDefinition }>();
    const shapes = Array.from({ length: 1_000 }, (_, i) => ({ definition: of('store', String(i)) }));
    const [all, two] = [{ definition: of('store') }, { definition: of('store', '5', '6') }];
    for (const shape of [...shapes, all, two]) index.add(shape);
    const item = { schema: 'public', name: 'item' };
    expect(index.concerned(item, [{ store: '5' }, { store: '7' }])).toEqual(new Set([all, shapes[5], two, shapes[7]]));
    expect(index.concerned(item, [null, { store: null }])).toEqual(new Set([all]));
    expect(index.concerned({ schema: 'other', name: 'item' }, [{ store: '5' }]).size).toBe(0);
    for (const shape of [...shapes, all]) index.remove(shape);
    expect(index.concerned(item, [{ store: '5' }])).toEqual(new Set([two]));
    expect([...index.ofTable(item)]).toEqual([two]);
  });
});

describe('visibility', () => {
  it('knows 32-bit transaction ids across the end of their circle', () => {
    const circle = 0x1_0000_0000n;
    const at = (xmax: bigint) => ({ xmin: xmax - 2n, xmax, running: new Set([xmax - 1n]) });
    expect([1, 2, 3, 4].map((xid) => isVisible(xid, at(4n)))).toEqual([true, true, false, false]);
    // Just before the circle ends: small ids are those to come.
    expect(isVisible(5, at(circle - 10n))).toBe(false);
    expect(isVisible(0xffff_ff00, at(circle - 10n))).toBe(true);
    // Just after: large ids are those that were.
    expect(isVisible(0xffff_fff0, at(circle + 10n))).toBe(true);
    expect(isVisible(20, at(circle + 10n))).toBe(false);
  });
});

describe('the shapes of a server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-shape-bounds-'));
  let postgres: EmbeddedPostgres;
  let pool: Pool;
  let engine: ShapeEngine;
  let now = Date.UTC(2026, 10, 20);
  beforeAll(async () => {
    postgres = await openPostgres(dir, 'none');
    pool = makePool(postgres.url, 4, () => undefined);
    await pool.query('CREATE TABLE item (id int PRIMARY KEY, store text, name text)');
    await pool.query('ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION bounds FOR TABLE item');
    await pool.query('CREATE TABLE plain (id int PRIMARY KEY); ALTER PUBLICATION bounds ADD TABLE plain');
    await pool.query('CREATE TABLE secret (id int PRIMARY KEY); ALTER TABLE secret REPLICA IDENTITY FULL');
    engine = await startShapeEngine({
      connectionString: postgres.url,
      pool,
      dir: join(dir, 'shapes'),
      slot: 'bounds',
      publication: 'bounds',
      nowMs: () => now,
      chunkBytes: 100_000,
      logBytes: 20_000,
      unusedMs: 14 * 86_400_000,
      say: () => undefined,
    });
  }, 60_000);
  afterAll(async () => {
    await engine.stop();
    await pool.end();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const made = async (definition: ShapeDefinition) => {
    const answer = await engine.shape(definition);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  const fileOf = (handle: string): string => join(dir, 'shapes', `${handle}.shape`);

  it('end when nobody asks for them, and their files with them', async () => {
    const [old, used] = [await made(of('store', 'a')), await made(of('store', 'b'))];
    now += 10 * 86_400_000;
    await made(of('store', 'b'));
    now += 5 * 86_400_000;
    engine.sweep();
    expect([engine.byHandle(old.handle), engine.byHandle(used.handle)]).toEqual([null, used]);
    expect([existsSync(fileOf(old.handle)), existsSync(fileOf(used.handle))]).toEqual([false, true]);
  });

  it('end when their log outgrows what fetching anew would cost', async () => {
    const shape = await made(of('store', 'big'));
    for (let i = 0; i < 30; i += 1) await pool.query(`INSERT INTO item VALUES (${i}, 'big', repeat('x', 1000))`);
    for (let i = 0; i < 200 && !shape.isEnded(); i += 1) await new Promise((go) => setTimeout(go, 20));
    expect([shape.isEnded(), existsSync(fileOf(shape.handle))]).toEqual([true, false]);
    expect((await made(of('store', 'big'))).bytes().snapshot).toBeGreaterThan(20_000);
  });

  it('are refused of tables that are not published, or whose log would not say what a row was', async () => {
    expect(await engine.shape({ ...of('id'), table: 'secret' })).toMatchObject({
      ok: false,
      error: { field: 'publication' },
    });
    expect(await engine.shape({ ...of('id'), table: 'plain' })).toMatchObject({ ok: false, error: { field: 'table' } });
  });

  it('let Postgres forget what concerns none of them', async () => {
    await pool.query('CREATE TABLE bill AS SELECT i FROM generate_series(1, 1000) AS i');
    const { rows } = await pool.query('SELECT pg_current_wal_lsn() AS lsn');
    const isPassed = async (): Promise<boolean> =>
      (
        await pool.query(
          "SELECT confirmed_flush_lsn >= $1 AS is_passed FROM pg_replication_slots WHERE slot_name = 'bounds'",
          [rows[0].lsn],
        )
      ).rows[0].is_passed;
    let passed = false;
    for (let i = 0; i < 400 && !passed; i += 1) {
      await new Promise((go) => setTimeout(go, 50));
      passed = await isPassed();
    }
    expect(passed).toBe(true);
  }, 30_000);
});
