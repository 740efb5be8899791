/**
 * The till as it ships, in a process of its own: dist/till/till.mjs on a shop's folder, and a link to it over
 * its WebSocket. Rule kept: benches speak only the contract to it, signed in by PIN like a person.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openLink, type TillClient } from '#tools/till-client.ts';

const root = resolve(import.meta.dirname, '../../..');
/** The owner of the demo shop. */
const pin = '333333';

export type RunningTill = {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly startedAtMs: number;
  /** Resident memory in bytes; null where the system does not say. */
  readonly rssBytes: () => number | null;
  readonly stop: () => Promise<void>;
};

/** Resolves when the till says its address. `startedAtMs` is just before the process was made. */
export async function startTillProcess(shopDir: string, rendererDir: string | null = null): Promise<RunningTill> {
  const renderer = rendererDir === null ? [] : ['--renderer', rendererDir];
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'till', 'till.mjs'), '--shop', shopDir, ...renderer], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { url, token } = await addressOf(child);
  return {
    url,
    token,
    pid: child.pid ?? 0,
    startedAtMs,
    rssBytes: () => rssOf(child.pid ?? 0),
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}

function addressOf(child: ChildProcess): Promise<{ readonly url: string; readonly token: string }> {
  return new Promise((done, fail) => {
    let said = '';
    let wrong = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const line = said.split('\n').find((text) => text.startsWith('{"url"'));
      if (line !== undefined) done(JSON.parse(line) as { url: string; token: string });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      wrong = `${wrong}${chunk.toString('utf8')}`.slice(-4_000);
    });
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the till ended with ${code}: ${wrong}`)));
  });
}

function rssOf(pid: number): number | null {
  if (process.platform === 'linux') {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? null : Number(line[1]) * 1024;
  }
  if (process.platform === 'win32') return null;
  const kilobytes = Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
  return kilobytes > 0 ? kilobytes * 1024 : null;
}

export type Link = { readonly client: TillClient; readonly close: () => void };

export async function linkTo(till: Pick<RunningTill, 'url' | 'token'>): Promise<Link> {
  const link = await openLink({ port: Number(new URL(till.url).port), token: till.token });
  if (link === null) throw new Error('the till does not answer');
  return { client: link.client, close: () => link.socket.close() };
}

/** As the screen does: the people, then the PIN of one. */
export async function signInOwner(client: TillClient): Promise<void> {
  const owner = (await client.staff.list()).find((person) => person.role === 'owner');
  if (owner === undefined) throw new Error('nobody works here');
  await client.staff.signIn({ staffId: owner.id, pin });
}
