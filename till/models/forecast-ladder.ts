/**
 * Tonight's forecast by the best model that works here, with what is to be written down of it. Rule kept: a model that is
 * missing, damaged, slow or talks nonsense costs one rung, never the forecast; each rung that was passed over is said
 * with its reason. Runs in whatever thread the night's work runs in; it writes only into the folder of models.
 *
 * Rungs here: the model that runs, those before it; below them the caller's plain ones.
 */
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import type { SeasonFactors } from '#ml/models/season.ts';
import { type CutBlocks, forecastPacked, type ShopView } from '#ml/registry/packed-demand.ts';
import { settleForecast } from '#ml/registry/replay.ts';
import { keptDays, keptWindows, keepWindow, makeWatch } from '#ml/registry/shop-tuning.ts';
import { tidyMemory } from '../forecast/tidy-memory.ts';
import { durableFiles } from './durable-files.ts';
import { followDrift, type DriftReport } from './follow-drift.ts';
import { judgeChallenger, type PlainRung } from './judge-models.ts';
import { type ModelFolder, openModelFolder, type Pointer } from './model-folder.ts';
import {
  isModelTrouble,
  openInstalled,
  type OpenModel,
  type OpenRefused,
  type OpenWords,
  reasonOf,
  type RungReason,
} from './open-model.ts';
import type { PromotionVerdict } from '#ml/registry/promotion.ts';
import { askPrices, type PriceRatios } from './price-effect.ts';
import { bytesOfState, readState, type ShopState } from './shop-state.ts';

/** Plain data: what the till tells the thread of its models (model-desk.ts makes it). */
export type ModelOrder = {
  readonly dir: string;
  /** As the rows have it; the pointer says which it is. */
  readonly running: string | null;
  /** To be judged tonight; null: none waits. */
  readonly candidate: { readonly modelId: string; readonly isSecond: boolean } | null;
  readonly runningSinceMs: number | null;
  readonly nowMs: number;
  /** The runtime's thread, where it is not the usual one. */
  readonly program: string | null;
};
export type PassedOver = { readonly modelId: string; readonly reason: RungReason; readonly detail: string };
/** Plain data: what the thread tells the till (model-desk.ts takes it). */
export type ModelReport = {
  readonly judged: { readonly modelId: string; readonly verdict: PromotionVerdict } | null;
  readonly passedOver: readonly PassedOver[];
  readonly drift: DriftReport | null;
};
export type LadderForecast = {
  /** null: no model works here, the caller's plain rung is to. */
  readonly forecasts: Forecasts | null;
  readonly modelId: string | null;
  readonly version: string | null;
  /** When it began to run. */
  readonly sinceMs: number | null;
  readonly source: 'trees' | 'plain';
  readonly reason: RungReason | 'best';
  readonly report: ModelReport;
  /** What prices that have moved do to next week, as the model sees it. */
  readonly priceRatios: PriceRatios;
};

export type LadderDeps = OpenWords & {
  readonly order: ModelOrder;
  /** Reaches `horizon` days past `origin`, the columns that are known. */
  readonly frame: SeriesFrame;
  readonly origin: number;
  readonly horizon: number;
  /** Fitted on the columns before `origin`. */
  readonly season: SeasonFactors;
  readonly blocks: CutBlocks;
  /** What the caller forecasts by where no model does. */
  readonly plain: PlainRung;
  /** The model that ships, for what few days say beside a model. */
  readonly shipped: NonNullable<ShopView['shipped']>;
  /** A clock that only measures. */
  readonly uptimeMs: () => number;
  readonly say: (stage: 'judging' | 'forecasting', done: number, total: number) => void;
};

const dayMs = 86_400_000;
const wordsOf = ({ order, program, openingMs }: LadderDeps): OpenWords => ({
  program: program ?? (order.program === null ? undefined : new URL(order.program)),
  openingMs,
});
const isOpen = (found: OpenModel | OpenRefused): found is OpenModel => 'running' in found;

async function judge(
  deps: LadderDeps,
  folder: ModelFolder,
  pointer: Pointer,
  passedOver: PassedOver[],
): Promise<{ readonly report: ModelReport['judged']; readonly state: ShopState | null }> {
  const { candidate, runningSinceMs, nowMs } = deps.order;
  if (candidate === null) return { report: null, state: null };
  const found = await openInstalled(folder, candidate.modelId, wordsOf(deps));
  if (!isOpen(found)) {
    passedOver.push({ modelId: candidate.modelId, ...found });
    return { report: null, state: null };
  }
  const before = pointer.running === null ? null : await openInstalled(folder, pointer.running, wordsOf(deps));
  const incumbent = before !== null && isOpen(before) ? before : null;
  try {
    const { verdict, state } = await judgeChallenger({
      frame: deps.frame,
      origin: deps.origin,
      challenger: found,
      incumbent,
      incumbentAgeDays: incumbent === null || runningSinceMs === null ? null : (nowMs - runningSinceMs) / dayMs,
      plain: deps.plain,
      blocks: deps.blocks,
      shipped: deps.shipped,
      isSecond: candidate.isSecond,
      nowMs: deps.uptimeMs,
      say: (done, total) => deps.say('judging', done, total),
    });
    return { report: { modelId: candidate.modelId, verdict }, state };
  } catch (error) {
    if (!isModelTrouble(error)) throw error;
    passedOver.push({ modelId: candidate.modelId, reason: reasonOf(error), detail: error.message });
    return { report: null, state: null };
  } finally {
    await found.running.close();
    await incumbent?.running.close();
  }
}

/** One model's forecast, its bands and blend as the shop has learnt them; what it learns of the day is written down. */
async function forecastWith(
  deps: LadderDeps,
  folder: ModelFolder,
  modelId: string,
  { manifest, running }: OpenModel,
  view: ShopView,
  canRollBack: boolean,
): Promise<{ readonly made: Forecasts; readonly drift: DriftReport | null; readonly priceRatios: PriceRatios }> {
  const watch = makeWatch(manifest.featureSchema.names, manifest.watched);
  const { raw, plain } = await forecastPacked(manifest, running, view, deps.horizon, watch.look);
  tidyMemory();
  const priceRatios = await askPrices(manifest, running, view, raw);
  tidyMemory();
  const before = readState(await folder.read(modelId, 'shop.json'));
  const inputs = watch.seen();
  const { state, report } = followDrift({
    frame: view.frame,
    origin: view.origin,
    before,
    manifest,
    inputs,
    canRollBack,
  });
  const newest = state.windows.at(-1);
  const isDue = newest === undefined || view.frame.firstDay + view.origin >= newest.firstDay + keptDays;
  const windows = isDue ? [...state.windows, keepWindow(view, raw, plain)].slice(-keptWindows) : state.windows;
  await folder.put(modelId, 'shop.json', bytesOfState({ ...state, windows }));
  return { made: settleForecast(manifest, state, view, { raw, plain }), drift: report, priceRatios };
}

export async function forecastByLadder(deps: LadderDeps): Promise<LadderForecast> {
  const folder = openModelFolder(deps.order.dir, durableFiles);
  const passedOver: PassedOver[] = [];
  const none = { forecasts: null, modelId: null, version: null, sinceMs: null, source: 'plain' } as const;
  let pointer: Pointer;
  try {
    pointer = await folder.pointer();
  } catch (error) {
    if (!isModelTrouble(error)) throw error;
    // Another program holds it: the shop forecasts all the same.
    const reason = 'modelFailed';
    const { running } = deps.order;
    if (running !== null) passedOver.push({ modelId: running, reason, detail: error.message });
    return { ...none, reason, report: { judged: null, passedOver, drift: null }, priceRatios: new Map() };
  }
  const { report: judged, state } = await judge(deps, folder, pointer, passedOver);
  if (state !== null && judged?.verdict.outcome === 'promote')
    await folder.put(judged.modelId, 'shop.json', bytesOfState(state));
  const { running, previous } = pointer;
  // The till makes the promotion its own when it hears of it; tonight's forecast is the better one's already.
  const promoted = judged?.verdict.outcome === 'promote' ? judged.modelId : null;
  const ids = [promoted, running, ...previous].filter((id) => id !== null);
  deps.say('forecasting', 0, 1);
  const { frame, origin, season, blocks, shipped } = deps;
  const view: ShopView = { frame, origin, season, blocks, shipped };
  for (const modelId of new Set(ids)) {
    const found = await openInstalled(folder, modelId, wordsOf(deps));
    if (!isOpen(found)) {
      passedOver.push({ modelId, ...found });
      // No model opens where there is no runtime.
      if (found.reason === 'noRuntime') break;
      continue;
    }
    try {
      const { made, drift, priceRatios } = await forecastWith(
        deps,
        folder,
        modelId,
        found,
        { ...view, facts: found.facts },
        previous.length > 0,
      );
      deps.say('forecasting', 1, 1);
      const { version } = found.manifest;
      const report = { judged, passedOver, drift };
      const sinceMs = modelId === running ? deps.order.runningSinceMs : deps.order.nowMs;
      const reason = passedOver[0]?.reason ?? 'best';
      return { forecasts: made, modelId, version, sinceMs, source: 'trees', reason, report, priceRatios };
    } catch (error) {
      if (!isModelTrouble(error)) throw error;
      passedOver.push({ modelId, reason: reasonOf(error), detail: error.message });
    } finally {
      await found.running.close();
    }
  }
  const reason = passedOver.at(-1)?.reason ?? 'noModel';
  const report = { judged, passedOver, drift: null };
  return { ...none, reason, report, priceRatios: new Map() };
}
