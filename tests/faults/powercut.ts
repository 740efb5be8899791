/**
 * The power-cut rig: records what the till writes and syncs, then cuts the power at random points of it and
 * looks. Rule kept: the verdict comes from cuts of true traces of the true till; where it can't be run (no
 * Linux, no C compiler) it says so and claims nothing.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CutsDone } from './powercut-worker.ts';

const run = promisify(execFile);
const here = import.meta.dirname;

export type PowerCutOptions = {
  readonly cuts: number;
  readonly seed: number;
  readonly isNormalSync: boolean;
  readonly say: (line: string) => void;
};
export type PowerCutOutcome =
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'done'; readonly cuts: number; readonly lost: number; readonly corrupt: number };

const salesPerTrace = 120;

/** A tmpfs where there is one: thousands of small folders come and go, and none must survive anything. */
const scratchHome = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

export async function cutPower(options: PowerCutOptions): Promise<PowerCutOutcome> {
  if (process.platform !== 'linux')
    return { kind: 'skipped', why: `LD_PRELOAD is of Linux; this is ${process.platform}` };
  const scratch = mkdtempSync(join(scratchHome(), 'billmitra-powercut-'));
  let isKept = false;
  try {
    const tracer = join(scratch, 'tracer.so');
    const trouble = await buildTracer(tracer);
    if (trouble !== null) return { kind: 'skipped', why: trouble };
    const traces = Math.max(2, Math.min(100, Math.ceil(options.cuts / 250)));
    const total = { cuts: 0, lost: 0, corrupt: 0 };
    for (let n = 0; n < traces; n += 1) {
      const cuts = Math.floor(options.cuts / traces) + (n < options.cuts % traces ? 1 : 0);
      const seed = options.seed * 1000 + n;
      const trace = await record(tracer, join(scratch, `trace-${n}`), seed, options.isNormalSync);
      for (const done of await cutTrace(trace, seed, cuts, scratch)) {
        total.cuts += done.cuts;
        total.lost += done.lost;
        total.corrupt += done.corrupt;
        if (!options.isNormalSync) for (const line of done.says) options.say(line);
      }
      options.say(`trace ${n + 1} of ${traces}: ${total.cuts} cuts, ${total.lost} lost, ${total.corrupt} corrupt`);
      if (!options.isNormalSync && total.lost + total.corrupt > 0) {
        // Times and ids differ from run to run: only this very trace makes the same cut again.
        isKept = true;
        options.say(`kept for a second look: ${trace}`);
      } else rmSync(join(scratch, `trace-${n}`), { recursive: true, force: true });
    }
    return { kind: 'done', ...total };
  } finally {
    if (!isKept) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Null when it was built, else why not. */
async function buildTracer(to: string): Promise<string | null> {
  try {
    await run('cc', ['-O2', '-shared', '-fPIC', '-o', to, join(here, 'tracer.c'), '-ldl', '-lpthread']);
    return null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no C compiler (cc)';
    throw error;
  }
}

/** Every second trace begins with a shop of the first schema version, so that a migration is cut too. */
async function record(tracer: string, home: string, seed: number, isNormalSync: boolean): Promise<string> {
  const shop = join(home, 'shop');
  const trace = join(home, 'trace');
  const acks = join(home, 'acks');
  mkdirSync(shop, { recursive: true });
  const flags = [...(isNormalSync ? ['--normal-sync'] : []), ...(seed % 2 === 1 ? ['--old-schema'] : [])];
  const args = [join(here, 'scenario.ts'), shop, String(seed), String(salesPerTrace), acks, ...flags];
  await run(process.execPath, args, {
    env: { ...process.env, LD_PRELOAD: tracer, POWERCUT_FOLDER: shop, POWERCUT_TRACE: trace, POWERCUT_ACKS: acks },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!existsSync(trace)) throw new Error('the tracer recorded nothing');
  return trace;
}

async function cutTrace(trace: string, seed: number, cuts: number, scratch: string): Promise<readonly CutsDone[]> {
  const parts = Math.max(1, Math.min(availableParallelism(), 8));
  const ended = await Promise.allSettled(
    Array.from({ length: parts }, async (_, part) => {
      const args = [join(here, 'powercut-worker.ts'), trace, String(seed), String(cuts), String(part), String(parts)];
      const { stdout } = await run(process.execPath, [...args, join(scratch, `part-${part}`)]);
      return JSON.parse(stdout) as CutsDone;
    }),
  );
  return ended.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  });
}
