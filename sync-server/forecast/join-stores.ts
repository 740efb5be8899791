/**
 * Stores below each other: their forecasts of one window, their frames of the same days. Rule kept: in the order given; a
 * joined frame has units and nothing else, for whoever compares.
 */
import type { heads } from '#ml/ensemble/blend.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount, startsOf } from '#ml/frame/series-frame.ts';

export const joined = (parts: readonly Float64Array[]): Float64Array => {
  const made = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
};

/** Stores' forecasts of one window below each other. */
export function joinForecasts(parts: readonly Forecasts[], horizon: number, origin: number): Forecasts {
  const made = { ...emptyForecasts(0, horizon, origin), series: parts.reduce((sum, { series }) => sum + series, 0) };
  const column = (head: (typeof heads)[number]) => joined(parts.map((part) => part[head]));
  return { ...made, p10: column('p10'), p50: column('p50'), p90: column('p90'), mean: column('mean') };
}

/** Of all stores only the columns `from` … `to` − 1; what bands and blends are learnt from. */
export function joinFrames(frames: readonly SeriesFrame[], from: number, to: number): SeriesFrame {
  const days = to - from;
  const units = joined(
    frames.flatMap((frame) =>
      Array.from({ length: seriesCount(frame) }, (_, i) =>
        frame.units.subarray(i * frame.days + from, i * frame.days + to),
      ),
    ),
  );
  return {
    names: frames.flatMap(({ names }) => names),
    groupings: [],
    firstDay: (frames[0]?.firstDay ?? 0) + from,
    days,
    units,
    price: null,
    starts: startsOf(units, Math.max(1, days)),
    calendar: null,
  };
}
