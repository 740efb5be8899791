/**
 * What a night's inference costs who pays meanwhile: real commits at the till, with the model running in its thread and
 * without, in turns of a hundred. Rule kept: the same till, the same disk, the same bills; a turn with the model begins
 * when it runs; only the commit is timed, as in the till's own bench.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onePiece } from '#core/quantity.ts';
import type { Uuid } from '#core/ids.ts';
import { openModel } from '#ml/onnx/runtime.ts';
import { assemble } from '#till/assemble.ts';
import type { Login, TillContext } from '#till/context.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { commitBill } from '#till/use-cases/commit-bill.ts';
import { addItems, addTender } from '#till/use-cases/edit-cart.ts';
import { openShift } from '#till/use-cases/shift.ts';
import { rupees } from '#tests/fixtures/till-desk.ts';
import { type Figure, median, quantile, round, say, worst } from '../till/figures.ts';
import { seeded } from '../till/goods.ts';
import { benchModel } from './infer.ts';

type Size = {
  readonly items: number;
  readonly trainRows: number;
  readonly trees: number;
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

export async function measureBillingBeside({ items, trainRows, trees, commits }: Size): Promise<readonly Figure[]> {
  const { bytes, blocks } = benchModel({ items, trainRows, trees });
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-beside-'));
  const till = await assemble({ shopDir: dir });
  const model = openModel(bytes, 120_000);
  let isWanted = false;
  let isOver = false;
  let runs = 0;
  let begun = (): void => undefined;
  const infer = async (): Promise<void> => {
    while (!isOver) {
      if (isWanted) {
        const run = model.run(blocks[runs % blocks.length] ?? {});
        begun();
        await run;
        runs += 1;
      } else await new Promise<void>((done) => setTimeout(done, 2));
    }
  };
  const inferring = infer();
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
    for (let n = 0; n < warmUp; n += 1) {
      sellOne(ctx, login, ids, random);
      await settle(ctx);
    }
    const taken = { with: [] as number[], without: [] as number[] };
    for (let side = 0; taken.with.length < commits || taken.without.length < commits; side += 1) {
      const isBeside = side % 2 === 0;
      const samples = isBeside ? taken.with : taken.without;
      const started = new Promise<void>((done) => {
        begun = done;
      });
      isWanted = isBeside;
      if (isBeside) await started;
      for (let n = 0; n < turn && samples.length < commits; n += 1) {
        samples.push(sellOne(ctx, login, ids, random));
        await settle(ctx);
      }
      if (!isBeside && side % 40 === 1) say(`${taken.without.length} of ${commits}`);
      isWanted = false;
    }
    const [beside, alone] = [quantile(taken.with, 0.99), quantile(taken.without, 0.99)];
    return [
      {
        name: 'billing_p99_ratio_with_inference',
        value: beside / alone,
        unit: 'ratio',
        n: taken.with.length,
        bar: { atMost: 1.05 },
        beside: {
          with_p99_ms: round(beside),
          without_p99_ms: round(alone),
          with_p50_ms: round(median(taken.with)),
          without_p50_ms: round(median(taken.without)),
          with_worst_ms: round(worst(taken.with)),
          without_worst_ms: round(worst(taken.without)),
          runs,
        },
      },
    ];
  } finally {
    isOver = true;
    await inferring;
    await model.close();
    await till.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
