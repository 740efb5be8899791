/**
 * The days that are over since last night, held against what was forecast for them, and what is done about it. Rule kept:
 * bands are set anew every night from forecasts kept before those days; the blend only where drift asks; going back and
 * asking for a new model are the till's to do.
 */
import { blend } from '#ml/ensemble/blend.ts';
import { applyConformal } from '#ml/ensemble/conformal.ts';
import { reconcile } from '#ml/ensemble/reconcile.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { type DriftAction, type DriftAlarm, nextAction, watchDay } from '#ml/registry/drift.ts';
import type { ModelManifest } from '#ml/registry/manifest.ts';
import { driftDayOf, type KeptWindow, learnTuning, stabilityOf, type WatchedInputs } from '#ml/registry/shop-tuning.ts';
import type { ShopState } from './shop-state.ts';

export type DriftReport = { readonly alarms: readonly DriftAlarm[]; readonly action: DriftAction | null };

type Follow = {
  readonly frame: SeriesFrame;
  readonly origin: number;
  readonly before: ShopState;
  readonly manifest: ModelManifest;
  readonly inputs: WatchedInputs;
  readonly canRollBack: boolean;
};

/** A kept forecast as it would be finished today, in the rows of today's frame. */
function finishedOn(frame: SeriesFrame, kept: KeptWindow, state: ShopState, manifest: ModelManifest): Forecasts {
  const both = state.weights === null ? kept.model : blend([kept.plain, kept.model], state.weights);
  const mixed = reconcile(state.totals, both, kept.total);
  const rowOf = new Map(kept.names.map((name, i) => [name, i]));
  const made = emptyForecasts(frame.names.length, kept.days, kept.firstDay - frame.firstDay);
  for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
    for (const [i, name] of frame.names.entries()) {
      const row = rowOf.get(name);
      for (let h = 0; h < kept.days; h += 1)
        made[head][i * kept.days + h] = row === undefined ? Number.NaN : (mixed[head][row * kept.days + h] ?? 0);
    }
  const unknown = made.p50.map((value) => (Number.isNaN(value) ? 1 : 0));
  applyConformal(state.conformal ?? manifest.conformal, made);
  for (const [k, is] of unknown.entries()) if (is === 1) made.p50[k] = Number.NaN;
  return made;
}

export function followDrift({ frame, origin, before, manifest, inputs, canRollBack }: Follow): {
  readonly state: ShopState;
  readonly report: DriftReport | null;
} {
  const { baseline } = before;
  let { drift } = before;
  let alarms: readonly DriftAlarm[] = [];
  let isWatched = false;
  if (baseline !== null) {
    for (let day = Math.max(0, before.watchedThrough + 1 - frame.firstDay); day < origin; day += 1) {
      const kept = before.windows.findLast(
        (one) => frame.firstDay + day >= one.firstDay && frame.firstDay + day < one.firstDay + one.days,
      );
      if (kept === undefined) continue;
      // What is told to the model is looked at once a night, not for each day that was missed.
      const psi = day === origin - 1 ? stabilityOf(baseline.bins, inputs) : null;
      const made = finishedOn(frame, kept, before, manifest);
      const today = driftDayOf(frame, made, day, inputs.nullShare, psi);
      if (today === null) continue;
      ({ state: drift, alarms } = watchDay(drift, baseline, today));
      isWatched = true;
    }
  }
  const today = frame.firstDay + origin - 1;
  const next = isWatched ? nextAction(drift, alarms, today, canRollBack) : { action: null, state: drift };
  const learnt = learnTuning(frame, before.windows, before.weights, next.action === 'reweigh');
  const state: ShopState = {
    ...before,
    conformal: learnt?.conformal ?? before.conformal,
    weights: learnt === null ? before.weights : learnt.weights,
    totals: learnt?.totals ?? before.totals,
    drift: next.state,
    alarms,
    watchedThrough: Math.max(before.watchedThrough, today),
  };
  return { state, report: isWatched ? { alarms, action: next.action } : null };
}
