/**
 * The rungs that are always there: classical models of each series, weekday mean, what such items sell, and a rule. Rule
 * kept: from one to the next less can go wrong; the rule has no loop that could run away and no number but the item's
 * own mean.
 */
import { isCounts } from '../classical/forecast-locally.ts';
import { chooseClassical, type ClassicalChoice, forecastChosen } from '../classical/choose.ts';
import { countQuantiles } from '../classical/band.ts';
import { seasonBefore } from '../classical/registry.ts';
import { forecastCold } from '../cold/cold-start.ts';
import { seedCompetitor } from '../cold/seed-model.ts';
import { keepSane } from '../ensemble/sane.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { forecastByRule, weekdayMean } from '../models/naive.ts';
import type { Step } from './ladder.ts';

/** Fewer known days than this say too little of a week. */
const ownDays = 14;
const ruleDays = 28;

export type PlainSettings = {
  /** The file that ships with the product; null: not there. */
  readonly seedFile: Uint8Array | null;
  /** Of an earlier night, with the same seed file; null: chosen now. */
  readonly choice: ClassicalChoice | null;
};

/** The last one. */
export const ruleStep: Step = {
  source: 'rule',
  leastDays: 0,
  forecast: (frame, origin, horizon) => forecastRule(frame, origin, horizon),
};

export const weekdayStep: Step = {
  source: 'weekdayMean',
  leastDays: ownDays,
  forecast: (frame, origin, horizon) => {
    const made = forecastByRule(weekdayMean, frame, origin, horizon);
    keepSane(made, frame);
    return made;
  },
};

/** A file that can't be read is a fall of its rung. */
export const plainSteps = ({ seedFile, choice }: PlainSettings): readonly Step[] => [
  ...(seedFile === null ? [] : [seedStep(seedFile, choice)]),
  {
    source: 'classical',
    leastDays: ownDays,
    forecast: (frame, origin, horizon) => {
      const chosen = (seedFile === null ? choice : null) ?? chooseClassical(frame, origin, horizon);
      return forecastChosen(chosen, frame, origin, horizon);
    },
  },
  weekdayStep,
  {
    source: 'categoryRate',
    leastDays: 0,
    forecast: (frame, origin, horizon) =>
      forecastCold(frame, origin, horizon, seasonBefore(frame, origin), isCounts(frame, origin)),
  },
  ruleStep,
];

/** The seed model among the classical ones: what is chosen is as good as the better of both (docs/decisions/0074). */
const seedStep = (seedFile: Uint8Array, choice: ClassicalChoice | null): Step => ({
  source: 'seedModel',
  leastDays: ownDays,
  forecast: (frame, origin, horizon) => {
    const more = seedCompetitor(seedFile);
    const chosen = choice ?? chooseClassical(frame, origin, horizon, more);
    return forecastChosen(chosen, frame, origin, horizon, more);
  },
});

/** Poisson about the mean of the last 28 known days; nothing known: nil. */
function forecastRule(frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  for (let i = 0; i < made.series; i += 1) {
    let [sum, known] = [0, 0];
    for (let t = origin - 1; t >= 0 && known < ruleDays; t -= 1) {
      const value = frame.units[i * frame.days + t] ?? Number.NaN;
      if (!Number.isFinite(value) || value < 0) continue;
      sum += value;
      known += 1;
    }
    const mean = known > 0 ? sum / known : 0;
    // Poisson's own quantiles where they are quick to sum, its bell above.
    const [low, middle, high] =
      mean < 500 ? countQuantiles(mean, 0) : [-1.28, 0, 1.28].map((z) => Math.round(mean + z * Math.sqrt(mean)));
    for (let h = 0; h < horizon; h += 1) {
      const k = i * horizon + h;
      made.p10[k] = low ?? 0;
      made.p50[k] = middle ?? 0;
      made.p90[k] = high ?? 0;
      made.mean[k] = mean;
    }
  }
  return made;
}
