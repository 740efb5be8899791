/**
 * The demand model in its thread: a shop of 5,000 items, 14 days, trees alone or with nets. Rule kept: features are ready
 * before the clock starts (they have a figure of their own when the nightly job does); meanwhile a timer on the main
 * thread says how long that thread was held. Beside it the same with shuffled features: a walk down a tree is as quick as
 * the processor guesses its way, and rows of which no two are alike are the worst that can be asked.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { modelThreads, openModel } from '#ml/onnx/runtime.ts';
import { type DemandInputs, runDemand } from '#ml/registry/packed-demand.ts';
import { type Figure, median, round, worst } from '../till/figures.ts';
import { type BenchModelSize, makeBenchModel } from './bench-model.ts';

export type InferSize = BenchModelSize & { readonly runs: number };

export async function measureInference({ runs, ...size }: InferSize): Promise<readonly Figure[]> {
  const { bytes, blocks, shuffled, few } = await makeBenchModel(size);
  const opened = performance.now();
  const model = openModel(bytes, 60_000);
  await runDemand(model, few);
  const openMs = performance.now() - opened;
  const ask = async (asked: readonly DemandInputs[]): Promise<number> => {
    const started = performance.now();
    for (const block of asked) await runDemand(model, block);
    return performance.now() - started;
  };
  const [all, apart, one]: [number[], number[], number[]] = [[], [], []];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (let run = 0; run < runs; run += 1) {
    all.push(await ask(blocks));
    if (run % 4 === 0) apart.push(await ask(shuffled));
  }
  delay.disable();
  for (let run = 0; run < runs * 20; run += 1) one.push(await ask([few]));
  await model.close();
  const nets = size.hasNets ? 'nets_' : '';
  return [
    {
      name: `infer_${nets}5000x14_ms`,
      value: median(all),
      unit: 'ms',
      n: runs,
      bar: { atMost: 1500 },
      beside: {
        worst: round(worst(all)),
        shuffled: round(median(apart)),
        threads: modelThreads(),
        modelBytes: bytes.length,
        openMs: round(openMs),
      },
    },
    { name: `main_thread_gap_${nets}ms`, value: delay.max / 1e6, unit: 'ms', n: runs, bar: { atMost: 50 } },
    {
      name: `one_item_infer_${nets}ms`,
      value: median(one),
      unit: 'ms',
      n: one.length,
      bar: { atMost: 20 },
      beside: { worst: round(worst(one)) },
    },
  ];
}
