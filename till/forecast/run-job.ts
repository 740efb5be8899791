/**
 * One run of the forecasts from the books to rows, stage by stage. Rule kept: nothing is handed over before all of it is
 * made, so that a run that is cancelled or fails leaves the old one as it was.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { type NewForecastWeek, shortMilli } from '#db/forecast-weeks.ts';
import type { NewForecast } from '#db/forecasts.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import { forecastByLadder } from '../models/forecast-ladder.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';
import { isCountedUnit, rowOf, rowWithoutPast, type Rung, toMilli, weekDays, weekOf } from './make-rows.ts';
import { groupsNight } from './group-night.ts';
import { categoryRates, forecastUnsold } from './new-items.ts';
import { blocksOf } from './blocks.ts';
import { type NightView, replayWeeks, viewNight } from './plain-night.ts';
import { plainRung, seedFailures, seedVersion, standInBlocks, type Stood, summaryRung } from './stand-items.ts';
import { festivalsNear } from './shop-festivals.ts';
import { groupSeriesOf, readShop, type ShopPast } from './shop-past.ts';
import { tidyMemory } from './tidy-memory.ts';
import { trainHere } from './train-here.ts';
import { tieOf, usualTie } from '#ml/ensemble/week-tie.ts';

export type JobPort = {
  readonly post: (message: JobMessage) => void;
  readonly hand: (message: JobMessage) => Promise<void>;
};

const piece = 200;
/** So many weeks are worked out afterwards for a shop that has kept none yet. */
const replayed = 8;

export async function runJob(order: JobOrder, port: JobPort): Promise<void> {
  const progress = (stage: 'reading' | 'forecasting' | 'judging' | 'writing') => (done: number, total: number) =>
    port.post({ kind: 'progress', stage, done, total });
  const past = readShop(order.path, order.lastDay, order.horizon, order.stateCode, progress('reading'));
  if (past === null) {
    port.post({ kind: 'nothing' });
    return;
  }
  tidyMemory();
  const tellJudging = progress('judging');
  tellJudging(0, 2);
  const earlier = order.lastWeekStart === null ? weeksAfterwards(past, order.seed) : [];
  tellJudging(1, 2);
  const settled = settleWeeks(past, order.openWeeks);
  tellJudging(2, 2);
  const tellForecasting = progress('forecasting');
  tellForecasting(0, past.items.length);
  tidyMemory();
  const view = viewNight(past, order.seed);
  tidyMemory();
  const ladder = await forecastByLadder({
    order: order.models,
    frame: past.frame,
    origin: past.days,
    horizon: past.ahead,
    season: view.season,
    blocks: blocksOf,
    plain: plainRung(past, order.seedFile),
    uptimeMs: () => performance.now(),
    say: (stage, done, total) => progress(stage)(done, total),
  });
  const stood = standInBlocks(past, view, ladder, order.seedFile, order.stateCode, (done) =>
    tellForecasting(done, past.items.length),
  );
  tidyMemory();
  const rates = categoryRates(past);
  const rows = itemRows(past, view, stood, rates);
  const near = festivalsNear(past.firstDay, past.lastDay, past.ahead, order.stateCode);
  const groups = groupsNight(past, groupSeriesOf(past), near);
  const weeks = [...earlier, ...weekToKeep(past, view, stood.made, order.lastWeekStart)];
  const summary = {
    ...summaryRung(stood, ladder.reason),
    modelVersion: ladder.version ?? seedVersion(stood, order.seedFile),
    modelSinceMs: ladder.sinceMs,
  };
  await port.hand({ kind: 'begin', summary });
  const tellWriting = progress('writing');
  const all = past.items.length + past.unsold.length;
  let written = 0;
  for (const some of inPieces(rows)) {
    tellWriting(written, all);
    await port.hand({ kind: 'items', rows: some });
    written += some.length;
  }
  for (let from = 0; from < groups.length; from += 20)
    await port.hand({ kind: 'groups', groups: groups.slice(from, from + 20) });
  for (let from = 0; from < weeks.length; from += piece)
    await port.hand({ kind: 'weeks', weeks: weeks.slice(from, from + piece) });
  for (let from = 0; from < settled.length; from += piece)
    await port.hand({ kind: 'settled', weeks: settled.slice(from, from + piece) });
  tellWriting(all, all);
  if (stood.falls.length > 0) port.post({ kind: 'falls', falls: stood.falls });
  await port.hand({ kind: 'whole' });
  const passedOver = [...ladder.report.passedOver, ...seedFailures(stood.falls)];
  await port.hand({ kind: 'models', report: { ...ladder.report, passedOver } });
  if (order.isTraining) await train(past, order, port);
  await port.hand({ kind: 'done' });
}

/** After the forecasts, which wait for nothing: a PC that is switched off meanwhile has them. */
async function train(past: ShopPast, order: JobOrder, port: JobPort): Promise<void> {
  try {
    const made = await trainHere(past, order.seed, order.models.nowMs, (done, total) =>
      port.post({ kind: 'progress', stage: 'training', done, total }),
    );
    await port.hand({ kind: 'trained', made });
  } catch (error) {
    await port.hand({
      kind: 'notTrained',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

const meanPerDay = (made: Forecasts, i: number): number => {
  let sum = 0;
  for (let h = 0; h < weekDays; h += 1) sum += made.mean[i * made.horizon + h] ?? 0;
  return sum / weekDays;
};

/** One after the other, as they are written. */
function* itemRows(
  past: ShopPast,
  view: NightView,
  stood: Stood,
  rates: ReadonlyMap<string, number>,
): Generator<NewForecast> {
  for (const i of past.items.keys()) {
    const own = stood.rungs[i] ?? { source: 'rule', reason: 'neverSold' };
    // What is borrowed from others is not explained by its own level and season.
    const why = own.source === 'categoryRate' || own.source === 'rule' ? null : (stood.effects[i] ?? null);
    yield rowOf(past, stood.made, i, own, tieOf(view.ties, meanPerDay(stood.made, i)), why);
  }
  for (const item of past.unsold) {
    const none = emptyForecasts(1, past.ahead, past.days);
    const isNew = forecastUnsold(past, rates, item, none);
    const own: Rung = isNew ? { source: 'categoryRate', reason: 'newItem' } : { source: 'rule', reason: 'neverSold' };
    yield rowWithoutPast(item, none, own, usualTie);
  }
}

function* inPieces<T>(rows: Iterable<T>): Generator<readonly T[]> {
  let some: T[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < piece) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What an item's week came to; null: a day of it was not known. */
function weekSold(past: ShopPast, i: number, from: number): number | null {
  let sum = 0;
  for (let t = from; t < from + weekDays; t += 1) {
    const isKnown = !Number.isNaN(past.frame.units[i * past.frame.days + t] ?? Number.NaN);
    if (t >= (past.frame.starts[i] ?? 0) && !isKnown) return null;
    sum += past.sold[i * past.days + t] ?? 0;
  }
  return sum;
}

const soldMilliOf = (past: ShopPast, i: number, from: number): number => {
  const sold = weekSold(past, i, from);
  return sold === null ? shortMilli : toMilli(sold);
};

/** Sales of weeks that are over; a week with a day out of stock is told as such. */
function settleWeeks(past: ShopPast, openWeeks: readonly BusinessDate[]) {
  const settled: Pick<NewForecastWeek, 'weekStart' | 'itemNo' | 'soldMilli'>[] = [];
  for (const weekStart of openWeeks) {
    const from = daysBetween(past.firstDay, weekStart);
    if (addDays(weekStart, weekDays - 1) > past.lastDay || from < 0) continue;
    for (const [i, { itemNo }] of past.items.entries())
      settled.push({ weekStart, itemNo, soldMilli: soldMilliOf(past, i, from) });
  }
  return settled;
}

function keptWeeks(
  past: ShopPast,
  made: Forecasts,
  tie: (i: number) => number,
  soldMilli: (i: number) => number | null,
): readonly NewForecastWeek[] {
  const weekStart = addDays(past.firstDay, made.origin);
  return past.items.flatMap((item, i) => {
    if ((past.frame.starts[i] ?? past.days) >= made.origin) return [];
    const week = weekOf(made, i, tie(i), isCountedUnit(item.unit));
    let naive = 0;
    for (let t = made.origin - weekDays; t < made.origin; t += 1) naive += past.sold[i * past.days + t] ?? 0;
    return {
      weekStart,
      itemNo: item.itemNo,
      p10Milli: toMilli(week.p10),
      p50Milli: toMilli(week.p50),
      p90Milli: toMilli(week.p90),
      naiveMilli: toMilli(naive),
      soldMilli: soldMilli(i),
    };
  });
}

/** The week that begins tomorrow, where the last one that was kept is over by then. */
function weekToKeep(past: ShopPast, view: NightView, made: Forecasts, last: BusinessDate | null) {
  if (past.days < weekDays || (last !== null && addDays(last, weekDays) > addDays(past.lastDay, 1))) return [];
  return keptWeeks(
    past,
    made,
    (i) => tieOf(view.ties, meanPerDay(made, i)),
    () => null,
  );
}

/** A shop that has kept no week yet: the last ones, from what was known before each. */
const weeksAfterwards = (past: ShopPast, seed: number): readonly NewForecastWeek[] =>
  replayWeeks(past, replayed, seed).flatMap((made) =>
    keptWeeks(
      past,
      made,
      () => usualTie,
      (i) => soldMilliOf(past, i, made.origin),
    ),
  );
