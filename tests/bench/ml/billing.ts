/**
 * What a night's inference costs who pays meanwhile: real commits at the till, with the model asked by another thread and
 * without, in turns of a hundred. Rule kept: the same till, the same disk, the same bills; a turn with the model begins
 * when it runs, one without when it has come to rest; only the commit is timed, as in the till's own bench. The control
 * is the same ratio between turns that are all without: what of the figure is chance.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { onePiece } from '#core/quantity.ts';
import type { Uuid } from '#core/ids.ts';
import { assemble } from '#till/assemble.ts';
import type { Login, TillContext } from '#till/context.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { commitBill } from '#till/use-cases/commit-bill.ts';
import { addItems, addTender } from '#till/use-cases/edit-cart.ts';
import { openShift } from '#till/use-cases/shift.ts';
import { rupees } from '#tests/fixtures/till-desk.ts';
import { type Figure, median, quantile, round, say, worst } from '../till/figures.ts';
import { seeded } from '../till/goods.ts';
import { begun, type BesideOrder, isIdle, isOver, isWanted } from './beside-worker.ts';
import { type BenchModelSize, makeBenchModel } from './bench-model.ts';

type Size = BenchModelSize & {
  /** On each side. */
  readonly commits: number;
};
const turn = 100;
const warmUp = 200;
const linesPerBill = 6;

function sellOne(ctx: TillContext, login: Login, items: readonly Uuid[], random: () => number): number {
  const lines = Array.from({ length: linesPerBill }, () => ({
    itemId: items[Math.floor(random() * items.length)] as Uuid,
    qtyMilli: onePiece,
    sellingPricePaise: null,
  }));
  addItems(ctx, lines);
  addTender(ctx, { kind: 'cash', amountPaise: null, status: 'received', reference: null });
  const from = performance.now();
  commitBill(ctx, ctx.cart.current().id, login);
  return performance.now() - from;
}

async function settle(ctx: TillContext): Promise<void> {
  await new Promise<void>((done) => setImmediate(done));
  await ctx.spool.idle();
  await new Promise<void>((done) => setImmediate(done));
}

/** The model in a thread of its own, that is asked or left in peace. */
function startBeside(bytes: Uint8Array, blocks: BesideOrder['blocks']) {
  const cells = new Int32Array(new SharedArrayBuffer(16));
  const order: BesideOrder = { bytes, blocks, cells };
  const worker = new Worker(new URL('./beside-worker.ts', import.meta.url), { workerData: order });
  const failed = new Promise<never>((_, fail) => worker.once('error', fail));
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const until = (isSo: () => boolean): Promise<void> => {
    const look = async (): Promise<void> => {
      while (!isSo()) await pause(1);
    };
    return Promise.race([look(), failed]);
  };
  const want = (wanted: 0 | 1): void => {
    Atomics.store(cells, isWanted, wanted);
    Atomics.notify(cells, isWanted);
  };
  return {
    runs: () => Atomics.load(cells, begun),
    on: async (): Promise<void> => {
      const before = Atomics.load(cells, begun);
      want(1);
      await until(() => Atomics.load(cells, begun) > before);
    },
    off: async (): Promise<void> => {
      want(0);
      await until(() => Atomics.load(cells, isIdle) === 1);
    },
    end: async (): Promise<void> => {
      Atomics.store(cells, isOver, 1);
      want(1);
      await ended;
    },
  };
}

export async function measureBillingBeside({ commits, ...size }: Size): Promise<readonly Figure[]> {
  const { bytes, blocks } = await makeBenchModel(size);
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-beside-'));
  const till = await assemble({ shopDir: dir });
  const model = startBeside(bytes, blocks);
  try {
    const ctx = till.context;
    seedDemoShop(ctx);
    const owner = ctx.tables.staff.list().find((person) => person.role === 'owner');
    if (owner === undefined) throw new Error('nobody works here');
    const login: Login = { id: owner.id, name: owner.name, role: owner.role, language: owner.language, token: 'bench' };
    openShift(ctx, 'bench-shift', rupees(500), login);
    const ids: Uuid[] = [];
    ctx.tables.items.each((item) => {
      if (item.unit === 'pc' && item.batches.length === 0) ids.push(item.id);
    });
    const random = seeded(17);
    await model.off();
    for (let n = 0; n < warmUp; n += 1) {
      sellOne(ctx, login, ids, random);
      await settle(ctx);
    }
    const beside: number[] = [];
    const alone: [number[], number[]] = [[], []];
    for (let side = 0; beside.length < commits || alone[0].length + alone[1].length < commits; side += 1) {
      const isBeside = side % 2 === 0;
      const samples = isBeside ? beside : alone[side % 4 === 1 ? 0 : 1];
      await (isBeside ? model.on() : model.off());
      for (let n = 0; n < turn && samples.length < commits; n += 1) {
        samples.push(sellOne(ctx, login, ids, random));
        await settle(ctx);
      }
      if (side % 40 === 1) say(`${beside.length} of ${commits}`);
    }
    await model.off();
    const without = alone.flat();
    const p99 = (samples: readonly number[]): number => quantile(samples, 0.99);
    return [
      {
        name: 'billing_p99_ratio_with_inference',
        value: p99(beside) / p99(without),
        unit: 'ratio',
        n: beside.length,
        bar: { atMost: 1.05 },
        beside: {
          control: round(alone[1].length === 0 ? 1 : p99(alone[0]) / p99(alone[1])),
          with_p99_ms: round(p99(beside)),
          without_p99_ms: round(p99(without)),
          with_p50_ms: round(median(beside)),
          without_p50_ms: round(median(without)),
          with_worst_ms: round(worst(beside)),
          without_worst_ms: round(worst(without)),
          runs: model.runs(),
        },
      },
    ];
  } finally {
    await model.end();
    await till.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
