/**
 * From single readings to "it stands still". Rule kept: where the scale says stable or moving it is believed;
 * where it doesn't, readings must be equal, enough of them, over long enough. Pure: the time is handed in.
 */
import type { Milli } from '#core/quantity.ts';
import type { ScaleHeard } from './port.ts';

/** For scales that never say "stable". Both must hold. */
export type SettleRule = { readonly equalReadings: number; readonly overMs: number };
export const settleRule: SettleRule = { equalReadings: 3, overMs: 120 };

/** Equal readings in a row: their weight, how many, and since when. */
export type Run = { readonly milli: Milli; readonly count: number; readonly sinceMs: number };

export type Settled =
  | { readonly kind: 'stable' | 'moving'; readonly milli: Milli }
  | { readonly kind: 'moving' | 'negative' | 'overload' | 'underload'; readonly milli: null };

export type SettleStep = { readonly run: Run | null; readonly now: Settled };

export function stepSettle(run: Run | null, heard: ScaleHeard, nowMs: number, rule: SettleRule): SettleStep {
  if (heard.kind !== 'weight') return { run: null, now: { kind: heard.kind, milli: null } };
  const { milli, isStable } = heard;
  if (isStable !== null) return { run: null, now: { kind: isStable ? 'stable' : 'moving', milli } };
  const next: Run =
    run !== null && run.milli === milli ? { ...run, count: run.count + 1 } : { milli, count: 1, sinceMs: nowMs };
  const isStill = next.count >= rule.equalReadings && nowMs - next.sinceMs >= rule.overMs;
  return { run: next, now: { kind: isStill ? 'stable' : 'moving', milli } };
}
