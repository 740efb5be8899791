/**
 * Nets as a member of a shop's demand model: several from different seeds, trained beside each other, averaged. Rule kept:
 * units on or after `origin` are not read; a net that ran away is left out, and with none left there is no member.
 */
import { Worker } from 'node:worker_threads';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import type { DemandFeatures } from '../features/demand-features.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { type NetShape, writeNetLoss } from './demand-net.ts';
import { forwardOf, nameWeights } from './forward.ts';
import { pastChannels } from '../schema/past-schema.ts';
import { drawStands, joinWindows, pastOf, type Standard, standardise, standardOf, windowsAt } from './net-windows.ts';
import { newTape, type Parameter } from './tape.ts';
import type { NetOrder, NetSettings, TrainedNet, Windows } from './train-net.ts';

export type NetsSettings = {
  readonly encoder: NetShape['encoder'];
  readonly lookBack: number;
  readonly hidden: number;
  readonly context: number;
  readonly decoder: number;
  readonly seeds: number;
  readonly windows: number;
  readonly maxHistory: number;
  readonly training: Omit<NetSettings, 'seed'>;
  /** Steps on all days, those held back too, after the best step was found. */
  readonly finish: { readonly steps: number; readonly rate: number };
};
export type DemandNets = {
  readonly shape: NetShape;
  readonly parameters: readonly Parameter[];
  readonly standard: Standard;
  /** [P] each. */
  readonly nets: readonly Float32Array[];
};

/** null: training ran away. */
const trainInWorker = (order: NetOrder): Promise<TrainedNet | null> =>
  new Promise((done, fail) => {
    const worker = new Worker(new URL('./net-worker.ts', import.meta.url), { workerData: order });
    worker.once('message', done);
    worker.once('error', fail);
  });

async function allOf<T>(orders: readonly (() => Promise<T>)[], threads: number): Promise<readonly T[]> {
  const made: T[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let at = next; at < orders.length; at = next) {
      next += 1;
      const found = await orders[at]?.();
      if (found !== undefined) made[at] = found;
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, orders.length) }, one));
  return made;
}

/** Days of origins that nets need; below it they would only learn these few days by heart. */
const leastDays = 28;
/** Past it, forecasting in plain TypeScript in the middle of a training takes longer than the training. */
const mostSeries = 8_000;

export type NetsOrder = NetsSettings & { readonly horizon: number; readonly seed: number; readonly threads: number };
/** To learn from, to say when to stop, and all of it for the finish; of one frame. */
export type NetWindows = { readonly learn: Windows; readonly held: Windows; readonly all: Windows };
const leastWindows = 500;

/** `share`: of the windows, where there are more frames. null: the frame's past is too short. */
export function drawWindows(
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  settings: NetsOrder,
  share = 1,
): NetWindows | null {
  const { horizon, lookBack } = settings;
  const sizes = { steps: lookBack, horizon };
  const from = Math.max(28, origin - settings.maxHistory);
  const heldFrom = origin - 2 * horizon;
  if (heldFrom - from < leastDays) return null;
  const draw = (first: number, before: number, count: number, seed: number) =>
    drawStands(frame, features, { ...sizes, from: first, before, count: Math.ceil(share * count), seed });
  const at = (stands: ReturnType<typeof draw>, before: number): Windows =>
    windowsAt(frame, features, stands, sizes, before);
  const learnt = draw(from, heldFrom, settings.windows, settings.seed);
  if (share === 1 && learnt.length < leastWindows) return null;
  return {
    learn: at(learnt, heldFrom),
    held: at(draw(heldFrom, origin - horizon + 1, 2048, settings.seed + 1), origin),
    all: at(draw(from, origin, settings.windows / 2, settings.seed + 2), origin),
  };
}

/** null: too little to learn from, or too many series. */
export async function trainNets(
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  settings: NetsOrder,
  say: (what: string) => void,
): Promise<DemandNets | null> {
  if (seriesCount(frame) > mostSeries) return null;
  const windows = drawWindows(frame, features, origin, settings);
  return windows === null ? null : trainOn([windows], features.count, settings, say);
}

/** Of one frame or of several, all with the same features. null: too little to learn from. */
export async function trainOn(
  parts: readonly NetWindows[],
  features: number,
  settings: NetsOrder,
  say: (what: string) => void,
): Promise<DemandNets | null> {
  const { horizon, lookBack } = settings;
  const learn = joinWindows(parts.map((part) => part.learn));
  const held = joinWindows(parts.map((part) => part.held));
  const all = joinWindows(parts.map((part) => part.all));
  if (learn.count < leastWindows) return null;
  const standard = standardOf(learn, features);
  for (const { ahead } of [learn, held, all]) standardise(ahead, standard);
  const shape: NetShape = {
    encoder: settings.encoder,
    steps: lookBack,
    channels: pastChannels,
    horizon,
    ahead: features,
    hidden: settings.hidden,
    context: settings.context,
    decoder: settings.decoder,
  };
  const train = async (at: number): Promise<Float32Array | null> => {
    const training = { ...settings.training, seed: settings.seed * 101 + at };
    const found = await trainInWorker({ shape, learn, held, start: null, settings: training });
    if (found === null) return null;
    say(`${settings.encoder} net ${at + 1}: ${found.steps} steps, ${found.heldLoss.toFixed(4)} on what was held back`);
    const last = { ...training, ...settings.finish };
    const finished = await trainInWorker({ shape, learn: all, held: null, start: found.weights, settings: last });
    return finished?.weights ?? null;
  };
  const trained = await allOf(
    Array.from({ length: settings.seeds }, (_, at) => () => train(at)),
    settings.threads,
  );
  const nets = trained.filter((weights) => weights !== null);
  if (nets.length === 0) return null;
  const tape = newTape();
  writeNetLoss(tape, shape, 1);
  return { shape, parameters: tape.parts().parameters, standard, nets };
}

/**
 * One item through all nets, in plain TypeScript: past [steps·channels], ahead [horizon × features] as the boosted model
 * has them (made standard in place); answers p10, p50, p90, mean [horizon × 4] over level × season, unordered.
 */
export function answerOf({ shape, parameters, standard, nets }: DemandNets) {
  const forwards = nets.map((weights) => forwardOf(shape, nameWeights(parameters, weights), 1 / nets.length));
  return (past: Float32Array, ahead: Float32Array): Float64Array => {
    const found = new Float64Array(shape.horizon * 4);
    standardise(ahead, standard);
    for (const forward of forwards) forward(past, ahead, found);
    return found;
  };
}

/** Days past the nets' horizon are forecast as its last day, by their own season. */
export function forecastNets(
  { shape, parameters, standard, nets }: DemandNets,
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  horizon: number,
): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const answer = answerOf({ shape, parameters, standard, nets });
  const write = pastOf(frame, features, shape.steps);
  const past = new Float32Array(shape.steps * shape.channels);
  const ahead = new Float32Array(shape.horizon * shape.ahead);
  for (let i = 0; i < made.series; i += 1) {
    write(i, origin, past, 0);
    for (let h = 0; h < shape.horizon; h += 1) features.write(i, origin, h, ahead, h * shape.ahead);
    const found = answer(past, ahead);
    const level = features.level(i, origin);
    for (let h = 0; h < horizon; h += 1) {
      const factor = features.factor(i, origin + h);
      if (factor < 0.05) continue;
      const k = i * horizon + h;
      for (const [at, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries())
        made[head][k] = (found[Math.min(h, shape.horizon - 1) * 4 + at] ?? 0) * level * factor;
    }
  }
  putInOrder(made);
  return made;
}
