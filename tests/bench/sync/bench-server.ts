/**
 * Starts the server's process for a bench, held to its half of the cores. Rule kept: the server and the Postgres that
 * it starts share one half, everything that loads them the other; where cores can't be named (no taskset) the figures
 * say so.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchTill } from './bills.ts';

export type Asked = { readonly kind: 'rss' | 'stop' };
export type ServerSays =
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly databaseUrl: string;
      readonly tenantId: string;
      readonly tills: readonly unknown[];
    }
  | { readonly kind: 'rss'; readonly bytes: number };

export type BenchServer = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly tenantId: string;
  readonly dataDir: string;
  readonly tills: readonly BenchTill[];
  readonly pid: number;
  readonly rssBytes: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

const hasTaskset = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;
const count = availableParallelism();
const half = Math.max(1, Math.floor(count / 2));
const isSplit = hasTaskset && count >= 2;
/** As taskset names them. */
const serverCores = `0-${half - 1}`;
const loadCores = `${half}-${count - 1}`;
/** Goes beside every figure. */
export const coresSaid = isSplit
  ? { cores: count, serverCores, loadCores }
  : { cores: count, serverCores: 'not held to any (no taskset here)', loadCores: 'the same' };

/** This process and all that it starts from now on, but for the server. */
export function stayOnLoadCores(): void {
  if (isSplit) spawnSync('taskset', ['-a', '-cp', loadCores, String(process.pid)]);
}

export async function startBenchServer(stores: number, tillsPerStore: number): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'billmitra-bench-sync-'));
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  const script = join(import.meta.dirname, 'server-process.ts');
  const command = [process.execPath, script, dataDir, String(stores), String(tillsPerStore)];
  const [program = '', ...args] = isSplit ? ['taskset', '-c', serverCores, ...command] : command;
  const child = spawn(program, args, { stdio: ['ignore', 2, 2, 'ipc'] });
  const ready = await heard(child, 'ready');
  return {
    url: ready.url,
    databaseUrl: ready.databaseUrl,
    tenantId: ready.tenantId,
    dataDir,
    tills: ready.tills as readonly BenchTill[],
    pid: child.pid ?? 0,
    rssBytes: async () => {
      const answer = heard(child, 'rss');
      child.send({ kind: 'rss' } satisfies Asked);
      return (await answer).bytes;
    },
    stop: async () => {
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      child.send({ kind: 'stop' } satisfies Asked);
      await gone;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The next such message. Rejects when the process ends first. */
function heard<K extends ServerSays['kind']>(child: ChildProcess, kind: K): Promise<Extract<ServerSays, { kind: K }>> {
  return new Promise((done, fail) => {
    const ended = (code: number | null): void => fail(new Error(`the server's process ended with ${code}`));
    const hear = (what: ServerSays): void => {
      if (what.kind !== kind) return;
      child.off('message', hear);
      child.off('exit', ended);
      done(what as Extract<ServerSays, { kind: K }>);
    };
    child.on('message', hear);
    child.once('exit', ended);
  });
}
