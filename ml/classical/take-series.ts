/**
 * Some series of a frame, as a frame of their own. Rule kept: days, calendar and the order asked for stay; what was
 * learnt of the season from all series is taken along, not learnt again from few.
 */
import type { SeriesFrame } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';

function takeRows<T extends Float64Array | Float32Array>(from: T, rows: readonly number[], days: number, to: T): T {
  for (const [at, i] of rows.entries()) to.set(from.subarray(i * days, (i + 1) * days), at * days);
  return to;
}

export function takeSeries(frame: SeriesFrame, rows: readonly number[]): SeriesFrame {
  const { days } = frame;
  return {
    ...frame,
    names: rows.map((i) => frame.names[i] ?? ''),
    groupings: frame.groupings.map((grouping) => ({
      ...grouping,
      codes: Int32Array.from(rows, (i) => grouping.codes[i] ?? 0),
    })),
    units: takeRows(frame.units, rows, days, new Float64Array(rows.length * days)),
    price: frame.price === null ? null : takeRows(frame.price, rows, days, new Float64Array(rows.length * days)),
    starts: Int32Array.from(rows, (i) => frame.starts[i] ?? days),
    ...(frame.known && {
      known: frame.known.map(({ name, values }) => ({
        name,
        values: takeRows(values, rows, days, new Float64Array(rows.length * days)),
      })),
    }),
  };
}

export const takeSeason = (season: SeasonFactors, rows: readonly number[], days: number): SeasonFactors => ({
  ...season,
  log: takeRows(season.log, rows, days, new Float32Array(rows.length * days)),
  festivals: season.festivals && {
    groups: takeRows(season.festivals.groups, rows, days, new Float32Array(rows.length * days)),
    own: takeRows(season.festivals.own, rows, days, new Float32Array(rows.length * days)),
  },
});
