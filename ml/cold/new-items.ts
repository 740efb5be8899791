/**
 * Items that came to a shop days ago, or that stand there and have not sold yet: what items like them sell, and their own
 * days as they come. Rule kept: only where the shop has others to be like; an item that stood there for a month and never
 * sold is forecast as not selling.
 */
import { isCounts } from '../classical/forecast-locally.ts';
import { heads } from '../ensemble/blend.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';
import { forecastCold } from './cold-start.ts';

/** Days since its first sale under which an item is new, in a shop that is at least twice as old. */
const newDays = 14;
/** Known days without any sale after which an item is none that will. */
const unsoldDays = 28;

const knownBefore = (frame: SeriesFrame, i: number, origin: number): number => {
  let known = 0;
  for (let t = 0; t < origin && known < unsoldDays; t += 1)
    if (!Number.isNaN(frame.units[i * frame.days + t] ?? Number.NaN)) known += 1;
  return known;
};

/** Rows of `made` that are of such items, set; units on or after its origin are not read. */
export function speakOfNewItems(made: Forecasts, frame: SeriesFrame, season: SeasonFactors): void {
  const { origin, horizon } = made;
  const ages = Array.from({ length: seriesCount(frame) }, (_, i) => Math.max(0, origin - (frame.starts[i] ?? origin)));
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0);
  const young = Math.min(newDays, oldest / 2);
  const rows = ages.flatMap((age, i) =>
    (age === 0 ? oldest > 0 && knownBefore(frame, i, origin) < unsoldDays : age < young) ? [i] : [],
  );
  if (rows.length === 0) return;
  const cold = forecastCold(frame, origin, horizon, season, isCounts(frame, origin), undefined, rows);
  for (const i of rows)
    for (const head of heads) made[head].set(cold[head].subarray(i * horizon, (i + 1) * horizon), i * horizon);
}
