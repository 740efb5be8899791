/**
 * From forecasts of a frame to the rows that are kept: weeks, confidence, drivers. Rule kept: a week's quantiles are read
 * from the week's own distribution; the drivers add up to the number that is shown, to the milli-unit.
 */
import { quantileOf, spreadOfDay, sumOfDays } from '#core/ordering/demand-spread.ts';
import { isMeasured, isUnit, type Milli } from '#core/quantity.ts';
import type { Driver, ForecastReason, ForecastSource } from '#contract/till-forecast.ts';
import type { NewForecast } from '#db/forecasts.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { confidenceOf } from './confidence.ts';
import { type Effects, shareOut } from './drivers.ts';
import type { ShopPast } from './shop-past.ts';

export type Rung = { readonly source: ForecastSource; readonly reason: ForecastReason };

export const isCountedUnit = (unit: string): boolean => !(isUnit(unit) && isMeasured(unit));
export const weekDays = 7;
/** Days shown behind a forecast. */
export const pastDays = 119;
export const toMilli = (units: number): number => Math.round(units * 1000);

/** Units: quantiles of the week of row i that begins `from` days on. */
export function weekOf(made: Forecasts, i: number, tie: number, isCounted: boolean, from = 0) {
  const days = Array.from({ length: Math.min(weekDays, made.horizon - from) }, (_, h) => {
    const k = i * made.horizon + from + h;
    const [p10 = 0, p50 = 0, p90 = 0, mean = 0] = [made.p10[k], made.p50[k], made.p90[k], made.mean[k]];
    return spreadOfDay({ p10, p50, p90, mean }, isCounted);
  });
  const week = sumOfDays(days, tie);
  return {
    p10: quantileOf(week, 0.1, isCounted),
    p50: quantileOf(week, 0.5, isCounted),
    p90: quantileOf(week, 0.9, isCounted),
  };
}

/** Of a row's past, as it is told beside the forecast. */
type Told = {
  readonly learnt: number;
  readonly out: number;
  readonly soldWeek: number;
  readonly plainWeek: number;
  /** A bit a day, the last day first. */
  readonly daysOut: Uint8Array;
};

function toldOf(past: ShopPast, i: number, effects: Effects | null): Told {
  const { units, starts } = past.frame;
  const columns = past.frame.days;
  const start = Math.min(past.days, starts[i] ?? past.days);
  const daysOut = new Uint8Array(Math.ceil(pastDays / 8));
  let [learnt, out, soldWeek, recent, recentDays] = [0, 0, 0, 0, 0];
  for (let t = start; t < past.days; t += 1) {
    const back = past.days - 1 - t;
    const value = units[i * columns + t] ?? Number.NaN;
    const isKnown = !Number.isNaN(value);
    if (isKnown) learnt += 1;
    // What was short is told, whether the day could be made whole or not.
    else if (past.short[i * past.days + t] === 1) {
      out += 1;
      if (back < pastDays) daysOut[back >> 3] = (daysOut[back >> 3] ?? 0) | (1 << (back & 7));
    }
    if (back < weekDays) soldWeek += past.sold[i * past.days + t] ?? 0;
    if (back < 56 && isKnown) {
      recent += value;
      recentDays += 1;
    }
  }
  const plainWeek = effects?.plainWeek ?? (recentDays === 0 ? 0 : (recent / recentDays) * weekDays);
  return { learnt, out, soldWeek, plainWeek, daysOut };
}

/** Row i of the frame. */
export function rowOf(
  past: ShopPast,
  made: Forecasts,
  i: number,
  rung: Rung,
  tie: number,
  effects: Effects | null,
): NewForecast {
  const item = past.items[i];
  if (item === undefined) throw new RangeError(`no item ${i}`);
  return rowFrom(item, made, i, rung, tie, toldOf(past, i, effects), effects);
}

/** An item without a past: row 0 of `made`. */
export const rowWithoutPast = (
  item: ShopPast['items'][number],
  made: Forecasts,
  rung: Rung,
  tie: number,
): NewForecast =>
  rowFrom(item, made, 0, rung, tie, { learnt: 0, out: 0, soldWeek: 0, plainWeek: 0, daysOut: new Uint8Array(0) }, null);

function rowFrom(
  item: ShopPast['items'][number],
  made: Forecasts,
  i: number,
  rung: Rung,
  tie: number,
  told: Told,
  effects: Effects | null,
): NewForecast {
  const week = weekOf(made, i, tie, isCountedUnit(item.unit));
  const floats = new Float32Array(made.horizon * 4);
  for (let h = 0; h < made.horizon; h += 1) {
    const k = i * made.horizon + h;
    floats.set([made.p10[k] ?? 0, made.p50[k] ?? 0, made.p90[k] ?? 0, made.mean[k] ?? 0], h * 4);
  }
  const [p50Milli, plainMilli] = [toMilli(week.p50), toMilli(told.plainWeek)];
  return {
    itemNo: item.itemNo,
    weekP10Milli: toMilli(week.p10),
    weekP50Milli: p50Milli,
    weekP90Milli: toMilli(week.p90),
    soldWeekMilli: toMilli(told.soldWeek),
    plainWeekMilli: plainMilli,
    ...rung,
    confidence: confidenceOf(week, told.learnt, told.out),
    daysLearnt: told.learnt,
    daysLeftOut: told.out,
    dayTieBp: Math.round(tie * 10_000),
    days: floats,
    daysOut: told.daysOut,
    drivers: JSON.stringify(driversOf(effects, p50Milli - plainMilli)),
  };
}

/** Whole milli-units that add up to `total`. */
const driversOf = (effects: Effects | null, total: number): readonly Driver[] =>
  shareOut(effects?.effects ?? [], 1000, total).map(({ kind, festival, effect, lastTimeBp }) => ({
    kind,
    festival,
    effectMilli: effect as Milli,
    lastTimeBp,
  }));
