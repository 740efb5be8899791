/**
 * What will sell: the list, one item, a category or the shop, and how good it was. Rule kept: it reads what the last whole
 * run wrote; a shop that has none yet is told so (origin null), never shown a guess.
 */
import type { Uuid } from '#core/ids.ts';
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import type { AccuracyView } from '#contract/till-accuracy.ts';
import type {
  ForecastList,
  ForecastReason,
  ForecastRow,
  ForecastSource,
  GroupForecast,
  ItemForecast,
  ModelPage,
} from '#contract/till-forecast.ts';
import type { KeptForecast } from '#db/forecasts.ts';
import { soldOfItem } from '#db/sold-by-day.ts';
import { makeBreather } from '../breathe.ts';
import type { TillContext } from '../context.ts';
import { accuracyView } from '../forecast/accuracy-view.ts';
import { groupView, itemView, meansOf, pastView, rowView } from '../forecast/forecast-views.ts';
import { isCurrent, keptRows } from '../forecast/kept-rows.ts';
import { marksBeside } from '../forecast/shop-festivals.ts';
import { found } from '../refusal.ts';

const pastShown = 91;
const judgedDays = 182;
const daysAhead = 14;

export type ListOrder = 'daysLeft' | 'nextWeek' | 'change' | 'confidence' | 'name';
type ListInput = {
  readonly search: string;
  readonly category: string | null;
  readonly order: ListOrder;
  readonly from: number;
  readonly count: number;
};

/** Days of a run's forecast that are over. */
const passedOf = (ctx: TillContext, origin: BusinessDate): number => Math.max(0, daysBetween(origin, ctx.today()) - 1);

const change = (kept: KeptForecast): number => Math.abs(kept.weekP50Milli - kept.soldWeekMilli);
const byName = (a: KeptForecast, b: KeptForecast): number => a.name.localeCompare(b.name, 'en');

/** Sorted by what stands in the rows; null: what is on hand must be known first. */
const sorters: Readonly<Record<ListOrder, ((a: KeptForecast, b: KeptForecast) => number) | null>> = {
  daysLeft: null,
  nextWeek: (a, b) => b.weekP50Milli - a.weekP50Milli || byName(a, b),
  change: (a, b) => change(b) - change(a) || byName(a, b),
  confidence: (a, b) => a.confidence - b.confidence || byName(a, b),
  name: byName,
};

export async function listForecasts(ctx: TillContext, input: ListInput): Promise<ForecastList> {
  const run = ctx.tables.forecasts.current();
  const today = ctx.today();
  if (run === null) return { rows: [], total: 0, categories: [], origin: null, today, madeAtMs: null };
  const wanted = input.search.toLocaleLowerCase('en');
  const isWanted = (kept: KeptForecast): boolean =>
    (input.category === null || kept.category === input.category) &&
    (wanted === '' ||
      [kept.name, kept.nameHi ?? '', kept.code].some((text) => text.toLocaleLowerCase('en').includes(wanted)));
  const some: KeptForecast[] = [];
  for await (const all of keptRows(ctx.tables.forecasts, run.runNo)) some.push(...all.filter(isWanted));
  if (!isCurrent(ctx.tables.forecasts, run)) return listForecasts(ctx, input);
  const passed = passedOf(ctx, run.originDate);
  const view = (kept: KeptForecast): ForecastRow => rowView(kept, ctx.tables.stock.onHand(kept.itemId), passed);
  const sorter = sorters[input.order];
  const page = <T>(all: readonly T[]): readonly T[] => all.slice(input.from, input.from + input.count);
  const rows = sorter === null ? page(await byDaysLeft(some, view)) : page(some.toSorted(sorter)).map(view);
  return {
    rows,
    total: some.length,
    categories: ctx.tables.forecasts.categories(run.runNo),
    origin: run.originDate,
    today,
    madeAtMs: run.madeAtMs,
  };
}

/** What runs out first; what sells nothing is last. */
async function byDaysLeft(
  some: readonly KeptForecast[],
  view: (kept: KeptForecast) => ForecastRow,
): Promise<readonly ForecastRow[]> {
  const breathe = makeBreather();
  const rows: { readonly row: ForecastRow; readonly left: number; readonly likely: number }[] = [];
  for (const kept of some) {
    const row = view(kept);
    const likely = meansOf(kept).reduce((sum, mean) => sum + mean, 0);
    rows.push({ row, left: likely > 0 ? (row.daysLeft ?? 1e6) : 1e9, likely });
    await breathe();
  }
  return rows.toSorted((a, b) => a.left - b.left || b.likely - a.likely).map(({ row }) => row);
}

/** Refuses NotFound for an item that the last run did not know. */
export function itemForecast(ctx: TillContext, itemId: Uuid): ItemForecast {
  const run = found(ctx.tables.forecasts.current(), 'item');
  const kept = found(ctx.tables.forecasts.one(run.runNo, itemId), 'item');
  const from = addDays(run.originDate, 1 - pastShown);
  const past = pastView(kept, run.originDate, from, soldOfItem(ctx.tables.shop.sql, kept.itemNo, from));
  const judged = ctx.tables.forecastWeeks.judgedOf(itemId, addDays(run.originDate, -judgedDays));
  const row = rowView(kept, ctx.tables.stock.onHand(itemId), passedOf(ctx, run.originDate));
  const festivals = marksBeside(ctx.settings.get().stateCode, from, run.originDate, daysAhead);
  return itemView(run, ctx.today(), kept, row, past, judged, festivals);
}

export function groupForecast(ctx: TillContext, of: 'category' | 'store', name: string | null): GroupForecast {
  const run = found(ctx.tables.forecasts.current(), 'choice');
  const key = of === 'store' ? '' : (name ?? '');
  const content = found(ctx.tables.forecasts.group(run.runNo, of, key), 'choice');
  return groupView(run, ctx.today(), of, of === 'store' ? null : key, content, (from) =>
    marksBeside(ctx.settings.get().stateCode, from, run.originDate, daysAhead),
  );
}

export const forecastAccuracy = (ctx: TillContext): Promise<AccuracyView> =>
  accuracyView(ctx.tables.forecastWeeks, addDays(ctx.today(), -judgedDays));

export function modelPage(ctx: TillContext): ModelPage {
  const run = ctx.tables.forecasts.current();
  return {
    rung: (run?.source ?? 'rule') as ForecastSource,
    reason: (run?.reason ?? 'notYetRun') as ForecastReason,
    sources: run === null ? [] : (ctx.tables.forecasts.sources(run.runNo) as ModelPage['sources']),
    ...ctx.models.page(),
  };
}

/** Refuses NotFound where there is no such model to go back to. */
export async function rollBack(ctx: TillContext, modelId: string): Promise<ModelPage> {
  found((await ctx.models.rollBack(modelId)) ? modelId : null, 'choice');
  return modelPage(ctx);
}
