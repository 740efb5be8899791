/**
 * How much each model counts: weights per quantile that were best on windows no model had learnt from. Rule kept:
 * weights are ≥ 0 and add up to 1; a model that does not help gets nothing (Bates & Granger 1969; quantiles are
 * averaged, not probabilities: Lichtendahl, Grushka-Cockayne & Winkler 2013).
 */
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';

export type Head = 'p10' | 'p50' | 'p90' | 'mean';
export const heads = ['p10', 'p50', 'p90', 'mean'] as const;
export type BlendWeights = Readonly<Record<Head, readonly number[]>>;

const levels = { p10: 0.1, p50: 0.5, p90: 0.9 } as const;
const steps = 10;
/** What the windows' own weights count; the usual ones have the rest. */
const own = 0.75;

/** Each vector of whole tenths that adds up to one. */
function* simplex(members: number, left: number = steps): Generator<readonly number[]> {
  if (members === 1) {
    yield [left / steps];
    return;
  }
  for (let first = 0; first <= left; first += 1) {
    for (const rest of simplex(members - 1, left - first)) yield [first / steps, ...rest];
  }
}

/** windows: per window the members' forecasts of the same days. */
export function learnBlend(frame: SeriesFrame, windows: readonly (readonly Forecasts[])[]): BlendWeights {
  const members = windows[0]?.length ?? 1;
  const equal = Array.from({ length: members }, () => 1 / members);
  // The plain forecast, first, is there for what goes wrong; the others share the rest.
  const usual = equal.map((even, m) => (members === 1 ? even : m === 0 ? 0.2 : 0.8 / (members - 1)));
  const weights = Object.fromEntries(
    heads.map((head) => {
      let [best, loss] = [equal, Number.POSITIVE_INFINITY];
      for (const tried of simplex(members)) {
        const here = lossOf(frame, windows, tried, head);
        // A tie goes to the more even weights: less of luck.
        if (here < loss * 0.9995 || (here < loss * 1.0005 && Math.max(...tried) < Math.max(...best))) {
          loss = Math.min(loss, here);
          best = [...tried];
        }
      }
      // Some of the way back: the best on a few windows is partly luck.
      return [head, best.map((w, m) => own * w + (1 - own) * (usual[m] ?? 0))];
    }),
  );
  return normalised(weights as Record<Head, number[]>);
}

function normalised(weights: Record<Head, number[]>): BlendWeights {
  const even = (values: readonly number[]): number[] => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((value) => value / sum);
  };
  return { p10: even(weights.p10), p50: even(weights.p50), p90: even(weights.p90), mean: even(weights.mean) };
}

function lossOf(
  frame: SeriesFrame,
  windows: readonly (readonly Forecasts[])[],
  weights: readonly number[],
  head: Head,
): number {
  let sum = 0;
  for (const members of windows) {
    const first = members[0];
    if (first === undefined) continue;
    for (let k = 0; k < first.p50.length; k += 1) {
      const i = Math.floor(k / first.horizon);
      const t = first.origin + (k % first.horizon);
      const y = t < frame.days ? (frame.units[i * frame.days + t] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(y)) continue;
      let f = 0;
      for (let m = 0; m < members.length; m += 1) f += (weights[m] ?? 0) * (members[m]?.[head][k] ?? 0);
      if (head === 'mean') sum += (y - f) ** 2 / (1 + f);
      else sum += Math.max(levels[head] * (y - f), (levels[head] - 1) * (y - f));
    }
  }
  return sum;
}

export function blend(members: readonly Forecasts[], weights: BlendWeights): Forecasts {
  const first = members[0];
  if (first === undefined) throw new Error('A blend of no models.');
  const made = emptyForecasts(first.series, first.horizon, first.origin);
  for (const head of heads) {
    for (let k = 0; k < made.p50.length; k += 1) {
      let sum = 0;
      for (let m = 0; m < members.length; m += 1) sum += (weights[head][m] ?? 0) * (members[m]?.[head][k] ?? 0);
      made[head][k] = sum;
    }
  }
  putInOrder(made);
  return made;
}
