/**
 * The differential rig of the embedded shape server: many clients follow many shapes while writers write, tables are
 * published, altered and truncated, and the server is stopped, killed and cut off; then what each client holds is
 * compared with SELECT. Rule kept: SQL is the truth and its where-clause is the client's own text; a round with no
 * change that reached a client proves nothing and fails.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { type Random, seededRandom } from './seeded-random.ts';
import { type Asked, type Client, makeClient } from './shapes-client.ts';
import { columns, makeTable, wheres, write } from './shapes-writers.ts';

export type ShapesRun = {
  readonly rounds: number;
  /** The first one's number. */
  readonly from: number;
  readonly seed: number;
  readonly forgetsRunning: boolean;
  readonly say: (line: string) => void;
};
export type ShapesOutcome = {
  readonly rounds: number;
  readonly shapes: number;
  readonly diverged: number;
  readonly doubled: number;
  readonly transactions: number;
  readonly messages: number;
  readonly refetches: number;
  readonly stopped: number;
  readonly killed: number;
  readonly cutOff: number;
  readonly altered: number;
};

const [shapesInRound, writersInRound, writingMs] = [15, 6, 1_200];
/** A control has what it looks for at once. */
const patienceOf = (isControl: boolean): number => (isControl ? 3_000 : 20_000);

function makeServer(databaseUrl: string, dir: string, forgetsRunning: boolean) {
  let child: ChildProcess | null = null;
  let port = '0';
  const program = join(import.meta.dirname, 'shapes-server.ts');
  return {
    start: async (): Promise<string> => {
      const control = forgetsRunning ? ['forget-running'] : [];
      const args = [program, databaseUrl, dir, port, ...control];
      child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
      const url = line.toString().trim().replace('[::1]', '127.0.0.1');
      port = new URL(url).port;
      return url;
    },
    stop: async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

/** The order of rows and the two ways of writing a truth are nobody's promise. */
const written = (rows: readonly Readonly<Record<string, string | null>>[]): readonly string[] =>
  rows
    .map((row) => {
      const isSold = row['is_sold'];
      const all = isSold === 't' || isSold === 'f' ? { ...row, is_sold: isSold === 't' ? 'true' : 'false' } : row;
      return JSON.stringify(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    })
    .toSorted();

async function truthOf(pool: Pool, { table, where, columns: chosen }: Asked): Promise<readonly string[]> {
  const found = await pool.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const names = chosen ?? found.rows.map((row) => row.name);
  const filter = where === null ? '' : `WHERE ${where}`;
  const rows = await pool.query(`SELECT ${names.map((name) => `${name}::text`).join(', ')} FROM ${table} ${filter}`);
  return written(rows.rows);
}

function askedOf(random: Random, tables: readonly string[]): Asked {
  const others = columns.filter((name) => name !== 'store' && name !== 'code' && random.isLikely(0.5));
  return {
    table: random.pick(tables),
    where: random.pick(wheres)(random),
    columns: random.isLikely(0.4) ? ['store', 'code', ...others] : null,
    isFull: random.isLikely(0.3),
  };
}

export async function compareShapes({ rounds, from, seed, forgetsRunning, say }: ShapesRun): Promise<ShapesOutcome> {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-differential-'));
  const postgres = await startEmbeddedPostgres(dir, () => undefined);
  const inUtc = new URL(postgres.url);
  inUtc.searchParams.set('options', '-c timezone=UTC -c deadlock_timeout=20ms');
  const pool = makePool(inUtc.href, 16, () => undefined);
  const server = makeServer(postgres.url, join(dir, 'shapes'), forgetsRunning);
  const counts = { shapes: 0, diverged: 0, doubled: 0, transactions: 0, messages: 0, refetches: 0 };
  const breaks = { stopped: 0, killed: 0, cutOff: 0, altered: 0 };

  /** One of what may go wrong meanwhile; most rounds have one or two. */
  async function disturb(random: Random, tables: readonly string[], done: string[]): Promise<void> {
    const kind = random.below(6);
    if (kind < 2) {
      const signal = kind === 0 ? 'SIGTERM' : 'SIGKILL';
      breaks[kind === 0 ? 'stopped' : 'killed'] += 1;
      done.push(signal);
      await server.stop(signal);
      await sleep(random.below(150));
      await server.start();
    } else if (kind === 2) {
      breaks.cutOff += 1;
      done.push('cut off');
      await pool.query(
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL`,
      );
    } else if (kind === 3) {
      const table = random.pick(tables);
      const statement = random.pick([
        `TRUNCATE ${table}`,
        `ALTER TABLE ${table} ADD COLUMN more_${random.below(1_000_000)} text DEFAULT 'x'`,
        `ALTER TABLE ${table} ALTER COLUMN n TYPE int8`,
      ]);
      const isDone = await pool.query(`SET LOCAL lock_timeout = '5s'; ${statement}`).then(
        () => true,
        // Writers may keep it from its lock: then this round has none.
        (error: unknown) => void say(String(error)),
      );
      if (isDone !== true) return;
      breaks.altered += 1;
      done.push(statement);
    }
  }

  async function round(n: number, url: string): Promise<void> {
    const random = seededRandom(seed * 1_000_003 + n);
    const tables = [`first_${n}`, `second_${n}`];
    for (const table of tables) await makeTable(pool, table);
    let [isWriting, isFollowing] = [true, true];
    const writers = Array.from({ length: writersInRound }, (_, i) =>
      write(pool, tables, seededRandom(seed * 7_919 + n * 31 + i), () => !isWriting),
    );
    const done: string[] = [];
    const clients: Client[] = [];
    const following: Promise<void>[] = [];
    const came = (async () => {
      for (let i = 0; i < shapesInRound; i += 1) {
        const client = makeClient(askedOf(random, tables), url);
        clients.push(client);
        following.push(client.follow(() => !isFollowing));
        await sleep(random.below((writingMs * 1.2) / shapesInRound));
      }
    })();
    for (let i = random.below(3); i > 0; i -= 1) {
      await sleep(random.below(writingMs / 2));
      await disturb(random, tables, done);
    }
    await came;
    await sleep(200);
    isWriting = false;
    counts.transactions += (await Promise.all(writers)).reduce((sum, one) => sum + one, 0);
    const until = Date.now() + patienceOf(forgetsRunning);
    let before = 0;
    for (const [i, { asked, rows }] of clients.entries()) {
      const truth = JSON.stringify(await truthOf(pool, asked));
      const isSame = (): boolean => JSON.stringify(written([...rows.values()])) === truth;
      while (!isSame() && Date.now() < until) await sleep(25);
      if (isSame()) continue;
      counts.diverged += 1;
      const wanted = await truthOf(pool, asked);
      const held = written([...rows.values()]);
      const [more, less] = [held.find((one) => !wanted.includes(one)), wanted.find((one) => !held.includes(one))];
      say(`round ${n}, shape ${i} is not what SQL says: ${JSON.stringify({ asked, done, more, less, seed })}`);
    }
    isFollowing = false;
    await Promise.all(following);
    for (const { counts: one } of clients) {
      counts.messages += one.messages;
      counts.doubled += one.doubled;
      counts.refetches += one.refetches;
      before += one.messages;
    }
    counts.shapes += clients.length;
    if (before === 0) throw new Error(`nothing reached a client in round ${n}`);
    for (const table of tables) await pool.query(`DROP TABLE ${table}`);
  }

  try {
    const url = await server.start();
    for (let n = from; n < from + rounds; n += 1) await round(n, url);
    return { rounds, ...counts, ...breaks };
  } finally {
    await server.stop('SIGKILL');
    await pool.end();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
