/** A log that was damaged on its disk says what its table says again, whoever follows it and whatever is written meanwhile. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { startShapeEngine, type ShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { startMendRound } from './mend-desk.ts';
import { mendingOf } from './mending.ts';
import { beforeAll as fromStart, isAfter, type Offset } from './offset.ts';
import type { ShapeLog } from './shape-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-mending-'));
const shapesDir = join(dir, 'shapes');
let postgres: EmbeddedPostgres;
let pool: Pool;
let engine: ShapeEngine;
const startEngine = (): Promise<ShapeEngine> =>
  startShapeEngine({
    connectionString: postgres.url,
    pool,
    dir: shapesDir,
    slot: 'mending',
    publication: 'mending',
    nowMs: Date.now,
    chunkBytes: 2_000,
    say: () => undefined,
  });
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  pool = makePool(postgres.url, 6, () => undefined);
  await pool.query('CREATE TABLE item (store int, code text, name text, PRIMARY KEY (store, code))');
  await pool.query('ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION mending FOR TABLE item');
  engine = await startEngine();
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

const definitionOf = (store: number): ShapeDefinition => ({
  schema: 'public',
  table: 'item',
  columns: ['store', 'code', 'name'],
  conditions: [{ column: 'store', values: [String(store)] }],
  replica: 'default',
});
const longName = (n: number): string =>
  `${n} a name that is longer than what is compared as it stands, ${'आटा '.repeat(20)}`;
let stores = 0;
/** Forty rows, ten of them changed and five gone since the shape was made. */
async function filled() {
  stores += 1;
  const store = stores;
  await pool.query(
    `INSERT INTO item SELECT $1, 'k' || n, CASE WHEN n % 2 = 0 THEN $2 || n ELSE 'short ' || n END
     FROM generate_series(1, 40) AS n`,
    [store, longName(store)],
  );
  const definition = definitionOf(store);
  const made = await engine.shape(definition);
  if (!made.ok) throw new Error(made.error.message);
  await pool.query(`UPDATE item SET name = name || ' anew' WHERE store = $1 AND code IN ('k1','k2','k3')`, [store]);
  await pool.query(`DELETE FROM item WHERE store = $1 AND code IN ('k4','k5')`, [store]);
  await pool.query(`INSERT INTO item VALUES ($1, 'k41', 'new')`, [store]);
  const shape = made.value;
  await until(async () => (await rowsOf(shape)).get('k41') === 'new');
  return { store, definition, shape };
}
async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500 && !(await isDone()); i += 1) await sleep(10);
}
type Held = { readonly rows: Map<string, string>; place: Offset };
/** As a client keeps them: what it reads on from its place. */
async function readOn(shape: ShapeLog, held: Held): Promise<Held> {
  for (;;) {
    const part = await shape.read(held.place, 3_000);
    const messages = part.body === '' ? [] : JSON.parse(`[${part.body}]`);
    for (const { value, headers } of messages) {
      if (value === undefined) continue;
      const { code, name } = value as { code: string; name?: string };
      if (headers.operation === 'delete') held.rows.delete(code);
      else held.rows.set(code, name ?? held.rows.get(code) ?? '');
    }
    held.place = part.offset;
    if (part.isLast) return held;
  }
}
const begin = (): Held => ({ rows: new Map(), place: fromStart });
const rowsOf = async (shape: ShapeLog): Promise<ReadonlyMap<string, string>> => (await readOn(shape, begin())).rows;
const truth = async (store: number): Promise<Map<string, string>> =>
  new Map(
    (await pool.query('SELECT code, name FROM item WHERE store = $1', [store])).rows.map((row) => [row.code, row.name]),
  );
const sorted = (rows: ReadonlyMap<string, string>) => [...rows].toSorted();

/** One message of the file becomes another of the same length, as a bad disk has it. */
function damage(shape: ShapeLog, find: (text: string) => boolean, into: (text: string) => string): void {
  const path = join(shapesDir, `${shape.handle}.shape`);
  const whole = readFileSync(path, 'utf8');
  const message = [...whole.matchAll(/\{"key":.*?\}\}(?=,?\n|$)/gm)].map(([text]) => text).find(find);
  if (message === undefined) throw new Error('no such message');
  const damaged = into(message);
  if (Buffer.byteLength(damaged) !== Buffer.byteLength(message)) throw new Error('another length');
  writeFileSync(path, whole.replace(message, damaged), { flag: 'r+' });
}
/** It says nothing any more. */
const silent = (text: string): string => {
  const none = '{"headers":{"control":"none"}}';
  return none.padEnd(Buffer.byteLength(text));
};
const isOf = (code: string, operation: string) => (text: string) =>
  text.includes(String.raw`/\"${code}\"`) && text.includes(`"operation":"${operation}"`);

describe('a shape and its table', () => {
  it('are compared, and a log that is right is left alone', async () => {
    const { store, definition, shape } = await filled();
    const before = shape.last();
    expect(await engine.mend(definition)).toEqual({ kind: 'whole' });
    expect(shape.last()).toEqual(before);
    expect(sorted(await rowsOf(shape))).toEqual(sorted(await truth(store)));
    expect(await engine.mend(definitionOf(999))).toEqual({ kind: 'notKnown' });
  });

  it('agree again: what is missing, wrong, or no longer there is told, to those who follow and to those who begin', async () => {
    const { store, definition, shape } = await filled();
    damage(shape, isOf('k7', 'insert'), silent);
    damage(shape, isOf('k9', 'insert'), (text) => text.replace('short 9', 'short 8'));
    damage(shape, isOf('k2', 'update'), silent);
    damage(shape, isOf('k4', 'delete'), silent);
    damage(shape, isOf('k41', 'insert'), silent);
    const follower = await readOn(shape, begin());
    expect(follower.rows.size).not.toBe((await truth(store)).size);
    const stood = follower.place;
    expect(await engine.mend(definition)).toEqual({ kind: 'appended', rows: 5 });
    expect(isAfter(shape.last(), stood)).toBe(true);
    expect(sorted((await readOn(shape, follower)).rows)).toEqual(sorted(await truth(store)));
    expect(sorted(await rowsOf(shape))).toEqual(sorted(await truth(store)));
    expect(await engine.mend(definition)).toEqual({ kind: 'whole' });
    // What is written next stands behind it, for who is there already.
    await pool.query(`UPDATE item SET name = 'last' WHERE store = $1 AND code = 'k7'`, [store]);
    await until(async () => (await readOn(shape, follower)).rows.get('k7') === 'last');
    expect(sorted(follower.rows)).toEqual(sorted(await truth(store)));
  });

  it('agree after a restart: what was mended lies on the disk, and nothing comes twice or not at all', async () => {
    const { store, definition, shape } = await filled();
    damage(shape, isOf('k11', 'insert'), silent);
    expect(await engine.mend(definition)).toEqual({ kind: 'appended', rows: 1 });
    const follower = await readOn(shape, begin());
    await engine.stop();
    await pool.query(`UPDATE item SET name = 'meanwhile' WHERE store = $1 AND code IN ('k11','k13')`, [store]);
    engine = await startEngine();
    const made = await engine.shape(definition);
    if (!made.ok) throw new Error('no shape');
    // A line whose checksum is wrong is not believed at the next start: then it is another handle.
    const held = made.value.handle === shape.handle ? follower : begin();
    await until(async () => (await readOn(made.value, held)).rows.get('k13') === 'meanwhile');
    expect(sorted(held.rows)).toEqual(sorted(await truth(store)));
  });

  it('are not cut off in the middle at a start: what was synced and damaged would never come again', async () => {
    const { store, definition, shape } = await filled();
    // Its place is kept, so Postgres will not say it again.
    await pool.query(`INSERT INTO item VALUES ($1, 'k42', 'newer')`, [store]);
    await until(async () => (await rowsOf(shape)).get('k42') === 'newer');
    await engine.stop();
    damage(shape, isOf('k2', 'update'), silent);
    engine = await startEngine();
    expect(engine.byHandle(shape.handle)).toBeNull();
    const made = await engine.shape(definition);
    if (!made.ok) throw new Error('no shape');
    expect(sorted(await rowsOf(made.value))).toEqual(sorted(await truth(store)));
  });

  it('begin anew where the file can not be read, or most of it is wrong', async () => {
    const one = await filled();
    damage(one.shape, isOf('k7', 'insert'), (text) => '!'.repeat(Buffer.byteLength(text)));
    expect(await engine.mend(one.definition)).toEqual({ kind: 'begunAnew', rows: null });
    expect(one.shape.isEnded()).toBe(true);
    const anew = await engine.shape(one.definition);
    if (!anew.ok) throw new Error('no shape');
    expect(anew.value.handle).not.toBe(one.shape.handle);
    expect(sorted(await rowsOf(anew.value))).toEqual(sorted(await truth(one.store)));
  });

  it('are compared while writers write: a change that is on its way is no loss', async () => {
    const { store, definition, shape } = await filled();
    damage(shape, isOf('k15', 'insert'), silent);
    let isOver = false;
    const writer = async (seed: number): Promise<void> => {
      for (let n = seed; !isOver; n += 7) {
        const code = `k${16 + (n % 20)}`;
        await pool.query(
          n % 3 === 0
            ? `DELETE FROM item WHERE store = $1 AND code = $2 AND $3 <> ''`
            : `INSERT INTO item VALUES ($1, $2, $3) ON CONFLICT (store, code) DO UPDATE SET name = excluded.name`,
          [store, code, `written ${n}`],
        );
      }
    };
    const writers = [writer(0), writer(3)];
    const outcomes = [];
    for (let i = 0; i < 6; i += 1) outcomes.push(await engine.mend(definition));
    isOver = true;
    await Promise.all(writers);
    expect(outcomes[0]).toEqual({ kind: 'appended', rows: 1 });
    expect(outcomes.slice(1).every(({ kind }) => kind === 'whole')).toBe(true);
    const wanted = await truth(store);
    await until(async () => JSON.stringify(sorted(await rowsOf(shape))) === JSON.stringify(sorted(wanted)));
    expect(sorted(await rowsOf(shape))).toEqual(sorted(wanted));
  });
});

it('is gone through by a round of its own: nobody has to complain', async () => {
  const { store, shape } = await filled();
  damage(shape, isOf('k7', 'insert'), silent);
  let nowMs = 0;
  const looked: string[] = [];
  const stop = startMendRound({
    definitions: engine.definitions,
    nameOf: ({ conditions }) => `store ${conditions[0]?.values[0]}`,
    desk: {
      look: async (name, definition) => {
        looked.push(name);
        return { outcome: (await engine.mend(definition)).kind, incident: null };
      },
    },
    nowMs: () => nowMs,
    onFault: (error) => looked.push(String(error)),
    everyMs: 5,
    againMs: 1_000,
  });
  await sleep(50);
  expect(looked).toEqual([]);
  nowMs = 1_000;
  await until(async () => looked.length === engine.count() && (await rowsOf(shape)).has('k7'));
  expect(sorted(await rowsOf(shape))).toEqual(sorted(await truth(store)));
  expect(new Set(looked).size).toBe(engine.count());
  nowMs = 1_500;
  await sleep(50);
  expect(looked.length).toBe(engine.count());
  await stop();
});

it('says what is to be done, by keys alone', () => {
  const isSame = (a: number, b: number): boolean => a === b;
  const mend = (logged: readonly (readonly [string, number])[], spoken: readonly string[] = [], most = 3) =>
    mendingOf(
      new Map(logged),
      new Map([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ] as const),
      new Set(spoken),
      isSame,
      most,
    );
  expect(
    mend([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]),
  ).toEqual({ kind: 'whole' });
  expect(
    mend([
      ['a', 1],
      ['b', 9],
      ['d', 4],
    ]),
  ).toEqual({ kind: 'append', puts: ['b', 'c'], drops: ['d'] });
  expect(
    mend(
      [
        ['a', 1],
        ['b', 9],
        ['d', 4],
      ],
      ['b', 'd'],
    ),
  ).toEqual({ kind: 'append', puts: ['c'], drops: [] });
  expect(mend([['d', 4]])).toEqual({ kind: 'beginAnew', rows: 4 });
});
