/**
 * From forecasts of a frame to the rows that are kept: weeks, confidence, drivers. Rule kept: a week's quantiles are read
 * from the week's own distribution; the drivers add up to the number that is shown, to the milli-unit.
 */
import { quantileOf, spreadOfDay, sumOfDays } from '#core/ordering/demand-spread.ts';
import { isMeasured, isUnit } from '#core/quantity.ts';
import type { Driver, ForecastReason, ForecastSource } from '#contract/till-forecast.ts';
import type { NewForecast } from '#db/forecasts.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { confidenceOf } from './confidence.ts';
import type { ShopFrame } from './shop-frame.ts';

export type Rung = { readonly source: ForecastSource; readonly reason: ForecastReason };

export const isCountedUnit = (unit: string): boolean => !(isUnit(unit) && isMeasured(unit));
export const weekDays = 7;
/** Days shown behind a forecast. */
export const pastDays = 119;

/** Units: the week's quantiles from `h` on. */
export function weekOf(made: Forecasts, i: number, from: number, tie: number, isCounted: boolean) {
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

export const toMilli = (units: number): number => Math.round(units * 1000);

/** A bit a day, the last day first. */
function daysOutOf(shop: ShopFrame, i: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(pastDays / 8));
  const { days, units, starts } = shop.frame;
  for (let back = 0; back < Math.min(pastDays, days); back += 1) {
    const t = days - 1 - back;
    if (t < (starts[i] ?? days)) break;
    if (Number.isNaN(units[i * days + t] ?? 0)) bits[back >> 3] = (bits[back >> 3] ?? 0) | (1 << (back & 7));
  }
  return bits;
}

/** Effects in units by kind; what is left over becomes the rest. */
export type Effects = {
  readonly plainWeek: number;
  readonly drivers: readonly (Driver & { readonly effect: number })[];
};

export function rowOf(
  shop: ShopFrame,
  made: Forecasts,
  i: number,
  rung: Rung,
  tie: number,
  effects: Effects | null,
): NewForecast {
  const item = shop.items[i];
  if (item === undefined) throw new RangeError(`no item ${i}`);
  const isCounted = isCountedUnit(item.unit);
  const week = weekOf(made, i, 0, tie, isCounted);
  const { days, units, starts } = shop.frame;
  let [learnt, out, soldWeek] = [0, 0, 0];
  for (let t = starts[i] ?? days; t < days; t += 1) {
    if (Number.isNaN(units[i * days + t] ?? 0)) out += 1;
    else learnt += 1;
  }
  for (let t = Math.max(0, days - weekDays); t < days; t += 1) soldWeek += shop.sold[i * days + t] ?? 0;
  const floats = new Float32Array(made.horizon * 4);
  for (let h = 0; h < made.horizon; h += 1) {
    const k = i * made.horizon + h;
    floats.set([made.p10[k] ?? 0, made.p50[k] ?? 0, made.p90[k] ?? 0, made.mean[k] ?? 0], h * 4);
  }
  const p50Milli = toMilli(week.p50);
  const plainMilli = effects === null ? plainWeekOf(shop, i) : toMilli(effects.plainWeek);
  return {
    itemNo: item.itemNo,
    weekP10Milli: toMilli(week.p10),
    weekP50Milli: p50Milli,
    weekP90Milli: toMilli(week.p90),
    soldWeekMilli: toMilli(soldWeek),
    plainWeekMilli: plainMilli,
    ...rung,
    confidence: confidenceOf(week, learnt, out),
    daysLearnt: learnt,
    daysLeftOut: out,
    dayTieBp: Math.round(tie * 10_000),
    days: floats,
    daysOut: daysOutOf(shop, i),
    drivers: JSON.stringify(driversOf(effects, p50Milli - plainMilli)),
  };
}

/** A week as the last eight were in the mean, milli-units. */
function plainWeekOf(shop: ShopFrame, i: number): number {
  const { days, units } = shop.frame;
  let [sum, known] = [0, 0];
  for (let t = Math.max(0, days - 56); t < days; t += 1) {
    const value = units[i * days + t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? 0 : toMilli((sum / known) * weekDays);
}

/** Whole milli-units that add up to `total`; the rest takes what rounding and the model's own word leave. */
function driversOf(effects: Effects | null, total: number): readonly Driver[] {
  const made: Driver[] = [];
  let left = total;
  for (const { effect, ...driver } of effects?.drivers ?? []) {
    const effectMilli = toMilli(effect) as Driver['effectMilli'];
    if (effectMilli === 0) continue;
    made.push({ ...driver, effectMilli });
    left -= effectMilli;
  }
  if (left !== 0)
    made.push({ kind: 'rest', festival: null, effectMilli: left as Driver['effectMilli'], lastTimeBp: null });
  return made;
}
