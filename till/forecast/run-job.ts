/**
 * One run of the forecasts from the books to rows, stage by stage. Rule kept: nothing is handed over before all of it is
 * made, so that a run that is cancelled or fails leaves the old one as it was.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { type NewForecastWeek, shortMilli } from '#db/forecast-weeks.ts';
import type { NewForecast, NewGroup } from '#db/forecasts.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { forecastByRule, weekdayMean } from '#ml/models/naive.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';
import { isCountedUnit, pastDays, rowOf, type Rung, toMilli, weekDays, weekOf } from './make-rows.ts';
import { groupSeriesOf, readShop, type ShopFrame } from './shop-frame.ts';

export type JobPort = {
  readonly post: (message: JobMessage) => void;
  readonly hand: (message: JobMessage) => Promise<void>;
};

/** Correlation of an item's days where nothing is known of it. */
const usualTie = 0.1;
const piece = 200;
/** From so many days on, an item is forecast from its own past. */
const leastDays = 14;

export async function runJob(order: JobOrder, port: JobPort): Promise<void> {
  const progress = (stage: 'reading' | 'forecasting' | 'judging' | 'writing') => (done: number, total: number) =>
    port.post({ kind: 'progress', stage, done, total });
  const shop = readShop(order.path, order.lastDay, progress('reading'));
  if (shop === null) {
    port.post({ kind: 'nothing' });
    return;
  }
  const tellForecasting = progress('forecasting');
  tellForecasting(0, shop.items.length);
  const made = forecastByRule(weekdayMean, shop.frame, shop.days, order.horizon);
  const rows = shop.items.map((_, i): NewForecast => rowOf(shop, made, i, rungOf(shop, i), usualTie, null));
  const groups = groupSeriesOf(shop).map((group) => groupRow(shop, group, order.horizon));
  tellForecasting(shop.items.length, shop.items.length);
  const tellJudging = progress('judging');
  tellJudging(0, order.openWeeks.length);
  const settled = settleWeeks(shop, order);
  const weeks = weeksToKeep(shop, made, order);
  tellJudging(order.openWeeks.length, order.openWeeks.length);
  const summary = { source: 'weekdayMean', reason: 'noModel', modelVersion: null, modelSinceMs: null } as const;
  await port.hand({ kind: 'begin', summary });
  const tellWriting = progress('writing');
  for (let from = 0; from < rows.length; from += piece) {
    tellWriting(from, rows.length);
    await port.hand({ kind: 'items', rows: rows.slice(from, from + piece) });
  }
  for (let from = 0; from < groups.length; from += 20)
    await port.hand({ kind: 'groups', groups: groups.slice(from, from + 20) });
  for (let from = 0; from < weeks.length; from += piece)
    await port.hand({ kind: 'weeks', weeks: weeks.slice(from, from + piece) });
  for (let from = 0; from < settled.length; from += piece)
    await port.hand({ kind: 'settled', weeks: settled.slice(from, from + piece) });
  tellWriting(rows.length, rows.length);
  await port.hand({ kind: 'done' });
}

function rungOf(shop: ShopFrame, i: number): Rung {
  const age = shop.days - (shop.frame.starts[i] ?? shop.days);
  if (age === 0) return { source: 'rule', reason: 'neverSold' };
  return { source: 'weekdayMean', reason: age < leastDays ? 'tooFewDays' : 'noModel' };
}

/** Sales of weeks that are over; a week with a day out of stock is told as such. */
function settleWeeks(shop: ShopFrame, { openWeeks, lastDay }: JobOrder) {
  const settled: Pick<NewForecastWeek, 'weekStart' | 'itemNo' | 'soldMilli'>[] = [];
  for (const weekStart of openWeeks) {
    const from = daysBetween(shop.firstDay, weekStart);
    if (addDays(weekStart, weekDays - 1) > lastDay || from < 0) continue;
    for (const [i, item] of shop.items.entries()) {
      let [sum, isShort] = [0, false];
      for (let t = from; t < from + weekDays; t += 1) {
        sum += shop.sold[i * shop.days + t] ?? 0;
        if (t >= (shop.frame.starts[i] ?? 0) && Number.isNaN(shop.frame.units[i * shop.days + t] ?? 0)) isShort = true;
      }
      settled.push({ weekStart, itemNo: item.itemNo, soldMilli: isShort ? shortMilli : toMilli(sum) });
    }
  }
  return settled;
}

/** The week that begins tomorrow, where the last one that was kept is over by then. */
function weeksToKeep(shop: ShopFrame, made: Forecasts, order: JobOrder): readonly NewForecastWeek[] {
  const weekStart: BusinessDate = addDays(order.lastDay, 1);
  if (order.lastWeekStart !== null && addDays(order.lastWeekStart, weekDays) > weekStart) return [];
  return shop.items.flatMap((item, i) => {
    if ((shop.frame.starts[i] ?? shop.days) >= shop.days) return [];
    const week = weekOf(made, i, 0, usualTie, isCountedUnit(item.unit));
    let naive = 0;
    for (let t = Math.max(0, shop.days - weekDays); t < shop.days; t += 1) naive += shop.sold[i * shop.days + t] ?? 0;
    return {
      weekStart,
      itemNo: item.itemNo,
      p10Milli: toMilli(week.p10),
      p50Milli: toMilli(week.p50),
      p90Milli: toMilli(week.p90),
      naiveMilli: toMilli(naive),
      soldMilli: null,
    };
  });
}

function groupRow(shop: ShopFrame, group: ReturnType<typeof groupSeriesOf>[number], horizon: number): NewGroup {
  const frame: SeriesFrame = {
    ...shop.frame,
    names: [group.name],
    groupings: [],
    units: group.values,
    price: null,
    starts: new Int32Array([
      Math.max(
        0,
        group.values.findIndex((value) => value > 0),
      ),
    ]),
  };
  const made = forecastByRule(weekdayMean, frame, shop.days, horizon);
  const week = weekOf(made, 0, 0, usualTie, false);
  const from = Math.max(0, shop.days - pastDays);
  const content = {
    unit: group.unit,
    past: Array.from(group.values.subarray(from), (value, k) => ({ date: addDays(shop.firstDay, from + k), value })),
    days: Array.from({ length: horizon }, (_, h) => ({
      date: addDays(shop.firstDay, shop.days + h),
      p10: made.p10[h],
      p50: made.p50[h],
      p90: made.p90[h],
    })),
    nextWeek: week,
  };
  return { kind: group.kind, name: group.name, content: JSON.stringify(content) };
}
