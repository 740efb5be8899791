/**
 * Items that sell now and then: how often and how much are smoothed apart. Rule kept: a forecast is a rate, units a day,
 * the same every day; only TSB falls while nothing sells, so it is the one for goods that may have died.
 *
 * Croston 1972; the bias taken out by Syntetos & Boylan 2005 (SBA: × (1 − alpha / 2)); TSB by Teunter, Syntetos & Babai
 * 2011; ADIDA by Nikolopoulos et al. 2011 (summed over blocks of the mean interval, smoothed, shared out evenly).
 */
import { flat, knownMean, type LocalFit, type LocalModel } from './local-model.ts';
import { bestWeight, smooth, startLevel } from './smoothing.ts';

const warmUpDays = 14;
const crostonWeights = [0.03, 0.06, 0.1, 0.16, 0.25] as const;
const tsbWeights = [0.02, 0.06, 0.15] as const;

type Rates = { readonly last: number; readonly squares: number };
type Runner = (units: Float64Array, fitted: Float64Array | null) => Rates;

/** Days that are not known count neither as a sale nor as a day of the interval. */
export function crostonRates(units: Float64Array, alpha: number, fitted: Float64Array | null): Rates {
  let [size, interval, since, rate, squares, isStarted] = [0, 1, 1, 0, 0, false];
  const debias = 1 - alpha / 2;
  for (let t = 0; t < units.length; t += 1) {
    if (fitted !== null) fitted[t] = isStarted ? rate : Number.NaN;
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    if (isStarted) squares += (value - rate) ** 2;
    if (value <= 0) {
      since += 1;
      continue;
    }
    if (isStarted) {
      size += alpha * (value - size);
      interval += alpha * (since - interval);
    } else {
      [size, interval, isStarted] = [value, startInterval(units), true];
    }
    since = 1;
    rate = (debias * size) / interval;
  }
  return { last: rate, squares };
}

/** Mean interval of the first sales: one interval alone is luck. */
function startInterval(units: Float64Array): number {
  let [days, sales] = [0, 0];
  for (const value of units) {
    if (value !== value) continue;
    days += 1;
    if (value > 0) sales += 1;
    if (sales >= 6) break;
  }
  return Math.max(1, days / Math.max(1, sales));
}

/** Chance of a sale is updated every day, its size on days with one. */
export function tsbRates(units: Float64Array, alpha: number, beta: number, fitted: Float64Array | null): Rates {
  const start = units.findIndex((value) => value > 0);
  let size = start < 0 ? 0 : (units[start] ?? 0);
  let chance = 1 / startInterval(units);
  let squares = 0;
  for (let t = 0; t < units.length; t += 1) {
    const rate = chance * size;
    if (fitted !== null) fitted[t] = rate;
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    squares += (value - rate) ** 2;
    if (value > 0) {
      size += alpha * (value - size);
      chance += beta * (1 - chance);
    } else chance -= beta * chance;
  }
  return { last: chance * size, squares };
}

function bestOf(units: Float64Array, horizon: number, runners: readonly Runner[]): LocalFit {
  let [best, least]: [Runner | undefined, number] = [runners[0], Number.POSITIVE_INFINITY];
  for (const runner of runners) {
    const { squares } = runner(units, null);
    if (squares < least) [best, least] = [runner, squares];
  }
  const fitted = new Float64Array(units.length).fill(Number.NaN);
  const last = best?.(units, fitted).last ?? 0;
  fitted.fill(Number.NaN, 0, Math.min(warmUpDays, units.length));
  return { mean: flat(last, horizon), fitted, growth: flat(1, horizon) };
}

export const crostonSba: LocalModel = ({ units }, horizon) =>
  bestOf(
    units,
    horizon,
    crostonWeights.map((alpha) => (seen, fitted) => crostonRates(seen, alpha, fitted)),
  );

export const tsb: LocalModel = ({ units }, horizon) =>
  bestOf(
    units,
    horizon,
    tsbWeights.flatMap((alpha) =>
      tsbWeights.map(
        (beta): Runner =>
          (seen, fitted) =>
            tsbRates(seen, alpha, beta, fitted),
      ),
    ),
  );

export const adida: LocalModel = ({ units }, horizon) => {
  let [known, sales] = [0, 0];
  for (const value of units) {
    if (value !== value) continue;
    known += 1;
    if (value > 0) sales += 1;
  }
  const block = Math.max(1, Math.min(28, Math.round(known / Math.max(1, sales))));
  // Blocks end yesterday, so that the newest one is whole; each is a mean a day of what is known in it.
  const blocks = Math.max(1, Math.floor(units.length / block));
  const first = units.length - blocks * block;
  const means = Float64Array.from({ length: blocks }, (_, b) =>
    knownMean(units, first + b * block, first + (b + 1) * block),
  );
  const start = startLevel(means);
  const alpha = bestWeight(means, start);
  const before = new Float64Array(blocks);
  const { level } = smooth(means, alpha, start, before);
  const fitted = new Float64Array(units.length).fill(Number.NaN);
  for (let t = Math.max(first, warmUpDays); t < units.length; t += 1)
    fitted[t] = before[Math.floor((t - first) / block)] ?? Number.NaN;
  return { mean: flat(level, horizon), fitted, growth: flat(1, horizon) };
};
