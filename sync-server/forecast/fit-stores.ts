/**
 * One demand model over all stores of an organisation. Rule kept: each store's rows are scaled by its own levels and
 * weigh, store by store, as many rows as it has items (ml.md, per-store target scaling); one store is in memory at a
 * time; the same frames and seed give the same model, to the bit.
 */
import { blend, type BlendWeights, learnBlend } from '#ml/ensemble/blend.ts';
import { type Conformal, learnConformal } from '#ml/ensemble/conformal.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import type { Segment } from '#ml/registry/segments.ts';
import { fitMembers, type Hooks, type Members, type StoreSource } from './fit-members.ts';
import { holdBack, reconciled } from './hold-back.ts';
import type { FeatureWords } from './store-features.ts';
import type { ForecastSettings } from './step.ts';

export type StoresModel = {
  readonly members: Members;
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  /** The windows that were held back: all stores' series below each other, and their units alone. */
  readonly windows: readonly Forecasts[];
  readonly windowFrame: SeriesFrame;
  /** The same windows by each plain rule. */
  readonly naive: Readonly<Record<string, readonly Forecasts[]>>;
  /** [series of the windows] */
  readonly segments: readonly Segment[];
};

/** `origin`: the first column that nothing is known of. */
export async function fitStores(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
): Promise<StoresModel> {
  // Twice the same work: once without the last windows, to weigh and to set the bands by them.
  const half = (from: number): Hooks => ({
    ...hooks,
    tell: ({ done, of }) => hooks.tell({ done: from * of + done, of: 2 * of }),
  });
  const held = await holdBack(sources, origin, words, settings, half(0));
  // Nets that could not be weighed are not asked for.
  const wanted = held.nets === settings.nets.length ? settings.nets : [];
  const members = await fitMembers(sources, origin, words, settings, half(1), wanted);
  const count = 1 + members.boosted.length + members.nets.length;
  const even = Array.from({ length: count }, () => 1 / count);
  const learnt = held.made.length > 0 && held.made[0]?.length === count ? learnBlend(held.frame, held.made) : null;
  const weights = learnt ?? { p10: even, p50: even, p90: even, mean: even };
  const blended = learnt === null ? [] : held.made.map((window) => blend(window, learnt));
  const windows = reconciled(held.stores, blended, settings.horizon);
  const { frame: windowFrame, naive, segments } = held;
  const conformal = learnConformal(windowFrame, windows);
  return { members, weights, conformal, windows, windowFrame, naive, segments };
}
