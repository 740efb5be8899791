/**
 * Some series of a frame, as a frame of their own. Rule kept: days, calendar and the order asked for stay; what was
 * learnt of the season from all series is taken along, not learnt again from few.
 */
import type { Prices, SeriesFrame } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';

function takeRows<T extends Float64Array | Float32Array>(
  from: Prices,
  rows: readonly number[],
  days: number,
  to: T,
): T {
  for (const [at, i] of rows.entries()) to.set(from.subarray(i * days, (i + 1) * days), at * days);
  return to;
}

export function takeSeries(frame: SeriesFrame, rows: readonly number[]): SeriesFrame {
  const { days } = frame;
  const some = (from: Prices): Float64Array => takeRows(from, rows, days, new Float64Array(rows.length * days));
  return {
    ...frame,
    names: rows.map((i) => frame.names[i] ?? ''),
    groupings: frame.groupings.map((grouping) => ({
      ...grouping,
      codes: Int32Array.from(rows, (i) => grouping.codes[i] ?? 0),
    })),
    units: some(frame.units),
    price: frame.price === null ? null : some(frame.price),
    starts: Int32Array.from(rows, (i) => frame.starts[i] ?? days),
    ...(frame.known && {
      known: frame.known.map(({ name, values }) => ({
        name,
        values: takeRows(values, rows, days, new Float64Array(rows.length * days)),
      })),
    }),
  };
}

/** What groups of series do stays that of all of them; which group a series is in goes with it. */
export function takeSeason(season: SeasonFactors, rows: readonly number[], days: number): SeasonFactors {
  const some = (from: Float32Array): Float32Array => takeRows(from, rows, days, new Float32Array(rows.length * days));
  return {
    ...season,
    log: some(season.log),
    groups: season.groups.map(({ grouping, ...group }) => ({
      ...group,
      grouping: { ...grouping, codes: Int32Array.from(rows, (i) => grouping.codes[i] ?? 0) },
    })),
    paydays:
      season.paydays === null
        ? null
        : {
            columns: season.paydays.columns,
            own: takeRows(
              season.paydays.own,
              rows,
              season.paydays.columns.length,
              new Float32Array(rows.length * season.paydays.columns.length),
            ),
          },
    festivals:
      season.festivals === null
        ? null
        : {
            effects: season.festivals.effects,
            groups: Int32Array.from(rows, (i) => season.festivals?.groups[i] ?? 0),
            own: Int32Array.from(rows, (i) => season.festivals?.own[i] ?? 0),
          },
  };
}
