/**
 * A model on its way through windows that are over, learning as it would have at the shop: bands from the windows before,
 * the total from what it was off by. Rule kept: the same at the shop, that judges by it, and at head office, whose own
 * forecasts begin with what it learns; nothing on or after a window's first day is read for that window.
 */
import { blend, type BlendWeights } from '../ensemble/blend.ts';
import { applyConformal, type Conformal, learnConformal } from '../ensemble/conformal.ts';
import { copyWindow, reconcile, totalAhead, type TotalErrors, totalErrors } from '../ensemble/reconcile.ts';
import { keepSane } from '../ensemble/sane.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import type { TotalForecast } from '../models/total-level.ts';
import { agreeWithTotal, finishForecast, type Finishing, type ShopView } from './packed-demand.ts';

/** What a shop has learnt of a model; null: the model's own bands, and its own word alone. */
export type Learnt = {
  readonly conformal: Conformal | null;
  readonly weights: BlendWeights | null;
  readonly totals: readonly TotalErrors[];
};

export type Runner = {
  /** `own`: with bands, without what few days say beside it, as drift is watched. `shown`: as people would see it. */
  readonly forecast: (view: ShopView, raw: Forecasts) => { readonly own: Forecasts; readonly shown: () => Forecasts };
  readonly seen: () => Omit<Learnt, 'weights'>;
};
export function makeRunner(frame: SeriesFrame, manifest: Finishing): Runner {
  const agreed: Forecasts[] = [];
  let last: { readonly raw: Forecasts; readonly total: TotalForecast } | null = null;
  let totals: readonly TotalErrors[] = [];
  /** The window before is over at `origin`. */
  const learn = (origin: number): Conformal | null => {
    const known = cutAt(frame, origin);
    const errors = last === null ? null : totalErrors(known, last.raw, last.total);
    if (errors !== null) totals = [...totals, errors];
    last = null;
    return agreed.length === 0 ? null : learnConformal(known, agreed);
  };
  return {
    forecast: (view, raw) => {
      const conformal = learn(view.origin) ?? manifest.conformal;
      const total = totalAhead(view.frame, view.season, raw.origin, raw.horizon);
      const made = reconcile(totals, raw, total);
      // Before bands; `made` itself gets them.
      const bare = copyWindow(made);
      agreed.push(bare);
      last = { raw, total };
      applyConformal(conformal, made);
      keepSane(made, view.frame);
      return { own: made, shown: () => finishForecast(manifest, conformal, view, copyWindow(bare)) };
    },
    seen: () => ({ conformal: learn(frame.days), totals }),
  };
}

/** A model's raw word, and the plain one beside it, as the forecast that people see: blend, total, bands, last look. */
export function settleForecast(
  manifest: Finishing,
  { weights, totals, conformal }: Learnt,
  view: ShopView,
  { raw, plain }: { readonly raw: Forecasts; readonly plain: Forecasts },
): Forecasts {
  const mixed = weights === null ? raw : blend([plain, raw], weights);
  return finishForecast(manifest, conformal, view, agreeWithTotal(totals, view, mixed));
}
