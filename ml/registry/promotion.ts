/**
 * Whether a model that came may take the place of the one that runs, by what both forecast of this shop's own last
 * weeks. Rule kept: pure: two tables of scores of the same items and windows in, a verdict with its figures out; a model
 * is never judged on days that it was trained on. Paired bootstrap over item × window: Efron & Tibshirani 1993, ch. 16;
 * weighted quantile loss, coverage and bias as in evaluate/metrics.ts.
 */
import { figuresOf, type WindowScore } from '../evaluate/metrics.ts';
import { seeded } from '../random.ts';
import type { Segment } from './segments.ts';

export type PromotionCase = {
  readonly challenger: readonly WindowScore[];
  /** Of the model that runs, or of the rung that forecasts while none does. */
  readonly incumbent: readonly WindowScore[];
  /** [series] */
  readonly segments: readonly Segment[];
  /** How long the model runs; null: none does, a plain rung forecasts. */
  readonly incumbentAgeDays: number | null;
  /** For all items and days of the horizon. */
  readonly inferenceMs: number;
  readonly budgetMs: number;
  /** It ran beside the other for its seven days already: this is its second and last judgement. */
  readonly isSecond: boolean;
  readonly seed: number;
};
export type PromotionRule = 'windows' | 'loss' | 'coverage' | 'bias' | 'segment' | 'time';
export type PromotionFigures = {
  readonly origins: number;
  readonly wql: number;
  readonly incumbentWql: number;
  /** Bootstrap share in which the challenger loses less. */
  readonly better: number;
  readonly coverage: number;
  readonly bias: number;
  readonly incumbentBias: number;
  readonly worstSegment: { readonly segment: Segment; readonly ratio: number } | null;
  readonly inferenceMs: number;
};
export type PromotionVerdict = {
  /** `shadow`: it runs beside the other for seven days and is judged once more. */
  readonly outcome: 'promote' | 'shadow' | 'reject';
  /** Rules that are not met, in the order of the list; none where it is promoted. */
  readonly failed: readonly PromotionRule[];
  readonly figures: PromotionFigures;
};

const leastOrigins = 3;
const betterRatio = 0.995;
const sureOf = 0.8;
const asGoodRatio = 1.01;
const oldDays = 42;
const coverageBand = [0.7, 0.9] as const;
const leastBias = 0.05;
const segmentRatio = 1.05;
/** Windows of items below which a segment's loss is luck. */
const leastOfSegment = 30;
const resamples = 1_000;

const keyOf = (score: WindowScore): string => `${score.series}/${score.origin}`;
const lossOf = ({ pinball }: WindowScore): number => pinball[0] + pinball[1] + pinball[2];

/** Share of resamples of (item, window) in which the sum of losses of the first is the smaller. */
function shareBetter(pairs: readonly (readonly [WindowScore, WindowScore])[], seed: number): number {
  const differences = Float64Array.from(pairs, ([ours, theirs]) => lossOf(ours) - lossOf(theirs));
  const random = seeded(seed);
  let better = 0;
  for (let b = 0; b < resamples; b += 1) {
    let sum = 0;
    for (let k = 0; k < differences.length; k += 1) sum += differences[Math.floor(random() * differences.length)] ?? 0;
    if (sum < 0) better += 1;
  }
  return better / resamples;
}

function worstSegmentOf(
  pairs: readonly (readonly [WindowScore, WindowScore])[],
  segments: readonly Segment[],
): PromotionFigures['worstSegment'] {
  const found = Object.entries(Object.groupBy(pairs, ([{ series }]) => segments[series] ?? 'c')).flatMap(
    ([segment, own]) => {
      const [ours, theirs] = own.reduce(([a, b], [x, y]) => [a + lossOf(x), b + lossOf(y)], [0, 0]);
      const isMeant = segment === 'a' || own.length >= leastOfSegment;
      return isMeant && theirs > 0 ? [{ segment: segment as Segment, ratio: ours / theirs }] : [];
    },
  );
  return found.toSorted((a, b) => b.ratio - a.ratio)[0] ?? null;
}

export function judgePromotion(found: PromotionCase): PromotionVerdict {
  const theirs = new Map(found.incumbent.map((score) => [keyOf(score), score]));
  const pairs = found.challenger.flatMap((score) => {
    const other = theirs.get(keyOf(score));
    return other === undefined ? [] : [[score, other] as const];
  });
  const [ours, before] = [figuresOf(pairs.map(([a]) => a)), figuresOf(pairs.map(([, b]) => b))];
  const figures: PromotionFigures = {
    origins: new Set(pairs.map(([{ origin }]) => origin)).size,
    wql: ours.wql,
    incumbentWql: before.wql,
    better: pairs.length === 0 ? 0 : shareBetter(pairs, found.seed),
    coverage: ours.coverage80_pit,
    bias: ours.bias,
    incumbentBias: before.bias,
    worstSegment: worstSegmentOf(pairs, found.segments),
    inferenceMs: found.inferenceMs,
  };
  const isBetter = figures.wql <= betterRatio * figures.incumbentWql && figures.better >= sureOf;
  const isAsGood = figures.wql <= asGoodRatio * figures.incumbentWql;
  const isOld = found.incumbentAgeDays !== null && found.incumbentAgeDays > oldDays;
  // Written as "not known to be met": a figure that is NaN meets nothing.
  const rules: readonly (readonly [PromotionRule, boolean])[] = [
    ['windows', figures.origins >= leastOrigins],
    ['loss', isBetter || (isAsGood && isOld)],
    ['coverage', figures.coverage >= coverageBand[0] && figures.coverage <= coverageBand[1]],
    ['bias', Math.abs(figures.bias) <= Math.max(leastBias, Math.abs(figures.incumbentBias))],
    ['segment', figures.worstSegment === null || figures.worstSegment.ratio <= segmentRatio],
    ['time', found.inferenceMs <= 2 * found.budgetMs],
  ];
  const failed = rules.filter(([, isMet]) => !isMet).map(([rule]) => rule);
  // Too few days to know is no fault of the model: it goes on beside the other until there are enough.
  const isUnknown = failed.includes('windows');
  const outcome = failed.length === 0 ? 'promote' : found.isSecond && !isUnknown ? 'reject' : 'shadow';
  return { outcome, failed, figures };
}

/** 5,000 items × 14 days in 1.5 s; a small shop's model may take a fifth of a second. */
export const budgetMsOf = (rows: number): number => Math.max(200, (1_500 * rows) / 70_000);

/**
 * First columns of the windows that a model is judged on: days that it was not trained on, 28 to 56 of them, in windows
 * of two weeks where there are three such, else of one. `trainedThrough`: the last column that it knows, −1: none.
 */
export function judgedWindows(
  days: number,
  trainedThrough: number,
): { readonly origins: readonly number[]; readonly horizon: number } {
  const unseen = Math.min(56, days - 1 - trainedThrough, days - leastHistory);
  const horizon = unseen >= 42 ? 14 : 7;
  const count = unseen >= 28 ? Math.floor(unseen / horizon) : 0;
  return { horizon, origins: Array.from({ length: count }, (_, w) => days - (count - w) * horizon) };
}
/** Days before the first judged one: below them no model knows the shop's level or week. */
const leastHistory = 28;
