/**
 * A till in a process of its own that can be killed, and a link to it. Rule kept: every call ends: with its
 * answer, its error, or TillGone once the process has ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { TillClient } from '#tools/till-client.ts';

export class TillGone extends Error {}

export type TillProcess = {
  /** Resolves when the till answers; rejects with TillGone when it ended before. */
  readonly join: () => Promise<TillClient>;
  /** The answer, or TillGone when the till ends first. */
  readonly ask: <T>(call: Promise<T>) => Promise<T>;
  readonly kill: () => void;
  /** Asks it to close; a system without signals ends it at once. */
  readonly stop: () => void;
  readonly isGone: () => boolean;
  readonly gone: Promise<void>;
  /** What it wrote to stderr. */
  readonly errors: () => string;
};

export function spawnTill(entry: string, args: readonly string[]): TillProcess {
  const child: ChildProcess = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let isGone = false;
  let errors = '';
  let socket: WebSocket | null = null;
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-4_000);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      isGone = true;
      socket?.terminate();
      resolve();
    });
  });
  const ask = <T>(call: Promise<T>): Promise<T> =>
    Promise.race([
      call,
      gone.then((): never => {
        throw new TillGone('the till has ended');
      }),
    ]);

  const join = async (): Promise<TillClient> => {
    const firstLine = new Promise<string>((resolve) => {
      if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
    });
    const { url, token } = JSON.parse(await ask(firstLine)) as { url: string; token: string };
    const opened = new WebSocket(`${url.replace(/^http/, 'ws')}rpc?token=${token}`);
    opened.binaryType = 'arraybuffer';
    socket = opened;
    await ask(
      new Promise<void>((resolve, reject) => {
        opened.once('open', () => resolve());
        opened.on('error', reject);
      }),
    );
    return createORPCClient<TillClient>(new RPCLink({ websocket: opened as unknown as globalThis.WebSocket }));
  };
  return {
    join,
    ask,
    kill: () => void child.kill('SIGKILL'),
    stop: () => void child.kill('SIGTERM'),
    isGone: () => isGone,
    gone,
    errors: () => errors,
  };
}
