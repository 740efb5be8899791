/**
 * A model that came, held against the one that runs on the shop's own last weeks. Rule kept: both see the same days and
 * learn their bands from the windows that are over, as they would have at the shop; neither is judged on days that the
 * new one was trained on; the verdict is ml/registry/promotion.ts's.
 */
import { dayOf } from '#ml/calendar/days.ts';
import { forecastLevelSeason } from '#ml/models/level-season.ts';
import { applyConformal, type Conformal, learnConformal } from '#ml/ensemble/conformal.ts';
import { keepSane } from '#ml/ensemble/sane.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { scoreWindow } from '#ml/evaluate/metrics.ts';
import { cutAt, type SeriesFrame, seriesCount } from '#ml/frame/series-frame.ts';
import {
  type DemandInputs,
  demandInputs,
  forecastPackedRaw,
  inputNamesOf,
  type ShopView,
  viewShop,
} from '#ml/registry/packed-demand.ts';
import { budgetMsOf, judgedWindows, judgePromotion, type PromotionVerdict } from '#ml/registry/promotion.ts';
import { segmentsOf } from '#ml/registry/segments.ts';
import { baselineOf, keepWindow, type KeptWindow, keptWindows, watchInputs } from '#ml/registry/shop-tuning.ts';
import type { OpenModel } from './open-model.ts';
import { firstShopState, type ShopState } from './shop-state.ts';

/** What forecasts where no model does. */
export type PlainRung = (view: ShopView, horizon: number) => Forecasts;

export type JudgeDeps = {
  readonly frame: SeriesFrame;
  /** Columns that are known; what is behind them are days to come. */
  readonly origin: number;
  readonly challenger: OpenModel;
  readonly incumbent: OpenModel | null;
  readonly incumbentAgeDays: number | null;
  readonly plain: PlainRung;
  readonly isSecond: boolean;
  readonly nowMs: () => number;
  readonly say: (done: number, total: number) => void;
};

/** A copy with bands on it. */
function finished(raw: Forecasts, conformal: Conformal, view: ShopView): Forecasts {
  const { p10, p50, p90, mean } = raw;
  const made = { ...raw, p10: p10.slice(), p50: p50.slice(), p90: p90.slice(), mean: mean.slice() };
  applyConformal(conformal, made);
  keepSane(made, view.frame);
  return made;
}

const noInputs: DemandInputs = {
  rows: 0,
  features: new Float32Array(),
  plain: new Float32Array(),
  scale: new Float32Array(),
};

/** Throws a ModelFault of the challenger; where the incumbent fails, it is the plain rung that it is held against. */
export async function judgeChallenger(deps: JudgeDeps): Promise<{
  readonly verdict: PromotionVerdict;
  /** To begin with, where it is promoted. */
  readonly state: ShopState;
}> {
  const { frame, origin, challenger, incumbent } = deps;
  const { manifest } = challenger;
  const trainedThrough = (dayOf(manifest.trainWindow.to) ?? frame.firstDay) - frame.firstDay;
  const { origins, horizon } = judgedWindows(origin, trainedThrough);
  const [raws, theirRaws, ours, theirs]: [Forecasts[], Forecasts[], Forecasts[], Forecasts[]] = [[], [], [], []];
  const kept: KeptWindow[] = [];
  const names = inputNamesOf(manifest);
  let [tookMs, watched] = [0, watchInputs([], [], noInputs)];
  for (const [at, start] of origins.entries()) {
    deps.say(at, origins.length);
    const view = viewShop(frame, start);
    const known = cutAt(frame, start);
    const learnt = (seen: readonly Forecasts[]): Conformal | null => (seen.length === 0 ? null : learnConformal(known, seen));
    const before = deps.nowMs();
    const raw = await forecastPackedRaw(manifest, challenger.running, view, horizon);
    tookMs = Math.max(tookMs, deps.nowMs() - before);
    ours.push(finished(raw, learnt(raws) ?? manifest.conformal, view));
    raws.push(raw);
    kept.push(keepWindow(view.frame, raw, forecastLevelSeason(names.band, view.frame, view.features, start, horizon)));
    if (incumbent === null) theirs.push(deps.plain(view, horizon));
    else {
      const other = await forecastPackedRaw(incumbent.manifest, incumbent.running, view, horizon);
      theirs.push(finished(other, learnt(theirRaws) ?? incumbent.manifest.conformal, view));
      theirRaws.push(other);
    }
    if (at === origins.length - 1) {
      watched = watchInputs(names.featureNames, manifest.watched, demandInputs(names, view, horizon));
    }
  }
  deps.say(origins.length, origins.length);
  const known = cutAt(frame, origin);
  const verdict = judgePromotion({
    challenger: ours.flatMap((made) => scoreWindow(known, made)),
    incumbent: theirs.flatMap((made) => scoreWindow(known, made)),
    segments: segmentsOf(known, origins[0] ?? origin),
    incumbentAgeDays: deps.incumbentAgeDays,
    inferenceMs: tookMs,
    budgetMs: budgetMsOf(seriesCount(frame) * horizon),
    isSecond: deps.isSecond,
    seed: manifest.seed,
  });
  const state: ShopState = {
    ...firstShopState,
    conformal: raws.length === 0 ? null : learnConformal(known, raws),
    baseline: raws.length === 0 ? null : baselineOf(known, ours, watched, frame.firstDay + origin),
    watchedThrough: frame.firstDay + origin - 1,
    windows: kept.slice(-keptWindows),
  };
  return { verdict, state };
}
