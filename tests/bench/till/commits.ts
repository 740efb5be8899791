/**
 * The commit of a 12-line bill beside the raw limit: the till's own commitBill, and in the same loop one pwrite
 * of as many bytes as the log grew, at the same place of a file in the same state, with the sync that SQLite
 * itself calls. Rule kept:
 * raw and commit take turns at being first; nothing but the commit runs between its request and its answer, and
 * what the till does afterwards (paper, log, lots) is waited for and not timed.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { paise } from '#core/money.ts';
import { onePiece } from '#core/quantity.ts';
import type { Login, TillContext } from '#till/context.ts';
import { commitBill } from '#till/use-cases/commit-bill.ts';
import { addItems, addTender } from '#till/use-cases/edit-cart.ts';
import { type Figure, mean, median, quantile, round, worst } from './figures.ts';
import { barcodeOf, basket, seeded } from './goods.ts';
import { linesPerBill, type Scale } from './scale.ts';

const warmUp = 300;
const frameBytes = 4_120;
const logHeaderBytes = 32;

type Sample = {
  readonly commitMs: number;
  readonly rawMs: number;
  readonly bytes: number;
  readonly syncs: number | null;
};

/** A file beside the log that is kept as long as the log, so that writing at the same place costs the same. */
function rawFile(dir: string) {
  const path = join(dir, 'raw.bin');
  const fd = openSync(path, 'w+');
  const noise = Buffer.alloc(1024 * 1024, 0xa5);
  const matchSize = (to: number): void => {
    const size = fstatSync(fd).size;
    if (size === to) return;
    if (size > to) ftruncateSync(fd, to);
    for (let at = size; at < to; at += noise.length) writeSync(fd, noise, 0, Math.min(noise.length, to - at), at);
    fsyncSync(fd);
  };
  return {
    /** As long as the log, on disk, before anything is timed. */
    matchSize,
    /** One pwrite and one sync; milliseconds. */
    write: (bytes: number, at: number, sync: (fd: number) => void): number => {
      const from = performance.now();
      writeSync(fd, noise, 0, bytes, at);
      sync(fd);
      return performance.now() - from;
    },
    close: () => closeSync(fd),
  };
}

type Syncs = { readonly fsync: number; readonly fdatasync: number };
const noSyncs: Syncs = { fsync: 0, fdatasync: 0 };

/** Syncs of this thread so far, from the counter that sync-count.c keeps; null where it was not loaded. */
function syncCounter(): (() => Syncs) | null {
  const path = process.env['SYNC_COUNT_FILE'];
  if (path === undefined) return null;
  const fd = openSync(path, 'r');
  const counts = Buffer.alloc(16);
  return () => {
    readSync(fd, counts, 0, 16, 0);
    return { fsync: Number(counts.readBigUInt64LE(0)), fdatasync: Number(counts.readBigUInt64LE(8)) };
  };
}

/** Frames of the log in use: SQLite's own count, asked without copying a page. */
function logFrames(ctx: TillContext): number {
  const [state] = ctx.tables.shop.sql.pragma('wal_checkpoint(NOOP)') as { readonly log: number }[];
  return Math.max(0, state?.log ?? 0);
}

const since = (before: Syncs, after: Syncs): Syncs => ({
  fsync: after.fsync - before.fsync,
  fdatasync: after.fdatasync - before.fdatasync,
});

async function takeSamples(
  ctx: TillContext,
  scale: Scale,
): Promise<{ readonly samples: readonly Sample[]; readonly rawCall: string }> {
  const owner = ctx.tables.staff.list().find((person) => person.role === 'owner');
  if (owner === undefined) throw new Error('nobody works here');
  const login: Login = { id: owner.id, name: owner.name, role: owner.role, language: owner.language, token: 'bench' };
  const { dir } = ctx.tables.shop;
  const log = join(dir, 'shop.db-wal');
  const raw = rawFile(dir);
  const syncs = syncCounter();
  const random = seeded(31);
  const samples: Sample[] = [];
  let bytes = 18 * frameBytes;
  let sync: (fd: number) => void = fsyncSync;

  const total = warmUp + scale.commits;
  for (let i = 0; i < total; i += 1) {
    fillCart(ctx, basket(random, scale.items, linesPerBill), i);
    const before = logFrames(ctx);
    raw.matchSize(statSync(log).size);
    const rawFirst = i % 2 === 1;
    const at = logHeaderBytes + before * frameBytes;
    let rawMs = rawFirst ? raw.write(bytes, at, sync) : 0;

    const syncsBefore = syncs?.() ?? noSyncs;
    const from = performance.now();
    commitBill(ctx, ctx.cart.current().id, login);
    const commitMs = performance.now() - from;
    const synced = syncs === null ? null : since(syncsBefore, syncs());
    // SQLite was built with one or the other: the raw limit is of the same call.
    if (synced !== null) sync = synced.fdatasync > 0 ? fdatasyncSync : fsyncSync;

    const after = logFrames(ctx);
    const hasRestarted = after < before;
    bytes = hasRestarted ? logHeaderBytes + after * frameBytes : (after - before) * frameBytes;
    if (!rawFirst) rawMs = raw.write(bytes, hasRestarted ? 0 : at, sync);
    if (i >= warmUp)
      samples.push({ commitMs, rawMs, bytes, syncs: synced === null ? null : synced.fsync + synced.fdatasync });
    await settle(ctx);
  }
  raw.close();
  return { samples, rawCall: sync === fdatasyncSync ? 'pwrite, fdatasync' : 'pwrite, fsync' };
}

function fillCart(ctx: TillContext, goods: readonly number[], i: number): void {
  const lines = goods.map((n) => {
    const hit = ctx.tables.items.byBarcode(barcodeOf(n));
    if (hit === null) throw new Error(`no item ${barcodeOf(n)}`);
    return { itemId: hit.item.id, qtyMilli: onePiece, sellingPricePaise: null };
  });
  addItems(ctx, lines);
  const rest = { amountPaise: null, status: 'received' as const, reference: null };
  if (i % 3 === 0) addTender(ctx, { ...rest, kind: 'upi', amountPaise: paise(100) });
  addTender(ctx, { ...rest, kind: 'cash' });
}

/** The receipt is out, the log has been looked after. */
async function settle(ctx: TillContext): Promise<void> {
  await new Promise<void>((done) => setImmediate(done));
  await ctx.spool.idle();
  await new Promise<void>((done) => setImmediate(done));
}

export async function measureCommits(ctx: TillContext, scale: Scale): Promise<readonly Figure[]> {
  const { samples, rawCall } = await takeSamples(ctx, scale);
  const commit = samples.map((s) => s.commitMs);
  const raw = samples.map((s) => s.rawMs);
  const bytes = samples.map((s) => s.bytes);
  const counted = samples.flatMap((s) => s.syncs ?? []);
  const rawP99 = quantile(raw, 0.99);
  const allowed = Math.max(0.25 * rawP99, 0.8);
  const n = samples.length;
  const both = {
    raw: rawCall,
    commit_p50: round(median(commit)),
    raw_p50: round(median(raw)),
    commit_p99: round(quantile(commit, 0.99)),
    raw_p99: round(rawP99),
    commit_worst: round(worst(commit)),
    raw_worst: round(worst(raw)),
  };
  return [
    {
      name: 'commit.p50_over_raw_ms',
      value: median(commit) - median(raw),
      unit: 'ms',
      n,
      bar: { atMost: 0.4 },
      beside: both,
    },
    {
      name: 'commit.p99_excess_share',
      value: (quantile(commit, 0.99) - rawP99) / allowed,
      unit: 'share',
      n,
      bar: { atMost: 1 },
      beside: { ...both, allowed_ms: round(allowed) },
    },
    {
      name: 'wal_bytes_per_bill',
      value: mean(bytes),
      unit: 'bytes',
      n,
      bar: { atMost: 73_728 },
      beside: { median: median(bytes), p99: quantile(bytes, 0.99), worst: worst(bytes) },
    },
    counted.length === n
      ? {
          name: 'fsyncs_per_bill',
          value: mean(counted),
          unit: 'syncs',
          n,
          bar: { atMost: 1 },
          beside: { worst: worst(counted) },
        }
      : {
          name: 'fsyncs_per_bill',
          value: null,
          unit: 'syncs',
          n: 0,
          bar: null,
          why: 'it takes Linux and a C compiler (cc) to count them',
        },
  ];
}
