/**
 * A store's features under the names and codes of the whole chain. Rule kept: made from that store's own days and nothing
 * else, as its tills make them; what a store lacks (too few categories, no prices) is not known, never nil.
 */
import { type DemandFeatures, demandFeatures } from '#ml/features/demand-features.ts';
import { cutAt, type SeriesFrame } from '#ml/frame/series-frame.ts';
import { tamedFrame } from '#ml/features/tame.ts';
import { type ShopView, viewShop } from '#ml/registry/packed-demand.ts';
import { fitSeason, type SeasonFactors } from '#ml/models/season.ts';

/** A dot: a shop that does not know its group may leave it out; tills are told it with each release. */
export const clusterName = 'cluster.code';
const codeSuffix = '.code';

/** Which features a store's frame gives. */
export const namesOf = (frame: SeriesFrame): readonly string[] => [
  ...demandFeatures(frame, fitSeason(frame, frame.days)).names,
  clusterName,
];

export type StoreView = {
  readonly frame: SeriesFrame;
  readonly season: SeasonFactors;
  readonly features: DemandFeatures;
};
export type FeatureWords = {
  readonly names: readonly string[];
  readonly levels: Readonly<Record<string, readonly string[]>>;
};

/** The store as its tills see it before `origin`, with what they are told of it. */
export const shopView = (frame: SeriesFrame, origin: number, cluster: number | undefined): ShopView =>
  viewShop(frame, origin, undefined, cluster === undefined ? undefined : { [clusterName]: cluster });

/** The store as it was known before `origin`; its season as it was known before `seasonOrigin`, which is no later. */
export function viewStore(
  frame: SeriesFrame,
  origin: number,
  words: FeatureWords,
  cluster: number,
  seasonOrigin = origin,
): StoreView {
  const known = tamedFrame(cutAt(frame, origin));
  const season = fitSeason(tamedFrame(cutAt(frame, seasonOrigin)), seasonOrigin);
  const own = demandFeatures(known, season);
  const at = new Map(own.names.map((name, j) => [name, j]));
  const columns = words.names.map((name) => {
    const from = at.get(name) ?? -1;
    const grouping = frame.groupings.find((one) => `${one.name}${codeSuffix}` === name);
    const learnt = new Map(words.levels[name]?.map((level, code) => [level, code]));
    const codes = grouping?.levels.map((level) => learnt.get(level) ?? Number.NaN) ?? null;
    return { name, from, codes };
  });
  const scratch = new Float32Array(own.count);
  const write: DemandFeatures['write'] = (i, o, h, to, start) => {
    own.write(i, o, h, scratch, 0);
    for (const [j, { name, from, codes }] of columns.entries()) {
      const value = from < 0 ? Number.NaN : (scratch[from] ?? Number.NaN);
      to[start + j] = name === clusterName ? cluster : codes === null ? value : (codes[value] ?? Number.NaN);
    }
  };
  return { frame: known, season, features: { ...own, names: words.names, count: words.names.length, write } };
}
