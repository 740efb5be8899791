/**
 * What a model is told of one item, one day it stands on and one day it looks at. Rule kept: nothing of units on or
 * after the day it stands on; all amounts are relative to the item's own recent level and to its usual season, so that
 * one model serves items and shops of any size (ml design: scale-free global features).
 */
import { dayOfYear, partsOf, weekdayOf } from '../calendar/days.ts';
import { type Prices, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { nearestFestival } from '../models/festival-columns.ts';
import { makeSlab } from '../frame/slab.ts';
import { type SeasonFactors, totalsOf } from '../models/season.ts';
import {
  demandLevels,
  type DemandLevels,
  meanOf,
  noSums,
  shutFactor,
  type Sums,
  sumsBytes,
  sumsOf,
} from './demand-levels.ts';
import { levelLimit, tamed } from './tame.ts';

export type DemandFeatures = DemandLevels & {
  readonly names: readonly string[];
  readonly count: number;
  /** Writes the features of (i, origin, origin + h) into `to` from `at`. */
  readonly write: (i: number, origin: number, h: number, to: Float32Array, at: number) => void;
};

/** Beside a series' sums, of the same length: of squares, and days that sold. */
type Squares = { readonly squares: Float64Array; readonly positives: Int32Array };

function squaresOf(values: Float64Array, { squares, positives }: Squares): Squares {
  for (let t = 0; t < values.length; t += 1) {
    const value = values[t] ?? Number.NaN;
    const isKnown = !Number.isNaN(value);
    squares[t + 1] = (squares[t] ?? 0) + (isKnown ? value * value : 0);
    positives[t + 1] = (positives[t] ?? 0) + (isKnown && value > 0 ? 1 : 0);
  }
  return { squares, positives };
}

function deviationOf({ sums, counts }: Sums, { squares }: Squares, from: number, to: number): number {
  const a = Math.max(0, from);
  const n = (counts[to] ?? 0) - (counts[a] ?? 0);
  if (n < 7) return Number.NaN;
  const mean = ((sums[to] ?? 0) - (sums[a] ?? 0)) / n;
  return Math.sqrt(Math.max(0, ((squares[to] ?? 0) - (squares[a] ?? 0)) / n - mean * mean));
}

const spans = [7, 14, 28, 56, 91, 182, 364] as const;

export function demandFeatures(frame: SeriesFrame, season: SeasonFactors): DemandFeatures {
  const n = seriesCount(frame);
  const { days } = frame;
  const { level, factor, flat, sums } = demandLevels(frame, season);
  const slab = makeSlab(n * ((frame.price === null ? 0 : 8 * days + sumsBytes(days)) + 32 * (days + 1) + 16));
  const lastSale = slab.int32(n * days);
  const [fast, slow] = [slab.float64(n * (days + 1)), slab.float64(n * (days + 1))];
  const squares: Squares[] = [];
  const units = new Float64Array(days);
  for (let i = 0; i < n; i += 1) {
    let last = -1;
    let [quick, steady] = [Number.NaN, Number.NaN];
    tamed(frame.units.subarray(i * days, (i + 1) * days), levelLimit, units);
    for (let t = 0; t < days; t += 1) {
      const at = i * days + t;
      const value = flat[at] ?? Number.NaN;
      fast[i * (days + 1) + t] = quick;
      slow[i * (days + 1) + t] = steady;
      if (!Number.isNaN(value)) {
        quick = Number.isNaN(quick) ? value : quick + 0.2 * (value - quick);
        steady = Number.isNaN(steady) ? value : steady + 0.05 * (value - steady);
      }
      lastSale[at] = last;
      if ((units[t] ?? 0) > 0) last = t;
    }
    fast[i * (days + 1) + days] = quick;
    slow[i * (days + 1) + days] = steady;
    const room = { squares: slab.float64(days + 1), positives: slab.int32(days + 1) };
    squares.push(squaresOf(flat.subarray(i * days, (i + 1) * days), room));
  }
  const groups = (season.isYearly ? season.groups : []).map(({ grouping, log, shop }) => {
    // Of this frame, not of the one the season was learnt from: days known since count.
    const totals = shop ?? totalsOf(frame, grouping, days);
    return {
      grouping,
      sums: grouping.levels.map((_, level) => {
        const z = new Float64Array(days);
        for (let t = 0; t < days; t += 1) {
          const factor = Math.exp(log[level * days + t] ?? 0);
          z[t] = factor < shutFactor ? Number.NaN : (totals[level * days + t] ?? Number.NaN) / factor;
        }
        return sumsOf(z, noSums(days));
      }),
    };
  });
  const { price: prices } = frame;
  const lastPrice = prices === null ? null : carried(prices, n, days, slab.float64(n * days));
  const priceSums =
    prices === null
      ? null
      : Array.from({ length: n }, (_, i) =>
          sumsOf(prices.subarray(i * days, (i + 1) * days), {
            sums: slab.float64(days + 1),
            counts: slab.int32(days + 1),
          }),
        );
  const none = noSums(days);
  const noSquares: Squares = { squares: none.sums, positives: none.counts };
  const columns: { name: string; at: (i: number, o: number, d: number, s: number) => number }[] = [];
  const add = (name: string, at: (i: number, o: number, d: number, s: number) => number): void =>
    void columns.push({ name, at });
  add('horizon', (_, o, d) => d - o);
  add('logLevel', (_i, _o, _d, s) => Math.log(s));
  for (const span of spans)
    add(`mean${span}`, (i, o, _, s) => meanOf(sums[i] ?? none, o - span, o, Math.ceil(span / 4)) / s);
  add('fast', (i, o, _, s) => (fast[i * (days + 1) + o] ?? Number.NaN) / s);
  add('slow', (i, o, _, s) => (slow[i * (days + 1) + o] ?? Number.NaN) / s);
  for (const back of [1, 2, 3])
    add(`lag${back}`, (i, o, _, s) => (o - back < 0 ? Number.NaN : (flat[i * days + o - back] ?? Number.NaN) / s));
  for (const weeks of [1, 4, 8, 26]) {
    add(`weekday${weeks}`, (i, o, d, s) => {
      const first = d - 7 * Math.ceil((d - o + 1) / 7);
      let [sum, known] = [0, 0];
      for (let k = 0; k < weeks; k += 1) {
        const t = first - 7 * k;
        const value = t < 0 ? Number.NaN : (flat[i * days + t] ?? Number.NaN);
        if (!Number.isNaN(value)) {
          sum += value;
          known += 1;
        }
      }
      return known === 0 ? Number.NaN : sum / known / s;
    });
  }
  add('deviation28', (i, o, _, s) => deviationOf(sums[i] ?? none, squares[i] ?? noSquares, o - 28, o) / s);
  add('deviation182', (i, o, _, s) => deviationOf(sums[i] ?? none, squares[i] ?? noSquares, o - 182, o) / s);
  for (const span of [28, 182]) {
    add(`sold${span}`, (i, o) => {
      const { counts } = sums[i] ?? none;
      const { positives } = squares[i] ?? noSquares;
      const a = Math.max(0, o - span);
      const known = (counts[o] ?? 0) - (counts[a] ?? 0);
      return known < 7 ? Number.NaN : ((positives[o] ?? 0) - (positives[a] ?? 0)) / known;
    });
  }
  add('sinceSale', (i, o) => {
    const last = o - 1 >= 0 ? (lastSale[i * days + o - 1] ?? -1) : -1;
    const at = (frame.units[i * days + o - 1] ?? 0) > 0 ? o - 1 : last;
    return at < 0 ? Number.NaN : Math.min(182, o - at);
  });
  // What all items share on a day is a date by another name until a year comes round: trees would learn past days by
  // heart (how the shop did that week, which date it was, how long ago it began).
  if (season.isYearly) add('age', (i, o) => Math.min(730, o - (frame.starts[i] ?? o)));
  add('yearAgo7', (i, _o, d, s) => meanOf(sums[i] ?? none, d - 367, d - 360, 4) / s);
  add('yearAgo28', (i, o, d, s) => meanOf(sums[i] ?? none, d - 378, Math.min(o, d - 350), 14) / s);
  add('yearChange', (i, o, d) =>
    ratio(meanOf(sums[i] ?? none, d - 371, d - 357, 7), meanOf(sums[i] ?? none, o - 392, o - 364, 14)),
  );
  for (const [g, { grouping, sums: levels }] of groups.entries()) {
    const of = (i: number): Sums => levels[grouping.codes[i] ?? 0] ?? none;
    const name = grouping.name === '' ? 'all' : grouping.name;
    add(`${name}.mean7`, (i, o) => ratio(meanOf(of(i), o - 7, o, 3), meanOf(of(i), o - 56, o, 14)));
    add(`${name}.mean28`, (i, o) => ratio(meanOf(of(i), o - 28, o, 14), meanOf(of(i), o - 182, o, 28)));
    add(`${name}.yearChange`, (i, o, d) =>
      ratio(meanOf(of(i), d - 371, d - 357, 7), meanOf(of(i), o - 392, o - 364, 14)),
    );
    if (g > 0) add(`${name}.code`, (i) => grouping.codes[i] ?? 0);
  }
  add('factor', (i, _o, d) => season.log[i * days + d] ?? 0);
  add('weekday', (_i, _o, d) => weekdayOf(frame.firstDay + d));
  if (season.isYearly) add('date', (_i, _o, d) => partsOf(frame.firstDay + d).date);
  if (season.isYearly) add('dayOfYear', (_i, _o, d) => dayOfYear(frame.firstDay + d));
  if (frame.calendar !== null) {
    const { calendar } = frame;
    const shift = frame.firstDay - calendar.firstDay;
    for (const { name, values, labels, isDistance } of calendar.columns) {
      if (isDistance === true) continue;
      if (labels === null) add(`day.${name}`, (_i, _o, d) => values[d + shift] ?? Number.NaN);
      else {
        // To the nearest day with a label: which one it is, is in the factor.
        add(`toNext.${name}`, (_i, _o, d) => {
          for (let k = 0; k <= 14; k += 1) if ((values[d + shift + k] ?? 0) > 0) return k;
          return 15;
        });
        add(`sinceLast.${name}`, (_i, _o, d) => {
          for (let k = 0; k <= 14; k += 1) if ((values[d + shift - k] ?? 0) > 0) return k;
          return 15;
        });
      }
    }
  }
  if (lastPrice !== null && priceSums !== null) {
    const price = (i: number, t: number): number => lastPrice[i * days + t] ?? Number.NaN;
    add('price.usual', (i, o, d) => Math.log(price(i, d) / meanOf(priceSums[i] ?? none, o - 56, o)));
    add('price.year', (i, o, d) => Math.log(price(i, d) / meanOf(priceSums[i] ?? none, o - 364, o)));
    add('price.last', (i, o, d) => Math.log(price(i, d) / price(i, o - 1)));
    add('price.log', (i, _o, d) => Math.log(price(i, d)));
  }
  const { festivals } = season;
  if (festivals !== null && frame.calendar !== null) {
    const { toNext, sinceLast } = nearestFestival(frame.calendar);
    const shift = frame.firstDay - frame.calendar.firstDay;
    if (season.isYearly) {
      add('toNext.festival', (_i, _o, d) => toNext[d + shift] ?? Number.NaN);
      add('sinceLast.festival', (_i, _o, d) => sinceLast[d + shift] ?? Number.NaN);
    }
    add('festivalUplift', (i, _o, d) => festivals.effects[(festivals.own[i] ?? 0) * days + d] ?? 0);
    add('festivalUpliftCategory', (i, _o, d) => festivals.effects[(festivals.groups[i] ?? 0) * days + d] ?? 0);
  }
  for (const { name, values } of frame.known ?? [])
    add(`known.${name}`, (i, _o, d) => values[i * days + d] ?? Number.NaN);
  const write = (i: number, origin: number, h: number, to: Float32Array, at: number): void => {
    const s = level(i, origin);
    for (const [j, column] of columns.entries()) {
      const value = column.at(i, origin, origin + h, s);
      to[at + j] = Number.isFinite(value) ? value : Number.NaN;
    }
  };
  return { names: columns.map(({ name }) => name), count: columns.length, level, factor, write };
}

const ratio = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN);

/** A price holds until another is known. Into `made`. */
function carried(price: Prices, n: number, days: number, made: Float64Array): Float64Array {
  made.set(price);
  for (let i = 0; i < n; i += 1) {
    for (let t = 1; t < days; t += 1) {
      const at = i * days + t;
      if (Number.isNaN(made[at] ?? Number.NaN)) made[at] = made[at - 1] ?? Number.NaN;
    }
  }
  return made;
}
