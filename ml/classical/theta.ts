/**
 * Theta: the mean of a straight line through the past and of simple smoothing of what is twice as far from that line.
 * Rule kept: half of the line's slope goes on, never all of it; season is taken out before and put back by the caller.
 *
 * Assimakopoulos & Nikolopoulos 2000, "The theta model" (lines θ = 0 and θ = 2). Hyndman & Billah 2003 show that it is
 * simple smoothing with a drift of half the slope; the test holds the one against the other.
 */
import { bestWeight, smooth } from './smoothing.ts';
import { type LocalFit, type LocalModel, knownMean, smoothingGrowth } from './local-model.ts';

const warmUpDays = 7;

/** Least squares of units on the day's number, over days that are known. */
export function lineThrough(units: Float64Array): { readonly at: number; readonly slope: number } {
  const mean = knownMean(units, 0, units.length);
  if (Number.isNaN(mean)) return { at: 0, slope: 0 };
  let [n, sumT] = [0, 0];
  for (let t = 0; t < units.length; t += 1) {
    if (Number.isNaN(units[t] ?? Number.NaN)) continue;
    n += 1;
    sumT += t;
  }
  const middle = sumT / n;
  let [xy, xx] = [0, 0];
  for (let t = 0; t < units.length; t += 1) {
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    xy += (t - middle) * (value - mean);
    xx += (t - middle) ** 2;
  }
  const slope = xx > 0 ? xy / xx : 0;
  return { at: mean - slope * middle, slope };
}

/** Forecast of theta with a given weight; `bent` is the θ = 2 line. Its first value is where smoothing begins. */
export function thetaWith(units: Float64Array, alpha: number | null, horizon: number): LocalFit {
  const { at, slope } = lineThrough(units);
  const bent = units.map((value, t) => 2 * value - (at + slope * t));
  const start = bent.find((value) => !Number.isNaN(value)) ?? 0;
  const weight = alpha ?? bestWeight(bent, start);
  const fitted = new Float64Array(units.length);
  const { level } = smooth(bent, weight, start, fitted);
  for (let t = 0; t < fitted.length; t += 1) fitted[t] = ((fitted[t] ?? 0) + at + slope * t) / 2;
  fitted.fill(Number.NaN, 0, Math.min(warmUpDays, fitted.length));
  const mean = Float64Array.from({ length: horizon }, (_, h) =>
    Math.max(0, (level + at + slope * (units.length + h)) / 2),
  );
  return { mean, fitted, growth: smoothingGrowth(weight, horizon) };
}

export const theta: LocalModel = ({ units }, horizon) => thetaWith(units, null, horizon);
