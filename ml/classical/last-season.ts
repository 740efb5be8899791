/**
 * Goods of one festival: nothing all year, then a week. Rule kept: they are forecast from what they sold at the same
 * distance from their festival in other years, never from last week, which says nothing; off their season they are
 * forecast as not selling. Where no festival of the calendar is theirs, the same fortnight of last year speaks.
 *
 * Seasonal naive on the festival's clock (Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", §5.2; moving
 * holidays as in Bell & Hillmer 1983); negative binomial about it.
 */
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { type DayTable, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { countQuantiles } from './band.ts';

const aroundFestival = 1;
const aroundDate = 7;
const year = 365;
/** A few years of one item say little of how much a day is off. */
const dispersion = 0.5;
/** A festival is the item's where so much of what it sold was sold near it. */
const leastShare = 0.7;

/** One, two or three years, a week more or less. */
const isYears = (days: number): boolean => {
  const left = Math.abs(days - year * Math.round(days / year));
  return left <= aroundDate && days > aroundDate && days < 3.5 * year;
};

/** Distances of the festival that the item belongs to, [days of the calendar]; null: none. */
function ownFestival(frame: SeriesFrame, calendar: DayTable | null, i: number, origin: number): Float64Array | null {
  if (calendar === null) return null;
  const shift = frame.firstDay - calendar.firstDay;
  let [best, most]: [Float64Array | null, number] = [null, 0];
  for (const { values, isDistance } of calendar.columns) {
    if (isDistance !== true) continue;
    let [near, all] = [0, 0];
    for (let t = frame.starts[i] ?? 0; t < origin; t += 1) {
      const units = frame.units[i * frame.days + t] ?? Number.NaN;
      if (!(units > 0)) continue;
      all += units;
      if (!Number.isNaN(values[t + shift] ?? Number.NaN)) near += units;
    }
    if (all > 0 && near / all >= leastShare && near / all > most) [best, most] = [values, near / all];
  }
  return best;
}

export function lastSeason(frame: SeriesFrame, origin: number, horizon: number, isCounts: boolean): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const shift = frame.firstDay - (frame.calendar?.firstDay ?? frame.firstDay);
  for (let i = 0; i < made.series; i += 1) {
    const distances = ownFestival(frame, frame.calendar, i, origin);
    const start = frame.starts[i] ?? origin;
    // Without a festival of its own and without a year behind it there is nothing to repeat.
    if (distances === null && origin + horizon - year + aroundDate < start) continue;
    const isLike = (t: number, then: number): boolean =>
      distances === null
        ? isYears(t - then)
        : Math.abs((distances[t + shift] ?? Number.NaN) - (distances[then + shift] ?? Number.NaN)) <= aroundFestival;
    for (let h = 0; h < horizon; h += 1) {
      let [sum, days] = [0, 0];
      for (let then = start; then < origin; then += 1) {
        const units = frame.units[i * frame.days + then] ?? Number.NaN;
        if (units !== units || !isLike(origin + h, then)) continue;
        sum += units;
        days += 1;
      }
      if (sum === 0) continue;
      const mean = sum / days;
      const k = i * horizon + h;
      const fine = isCounts ? 1 : 10;
      const [low, middle, high] = countQuantiles(mean * fine, dispersion);
      made.p10[k] = low / fine;
      made.p50[k] = middle / fine;
      made.p90[k] = high / fine;
      made.mean[k] = mean;
    }
  }
  putInOrder(made);
  return made;
}
