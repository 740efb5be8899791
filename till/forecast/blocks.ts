/**
 * The night in blocks of items, so that its memory is bounded by a block and not by the catalogue. Rule kept: a block is a
 * view on the whole frame, nothing is copied; what was learnt from all items (season, totals of groups) goes with it.
 */
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { Grouping, SeriesFrame } from '#ml/frame/series-frame.ts';
import { makeSlab } from '#ml/frame/slab.ts';
import { type SeasonFactors, totalsOf } from '#ml/models/season.ts';
import { tidySoon } from './tidy-memory.ts';

export type Block = {
  readonly from: number;
  readonly to: number;
  readonly frame: SeriesFrame;
  readonly season: SeasonFactors;
};

const blockItems = 100;

const cut = (grouping: Grouping, from: number, to: number): Grouping => ({
  ...grouping,
  codes: grouping.codes.subarray(from, to),
});

function blockOf(frame: SeriesFrame, season: SeasonFactors, from: number, to: number): Block {
  const { days } = frame;
  const [a, b] = [from * days, to * days];
  return {
    from,
    to,
    frame: {
      names: frame.names.slice(from, to),
      groupings: frame.groupings.map((grouping) => cut(grouping, from, to)),
      firstDay: frame.firstDay,
      days,
      units: frame.units.subarray(a, b),
      price: frame.price?.subarray(a, b) ?? null,
      starts: frame.starts.subarray(from, to),
      calendar: frame.calendar,
      ...(frame.known === undefined
        ? {}
        : { known: frame.known.map(({ name, values }) => ({ name, values: values.subarray(a, b) })) }),
    },
    season: {
      ...season,
      log: season.log.subarray(a, b),
      groups: season.groups.map((group) => ({ ...group, grouping: cut(group.grouping, from, to) })),
      paydays:
        season.paydays === null
          ? null
          : {
              columns: season.paydays.columns,
              own: season.paydays.own.subarray(
                from * season.paydays.columns.length,
                to * season.paydays.columns.length,
              ),
            },
      festivals:
        season.festivals === null
          ? null
          : {
              effects: season.festivals.effects,
              groups: season.festivals.groups.subarray(from, to),
              own: season.festivals.own.subarray(from, to),
            },
    },
  };
}

/** Features of a year's course are of the shop's totals, whatever piece they are made for: `frame` is the whole shop's. */
export function withTotals(frame: SeriesFrame, season: SeasonFactors): SeasonFactors {
  if (!season.isYearly) return season;
  const groups = season.groups.map((group) => ({ ...group, shop: totalsOf(frame, group.grouping, frame.days) }));
  return { ...season, groups };
}

/** One after the other: what a block needed is free before the next one is made. */
export function* blocksOf(frame: SeriesFrame, fitted: SeasonFactors): Generator<Block> {
  const season = withTotals(frame, fitted);
  for (let from = 0; from < frame.names.length; from += blockItems) {
    if (from > 0) tidySoon();
    yield blockOf(frame, season, from, Math.min(frame.names.length, from + blockItems));
  }
}

/** Up to `most` items, evenly from the whole list, copied into a frame of their own: units and season, no more. */
export function sampleOf(
  frame: SeriesFrame,
  season: SeasonFactors,
  most: number,
): { readonly frame: SeriesFrame; readonly season: Pick<SeasonFactors, 'log'>; readonly rows: readonly number[] } {
  const n = frame.names.length;
  const step = Math.max(1, n / most);
  const rows = Array.from({ length: Math.min(n, most) }, (_, k) => Math.floor(k * step));
  const { days } = frame;
  const slab = makeSlab(12 * rows.length * days + 8);
  const [units, log] = [slab.float64(rows.length * days), slab.float32(rows.length * days)];
  for (const [at, i] of rows.entries()) {
    units.set(frame.units.subarray(i * days, (i + 1) * days), at * days);
    log.set(season.log.subarray(i * days, (i + 1) * days), at * days);
  }
  return {
    rows,
    frame: {
      names: rows.map((i) => frame.names[i] ?? ''),
      groupings: [],
      firstDay: frame.firstDay,
      days,
      units,
      price: null,
      starts: Int32Array.from(rows, (i) => frame.starts[i] ?? days),
      calendar: frame.calendar,
    },
    season: { log },
  };
}

/** A block's forecasts into the whole shop's. */
export function putBlock(whole: Forecasts, part: Forecasts, from: number): void {
  for (const head of ['p10', 'p50', 'p90', 'mean'] as const) whole[head].set(part[head], from * whole.horizon);
}
