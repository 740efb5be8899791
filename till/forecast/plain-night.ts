/**
 * The night's forecast without a trained model: each item's level times its season, with bands learnt from the shop's own
 * past, and what is known of weeks that are over. Rule kept: nothing of a day to come is read; it needs no file, no
 * runtime and no network, so that the reasons beside a forecast stand on it whatever made the forecast (lower-rungs.ts).
 */
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { keepSane } from '#ml/ensemble/sane.ts';
import { demandLevels, type DemandLevels } from '#ml/features/demand-levels.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { levelRows } from '#ml/models/boosted.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '#ml/models/level-season.ts';
import { fitSeason, type SeasonFactors } from '#ml/models/season.ts';
import { type Block, blocksOf, sampleOf } from './blocks.ts';
import { isCountedUnit } from './make-rows.ts';
import type { ShopPast } from './shop-past.ts';
import { learnTies, type WeekTies } from '#ml/ensemble/week-tie.ts';

export type NightView = {
  readonly season: SeasonFactors;
  /** null: too little was sold to learn one. */
  readonly band: LevelBand | null;
  readonly ties: WeekTies;
};

const bandRows = 40_000;
const fewRows = 200;
/** So many items speak for all where bands and ties are learnt. */
const sampled = 1_000;
const tieWeeks = 8;
const weekDays = 7;

function bandBefore(
  frame: SeriesFrame,
  levels: DemandLevels,
  origin: number,
  horizon: number,
  seed: number,
): LevelBand | null {
  const rows = levelRows(frame, levels, origin, {
    maxRows: bandRows,
    horizon,
    minHistory: 14,
    maxHistory: 400,
    seed,
  });
  return rows.scale.length < fewRows ? null : learnBand(rows.scale, rows.target);
}

/** First columns of the last `weeks` whole weeks, oldest first; none in the first six weeks. */
const weekStarts = (days: number, weeks: number): readonly number[] =>
  Array.from({ length: weeks }, (_, w) => days - (weeks - w) * weekDays).filter((origin) => origin >= 42);

export function viewNight(past: ShopPast, seed: number): NightView {
  const season = fitSeason(past.frame, past.days);
  const some = sampleOf(past.frame, season, sampled);
  const levels = demandLevels(some.frame, some.season);
  const band = bandBefore(some.frame, levels, past.days, past.ahead, seed);
  const windows =
    band === null
      ? []
      : weekStarts(past.days, tieWeeks).map((origin) =>
          forecastLevelSeason(band, some.frame, levels, origin, weekDays),
        );
  const ties = learnTies(some.frame, windows, (k) => isCountedUnit(past.items[some.rows[k] ?? 0]?.unit ?? ''));
  return { season, band, ties };
}

/** Each block with its levels; what is made of it is the caller's. */
export function* eachBlock(
  past: ShopPast,
  season: SeasonFactors,
): Generator<Block & { readonly levels: DemandLevels }> {
  for (const block of blocksOf(past.frame, season)) yield { ...block, levels: demandLevels(block.frame, block.season) };
}

/** Level × season; null: too little was sold to learn a band. */
export function plainOfBlock(
  past: ShopPast,
  { frame, levels }: Pick<Block, 'frame'> & { readonly levels: DemandLevels },
  band: LevelBand | null,
): Forecasts | null {
  if (band === null) return null;
  const made = forecastLevelSeason(band, frame, levels, past.days, past.ahead);
  keepSane(made, frame);
  return made;
}

/**
 * Weeks worked out afterwards: each from what was known before it, season and bands from before the first of them. A block
 * of items at a time, that block's rows of every week.
 */
export function* replayWeeks(
  past: ShopPast,
  weeks: number,
  seed: number,
): Generator<{ readonly from: number; readonly weeks: readonly Forecasts[] }> {
  const starts = weekStarts(past.days, weeks).filter((origin) => origin >= 63);
  const [first] = starts;
  if (first === undefined) return;
  const season = fitSeason(past.frame, first);
  const some = sampleOf(past.frame, season, sampled);
  const band = bandBefore(some.frame, demandLevels(some.frame, some.season), first, weekDays, seed);
  if (band === null) return;
  for (const { from, frame, levels } of eachBlock(past, season)) {
    const made = starts.map((origin) => forecastLevelSeason(band, frame, levels, origin, weekDays));
    for (const part of made) keepSane(part, frame);
    yield { from, weeks: made };
  }
}
