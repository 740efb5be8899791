/**
 * What the till's thread and the forecasting thread say to each other. Rule kept: plain data only; rows come in pieces
 * small enough that writing one never holds the counter.
 */
import type { BusinessDate } from '#core/time.ts';
import type { NewForecastWeek } from '#db/forecast-weeks.ts';
import type { NewForecast, NewGroup } from '#db/forecasts.ts';
import type { Fall } from '#ml/ladder/ladder.ts';
import type { ModelPackage } from '#ml/registry/pack-demand.ts';
import type { ModelOrder, ModelReport } from '../models/forecast-ladder.ts';
import type { ForecastJobStage, ForecastReason, ForecastSource } from '#contract/till-forecast.ts';

export type JobOrder = {
  /** The books; the thread reads them and nothing else. */
  readonly path: string;
  /** The model that ships (assets/seed-model); null: it is not there. */
  readonly seedFile: Uint8Array | null;
  /** Last day that is over. */
  readonly lastDay: BusinessDate;
  readonly horizon: number;
  /** Weeks that were forecast and whose sales are not written yet. */
  readonly openWeeks: readonly BusinessDate[];
  readonly lastWeekStart: BusinessDate | null;
  /** GST code of the shop's state: whose festivals it keeps. */
  readonly stateCode: string;
  readonly seed: number;
  /** The shop is on its own and its weekly training is due. */
  readonly isTraining: boolean;
  readonly models: ModelOrder;
};
export type JobSummary = {
  readonly source: ForecastSource;
  readonly reason: ForecastReason;
  readonly modelVersion: string | null;
  readonly modelSinceMs: number | null;
};
export type JobMessage =
  | { readonly kind: 'progress'; readonly stage: ForecastJobStage; readonly done: number; readonly total: number }
  | { readonly kind: 'begin'; readonly summary: JobSummary }
  | { readonly kind: 'items'; readonly rows: readonly NewForecast[] }
  | { readonly kind: 'groups'; readonly groups: readonly NewGroup[] }
  | { readonly kind: 'weeks'; readonly weeks: readonly NewForecastWeek[] }
  | {
      readonly kind: 'settled';
      readonly weeks: readonly Pick<NewForecastWeek, 'weekStart' | 'itemNo' | 'soldMilli'>[];
    }
  /** The shop has sold nothing before today. */
  | { readonly kind: 'nothing' }
  /** What became of models; after all rows. */
  | { readonly kind: 'models'; readonly report: ModelReport }
  /** Rungs that were left, and why; for the log. */
  | { readonly kind: 'falls'; readonly falls: readonly Fall[] }
  /** All rows are there: from now on they count. */
  | { readonly kind: 'whole' }
  /** null: too little was sold to learn from. */
  | { readonly kind: 'trained'; readonly made: ModelPackage | null }
  | { readonly kind: 'notTrained'; readonly message: string }
  | { readonly kind: 'done' };
