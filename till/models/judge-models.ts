/**
 * A model that came, held against the one that runs on the shop's own last weeks. Rule kept: both see the same days and
 * learn their bands from the windows that are over, as they would have at the shop; neither is judged on days that the
 * new one was trained on; the verdict is ml/registry/promotion.ts's, of what people would see from tonight on: with the
 * say that few days have tonight, which the plain rungs have too. Drift is watched of the model's own word, without it.
 */
import { dayOf } from '#ml/calendar/days.ts';
import type { RunningModel } from '#ml/onnx/runtime.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { scoreWindow } from '#ml/evaluate/metrics.ts';
import { cutAt, type SeriesFrame, seriesCount } from '#ml/frame/series-frame.ts';
import { type CutBlocks, forecastPacked, inputNamesOf, type ShopView, viewShop } from '#ml/registry/packed-demand.ts';
import { budgetMsOf, judgedWindows, judgePromotion, type PromotionVerdict } from '#ml/registry/promotion.ts';
import { makeRunner } from '#ml/registry/replay.ts';
import { segmentsOf } from '#ml/registry/segments.ts';
import { baselineOf, keepWindow, type KeptWindow, keptWindows, makeWatch } from '#ml/registry/shop-tuning.ts';
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
  readonly blocks: CutBlocks;
  /** The model that ships. */
  readonly shipped: NonNullable<ShopView['shipped']>;
  readonly isSecond: boolean;
  readonly nowMs: () => number;
  readonly say: (done: number, total: number) => void;
};

/** The same model; `spentMs`: in its runs alone. */
function timed(model: RunningModel, nowMs: () => number) {
  let spent = 0;
  const running: RunningModel = {
    ...model,
    run: async (inputs) => {
      const before = nowMs();
      const found = await model.run(inputs);
      spent += nowMs() - before;
      return found;
    },
  };
  return { running, spentMs: () => spent };
}

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
  const [ours, theirs, own]: [Forecasts[], Forecasts[], Forecasts[]] = [[], [], []];
  const runner = makeRunner(frame, manifest);
  const other = incumbent === null ? null : makeRunner(frame, incumbent.manifest);
  const kept: KeptWindow[] = [];
  const names = inputNamesOf(manifest);
  // The quickest: what else the PC did meanwhile is not the model's.
  let tookMs = Number.POSITIVE_INFINITY;
  let watched = makeWatch([], []).seen();
  for (const [at, start] of origins.entries()) {
    deps.say(at, origins.length);
    const seen = viewShop(frame, start, deps.blocks, challenger.facts);
    const view: ShopView = { ...seen, shipped: deps.shipped, today: origin };
    const watch = makeWatch(names.featureNames, manifest.watched);
    const { running, spentMs } = timed(challenger.running, deps.nowMs);
    const { raw, plain } = await forecastPacked(manifest, running, view, horizon, watch.look);
    tookMs = Math.min(tookMs, spentMs());
    watched = watch.seen();
    kept.push(keepWindow(view, raw, plain));
    const made = runner.forecast(view, raw);
    own.push(made.own);
    ours.push(made.shown());
    if (incumbent === null || other === null) theirs.push(deps.plain(view, horizon));
    else {
      const found = await forecastPacked(
        incumbent.manifest,
        incumbent.running,
        { ...view, facts: incumbent.facts },
        horizon,
      );
      theirs.push(other.forecast(view, found.raw).shown());
    }
  }
  deps.say(origins.length, origins.length);
  const known = cutAt(frame, origin);
  const verdict = judgePromotion({
    challenger: ours.flatMap((made) => scoreWindow(known, made)),
    incumbent: theirs.flatMap((made) => scoreWindow(known, made)),
    segments: segmentsOf(known, origins[0] ?? origin),
    incumbentAgeDays: deps.incumbentAgeDays,
    inferenceMs: origins.length === 0 ? 0 : tookMs,
    budgetMs: budgetMsOf(seriesCount(frame) * horizon),
    isSecond: deps.isSecond,
    seed: manifest.seed,
  });
  const isJudged = origins.length > 0;
  const state: ShopState = {
    ...firstShopState,
    ...(isJudged ? runner.seen() : {}),
    baseline: isJudged ? baselineOf(known, own, watched, frame.firstDay + origin) : null,
    watchedThrough: frame.firstDay + origin - 1,
    windows: kept.slice(-keptWindows),
  };
  return { verdict, state };
}
