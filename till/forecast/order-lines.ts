/**
 * Order lines: what the rule advises for each item, and what the owner changed today. Rule kept: one reckoning for the
 * list, the item's own page, the paper and the file; an item nobody forecast has no line.
 */
import { amountOf, type Paise, paise, zeroPaise } from '#core/money.ts';
import { daysLeftOf, type OrderRules, reorder, type Reorder } from '#core/ordering/reorder.ts';
import { spreadOfDay } from '#core/ordering/demand-spread.ts';
import { type Milli, milli, multiplyQty, onePiece } from '#core/quantity.ts';
import { settleTransfer } from '#core/stock/transfer.ts';
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import type { Driver, OrderLine, OrderWhy } from '#contract/till-forecast.ts';
import type { ItemOrder } from '#db/item-orders.ts';
import type { ForecastRun, KeptForecast } from '#db/forecasts.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { Tables } from '../tables.ts';
import { makeBreather } from '../breathe.ts';
import { isCurrent, keptRows } from './kept-rows.ts';
import { isCountedUnit } from './make-rows.ts';
import { type Deliveries, deliveriesOf, leadOf } from './order-deliveries.ts';

export type OrderSource = {
  readonly tables: Tables;
  readonly settings: Pick<ShopSettings, 'get'>;
  readonly today: () => BusinessDate;
};

export const rulesKey = 'orderRules';
const usualRules: OrderRules = { leadDays: 2, coverDays: 7, serviceLevelBp: 9_500 };

export function orderRulesOf({ tables }: Pick<OrderSource, 'tables'>): OrderRules {
  const text = tables.settings.get(rulesKey);
  return text === null ? usualRules : { ...usualRules, ...(JSON.parse(text) as Partial<OrderRules>) };
}

/** What every line of one list needs. */
export type OrderDesk = {
  readonly run: ForecastRun;
  readonly rules: OrderRules;
  readonly deliveries: Deliveries;
  readonly today: BusinessDate;
  readonly orders: ReadonlyMap<number, ItemOrder>;
  readonly edits: ReadonlyMap<number, number | null>;
  readonly coming: ReadonlyMap<Uuid, number>;
  readonly source: OrderSource;
};

export function orderDesk(source: OrderSource, run: ForecastRun): OrderDesk {
  const today = source.today();
  return {
    run,
    rules: orderRulesOf(source),
    deliveries: deliveriesOf(source.tables),
    today,
    orders: source.tables.itemOrders.all(),
    edits: source.tables.itemOrders.edits(today),
    coming: comingOf(source),
    source,
  };
}

/** Goods sent to this store and not yet received, milli-units. */
function comingOf({ tables, settings }: OrderSource): ReadonlyMap<Uuid, number> {
  const made = new Map<Uuid, number>();
  const { storeId } = settings.get();
  for (const events of tables.transfers.latest(300)) {
    for (const { dispatch, receipt } of settleTransfer(events).consignments) {
      if (receipt !== null || dispatch.to.storeId !== storeId) continue;
      for (const line of dispatch.lines) made.set(line.itemId, (made.get(line.itemId) ?? 0) + line.qtyMilli);
    }
  }
  return made;
}

export type MadeLine = {
  readonly line: OrderLine;
  readonly isDue: boolean;
  /** Due, or asked for by the owner. */
  readonly isListed: boolean;
  readonly atRiskPaise: Paise;
  /** Days until it is likely to be due; null: not within what is forecast. */
  readonly dueInDays: number | null;
};

const noOrder: ItemOrder = { packMilli: null, supplier: null, shelfDays: null };

export function makeLine(desk: OrderDesk, kept: KeptForecast): MadeLine {
  const { tables } = desk.source;
  const order = desk.orders.get(kept.itemNo) ?? noOrder;
  const isCounted = isCountedUnit(kept.unit);
  const onHandMilli = tables.stock.onHand(kept.itemId);
  const packMilli = (order.packMilli ?? onePiece) as Milli;
  const passed = Math.max(0, daysBetween(desk.run.originDate, desk.today) - 1);
  const days = Array.from({ length: Math.max(0, kept.days.length / 4 - passed) }, (_, k) => {
    const at = (passed + k) * 4;
    const [p10 = 0, p50 = 0, p90 = 0, mean = 0] = kept.days.subarray(at, at + 4);
    return spreadOfDay({ p10, p50, p90, mean }, isCounted);
  });
  const leadDays = leadOf(
    desk.deliveries,
    { supplier: order.supplier, category: kept.category },
    desk.rules.leadDays,
    desk.today,
  );
  const comingMilli = desk.coming.get(kept.itemId) ?? 0;
  const advice = reorder(
    {
      days: days.length > 0 ? days : [{ mean: 0, variance: 0 }],
      tie: kept.dayTieBp / 10_000,
      isCounted,
      onHandMilli,
      comingMilli,
      packMilli,
      shelfDays: order.shelfDays,
    },
    { ...desk.rules, leadDays },
  );
  const isAsked = desk.edits.has(kept.itemNo);
  const isDue = advice.isDue && advice.packs > 0;
  const advisedPacks = isDue ? advice.packs : isAsked ? Math.max(1, advice.packs) : 0;
  const packs = desk.edits.get(kept.itemNo) ?? advisedPacks;
  const item = isDue || isAsked ? tables.items.byId(kept.itemId) : null;
  const cost = item?.costPricePaise ?? null;
  const { why, whyDate } = whyOf(desk, kept, advice, onHandMilli, leadDays);
  const spare = onHandMilli + comingMilli - advice.reorderPointMilli;
  const dueIn = daysLeftOf(
    days.map((day) => day.mean),
    spare,
  );
  return {
    line: {
      itemId: kept.itemId,
      name: kept.name,
      nameHi: kept.nameHi,
      code: kept.code,
      unit: kept.unit,
      category: kept.category,
      supplier: order.supplier,
      shelfDays: order.shelfDays,
      onHandMilli,
      daysLeftTenths: advice.daysLeftTenths,
      likelyMilli: advice.likelyMilli,
      busyMilli: advice.busyMilli,
      neededMilli: advice.neededMilli,
      packMilli,
      packs,
      advisedPacks,
      costPaise: cost === null ? null : amountOf(cost, multiplyQty(milli(packs * 1000), packMilli)),
      why,
      whyDate,
      confidence: kept.confidence,
      leadDays,
      throughDays: leadDays + desk.rules.coverDays,
    },
    isDue,
    dueInDays: dueIn === null ? null : Math.max(1, Math.ceil(dueIn / 10)),
    isListed: isDue || isAsked,
    atRiskPaise: item === null || !isDue ? zeroPaise : paise(amountOf(item.sellingPricePaise, advice.unmetMilli)),
  };
}

/** A festival counts as the reason from a fifth more than a plain week on. */
const festivalShare = 0.2;

function whyOf(
  desk: OrderDesk,
  kept: KeptForecast,
  advice: Reorder,
  onHandMilli: number,
  leadDays: number,
): { readonly why: OrderWhy; readonly whyDate: BusinessDate | null } {
  if (!advice.isDue || advice.packs === 0) return { why: 'askedFor', whyDate: null };
  if (onHandMilli <= 0) return { why: 'outNow', whyDate: null };
  const drivers = JSON.parse(kept.drivers) as readonly Driver[];
  const festival = drivers.find(
    ({ kind, effectMilli }) => kind === 'festival' && effectMilli > festivalShare * kept.plainWeekMilli,
  )?.festival;
  if (festival) return { why: 'festival', whyDate: festival.date };
  const left = advice.daysLeftTenths;
  const runsOut = left === null ? null : addDays(desk.today, Math.floor(left / 10));
  if (left !== null && left <= leadDays * 10) return { why: 'underLeadTime', whyDate: runsOut };
  return { why: 'outSoon', whyDate: runsOut };
}

const groupOf = (line: OrderLine, by: 'category' | 'supplier'): string => line[by] ?? '\uffff';

/** Groups by name, those without one last; in each what runs out first. */
export const sortLines = (lines: readonly OrderLine[], by: 'category' | 'supplier'): readonly OrderLine[] =>
  lines.toSorted(
    (a, b) =>
      groupOf(a, by).localeCompare(groupOf(b, by), 'en') ||
      (a.daysLeftTenths ?? 1e9) - (b.daysLeftTenths ?? 1e9) ||
      a.name.localeCompare(b.name, 'en'),
  );

/** Every item looked at; those that are due or were asked for. Breathes, so that the counter sells on. */
export async function listedLines(source: OrderSource): Promise<{
  readonly all: number;
  readonly listed: readonly MadeLine[];
  readonly nextDueOn: BusinessDate | null;
}> {
  const run = source.tables.forecasts.current();
  if (run === null) return { all: 0, listed: [], nextDueOn: null };
  const desk = orderDesk(source, run);
  const breathe = makeBreather();
  const listed: MadeLine[] = [];
  let all = 0;
  let soonest: number | null = null;
  for await (const some of keptRows(source.tables.forecasts, run.runNo)) {
    for (const kept of some) {
      const made = makeLine(desk, kept);
      all += 1;
      if (made.isListed) listed.push(made);
      if (made.dueInDays !== null) soonest = Math.min(soonest ?? made.dueInDays, made.dueInDays);
      await breathe();
    }
  }
  if (!isCurrent(source.tables.forecasts, run)) return listedLines(source);
  const isAnyDue = listed.some(({ isDue }) => isDue);
  return { all, listed, nextDueOn: isAnyDue || soonest === null ? null : addDays(desk.today, soonest) };
}

/** As it goes on paper: by supplier, what is not wanted today left out. */
export async function orderToPrint(source: OrderSource): Promise<readonly OrderLine[]> {
  const { listed } = await listedLines(source);
  return sortLines(
    listed.map(({ line }) => line).filter(({ packs }) => packs > 0),
    'supplier',
  );
}
