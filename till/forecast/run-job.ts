/**
 * One run of the forecasts from the books to rows, stage by stage. Rule kept: nothing is handed over before all of it is
 * made, so that a run that is cancelled or fails leaves the old one as it was.
 */
import type { NewForecast } from '#db/forecasts.ts';
import { openShipped } from '#ml/cold/shipped-model.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { DemandLevels } from '#ml/features/demand-levels.ts';
import { forecastByLadder } from '../models/forecast-ladder.ts';
import type { PriceRatios } from '../models/price-effect.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';
import { type Effects, effectsOf, type NearFestival } from './drivers.ts';
import { isWeekToKeep, settleWeeks, weekAhead, weekRows, weeksAfterwards } from './kept-weeks.ts';
import { rowOf, rowWithoutPast, type Rung, weekDays } from './make-rows.ts';
import { groupsNight } from './group-night.ts';
import { categoryRates, forecastUnsold } from './new-items.ts';
import { type Block, blocksOf } from './blocks.ts';
import { eachBlock, type NightView, viewNight } from './plain-night.ts';
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
  const earlier = order.lastWeekStart === null ? weeksAfterwards(past, replayed, order.seed) : [];
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
    shipped: openShipped(() => order.seedFile),
    uptimeMs: () => performance.now(),
    say: (stage, done, total) => progress(stage)(done, total),
  });
  const stood = standInBlocks(past, view, ladder, order.seedFile, (done) => tellForecasting(done, past.items.length));
  tidyMemory();
  const near = festivalsNear(past.firstDay, past.lastDay, past.ahead, order.stateCode);
  const rows = itemRows(past, view, stood, { near, priceRatios: ladder.priceRatios });
  const groups = groupsNight(past, groupSeriesOf(past), near);
  const tieAt = (i: number): number => tieOf(view.ties, meanPerDay(stood.made, i));
  const coming = isWeekToKeep(past, order.lastWeekStart) ? [weekAhead(past, stood.made, tieAt)] : [];
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
  for (const weeks of inPieces(weekRows(past, [...earlier, ...coming]))) await port.hand({ kind: 'weeks', weeks });
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

type Reasons = { readonly near: readonly NearFestival[]; readonly priceRatios: PriceRatios };

/** One after the other, as they are written; why each is so is worked out then, since all of it at once would fill a PC. */
function* itemRows(past: ShopPast, view: NightView, stood: Stood, reasons: Reasons): Generator<NewForecast> {
  for (const block of eachBlock(past, view.season)) {
    for (let i = block.from; i < block.to; i += 1) {
      const own = stood.rungs[i] ?? { source: 'rule', reason: 'neverSold' };
      // What is borrowed from others is not explained by its own level and season.
      const why =
        own.source === 'categoryRate' || own.source === 'rule' ? null : whyOf(past, block, stood.made, own, i, reasons);
      yield rowOf(past, stood.made, i, own, tieOf(view.ties, meanPerDay(stood.made, i)), why);
    }
  }
  const rates = categoryRates(past);
  for (const item of past.unsold) {
    const none = emptyForecasts(1, past.ahead, past.days);
    const isNew = forecastUnsold(past, rates, item, none);
    const own: Rung = isNew ? { source: 'categoryRate', reason: 'newItem' } : { source: 'rule', reason: 'neverSold' };
    yield rowWithoutPast(item, none, own, usualTie);
  }
}

function whyOf(
  past: ShopPast,
  block: Block & { readonly levels: DemandLevels },
  made: Forecasts,
  { source }: Rung,
  i: number,
  { near, priceRatios }: Reasons,
): Effects {
  const own = effectsOf(block, i - block.from, past.days, near);
  const ratio = source === 'trees' ? priceRatios.get(i) : undefined;
  return ratio === undefined ? own : withPrice(own, made, i, ratio);
}

/** `ratio`: units at the price to come to those at the usual one. */
function withPrice(own: Effects, made: Forecasts, i: number, ratio: number): Effects {
  const units = weekDays * meanPerDay(made, i) * (1 - 1 / ratio);
  return { ...own, effects: [...own.effects, { kind: 'price', festival: null, units, lastTimeBp: null }] };
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
