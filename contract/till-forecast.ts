/**
 * What will sell, how sure that is, and what to order: the owner's questions to the till. Rule kept: quantities are
 * milli-units of the item's unit and money is paise; every forecast says which rung made it and why; the owner's
 * screens draw these and add nothing up.
 */
import { z } from 'zod';
import type { Milli } from '#core/quantity.ts';
import type { Paise } from '#core/money.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import type { AccuracyView } from './till-accuracy.ts';

/** What made a forecast, best first. */
export type ForecastSource =
  | 'netAndTrees'
  | 'trees'
  | 'seedModel'
  | 'classical'
  | 'weekdayMean'
  | 'categoryRate'
  | 'rule';
/** Why it was that rung and no better one. */
export type ForecastReason =
  | 'best'
  | 'newItem'
  | 'tooFewDays'
  | 'neverSold'
  | 'noModel'
  | 'modelRefused'
  | 'modelFailed'
  | 'modelSlow'
  | 'noRuntime'
  | 'notYetRun';

export type ForecastJobStage = 'reading' | 'training' | 'forecasting' | 'judging' | 'writing';
export type ForecastJobView = {
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly kind: 'nightly' | 'afterImport' | 'asked' | null;
  readonly stage: ForecastJobStage | null;
  /** Items finished of all, in the stage. */
  readonly done: number;
  readonly total: number;
  readonly startedAtMs: Instant | null;
  readonly endedAtMs: Instant | null;
  /** Of a fault: what the log has it under. */
  readonly incidentId: string | null;
};

export type ForecastDay = {
  readonly date: BusinessDate;
  readonly p10Milli: Milli;
  readonly p50Milli: Milli;
  readonly p90Milli: Milli;
};
/** Seven days from the one after `origin`; a week's quantiles are not sums of the days'. */
export type ForecastWeek = { readonly p10Milli: Milli; readonly p50Milli: Milli; readonly p90Milli: Milli };

/** `total` is the whole shop; a category is named; an item has its id. Store totals are in rupees, not pieces. */
export type ForecastOf = 'item' | 'category' | 'store';

export type ForecastRow = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly code: string;
  readonly category: string | null;
  readonly unit: string;
  readonly onHandMilli: Milli;
  readonly soldLastWeekMilli: Milli;
  readonly nextWeek: ForecastWeek;
  readonly source: ForecastSource;
  /** 0…100; the formula is in docs/ml.md. */
  readonly confidence: number;
  /** Whole days until the likely sales have emptied the shelf; null: longer than is forecast. */
  readonly daysLeft: number | null;
};
export type ForecastList = {
  readonly rows: readonly ForecastRow[];
  readonly total: number;
  readonly categories: readonly string[];
  readonly origin: BusinessDate | null;
  /** The till's own: the forecast is of yesterday's books, or older, or the PC's date was set back behind it. */
  readonly today: BusinessDate;
  readonly madeAtMs: Instant | null;
};

export type PastDay = {
  readonly date: BusinessDate;
  readonly soldMilli: Milli;
  /** Out of stock for a part of the day or all of it: left out of what is learnt. */
  readonly isOut: boolean;
};
export type FestivalMark = { readonly date: BusinessDate; readonly family: string };

/**
 * An effect in pieces against a plain week; effects add up to nextWeek.p50 − plainWeek. There is none of weekdays: a
 * week has each of them once, and days on which the shop is shut are the season's.
 */
export type DriverKind = 'festival' | 'season' | 'trend' | 'price' | 'payday' | 'rest';
export type Driver = {
  readonly kind: DriverKind;
  /** Of a festival: its family and day; else null. */
  readonly festival: FestivalMark | null;
  readonly effectMilli: Milli;
  /** Of a festival: how much more was sold then than usual, in hundredths of a percent; else null. */
  readonly lastTimeBp: number | null;
};
export type WeekJudged = {
  readonly weekStart: BusinessDate;
  readonly soldMilli: Milli;
  readonly p10Milli: Milli;
  readonly p50Milli: Milli;
  readonly p90Milli: Milli;
};
/** Seven days. In the unit of what it is of: milli-units, or paise of a group without one. */
export type WeekPoint = {
  readonly weekStart: BusinessDate;
  /** null: it is to come. */
  readonly sold: number | null;
  /** Out of stock on one of its days. */
  readonly isOut: boolean;
  /** As it was or is given before it begins; null: nobody forecast it. */
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
};
export type ItemForecast = {
  readonly row: ForecastRow;
  readonly origin: BusinessDate;
  readonly today: BusinessDate;
  readonly past: readonly PastDay[];
  readonly days: readonly ForecastDay[];
  readonly festivals: readonly FestivalMark[];
  readonly plainWeekMilli: Milli;
  readonly drivers: readonly Driver[];
  readonly reason: ForecastReason;
  /** Weeks that are over, oldest first, and those to come; milli-units. */
  readonly weeks: readonly WeekPoint[];
  /** Forecasts made seven days before, oldest first; fewer while the shop is young. */
  readonly judged: readonly WeekJudged[];
  /** Miss in hundredths of a percent of what was sold, ours and "same as last week"; null: nothing judged yet. */
  readonly missBp: number | null;
  readonly lastWeekMissBp: number | null;
  readonly daysLearnt: number;
  readonly daysLeftOut: number;
  readonly model: { readonly name: string; readonly sinceMs: Instant } | null;
  readonly order: OrderLine | null;
};
/** As of an item, in the group's own unit; effects add up to nextWeek.p50 − plainWeek. */
export type GroupDriver = Omit<Driver, 'effectMilli'> & { readonly effect: number };
/** Of a category in milli-units of its items (only where they share a unit), else and of the store in paise; whole. */
export type GroupForecast = {
  readonly of: 'category' | 'store';
  readonly name: string | null;
  readonly unit: string | null;
  readonly origin: BusinessDate;
  readonly today: BusinessDate;
  readonly past: readonly { readonly date: BusinessDate; readonly value: number }[];
  readonly days: readonly {
    readonly date: BusinessDate;
    readonly p10: number;
    readonly p50: number;
    readonly p90: number;
  }[];
  readonly nextWeek: { readonly p10: number; readonly p50: number; readonly p90: number };
  readonly festivals: readonly FestivalMark[];
  /** Weeks that are over, oldest first, and those to come. */
  readonly weeks: readonly WeekPoint[];
  /** null: too young to say why. */
  readonly plainWeek: number | null;
  readonly drivers: readonly GroupDriver[];
  /** The last weeks that are over, each forecast from what was known before it; oldest first. */
  readonly judged: readonly {
    readonly weekStart: BusinessDate;
    readonly sold: number;
    readonly p10: number;
    readonly p50: number;
    readonly p90: number;
  }[];
  readonly missBp: number | null;
  readonly lastWeekMissBp: number | null;
  readonly daysLearnt: number;
};

export type ModelState = 'running' | 'shadow' | 'previous' | 'refused' | 'withdrawn';
export type ModelEvent = {
  readonly atMs: Instant;
  readonly what:
    | 'arrived'
    | 'verified'
    | 'refused'
    | 'promoted'
    | 'shadowed'
    | 'rolledBack'
    | 'withdrawn'
    | 'drifted'
    | 'failed'
    | 'trainedHere'
    /** The note of which model runs could not be read; plain rules forecast until it can. */
    | 'unread'
    /** It was damaged and was written anew. */
    | 'mended';
  readonly version: string | null;
  /** A reason code with figures, for the words of the screen; English in the technical fold. */
  readonly reason: string | null;
};
export type ModelView = {
  readonly id: string;
  readonly version: string;
  readonly kind: string;
  readonly origin: 'headOffice' | 'thisShop' | 'product';
  readonly state: ModelState;
  readonly sinceMs: Instant;
  /** Weighted quantile loss on this shop's own last weeks; of it and of what ran before; null: not judged. */
  readonly wql: number | null;
  readonly wqlBefore: number | null;
  readonly coverage: number | null;
  readonly isRollbackTarget: boolean;
};
export type ModelPage = {
  readonly rung: ForecastSource;
  readonly reason: ForecastReason;
  /** How many items each rung forecasts, the commonest first. */
  readonly sources: readonly { readonly source: ForecastSource; readonly items: number }[];
  readonly models: readonly ModelView[];
  readonly events: readonly ModelEvent[];
  /** Which model runs can't be read just now; it is tried again by itself. */
  readonly isUnread: boolean;
};

export type OrderWhy = 'outNow' | 'outSoon' | 'festival' | 'underLeadTime' | 'askedFor';
export type OrderLine = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly code: string;
  readonly unit: string;
  readonly category: string | null;
  readonly supplier: string | null;
  /** Days it keeps; null: not said. */
  readonly shelfDays: number | null;
  readonly onHandMilli: Milli;
  /** In tenths of a day; null: longer than is forecast. */
  readonly daysLeftTenths: number | null;
  /** Likely and busy (P50, and the quantile of the service level) until delivery and the days it must last. */
  readonly likelyMilli: Milli;
  readonly busyMilli: Milli;
  readonly neededMilli: Milli;
  readonly packMilli: Milli;
  readonly packs: number;
  /** As the rule says; `packs` may be the owner's own. */
  readonly advisedPacks: number;
  /** null: no cost price is known. */
  readonly costPaise: Paise | null;
  readonly why: OrderWhy;
  readonly whyDate: BusinessDate | null;
  readonly confidence: number;
  /** Until goods ordered today come, as its supplier, its category or the shop's rule says. */
  readonly leadDays: number;
  /** What is likely, busy and needed is of so many days: until the goods come and as long as they must last then. */
  readonly throughDays: number;
};
/** Lines that stand together, with their sum. */
export type OrderGroup = {
  /** null: not said. */
  readonly name: string | null;
  readonly itemIds: readonly Uuid[];
  readonly valuePaise: Paise;
  /** Ordered lines whose cost is not known: not in the value. */
  readonly linesWithoutCost: number;
  /** When goods come, as was said of this supplier or category; null: the shop's rule. */
  readonly delivery: OrderDelivery | null;
  /** The day on which goods ordered today come; null: not all of them on the same. */
  readonly comesOn: BusinessDate | null;
};
export type OrderDelivery = {
  readonly leadDays: number;
  /** Days of the week on which they come, 0 Sunday … 6 Saturday; empty: any. */
  readonly weekdays: readonly number[];
};
export type OrderView = {
  readonly madeAtMs: Instant | null;
  /** Last day whose sales the forecast knows; null: none was made. */
  readonly origin: BusinessDate | null;
  readonly today: BusinessDate;
  readonly itemsWatched: number;
  readonly groupBy: 'category' | 'supplier';
  readonly lines: readonly OrderLine[];
  /** In the order of the lines. */
  readonly groups: readonly OrderGroup[];
  /** Where nothing is due today: the first day on which something likely is; null: none in what is forecast. */
  readonly nextDueOn: BusinessDate | null;
  readonly valuePaise: Paise;
  /** Lines whose cost is not known: not in the value. */
  readonly linesWithoutCost: number;
  readonly atRiskPaise: Paise;
  readonly rules: OrderRules;
};
export type OrderRules = {
  readonly leadDays: number;
  readonly coverDays: number;
  /** Share of order rounds without running out, in hundredths of a percent. */
  readonly serviceLevelBp: number;
};

const orderRules = z.object({
  leadDays: z.int().min(0).max(60),
  coverDays: z.int().min(1).max(60),
  serviceLevelBp: z.int().min(5_000).max(9_990),
});

export const forecastContract = {
  job: method.output(out<ForecastJobView>()),
  jobFeed: method.output(feedOf<ForecastJobView>()),
  /** Begins at once unless it runs already. */
  start: method.output(out<ForecastJobView>()),
  cancel: method.output(out<ForecastJobView>()),
  list: method
    .input(
      z.object({
        search: i.shortText,
        category: i.shortText.nullable(),
        order: z.enum(['daysLeft', 'nextWeek', 'change', 'confidence', 'name']),
        from: z.int().min(0),
        count: z.int().min(1).max(200),
      }),
    )
    .output(out<ForecastList>()),
  item: method.input(z.object({ itemId: i.uuid })).output(out<ItemForecast>()),
  group: method
    .input(z.object({ of: z.enum(['category', 'store']), name: i.shortText.nullable() }))
    .output(out<GroupForecast>()),
  accuracy: method.output(out<AccuracyView>()),
  model: method.output(out<ModelPage>()),
  /** Back to a model that ran before. */
  rollBack: method.input(z.object({ modelId: i.shortText, ownerPin: i.pin })).output(out<ModelPage>()),
};

export const orderListContract = {
  get: method.input(z.object({ groupBy: z.enum(['category', 'supplier']) })).output(out<OrderView>()),
  /** null: as the rule says again. 0: not today. */
  setPacks: method
    .input(z.object({ itemId: i.uuid, packs: z.int().min(0).max(100_000).nullable() }))
    .output(out<OrderLine>()),
  add: method.input(z.object({ itemId: i.uuid })).output(out<OrderLine>()),
  /** As if it had not been asked for: a line that is not due goes. */
  takeOff: method.input(z.object({ itemId: i.uuid })).output(out<OrderLine>()),
  /** When goods of a supplier or a category come; null: as the shop's rule says. */
  saveDelivery: method
    .input(
      z.object({
        groupBy: z.enum(['category', 'supplier']),
        name: i.shortText.min(1),
        delivery: z
          .object({ leadDays: z.int().min(0).max(60), weekdays: z.array(z.int().min(0).max(6)).max(7) })
          .nullable(),
      }),
    )
    .output(out<OrderRules>()),
  saveRules: method.input(orderRules).output(out<OrderRules>()),
  /** Pack size, supplier and shelf life of an item, as the owner orders it. */
  saveItem: method
    .input(
      z.object({
        itemId: i.uuid,
        packMilli: z.int().min(1).nullable(),
        supplier: i.shortText.nullable(),
        shelfDays: z.int().min(1).max(3_650).nullable(),
      }),
    )
    .output(out<OrderLine>()),
  print: method.output(out<{ readonly lines: number }>()),
  /** CSV of the list as it stands. */
  export: method.output(out<{ readonly name: string; readonly text: string }>()),
};
