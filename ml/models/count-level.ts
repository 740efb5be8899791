/**
 * An item's level and day-to-day spread from few days, as a whole distribution: negative binomial about level × season, made
 * wider by how little is known of the level itself. Rule kept: what few days can't say of one item is taken from items
 * that sell as much, and what the shop can't say from what is usual; nothing on or after the origin is read.
 *
 * Negative binomial by moments (Anscombe 1950) with the dispersion shrunk towards its neighbours' (Robbins 1956; as in
 * Robinson & Smyth 2007); gamma–Poisson uncertainty of the level (Gelman et al., "Bayesian data analysis", §2.6); older
 * days weigh less (Brown 1959).
 */
import { countQuantiles } from '../classical/band.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { SeasonFactors } from './season.ts';

/** Days after which one counts e times less for the level. */
const memoryDays = 40;
const lookBackDays = 182;
/** Known days' worth of trust in the neighbours' dispersion. */
const neighbourDays = 20;
/** Level and week are fitted on the days that the spread is read from: so many days' worth of it. */
const fittedDays = 3;
/** Variance of a level's way to the middle of the span, as a share of the level squared. */
const drift = 0.01;
const nearItems = 40;
/** Item-days of belief in the usual dispersion. */
const usualDays = 140;
const dispersionRange = [0.005, 4] as const;
/** One item's own estimate beyond this is an accident's. */
const ownRange = [-0.5, 6] as const;
const shutFactor = 0.05;
const leastDays = 7;
/** Weighed goods are counted in tenths of their unit. */
const fine = 10;

/** Slow goods jump more from day to day. */
const usualDispersion = (level: number): number => 0.14 + 0.25 / Math.sqrt(level + 0.05);

type Own = {
  /** Units a day without season; NaN: nothing known. */
  readonly level: number;
  /** As many equally weighted days are in it. */
  readonly worth: number;
  readonly days: number;
  /** (Σ (units − expected)² − expected) ÷ Σ expected². */
  readonly dispersion: number;
  /** Units that one step of the distribution is: 1, or a tenth for weighed goods. */
  readonly step: number;
};

function ownOf(frame: SeriesFrame, season: SeasonFactors, i: number, origin: number): Own {
  const row = i * frame.days;
  const from = Math.max(0, frame.starts[i] ?? origin, origin - lookBackDays);
  let [units, exposure, weights, squares, days, step] = [0, 0, 0, 0, 0, 1];
  for (let t = from; t < origin; t += 1) {
    const y = frame.units[row + t] ?? Number.NaN;
    const factor = Math.exp(season.log[row + t] ?? 0);
    if (y !== y || factor < shutFactor) continue;
    const weight = Math.exp((t + 1 - origin) / memoryDays);
    units += weight * y;
    exposure += weight * factor;
    weights += weight;
    squares += weight * weight;
    days += 1;
    if (!Number.isInteger(y)) step = 1 / fine;
  }
  const level = exposure > 0 ? units / exposure : Number.NaN;
  let [errors, expectedUnits, expectedSquares] = [0, 0, 0];
  for (let t = from; t < origin; t += 1) {
    const y = frame.units[row + t] ?? Number.NaN;
    const factor = Math.exp(season.log[row + t] ?? 0);
    if (y !== y || factor < shutFactor) continue;
    const expected = level * factor;
    errors += (y - expected) ** 2;
    expectedUnits += expected * step;
    expectedSquares += expected * expected;
  }
  const freed = days > fittedDays + 1 ? days / (days - fittedDays) : 1;
  return {
    level,
    worth: squares > 0 ? (weights * weights) / squares : 0,
    days,
    dispersion: expectedSquares > 0 ? (freed * errors - expectedUnits) / expectedSquares : Number.NaN,
    step,
  };
}

/** Mean dispersion of the items nearest in level, by days, on top of what is usual. */
function neighbourly(items: readonly Own[]): (level: number) => number {
  const known = items
    .filter(({ days, dispersion, level }) => days >= leastDays && level > 0 && !Number.isNaN(dispersion))
    .toSorted((a, b) => a.level - b.level);
  const days = new Float64Array(known.length + 1);
  const sums = new Float64Array(known.length + 1);
  for (const [k, own] of known.entries()) {
    days[k + 1] = (days[k] ?? 0) + own.days;
    sums[k + 1] = (sums[k] ?? 0) + own.days * Math.max(ownRange[0], Math.min(ownRange[1], own.dispersion));
  }
  return (level) => {
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle]?.level ?? 0) < level) low = middle + 1;
      else high = middle;
    }
    const from = Math.max(0, Math.min(low - (nearItems >> 1), known.length - nearItems));
    const to = Math.min(known.length, from + nearItems);
    const seen = (days[to] ?? 0) - (days[from] ?? 0);
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    return Math.max(0, (sum + usualDays * usualDispersion(level)) / (seen + usualDays));
  };
}

/** Items that never sold are forecast as nothing: what such items sell is `ml/cold`'s to say. */
export function forecastCountLevel(
  frame: SeriesFrame,
  season: SeasonFactors,
  origin: number,
  horizon: number,
): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const items = Array.from({ length: made.series }, (_, i) => ownOf(frame, season, i, origin));
  const near = neighbourly(items);
  for (const [i, { level, worth, days, dispersion: own, step }] of items.entries()) {
    if (!(level > 0)) continue;
    const trust = Number.isNaN(own) ? 0 : days / (days + neighbourDays);
    const usual = near(level);
    const mixed = trust * Math.max(ownRange[0], Math.min(ownRange[1], own)) + (1 - trust) * usual;
    const daily = Math.max(dispersionRange[0], Math.min(dispersionRange[1], mixed));
    const unsure = (step / level + daily) / Math.max(worth, 1) + drift;
    const dispersion = daily + unsure + daily * unsure;
    for (let h = 0; h < horizon; h += 1) {
      const factor = Math.exp(season.log[i * frame.days + origin + h] ?? 0);
      if (factor < shutFactor) continue;
      const k = i * horizon + h;
      const mean = level * factor;
      const [low, middle, high] = countQuantiles(mean / step, dispersion);
      made.p10[k] = low * step;
      made.p50[k] = middle * step;
      made.p90[k] = high * step;
      made.mean[k] = mean;
    }
  }
  return made;
}
