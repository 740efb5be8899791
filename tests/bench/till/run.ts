/**
 * `npm run bench -- till`: every figure of the counter, in the order that lets each find the shop as it says.
 * Rule kept: one thing is measured at a time; each part gets a fresh copy of the same shop, so that no part's
 * bills weigh on another's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Figure, say } from './figures.ts';
import { fullScale, quickScale } from './scale.ts';
import { measureScans } from './scans.ts';
import { measureScreen } from './screen.ts';
import { copyShop } from './shop.ts';
import { measureStarts } from './starts.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Parts that can be asked for alone. */
export const parts = ['inside', 'starts', 'scans', 'screen'] as const;
export type Part = (typeof parts)[number];

/** Yields figures as they come. Throws where the till can't be built or does not answer. */
export async function* runTillBench(isQuick: boolean, only: readonly Part[] = parts): AsyncGenerator<Figure> {
  const scale = isQuick ? quickScale : fullScale;
  await build();
  const scratch = mkdtempSync(join(tmpdir(), 'billmitra-bench-run-'));
  try {
    for (const part of parts) {
      if (!only.includes(part)) continue;
      say(`till: ${part}`);
      const dir = join(scratch, part);
      await copyShop(scale, dir);
      if (part === 'inside') yield* await measureInside(dir, scratch, isQuick);
      if (part === 'starts') yield* await measureStarts(dir, scale);
      if (part === 'scans') yield* await measureScans(dir, scale);
      if (part === 'screen') yield* await measureScreen(dir, scale);
      rmSync(dir, { recursive: true, force: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Builds what is measured as it ships. Throws where it can't be built. */
export async function build(what: readonly string[] = ['till', 'renderer']): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'tools', 'build.ts'), ...what], {
    stdio: ['ignore', 2, 2],
  });
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error('building the till failed (see above)');
}

/** The counter of syncs, built; null where it can't be. */
function buildSyncCounter(scratch: string): string | null {
  if (process.platform !== 'linux') return null;
  const library = join(scratch, 'sync-count.so');
  const source = join(import.meta.dirname, 'sync-count.c');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  return built.status === 0 ? library : null;
}

async function measureInside(dir: string, scratch: string, isQuick: boolean): Promise<readonly Figure[]> {
  const counter = buildSyncCounter(scratch);
  const counting = counter === null ? {} : { LD_PRELOAD: counter, SYNC_COUNT_FILE: join(scratch, 'sync-count') };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'inside.ts'), dir, ...(isQuick ? ['quick'] : [])], {
    cwd: root,
    env: { ...process.env, ...counting },
    stdio: ['ignore', 'pipe', 2],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`the measuring process ended with ${String(code)}`);
  return JSON.parse(said) as readonly Figure[];
}
