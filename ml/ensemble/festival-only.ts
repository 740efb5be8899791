/**
 * Items that sell around one time of the year only: rangoli colours, rakhis, plum cake. Rule kept: only an item that
 * did not sell in the quarter before this season and nearly all of whose sales lay around this time in years before; a line given up is not one.
 *
 * The days to come are what the same days before and after the festival were in earlier years (a festival that moves
 * takes its days along), or the same time of the year where no festival of the table fits.
 */
import { familiesOf, mainDaysOf, signedDistance } from '../calendar/festivals.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';

const quarterDays = 91;
const yearDays = 365.25;
/** A lunar festival moves by up to 19 days; its sales begin before it. */
const aroundDays = 35;
const mostYears = 3;
const leastShare = 0.8;
/** Days either side that count as the same day: few years are known. */
const [sameDistance, sameDate] = [2, 7] as const;

let known: readonly (readonly number[])[] | null = null;
const festivals = (): readonly (readonly number[])[] => {
  known ??= familiesOf(null).map((family) => mainDaysOf(family, null));
  return known;
};

/** Days from which the item's sales are counted, where one festival explains them all; null: none does. */
function festivalOf(saleDays: readonly number[]): readonly number[] | null {
  let [best, nearest] = [Number.POSITIVE_INFINITY, null as readonly number[] | null];
  for (const mains of festivals()) {
    let sum = 0;
    for (const day of saleDays) sum += Math.abs(signedDistance(mains, day) ?? Number.POSITIVE_INFINITY);
    if (sum < best) [best, nearest] = [sum, mains];
  }
  return nearest;
}

/** Forecasts of such items set to what their time of the year was before; reads units before the origin. */
export function expectFestivalOnly(forecasts: Forecasts, frame: SeriesFrame): void {
  const { origin, horizon } = forecasts;
  for (let i = 0; i < forecasts.series; i += 1) {
    const start = frame.starts[i] ?? frame.days;
    const season = origin - aroundDays;
    if (start > season - quarterDays) continue;
    const at = (t: number): number =>
      t < 0 || t >= origin ? Number.NaN : (frame.units[i * frame.days + t] ?? Number.NaN);
    let isQuiet = true;
    for (let t = season - quarterDays; t < season && isQuiet; t += 1) isQuiet = !(at(t) > 0);
    if (!isQuiet) continue;
    let [all, around] = [0, 0];
    const saleDays: number[] = [];
    for (let t = start; t < season; t += 1) {
      const units = at(t);
      if (!(units > 0)) continue;
      all += units;
      saleDays.push(frame.firstDay + t);
      const years = Math.round((origin + horizon / 2 - t) / yearDays);
      const off = Math.abs(origin + horizon / 2 - t - years * yearDays);
      if (years >= 1 && years <= mostYears && off <= aroundDays + horizon / 2) around += units;
    }
    if (!(around >= leastShare * all) || all === 0) continue;
    const mains = festivalOf(saleDays);
    for (let h = 0; h < horizon; h += 1) {
      const values = mains === null ? sameDates(origin + h, at) : sameDistances(mains, frame.firstDay, origin + h, at);
      if (values.length === 0) continue;
      values.sort((a, b) => a - b);
      const quantile = (q: number): number => values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
      const k = i * horizon + h;
      forecasts.p10[k] = quantile(0.1);
      forecasts.p50[k] = quantile(0.5);
      forecasts.p90[k] = quantile(0.9);
      forecasts.mean[k] = values.reduce((sum, value) => sum + value, 0) / values.length;
    }
  }
}

function sameDates(t: number, at: (t: number) => number): number[] {
  const values: number[] = [];
  for (let year = 1; year <= mostYears; year += 1) {
    const middle = t - Math.round(year * yearDays);
    for (let k = middle - sameDate; k <= middle + sameDate; k += 1) if (!Number.isNaN(at(k))) values.push(at(k));
  }
  return values;
}

function sameDistances(mains: readonly number[], firstDay: number, t: number, at: (t: number) => number): number[] {
  const distance = signedDistance(mains, firstDay + t);
  if (distance === null) return [0];
  const values: number[] = [];
  for (const main of mains) {
    const middle = main - firstDay + distance;
    if (middle >= t - quarterDays || middle < t - (mostYears + 0.3) * yearDays) continue;
    for (let k = middle - sameDistance; k <= middle + sameDistance; k += 1)
      if (!Number.isNaN(at(k))) values.push(at(k));
  }
  return values;
}
