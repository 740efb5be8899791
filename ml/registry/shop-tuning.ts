/**
 * What a shop learns of a model that runs: bands and blend set right by its own weeks, and how it does from day to day.
 * Rule kept: everything is learnt from forecasts that were made before the days they are held against; the model's files
 * are never touched.
 */
import { blend, type BlendWeights, heads, learnBlend } from '../ensemble/blend.ts';
import { type Conformal, learnConformal } from '../ensemble/conformal.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { figuresOf, scoreWindow } from '../evaluate/metrics.ts';
import { reconcile, totalAhead, type TotalErrors, totalErrors } from '../ensemble/reconcile.ts';
import type { TotalForecast } from '../models/total-level.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { makeSlab } from '../frame/slab.ts';
import type { DriftBaseline, DriftDay } from './drift.ts';
import type { DemandInputs, ShopView } from './packed-demand.ts';
import { binsOf, type FeatureBins, stabilityIndex } from './stability.ts';

/** A forecast as it was made, kept by item's name: a frame's rows may be others next month. */
export type KeptWindow = {
  /** Days since 1970-01-01. */
  readonly firstDay: number;
  readonly days: number;
  readonly names: readonly string[];
  /** The model's word before bands, and the plain band's. */
  readonly model: Forecasts;
  readonly plain: Forecasts;
  /** The shop's total of these days, forecast on its own. */
  readonly total: TotalForecast;
};
/** Days of a kept window that are held against what was sold. */
export const keptDays = 7;
export const keptWindows = 6;

function cutDays(made: Forecasts, days: number): Forecasts {
  const cut = emptyForecasts(made.series, days, made.origin);
  for (const head of heads)
    for (let k = 0; k < cut.p50.length; k += 1)
      cut[head][k] = made[head][Math.floor(k / days) * made.horizon + (k % days)] ?? 0;
  return cut;
}

export const keepWindow = (view: ShopView, model: Forecasts, plain: Forecasts): KeptWindow => {
  const days = Math.min(keptDays, model.horizon);
  const { frame, season, origin } = view;
  return {
    firstDay: frame.firstDay + origin,
    days,
    names: frame.names,
    model: cutDays(model, days),
    plain: cutDays(plain, days),
    total: totalAhead(frame, season, origin, days),
  };
};

/** The same forecasts in the rows of today's frame; items that are new are forecast as nothing and not counted. */
function onFrame(frame: SeriesFrame, kept: KeptWindow, made: Forecasts): Forecasts {
  const rowOf = new Map(kept.names.map((name, i) => [name, i]));
  const found = emptyForecasts(frame.names.length, kept.days, kept.firstDay - frame.firstDay);
  for (const [i, name] of frame.names.entries()) {
    const row = rowOf.get(name);
    for (const head of heads)
      for (let h = 0; h < kept.days; h += 1)
        found[head][i * kept.days + h] = row === undefined ? Number.NaN : (made[head][row * kept.days + h] ?? 0);
  }
  return found;
}

/** Units of today's frame, unknown where the kept forecasts know no such item. */
function judgedFrame(frame: SeriesFrame, windows: readonly Forecasts[]): SeriesFrame {
  const isUnknown = ({ p50, horizon }: Forecasts): boolean =>
    p50.some((value, k) => k % horizon === 0 && Number.isNaN(value));
  if (!windows.some(isUnknown)) return frame;
  const units = makeSlab(8 * frame.units.length).float64(frame.units.length);
  units.set(frame.units);
  for (const { p50, series, horizon, origin } of windows)
    for (let i = 0; i < series; i += 1)
      if (Number.isNaN(p50[i * horizon] ?? 0) && origin >= 0)
        units.fill(
          Number.NaN,
          i * frame.days + origin,
          Math.min((i + 1) * frame.days, i * frame.days + origin + horizon),
        );
  return { ...frame, units };
}

/** An item that is new is forecast as nothing: it must not make the sum unknown. */
function withoutUnknown(made: Forecasts): Forecasts {
  const known = (values: Float64Array): Float64Array => values.map((value) => (Number.isNaN(value) ? 0 : value));
  return { ...made, p10: known(made.p10), p50: known(made.p50), p90: known(made.p90), mean: known(made.mean) };
}

/** Whether a day of it that was forecast is known by now: a week that only begins, or of items all gone, tells nothing. */
function tells(frame: SeriesFrame, kept: KeptWindow): boolean {
  const origin = kept.firstDay - frame.firstDay;
  if (origin < 0) return false;
  const names = new Set(kept.names);
  const over = Math.min(frame.days, origin + kept.days);
  return frame.names.some((name, i) => {
    if (!names.has(name)) return false;
    const days = frame.units.subarray(i * frame.days + origin, i * frame.days + over);
    return days.some((units) => !Number.isNaN(units));
  });
}

export type Tuning = {
  readonly conformal: Conformal;
  readonly weights: BlendWeights | null;
  readonly totals: readonly TotalErrors[];
};

/** null: no day of theirs is over. `reweigh`: the model and the plain band are weighed anew too. */
export function learnTuning(
  frame: SeriesFrame,
  kept: readonly KeptWindow[],
  before: BlendWeights | null,
  reweigh: boolean,
): Tuning | null {
  const usable = kept.filter((one) => tells(frame, one));
  if (usable.length === 0) return null;
  const members = usable.map((one) => [onFrame(frame, one, one.plain), onFrame(frame, one, one.model)] as const);
  const known = judgedFrame(
    frame,
    members.map(([plain]) => plain),
  );
  const weights = reweigh ? learnBlend(known, members) : before;
  const windows: Forecasts[] = [];
  let totals: readonly TotalErrors[] = [];
  for (const [at, both] of members.entries()) {
    const total = usable[at]?.total ?? { sum: Number.NaN, variance: Number.POSITIVE_INFINITY };
    const mixed = weights === null ? withoutUnknown(both[1]) : blend(both, weights);
    windows.push(reconcile(totals, mixed, total));
    const errors = totalErrors(known, mixed, total);
    if (errors !== null) totals = [...totals, errors];
  }
  return { conformal: learnConformal(known, windows), weights, totals };
}

/** Of one day of a finished forecast: sums over items. null: nothing of it is known. `day` counts from the first column. */
export function driftDayOf(
  frame: SeriesFrame,
  made: Forecasts,
  day: number,
  nullShare: number,
  psi: DriftDay['psi'],
): DriftDay | null {
  const h = day - made.origin;
  let [pinball, units, meanError, known] = [0, 0, 0, 0];
  const pit: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < made.series; i += 1) {
    const y = frame.units[i * frame.days + day] ?? Number.NaN;
    const k = i * made.horizon + h;
    const [p10, p50, p90] = [made.p10[k] ?? 0, made.p50[k] ?? 0, made.p90[k] ?? 0];
    if (Number.isNaN(y) || Number.isNaN(p50)) continue;
    known += 1;
    units += y;
    meanError += (made.mean[k] ?? 0) - y;
    for (const [q, f] of [
      [0.1, p10],
      [0.5, p50],
      [0.9, p90],
    ] as const)
      pinball += (2 * Math.max(q * (y - f), (q - 1) * (y - f))) / 3;
    // An item that sells less than one a day says little: nil is everything at once.
    if (p90 < 1) continue;
    const bin = y < p10 ? 0 : y < p50 ? 1 : y < p90 ? 2 : 3;
    // On an edge it is half of each side.
    if (y === p10 || y === p50 || y === p90) {
      pit[Math.max(0, bin - 1)] = (pit[Math.max(0, bin - 1)] ?? 0) + 0.5;
      pit[bin] = (pit[bin] ?? 0) + 0.5;
    } else pit[bin] = (pit[bin] ?? 0) + 1;
  }
  if (known === 0) return null;
  return { day: frame.firstDay + day, pinball, units, meanError, pit, nullShare, psi };
}

export type ModelBaseline = DriftBaseline & { readonly bins: readonly FeatureBins[] };

export type WatchedInputs = {
  readonly columns: readonly { readonly name: string; readonly values: Float32Array }[];
  /** Of all features. */
  readonly nullShare: number;
};
/** Looks at the inputs of each block: the watched features' values, and the share that is not known. */
export function makeWatch(names: readonly string[], watched: readonly string[]) {
  const parts = watched.map((): Float32Array[] => []);
  let [unknown, all] = [0, 0];
  return {
    look: ({ rows, features }: DemandInputs): void => {
      for (const value of features) if (Number.isNaN(value)) unknown += 1;
      all += features.length;
      for (const [at, name] of watched.entries()) {
        const j = names.indexOf(name);
        parts[at]?.push(
          Float32Array.from({ length: rows }, (_, row) => features[row * names.length + j] ?? Number.NaN),
        );
      }
    },
    seen: (): WatchedInputs => ({
      columns: watched.map((name, at) => ({
        name,
        values: joined(parts[at] ?? []),
      })),
      nullShare: unknown / Math.max(1, all),
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let from = 0;
  for (const part of parts) {
    whole.set(part, from);
    from += part.length;
  }
  return whole;
}

export const stabilityOf = (
  bins: readonly FeatureBins[],
  { columns }: WatchedInputs,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    bins.map((then) => [
      then.name,
      stabilityIndex(then, columns.find(({ name }) => name === then.name)?.values ?? new Float32Array()),
    ]),
  );

/** What drift is measured against: the windows that a model was promoted by, finished with bands. */
export function baselineOf(
  frame: SeriesFrame,
  windows: readonly Forecasts[],
  inputs: WatchedInputs,
  promotedOn: number,
): ModelBaseline {
  const days = windows.flatMap((made) =>
    Array.from({ length: Math.min(keptDays, made.horizon) }, (_, h) =>
      driftDayOf(frame, made, made.origin + h, 0, null),
    ).filter((day) => day !== null),
  );
  const { wql } = figuresOf(
    windows.flatMap((made) => scoreWindow(frame, cutDays(made, Math.min(keptDays, made.horizon)))),
  );
  const biases = days.filter(({ units }) => units > 0).map(({ meanError, units }) => meanError / units);
  const bias = biases.reduce((sum, value) => sum + value, 0) / Math.max(1, biases.length);
  const variance = biases.reduce((sum, value) => sum + (value - bias) ** 2, 0) / Math.max(1, biases.length - 1);
  const total = days.reduce((sum, { pit }) => sum + pit[0] + pit[1] + pit[2] + pit[3], 0);
  const share = (bin: 0 | 1 | 2 | 3): number => days.reduce((sum, { pit }) => sum + pit[bin], 0) / Math.max(1, total);
  const shares = [share(0), share(1), share(2), share(3)] as const;
  // Rao & Scott's first-order correction: how far the days' own χ² are above what independent items would give.
  let [chi, freedom] = [0, 0];
  for (const { pit } of days) {
    const n = pit[0] + pit[1] + pit[2] + pit[3];
    if (n < 10) continue;
    for (const [bin, part] of shares.entries())
      chi += ((pit[bin] ?? 0) - Math.max(part, 0.01) * n) ** 2 / (Math.max(part, 0.01) * n);
    freedom += 3;
  }
  return {
    wql: Number.isFinite(wql) ? wql : 0,
    bias,
    biasSpread: Math.sqrt(variance),
    pit: shares,
    pitSpread: freedom === 0 ? 1 : Math.max(1, chi / freedom),
    nullShare: inputs.nullShare,
    promotedOn,
    bins: inputs.columns.map(({ name, values }) => binsOf(name, values)),
  };
}
