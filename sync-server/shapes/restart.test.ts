/** The shape server killed in the middle: same handles, and not a row lost; a lost slot or torn file is no exception. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-shape-restarts-'));
const files = join(dir, 'shapes');
let postgres: EmbeddedPostgres;
let pool: Pool;
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  pool = makePool(postgres.url, 6, () => undefined);
  await pool.query('CREATE TABLE item (id int PRIMARY KEY, store int, n int)');
  await pool.query('ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION restarts FOR TABLE item');
  await pool.query('INSERT INTO item SELECT i, i % 2, 0 FROM generate_series(1, 400) AS i');
}, 60_000);
afterAll(async () => {
  await kill();
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

let child: ChildProcess | null = null;
let url = '';
async function kill(): Promise<void> {
  if (child === null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  child = null;
}
async function run(): Promise<void> {
  const program = join(import.meta.dirname, 'shape-process.ts');
  child = spawn(process.execPath, [program, postgres.url, files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  url = line.toString().trim();
}

type Held = { handle: string; offset: string; readonly rows: Map<string, Record<string, string>>; fetches: number };
type Message = { key: string; value: Record<string, string>; headers: { operation?: string; control?: string } };

/** One request; a place that is refused begins again. */
async function step(held: Held): Promise<boolean> {
  const place = held.handle === '' ? 'offset=-1' : `offset=${held.offset}&handle=${held.handle}`;
  const response = await fetch(`${url}/v1/shape?table=item&where=store=1&${place}`);
  if (response.status === 503) {
    await sleep(50);
    return false;
  }
  if (response.status !== 200) {
    held.handle = '';
    return false;
  }
  if (held.handle === '') {
    held.rows.clear();
    held.fetches += 1;
  }
  for (const { key, value, headers } of (await response.json()) as Message[]) {
    if (headers.operation === 'delete') held.rows.delete(key);
    else if (headers.operation !== undefined) held.rows.set(key, { ...held.rows.get(key), ...value });
  }
  held.handle = response.headers.get('electric-handle') ?? '';
  held.offset = response.headers.get('electric-offset') ?? '';
  return response.headers.has('electric-up-to-date');
}
const texts = (rows: readonly Record<string, unknown>[]): string[] =>
  rows.map((row) => `${row['id']}/${row['n']}`).toSorted();
const truth = async () => texts((await pool.query('SELECT id, n FROM item WHERE store = 1')).rows);
async function converges(held: Held): Promise<void> {
  const wanted = await truth();
  for (let i = 0; i < 400 && JSON.stringify(texts([...held.rows.values()])) !== JSON.stringify(wanted); i += 1) {
    if (await step(held)) await sleep(20);
  }
  expect(texts([...held.rows.values()])).toEqual(wanted);
}
const fresh = (): Held => ({ handle: '', offset: '', rows: new Map(), fetches: 0 });

describe('the shape server, killed', () => {
  it('goes on with the same handle, and what was written before, meanwhile and after is there', async () => {
    await run();
    const held = fresh();
    while (!(await step(held)));
    const { handle } = held;
    let isWriting = true;
    const write = async (lane: number): Promise<void> => {
      for (let i = 0; isWriting; i += 1) {
        const id = 1 + ((i * 7 + lane) % 400);
        await pool.query('UPDATE item SET n = n + 1, store = (n + $2) % 2 WHERE id = $1', [id, lane]);
        if (i % 5 === 0) await pool.query('INSERT INTO item VALUES ($1, 1, 0)', [lane * 100_000 + i]);
        // As on a disk that is waited for; without, there is more to bring than to show.
        await sleep(2);
      }
    };
    const writers = [1, 2].map(write);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 15; i += 1) await step(held);
      await kill();
      await sleep(100);
      // As a cut in the middle of a write leaves it.
      for (const name of readdirSync(files).filter((one) => one.endsWith('.shape'))) {
        appendFileSync(join(files, name), 'E 99_0 5000 abc {"key":');
      }
      await run();
    }
    isWriting = false;
    await Promise.all(writers);
    await converges(held);
    expect([held.handle, held.fetches]).toEqual([handle, 1]);
    // A new client is given the same.
    const late = fresh();
    await converges(late);
    expect(late.handle).toBe(handle);
  }, 60_000);

  it('ends every shape when its slot is gone, rather than miss a row', async () => {
    const held = fresh();
    while (!(await step(held)));
    const { handle } = held;
    await kill();
    for (let i = 0; i < 100; i += 1) {
      const dropped = await pool.query(`SELECT pg_drop_replication_slot('restarts')`).then(
        () => true,
        () => false,
      );
      if (dropped) break;
      await sleep(50);
    }
    await pool.query('INSERT INTO item VALUES (777777, 1, 1)');
    await run();
    await converges(held);
    expect(held.handle).not.toBe(handle);
    expect(readdirSync(files).filter((name) => name.endsWith('.shape'))).toEqual([`${held.handle}.shape`]);
  }, 30_000);

  it('ends every shape when the slot went on without this folder', async () => {
    const held = fresh();
    while (!(await step(held)));
    const { handle } = held;
    await kill();
    await sleep(300);
    await pool.query('INSERT INTO item VALUES (888888, 1, 1)');
    for (let i = 0; i < 100; i += 1) {
      const moved = await pool.query(`SELECT pg_replication_slot_advance('restarts', pg_current_wal_lsn())`).then(
        () => true,
        () => false,
      );
      if (moved) break;
      await sleep(50);
    }
    await run();
    await converges(held);
    expect(held.handle).not.toBe(handle);
  }, 30_000);
});
