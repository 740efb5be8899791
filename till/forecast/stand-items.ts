/**
 * Each item of the night on the best rung that holds it: the trained model's forecast where it is fit, else what stands
 * below (lower-rungs.ts). Rule kept: a block of items at a time; each item is told
 * its own rung and why; what fell on the way is gathered for the log and the model page.
 */
import { createHash } from 'node:crypto';
import type { ForecastReason, ForecastSource } from '#contract/till-forecast.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { Fall } from '#ml/ladder/ladder.ts';
import type { LadderForecast, PassedOver } from '../models/forecast-ladder.ts';
import type { PlainRung } from '../models/judge-models.ts';
import { putBlock } from './blocks.ts';
import { chooseOnce, forecastLower, ownDays, type RungChoice, type RungShop, standOn } from './lower-rungs.ts';
import { isCountedUnit, type Rung } from './make-rows.ts';
import { eachBlock, type NightView, plainOfBlock } from './plain-night.ts';
import type { ShopPast } from './shop-past.ts';

export type Stood = {
  readonly made: Forecasts;
  /** [items] */
  readonly rungs: readonly Rung[];
  readonly falls: readonly Fall[];
};

const isCountedIn =
  ({ items }: ShopPast) =>
  (i: number): boolean =>
    isCountedUnit(items[i]?.unit ?? '');

const rowsOf = (whole: Forecasts, from: number, to: number): Forecasts => {
  const [a, b] = [from * whole.horizon, to * whole.horizon];
  return {
    ...whole,
    series: to - from,
    p10: whole.p10.subarray(a, b),
    p50: whole.p50.subarray(a, b),
    p90: whole.p90.subarray(a, b),
    mean: whole.mean.subarray(a, b),
  };
};

export function standInBlocks(
  past: ShopPast,
  view: NightView,
  ladder: Pick<LadderForecast, 'forecasts' | 'reason'>,
  seedFile: Uint8Array | null,
  tell: (done: number) => void,
): Stood {
  const made = ladder.forecasts ?? emptyForecasts(past.items.length, past.ahead, past.days);
  const shop: RungShop = {
    frame: past.frame,
    season: view.season,
    origin: past.days,
    horizon: past.ahead,
    isCounted: isCountedIn(past),
  };
  const choices = chooseOnce(seedFile);
  const [rungs, falls]: [Rung[], Fall[]] = [[], []];
  for (const block of eachBlock(past, view.season)) {
    const ofModel = ladder.forecasts === null ? null : rowsOf(ladder.forecasts, block.from, block.to);
    const asking = { ...block, plain: () => plainOfBlock(past, block, view.band) };
    const found = standOn(shop, choices, asking, ofModel, ladder.reason);
    putBlock(made, found.forecasts, block.from);
    falls.push(...found.falls);
    for (let i = block.from; i < block.to; i += 1) {
      const source = found.source[i - block.from] ?? 'rule';
      rungs.push({ source, reason: reasonOf(past, i, source, found.reason[i - block.from] ?? 'noModel') });
    }
    tell(block.to);
  }
  return { made, rungs, falls: together(falls) };
}

/** Too few days of an item that came last week are a new item's. */
function reasonOf(past: ShopPast, i: number, source: ForecastSource, reason: ForecastReason): ForecastReason {
  const age = past.days - (past.frame.starts[i] ?? past.days);
  const isBorrowed = source === 'categoryRate' || source === 'rule';
  if (age <= 0) return 'neverSold';
  return reason === 'tooFewDays' && isBorrowed && age < ownDays ? 'newItem' : reason;
}

/** One line for what fell in every block. */
function together(falls: readonly Fall[]): readonly Fall[] {
  const sums = new Map<string, Fall>();
  for (const fall of falls) {
    const key = fall.type === 'RungThrew' ? `${fall.source} ${fall.why}` : `${fall.source} ${fall.fault}`;
    const before = sums.get(key);
    const isMore = fall.type === 'RungUnfit' && before?.type === 'RungUnfit';
    sums.set(key, isMore ? { ...fall, series: fall.series + before.series } : (before ?? fall));
  }
  return [...sums.values()];
}

/** The run's own rung: of most items, and why those stand there. */
export function summaryRung({ rungs }: Stood, reason: ForecastReason): Rung {
  const counts = new Map<string, { readonly rung: Rung; items: number }>();
  for (const rung of rungs) {
    const key = `${rung.source} ${rung.reason}`;
    const found = counts.get(key) ?? { rung, items: 0 };
    counts.set(key, { ...found, items: found.items + 1 });
  }
  const most = [...counts.values()].toSorted((a, b) => b.items - a.items)[0]?.rung;
  if (most === undefined) return { source: 'rule', reason };
  // Of a shop whose items are all new: the shop itself has too few days.
  return most.reason === 'newItem' ? { ...most, reason: 'tooFewDays' } : most;
}

/** Which shipped model has a say, by its content; null: none. */
export const seedVersion = ({ rungs }: Stood, seedFile: Uint8Array | null): string | null =>
  seedFile !== null && rungs.some(({ source }) => source === 'seedModel')
    ? `seed-${createHash('sha256').update(seedFile).digest('hex').slice(0, 8)}`
    : null;

/** A seed model that can't be used is told on the model page like any model that failed. */
export const seedFailures = (falls: readonly Fall[]): readonly PassedOver[] =>
  falls.flatMap((fall) =>
    fall.type === 'RungThrew' && fall.source === 'seedModel'
      ? [{ modelId: 'seed-model', reason: 'modelFailed' as const, detail: fall.why }]
      : [],
  );

/** What a model that came is held against where none runs: the same rungs, chosen before the first day that is judged. */
export function plainRung(past: ShopPast, seedFile: Uint8Array | null): PlainRung {
  let choices: RungChoice | null = null;
  return ({ frame, season, origin, blocks }, horizon) => {
    choices ??= chooseOnce(seedFile);
    const shop: RungShop = { frame, season, origin, horizon, isCounted: isCountedIn(past) };
    return forecastLower(shop, choices, blocks(frame, season));
  };
}
