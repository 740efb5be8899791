/**
 * Cuts one trace at many points and looks at what a shop would find: one process of the power-cut rig.
 * Rule kept: each cut is judged by itself, on a folder of its own, and named by trace and number, so that it
 * can be made again from that trace. Answers one JSON line.
 *   node powercut-worker.ts TRACE SEED CUTS PART PARTS SCRATCH
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ack, auditShop } from './audit.ts';
import { makeDisk } from './disk-model.ts';
import { seededRandom } from './seeded-random.ts';
import { readTrace } from './trace.ts';

export type CutsDone = {
  readonly cuts: number;
  /** Cuts after which something acknowledged was gone. */
  readonly lost: number;
  /** Cuts after which the shop did not open, was damaged or did not add up. */
  readonly corrupt: number;
  /** The first few of them, in words. */
  readonly says: readonly string[];
};

const [tracePath = '', seed = '1', cuts = '10', part = '0', parts = '1', scratch = ''] = process.argv.slice(2);

function cutAll(): CutsDone {
  const operations = readTrace(readFileSync(tracePath));
  const random = seededRandom(Number(seed));
  // All parts draw the same points; each takes its share, in the order of the trace.
  const points = Array.from({ length: Number(cuts) }, () => 1 + random.below(operations.length)).toSorted(
    (a, b) => a - b,
  );
  const disk = makeDisk(new Map());
  const acks: Ack[] = [];
  const says: string[] = [];
  let [done, lost, corrupt, at] = [0, 0, 0, 0];
  for (const [number, point] of points.entries()) {
    if (number % Number(parts) !== Number(part)) continue;
    for (; at < point; at += 1) {
      const operation = operations[at];
      if (operation === undefined) break;
      if (operation.kind === 'ack') acks.push(JSON.parse(operation.text) as Ack);
      else disk.apply(operation);
    }
    const dir = join(scratch, `cut-${number}`);
    writeFiles(dir, disk.afterCut(seededRandom(Number(seed) * 1_000_003 + number)));
    const found = auditShop(dir, acks, true);
    rmSync(dir, { recursive: true, force: true });
    const troubles = [...found.corrupt, ...found.gaps];
    done += 1;
    if (found.lost.length > 0) lost += 1;
    if (troubles.length > 0) corrupt += 1;
    if (found.lost.length + troubles.length > 0 && says.length < 5) {
      says.push(
        `seed ${seed}, cut ${number} at ${point}: ${found.lost.length} of ${acks.length} lost; ${troubles.join('; ')}`,
      );
    }
  }
  return { cuts: done, lost, corrupt, says };
}

function writeFiles(dir: string, files: ReadonlyMap<string, Buffer>): void {
  mkdirSync(dir, { recursive: true });
  for (const [path, bytes] of files) {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
  }
}

process.stdout.write(`${JSON.stringify(cutAll())}\n`);
