/**
 * A model of the usual size for the benches, and what a shop's night asks of it: a made-up shop's own features, block by
 * block as till/forecast/blocks.ts cuts them. Rule kept: shape and size are those of a model that ships (trees a forest,
 * nets' width); only how long it learnt is less, since a step more changes no time of a run.
 */
import { makeShopFrame } from '#ml/cold/made-shop.ts';
import { withIndianDays } from '#ml/calendar/indian-days.ts';
import { demandFeatures } from '#ml/features/demand-features.ts';
import { cutAt } from '#ml/frame/series-frame.ts';
import type { NetsSettings } from '#ml/nn/demand-nets.ts';
import { netChoices } from '#ml/nn/net-settings.ts';
import { shopRatio } from '#ml/nn/net-windows.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { modelThreads } from '#ml/onnx/runtime.ts';
import { seeded } from '#ml/random.ts';
import { type DemandInputs, demandInputs } from '#ml/registry/packed-demand.ts';
import { fitMembers } from '#ml/train/members.ts';
import { blocksOf } from '#till/forecast/blocks.ts';

export type BenchModelSize = {
  readonly items: number;
  readonly days: number;
  /** Rows that the trees are grown from. */
  readonly trainRows: number;
  readonly hasNets: boolean;
};
export type BenchModel = {
  readonly bytes: Uint8Array;
  /** A shop's night. */
  readonly blocks: readonly DemandInputs[];
  /** The same with each feature shuffled among the shop's rows: no two rows are alike, which no shop's are. */
  readonly shuffled: readonly DemandInputs[];
  /** One item. */
  readonly few: DemandInputs;
};
const horizon = 14;

/** The nets that are trained where nothing else is said, for some steps only. */
export const benchNets: readonly NetsSettings[] = (netChoices['dense'] ?? []).map((dense) => ({
  ...dense,
  windows: 2_000,
  training: { ...dense.training, steps: 20, checkEvery: 10 },
  finish: { ...dense.finish, steps: 5 },
}));

function shuffled(blocks: readonly DemandInputs[]): readonly DemandInputs[] {
  const width = (blocks[0]?.features.length ?? 0) / Math.max(1, blocks[0]?.rows ?? 0);
  const rows = blocks.flatMap((block, at) => Array.from({ length: block.rows }, (_, row) => ({ at, row })));
  const made = blocks.map((block) => ({ ...block, features: block.features.slice() }));
  const random = seeded(5);
  for (let j = 0; j < width; j += 1) {
    for (const { at, row } of rows) {
      const from = rows[Math.floor(random() * rows.length)] ?? { at, row };
      const value = blocks[from.at]?.features[from.row * width + j] ?? Number.NaN;
      const to = made[at]?.features;
      if (to !== undefined) to[row * width + j] = value;
    }
  }
  return made;
}

export async function makeBenchModel({ items, days, trainRows, hasNets }: BenchModelSize): Promise<BenchModel> {
  const frame = withIndianDays(makeShopFrame(1, items, days + horizon), '27');
  const known = cutAt(frame, days);
  const nets = hasNets ? benchNets : [];
  const members = await fitMembers(
    known,
    days,
    { horizon, seed: 1, threads: modelThreads(), maxRows: trainRows, nets },
    () => undefined,
  );
  if (members.boosted.length === 0 || members.nets.length !== nets.length)
    throw new Error('this made-up shop sold too little to make a model of');
  const count = 1 + members.boosted.length + nets.length;
  const even = Array.from({ length: count }, () => 1 / count);
  const weights = { p10: even, p50: even, p90: even, mean: even };
  const bytes = demandOnnx(members.boosted, weights, members.featureNames.length, {}, members.nets);
  const lookBacks = members.nets.map(({ shape }) => shape.steps);
  const names = { featureNames: members.featureNames, levels: null, band: members.band, lookBacks };
  const shop = shopRatio(known, (i, t) => Math.exp(members.season.log[i * known.days + t] ?? 0));
  const blocks: DemandInputs[] = [];
  for (const block of blocksOf(known, members.season)) {
    const features = demandFeatures(block.frame, block.season);
    blocks.push(demandInputs(names, { ...block, features, shop }, days, horizon));
  }
  const [first] = blocks;
  if (first === undefined) throw new RangeError('a shop without items');
  const width = members.featureNames.length;
  const few: DemandInputs = {
    rows: horizon,
    horizon,
    features: first.features.slice(0, horizon * width),
    plain: first.plain.slice(0, horizon * 4),
    scale: first.scale.slice(0, horizon),
    pasts: first.pasts.map((past) => past.slice(0, (past.length * horizon) / first.rows)),
  };
  return { bytes, blocks, shuffled: shuffled(blocks), few };
}
