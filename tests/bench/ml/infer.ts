/**
 * The demand model in its thread: a shop of 5,000 items, 14 days. Rule kept: features are ready before the clock starts
 * (they have a figure of their own when the nightly job does); meanwhile a timer on the main thread says how long that
 * thread was held.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { binTable, findEdges } from '#ml/gbdt/bins.ts';
import { train, type TrainSettings } from '#ml/gbdt/train.ts';
import { type BoostedModel, defaultSettings, headLosses } from '#ml/models/boosted.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { modelThreads, openModel } from '#ml/onnx/runtime.ts';
import { seeded } from '#ml/random.ts';
import { bags } from '#ml/train/members.ts';
import { type Figure, median, worst } from '../till/figures.ts';

const features = 45;
/** As the shop's night asks (till/forecast/blocks.ts): what is handed over is small, so that no thread is held by it. */
const itemsPerBlock = 250;

function modelOf(seed: number, rows: number, shape: Partial<TrainSettings>): BoostedModel {
  const random = seeded(seed);
  const values = Float32Array.from({ length: rows * features }, () => 3 * random());
  const target = Float64Array.from(
    { length: rows },
    (_, row) => (values[row * features] ?? 0) * (values[row * features + 1] ?? 0) + random(),
  );
  const sheet = { rows, features, values };
  const table = binTable(sheet, findEdges(sheet, 254));
  const weight = new Float64Array(rows).fill(1);
  const head = (name: keyof BoostedModel) =>
    train(table, target, weight, { ...defaultSettings, ...shape, loss: headLosses[name], seed });
  return { p10: head('p10'), p50: head('p50'), p90: head('p90'), mean: head('mean') };
}

type Size = { readonly items: number; readonly runs: number; readonly trainRows: number; readonly trees: number };

/** A model of the usual size, and what it is asked for a shop of so many items, in blocks, and for one item. */
export function benchModel({ items, trainRows, trees }: Omit<Size, 'runs'>) {
  const even = Array.from({ length: bags.length + 1 }, () => 1 / (bags.length + 1));
  const bytes = demandOnnx(
    bags.map((shape, at) => modelOf(at + 1, trainRows, { ...shape, trees })),
    { p10: even, p50: even, p90: even, mean: even },
    features,
    {},
  );
  const random = seeded(5);
  const asked = (rows: number) => ({
    features: { dims: [rows, features], data: Float32Array.from({ length: rows * features }, () => 3 * random()) },
    plain: { dims: [rows, 4], data: new Float32Array(rows * 4).fill(1) },
    scale: { dims: [rows, 1], data: new Float32Array(rows).fill(5) },
  });
  const blocks = Array.from({ length: Math.ceil(items / itemsPerBlock) }, (_, at) =>
    asked(Math.min(itemsPerBlock, items - at * itemsPerBlock) * 14),
  );
  return { bytes, blocks, few: asked(14) };
}

export async function measureInference({ items, runs, trainRows, trees }: Size): Promise<readonly Figure[]> {
  const { bytes, blocks, few } = benchModel({ items, trainRows, trees });
  const opened = performance.now();
  const model = openModel(bytes, 60_000);
  await model.run(few);
  const openMs = performance.now() - opened;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [all, one]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    for (const block of blocks) await model.run(block);
    all.push(performance.now() - started);
  }
  delay.disable();
  for (let run = 0; run < runs * 20; run += 1) {
    const started = performance.now();
    await model.run(few);
    one.push(performance.now() - started);
  }
  await model.close();
  const beside = { threads: modelThreads(), modelBytes: bytes.length, openMs };
  return [
    {
      name: 'infer_5000x14_ms',
      value: median(all),
      unit: 'ms',
      n: runs,
      bar: { atMost: 1500 },
      beside: { worst: worst(all), ...beside },
    },
    { name: 'main_thread_gap_ms', value: delay.max / 1e6, unit: 'ms', n: runs, bar: { atMost: 50 } },
    {
      name: 'one_item_infer_ms',
      value: median(one),
      unit: 'ms',
      n: one.length,
      bar: { atMost: 20 },
      beside: { worst: worst(one) },
    },
  ];
}
