/**
 * The windows that a chain's model is weighed on: what its members said of them, learnt from the days before. Rule kept:
 * each store's rows are made to agree with its own total, as its tills do it; what nobody had seen sets weights and bands.
 */
import { reconcile, totalAhead, type TotalErrors, totalErrors } from '#ml/ensemble/reconcile.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { forecastByRule, naiveRules } from '#ml/models/naive.ts';
import type { TotalForecast } from '#ml/models/total-level.ts';
import { type Segment, segmentsOf } from '#ml/registry/segments.ts';
import { fitMembers, forecastMembers, type Hooks, netsAlone, type StoreSource } from './fit-members.ts';
import { joinForecasts, joinFrames } from './join-stores.ts';
import { type FeatureWords, viewStore } from './store-features.ts';
import type { ForecastSettings } from './step.ts';

const validationWindows = 4;

export type HeldBack = {
  /** [window][member], all stores below each other. */
  readonly made: readonly (readonly Forecasts[])[];
  readonly frame: SeriesFrame;
  /** Each store by itself: its units of the windows, its rows there, the total's own forecast of each window. */
  readonly stores: readonly { readonly frame: SeriesFrame; readonly totals: readonly TotalForecast[] }[];
  readonly naive: Readonly<Record<string, readonly Forecasts[]>>;
  readonly segments: readonly Segment[];
  readonly nets: number;
};

export async function holdBack(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
): Promise<HeldBack> {
  const { horizon } = settings;
  const windows = Math.max(0, Math.min(validationWindows, Math.floor((origin - 42) / horizon) - 1));
  const before = origin - windows * horizon;
  if (windows === 0) return { made: [], frame: joinFrames([], 0, 0), stores: [], naive: {}, segments: [], nets: 0 };
  const members = await fitMembers(sources, before, words, settings, hooks);
  const running = members.nets.map((nets) => netsAlone(nets, words.names.length));
  const made: Forecasts[][][] = Array.from({ length: windows }, () => []);
  const stores: { readonly frame: SeriesFrame; readonly totals: readonly TotalForecast[] }[] = [];
  const segments: Segment[] = [];
  const rules = Object.entries(naiveRules).map(([name, rule]) => ({
    name,
    rule,
    parts: Array.from({ length: windows }, (): Forecasts[] => []),
  }));
  try {
    for (const source of sources) {
      hooks.signal.throwIfAborted();
      const whole = await source.read();
      // Trees are of days before the windows, levels of days before each; as when it was used then.
      const view = viewStore(whole, origin, words, source.cluster, before);
      segments.push(...segmentsOf(whole, before));
      const totals: TotalForecast[] = [];
      for (let w = 0; w < windows; w += 1) {
        const start = before + w * horizon;
        for (const { rule, parts } of rules) parts[w]?.push(forecastByRule(rule, whole, start, horizon));
        const own = await forecastMembers(members, running, view, start, horizon);
        for (const [m, forecasts] of own.entries()) (made[w] ??= [])[m] = [...(made[w]?.[m] ?? []), forecasts];
        totals.push(totalAhead(view.frame, view.season, start, horizon));
      }
      stores.push({ frame: joinFrames([whole], before, origin), totals });
    }
  } finally {
    for (const graph of running) await graph.close();
  }
  const frame = joinFrames(
    stores.map((store) => store.frame),
    0,
    origin - before,
  );
  const atWindow = (parts: readonly Forecasts[], w: number): Forecasts => joinForecasts(parts, horizon, w * horizon);
  return {
    made: made.map((window, w) => window.map((parts) => atWindow(parts, w))),
    frame,
    stores,
    naive: Object.fromEntries(rules.map(({ name, parts }) => [name, parts.map(atWindow)])),
    segments,
    nets: members.nets.length,
  };
}

/** Each store's rows of a window made to agree with its own total, by the windows before; as its tills do. */
export function reconciled(
  stores: HeldBack['stores'],
  windows: readonly Forecasts[],
  horizon: number,
): readonly Forecasts[] {
  const errors: TotalErrors[][] = stores.map(() => []);
  return windows.map((window, w) => {
    let from = 0;
    const parts = stores.map(({ frame, totals }, s) => {
      const series = frame.names.length;
      const cut = (values: Float64Array): Float64Array => values.slice(from * horizon, (from + series) * horizon);
      const { p10, p50, p90, mean } = window;
      const own = { ...window, series, p10: cut(p10), p50: cut(p50), p90: cut(p90), mean: cut(mean) };
      from += series;
      const total = totals[w];
      if (total === undefined) return own;
      const made = reconcile(errors[s] ?? [], own, total);
      const found = totalErrors(frame, own, total);
      if (found !== null) errors[s]?.push(found);
      return made;
    });
    return joinForecasts(parts, horizon, window.origin);
  });
}
