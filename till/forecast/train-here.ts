/**
 * A shop on its own trains its own trees: weekly, after the night's forecasts are on the disk, with few threads. Rule
 * kept: the last four weeks are not learnt from, so that the new model can be held against the one that runs on days that
 * neither has seen (ml/registry/promotion.ts); a shop with too short a past trains nothing and keeps its plain rung.
 */
import { seriesCount } from '#ml/frame/series-frame.ts';
import { modelThreads } from '#ml/onnx/runtime.ts';
import { type ModelPackage, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { fitDemand } from '#ml/train/fit-demand.ts';
import type { ShopPast } from './shop-past.ts';

/** promotion.ts judges on no fewer. */
const heldBackDays = 28;
/** Before them: two months to learn from and four windows to weigh on. */
const leastDays = 98;
const leastItems = 12;
const maxRows = 120_000;
/** Forests that fitDemand grows: two sets of four, for weighing and for good. */
const forests = 16;
const dayMs = 86_400_000;
const expiresAfterDays = 180;

export const canTrain = (past: ShopPast): boolean =>
  past.days - heldBackDays >= leastDays && seriesCount(past.frame) >= leastItems;

/** null: too little was sold to grow a tree from. */
export async function trainHere(
  past: ShopPast,
  seed: number,
  nowMs: number,
  tell: (done: number, total: number) => void,
): Promise<ModelPackage | null> {
  if (!canTrain(past)) return null;
  const origin = past.days - heldBackDays;
  let grown = 0;
  tell(0, forests);
  const model = await fitDemand(
    past.frame,
    origin,
    { horizon: past.ahead, seed, threads: modelThreads(), maxRows },
    (what) => {
      if (!what.startsWith('trained')) return;
      grown += 1;
      tell(Math.min(grown, forests), forests);
    },
  );
  const made = past.lastDay.replaceAll('-', '');
  return packDemand(partsOfModel(model, past.frame, origin), {
    modelId: `own-demand-${made}`,
    version: `1.0.0+${made}`,
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + expiresAfterDays * dayMs).toISOString(),
    codeVersion: 'shop',
    parentModel: null,
    stores: 1,
  });
}
