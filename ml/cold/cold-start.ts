/**
 * Forecast of an item that has hardly sold: what such items sell, and its own sales as they come. Rule kept: the more
 * days it has, the less the others say; with no day of its own it is what its likes are, and its band is as wide as they
 * differ. Days that are not known say nothing.
 *
 * Gamma–Poisson (Gelman et al., "Bayesian data analysis", §2.6): level ~ gamma, units ~ Poisson(level × season), made
 * wider by the spread that items have from day to day; the forecast is negative binomial.
 */
import { countQuantiles } from '../classical/band.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';
import { type Donor, type ItemTraits, type LevelPrior, priorFrom, traitsOf } from './similar-items.ts';

const levelDays = 91;
/** Known days of an item that others may be like; in a young shop half of what its oldest has. */
const donorDays = 28;
/** Variance a day above Poisson, as a share of the mean squared, where no donor says. */
const usualDispersion = 0.35;
/** Known days from which an item's own spread counts, and as many as its likes' count. */
const [leastSpreadDays, spreadPriorDays] = [5, 20] as const;
const nearLevels = 31;
const dispersionRange = [0.002, 2] as const;
const mostDonors = 400;
/** What an item sells of which, and of whose likes, nothing at all is known. */
const unknownPrior: LevelPrior = { shape: 0.25, rate: 0.5 };
/** Weighed goods are counted in tenths of their unit. */
const fine = 10;

type Own = { readonly units: number; readonly exposure: number; readonly days: number };

/**
 * Sums of the last 91 days before the origin: units, Σ season, days known. Days before the first sale say nothing of how
 * much sells once it does; of what never sold every day that is known says something.
 */
function ownOf(frame: SeriesFrame, season: SeasonFactors, i: number, origin: number): Own {
  let [units, exposure, days] = [0, 0, 0];
  const start = frame.starts[i] ?? origin;
  for (let t = Math.max(0, start < origin ? start : 0, origin - levelDays); t < origin; t += 1) {
    const value = frame.units[i * frame.days + t] ?? Number.NaN;
    const factor = Math.exp(season.log[i * frame.days + t] ?? 0);
    if (value !== value || factor < 0.05) continue;
    units += value;
    exposure += factor;
    days += 1;
  }
  return { units, exposure, days };
}

/** (Σ (units − expected)² − expected) ÷ Σ expected² of a donor. */
function dispersionOf(
  frame: SeriesFrame,
  season: SeasonFactors,
  { i, level }: Pick<Old, 'i' | 'level'>,
  origin: number,
): number {
  let [over, squares] = [0, 0];
  for (let t = Math.max(frame.starts[i] ?? 0, origin - levelDays, 0); t < origin; t += 1) {
    const value = frame.units[i * frame.days + t] ?? Number.NaN;
    if (value !== value) continue;
    const expected = level * Math.exp(season.log[i * frame.days + t] ?? 0);
    over += (value - expected) ** 2 - expected;
    squares += expected * expected;
  }
  return squares > 0 ? over / squares : usualDispersion;
}

/** Median of the donors that sell most nearly as much: slow goods are jumpier than fast ones. */
function dispersionAt(
  level: number,
  byLevel: readonly { readonly level: number; readonly dispersion: number }[],
): number {
  let at = byLevel.findIndex((donor) => donor.level >= level);
  if (at < 0) at = byLevel.length;
  const from = Math.max(0, Math.min(at - (nearLevels >> 1), byLevel.length - nearLevels));
  const near = byLevel.slice(from, from + nearLevels).map(({ dispersion }) => dispersion);
  near.sort((a, b) => a - b);
  return Math.max(dispersionRange[0], Math.min(dispersionRange[1], near[near.length >> 1] ?? usualDispersion));
}

type Old = Donor & { readonly i: number };
export type Levels = {
  /** [rows] level, units a day without season, and how sure: gamma after its own sales. */
  readonly levels: readonly LevelPrior[];
  /** [rows] variance of a day above Poisson ÷ mean². */
  readonly dispersions: readonly number[];
};

export function levelsOf(
  frame: SeriesFrame,
  season: SeasonFactors,
  origin: number,
  traits: readonly ItemTraits[] = traitsOf(frame, origin),
  rows: readonly number[] = everyRow(frame),
): Levels {
  const own = Array.from({ length: seriesCount(frame) }, (_, i) => ownOf(frame, season, i, origin));
  const longest = own.reduce((most, { days, units }) => (units > 0 ? Math.max(most, days) : most), 0);
  const leastDonorDays = Math.min(donorDays, Math.max(1, Math.ceil(longest / 2)));
  const old = own.flatMap(({ units, exposure, days }, i) => {
    const of = traits[i];
    return days >= leastDonorDays && units > 0 && of !== undefined ? [{ i, traits: of, level: units / exposure }] : [];
  });
  const step = Math.max(1, old.length / mostDonors);
  const donors: readonly Old[] = Array.from(
    { length: Math.min(old.length, mostDonors) },
    (_, k) => old[Math.floor(k * step)],
  ).filter((donor) => donor !== undefined);
  const byLevel = donors
    .map((donor) => ({ level: donor.level, dispersion: dispersionOf(frame, season, donor, origin) }))
    .toSorted((a, b) => a.level - b.level);
  const found = rows.map((i) => {
    const { units, exposure, days } = own[i] ?? { units: 0, exposure: 0, days: 0 };
    const of = traits[i];
    const others = donors.filter((donor) => donor.i !== i);
    const prior = (of === undefined ? null : priorFrom(of, others)) ?? unknownPrior;
    // A day of a busy, jumpy item says less than a Poisson day would: 1 ÷ (1 + dispersion × level) of it.
    const level = (prior.shape + units) / (prior.rate + exposure);
    // Its own days say how it jumps, with those of its likes where they are few.
    const trust = days >= leastSpreadDays ? days / (days + spreadPriorDays) : 0;
    const seen = trust > 0 ? dispersionOf(frame, season, { i, level: units / exposure }, origin) : 0;
    const mixed = trust * Math.max(0, seen) + (1 - trust) * dispersionAt(level, byLevel);
    const dispersion = Math.max(dispersionRange[0], Math.min(dispersionRange[1], mixed));
    const worth = 1 / (1 + dispersion * level);
    return { shape: prior.shape + worth * units, rate: prior.rate + worth * exposure, dispersion };
  });
  return { levels: found, dispersions: found.map(({ dispersion }) => dispersion) };
}

const everyRow = (frame: SeriesFrame): readonly number[] => Array.from({ length: seriesCount(frame) }, (_, i) => i);

/** `isCounts`: whole numbers; else tenths. `rows`: the series asked for; the others are forecast as nothing. */
export function forecastCold(
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  season: SeasonFactors,
  isCounts: boolean,
  traits?: readonly ItemTraits[],
  rows: readonly number[] = everyRow(frame),
): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const { levels, dispersions } = levelsOf(frame, season, origin, traits, rows);
  for (const [at, { shape, rate }] of levels.entries()) {
    const i = rows[at] ?? 0;
    const daily = dispersions[at] ?? usualDispersion;
    for (let h = 0; h < horizon; h += 1) {
      const factor = Math.exp(
        season.log[i * frame.days + origin + h] ?? season.log[i * frame.days + origin + h - 7] ?? 0,
      );
      if (factor < 0.05) continue;
      const k = i * horizon + h;
      const mean = (shape / rate) * factor;
      const dispersion = 1 / shape + daily * (1 + 1 / shape);
      const [low, middle, high] = isCounts
        ? countQuantiles(mean, dispersion)
        : countQuantiles(mean * fine, dispersion).map((count) => count / fine);
      made.p10[k] = low ?? 0;
      made.p50[k] = middle ?? 0;
      made.p90[k] = high ?? 0;
      made.mean[k] = mean;
    }
  }
  putInOrder(made);
  return made;
}
