/**
 * What forecasts an item where no trained model does: the seed model and the classical models in the blend that was best
 * on this shop's own last weeks, below it weekday means, what items like it sell, and a rule (ml/ladder). Rule kept: made
 * for a block of items at a time; what was chosen is chosen once, from a sample, when the first item asks; a rung that
 * can't be had costs that rung and is told.
 */
import {
  chooseClassical,
  type ClassicalChoice,
  competesFor,
  forecastChosen,
  leastWeight,
  weightsOfSegment,
} from '#ml/classical/choose.ts';
import { segmentsOf } from '#ml/classical/states.ts';
import { takeSeason, takeSeries } from '#ml/classical/take-series.ts';
import { forecastCold } from '#ml/cold/cold-start.ts';
import { seedCompetitor } from '#ml/cold/seed-model.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { descend, type Fall, type LadderReason, type LadderSource, type Step } from '#ml/ladder/ladder.ts';
import { ruleStep, weekdayStep } from '#ml/ladder/plain-steps.ts';
import type { SeasonFactors } from '#ml/models/season.ts';
import type { ViewBlock } from '#ml/registry/packed-demand.ts';

/** The whole shop as it is known before `origin`. */
export type RungShop = {
  readonly frame: SeriesFrame;
  readonly season: SeasonFactors;
  readonly origin: number;
  readonly horizon: number;
  /** Whether row i is counted in whole pieces. */
  readonly isCounted: (i: number) => boolean;
};
/** What was found best, once, for the shop; it holds for later days too. */
export type RungChoice = {
  readonly hasSeed: boolean;
  /** Throws what made it impossible, each time it is asked. */
  readonly blend: (shop: RungShop, isCounted: boolean, hasSeed: boolean) => ChosenBlend;
};
type ChosenBlend = { readonly choice: ClassicalChoice; readonly more: Parameters<typeof forecastChosen>[4] };

/** A block that is to be forecast. */
type Asking = ViewBlock & {
  /** Its level × season forecast; null: there is no band for one. */
  readonly plain: () => Forecasts | null;
};

export type Standing<R extends string> = {
  readonly forecasts: Forecasts;
  readonly source: readonly LadderSource[];
  readonly reason: readonly (R | LadderReason)[];
  readonly falls: readonly Fall[];
};

/** So many items speak for all where the blend is chosen. */
const sampled = 600;
/** Of one kind (counted, weighed) fewer say too little: they go by what was chosen for the other. */
const leastOfKind = 24;
/** Known days of its own that an item needs before the classical models compete for it (ml/classical/states.ts). */
export const ownDays = 28;
/** With a model it needs fewer: the model has learnt from all items. */
const modelDays = 14;
const mostDonors = 300;
const heads = ['p10', 'p50', 'p90', 'mean'] as const;

/** The answer or the trouble of the first time, for ever. */
function once<T>(work: () => T): () => T {
  let found: { readonly value: T } | { readonly thrown: unknown } | null = null;
  return () => {
    if (found === null) {
      try {
        found = { value: work() };
      } catch (thrown) {
        found = { thrown };
      }
    }
    if ('thrown' in found) throw found.thrown;
    return found.value;
  };
}

/** `seedFile`: the model that ships; null: it is not there. Nothing is read or chosen before it is needed. */
export function chooseOnce(seedFile: Uint8Array | null): RungChoice {
  const seed = once(() => seedCompetitor(seedFile ?? new Uint8Array()));
  const made = new Map<string, () => ChosenBlend>();
  const choose = (shop: RungShop, isCounted: boolean, hasSeed: boolean): ChosenBlend => {
    const rows = rowsOfKind(shop, isCounted);
    const others = rowsOfKind(shop, !isCounted);
    if (rows.length < leastOfKind && others.length > rows.length) return blend(shop, !isCounted, hasSeed);
    const more = hasSeed ? seed() : {};
    const few = takeSeries(shop.frame, evenly(rows, sampleOf(rows.length, others.length)));
    return { choice: chooseClassical(few, shop.origin, shop.horizon, more), more };
  };
  // Asked of each item: what it takes to answer is done the first time.
  const blend = (shop: RungShop, isCounted: boolean, hasSeed: boolean): ChosenBlend => {
    const key = `${isCounted} ${hasSeed}`;
    const known = made.get(key) ?? once(() => choose(shop, isCounted, hasSeed));
    made.set(key, known);
    return known();
  };
  return { hasSeed: seedFile !== null, blend };
}

const rowsOfKind = ({ frame, isCounted }: RungShop, wanted: boolean): readonly number[] =>
  frame.names.flatMap((_, i) => (isCounted(i) === wanted ? [i] : []));

/** Both kinds share the sample by their numbers. */
const sampleOf = (own: number, others: number): number =>
  Math.max(leastOfKind, Math.round((sampled * own) / Math.max(1, own + (others < leastOfKind ? 0 : others))));

const evenly = (rows: readonly number[], most: number): readonly number[] => {
  const step = Math.max(1, rows.length / most);
  return Array.from({ length: Math.min(rows.length, most) }, (_, k) => rows[Math.floor(k * step)] ?? 0);
};

function putRows(to: Forecasts, rows: readonly number[], from: Forecasts, first: number): void {
  const { horizon } = to;
  for (const head of heads)
    for (const [at, i] of rows.entries())
      to[head].set(from[head].subarray((first + at) * horizon, (first + at + 1) * horizon), i * horizon);
}

/** Rows of a block, the counted ones and the others by themselves: whole pieces are a matter of the model too. */
function* byKind(shop: RungShop, block: ViewBlock, rows: readonly number[]) {
  for (const isCounted of [true, false]) {
    const some = rows.filter((i) => shop.isCounted(block.from + i) === isCounted);
    if (some.length > 0) yield { isCounted, some };
  }
}

function blendStep(shop: RungShop, choices: RungChoice, block: Asking, source: 'seedModel' | 'classical'): Step {
  return {
    source,
    leastDays: ownDays,
    forecast: (frame, origin, horizon, rows) => {
      const made = emptyForecasts(frame.names.length, horizon, origin);
      for (const { isCounted, some } of byKind(shop, block, rows)) {
        const { choice, more } = choices.blend(shop, isCounted, source === 'seedModel');
        // Nothing was seen to choose by: the one that needs no choosing, unless a short past has its own (ml/cold/few-days.ts).
        const plain = choice.windows === 0 && choice.reach === null ? block.plain() : null;
        if (plain !== null) {
          for (const i of some) putRows(made, [i], plain, i);
          continue;
        }
        const season = takeSeason(block.season, some, frame.days);
        putRows(made, some, forecastChosen(choice, takeSeries(frame, some), origin, horizon, more, season), 0);
      }
      return made;
    },
  };
}

/** What items like it sell, its own sales on top: the likes are looked for in the whole shop. */
const coldStep = (shop: RungShop, block: ViewBlock): Step => ({
  source: 'categoryRate',
  leastDays: 0,
  forecast: (frame, origin, horizon, rows) => {
    const made = emptyForecasts(frame.names.length, horizon, origin);
    for (const { isCounted, some } of byKind(shop, block, rows)) {
      const asking = new Set(some.map((i) => block.from + i));
      const isOld = (i: number): boolean => origin - (shop.frame.starts[i] ?? origin) >= ownDays && !asking.has(i);
      const donors = evenly(rowsOfKind(shop, isCounted).filter(isOld), mostDonors);
      const both = [...donors, ...asking];
      const season = takeSeason(shop.season, both, shop.frame.days);
      const found = forecastCold(takeSeries(shop.frame, both), origin, horizon, season, isCounted);
      putRows(made, some, found, donors.length);
    }
    return made;
  },
});

/**
 * One block of the shop on the best rungs that hold it. `ofModel`: what the trained model says of the block's rows; null:
 * there is none. `reason`: why the best rung there is is no better one.
 */
export function standOn<R extends string>(
  shop: RungShop,
  choices: RungChoice,
  block: Asking,
  ofModel: Forecasts | null,
  reason: R,
): Standing<R> {
  const steps: readonly Step[] = [
    ...(ofModel === null ? [] : [{ source: 'trees' as const, leastDays: modelDays, forecast: () => ofModel }]),
    ...(choices.hasSeed ? [blendStep(shop, choices, block, 'seedModel')] : []),
    blendStep(shop, choices, block, 'classical'),
    weekdayStep,
    coldStep(shop, block),
    ruleStep,
  ];
  const found = descend(steps, block.frame, shop.origin, shop.horizon, reason);
  return { ...found, source: toldSources(shop, choices, block, found.source) };
}

/** Where the seed model has no say in the blend, it is the item's own past that speaks. */
function toldSources(
  shop: RungShop,
  choices: RungChoice,
  block: ViewBlock,
  source: readonly LadderSource[],
): readonly LadderSource[] {
  if (!source.includes('seedModel')) return source;
  const segments = segmentsOf(block.frame, shop.origin);
  return source.map((one, i) => {
    const segment = segments[i];
    if (one !== 'seedModel' || segment === undefined) return one;
    const { choice, more } = choices.blend(shop, shop.isCounted(block.from + i), true);
    if (choice.reach !== null && competesFor(segment.state)) return one;
    if (choice.windows === 0) return 'classical';
    return (weightsOfSegment(choice, segment, more)['seed'] ?? 0) > leastWeight ? one : 'classical';
  });
}

/** The same of the whole shop, as a model that came is held against it. */
export function forecastLower(shop: RungShop, choices: RungChoice, blocks: Iterable<ViewBlock>): Forecasts {
  const made = emptyForecasts(shop.frame.names.length, shop.horizon, shop.origin);
  for (const block of blocks) {
    const { forecasts } = standOn(shop, choices, { ...block, plain: () => null }, null, 'noModel');
    putRows(
      made,
      Array.from({ length: forecasts.series }, (_, i) => block.from + i),
      forecasts,
      0,
    );
  }
  return made;
}
