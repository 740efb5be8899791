/**
 * What weekday, time of year and known events do to each series, as a factor a day. Rule kept: learnt top down — all
 * series together, then each level of each grouping as its departure from all, then each series as its departure from
 * its levels — with priors, so that an item with few sales borrows its shop's week and its category's year.
 *
 * The regression is Prophet's (Taylor & Letham 2018, "Forecasting at scale": piecewise linear trend, Fourier terms,
 * holidays), with a Poisson likelihood and partial pooling in place of one fit a series. The trend is fitted
 * beside, so that it isn't learnt as season, and thrown away: levels are others' work.
 */
import { dayOfYear, weekdayOf } from '../calendar/days.ts';
import { type Grouping, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { makeSlab } from '../frame/slab.ts';
import {
  type Festivals,
  festivalHats,
  festivalProfiles,
  festivalsOf,
  fewKnots,
  type SeasonColumn,
  wideKnots,
} from './festival-columns.ts';
import { type Design, fitPoisson } from './poisson-ridge.ts';

/** What festivals have in `log`. Items of the same groups, and those that sell too little for a part of their own, share. */
export type FestivalEffects = {
  /** [rows × days] log effects. */
  readonly effects: Float32Array;
  /** Row of each series: what they do to all items and to the item's groups. */
  readonly groups: Int32Array;
  /** Row of each series: the same with the item's own part. */
  readonly own: Int32Array;
};

export type SeasonFactors = {
  /** [series × days] log factor; covers days of the frame that have no units yet. */
  readonly log: Float32Array;
  /** Groupings that were used, each with its totals' log factors [levels × days]. */
  readonly groups: readonly {
    readonly grouping: Grouping;
    readonly log: Float32Array;
    readonly totals: Float64Array;
    /** Of a piece of a shop: [levels × days] units of the whole shop as they are known today. */
    readonly shop?: Float64Array;
  }[];
  /** null: a calendar without festivals. */
  readonly festivals: FestivalEffects | null;
  /** What pay-days have in `log`: [series × columns] log effect of a day inside each of the calendar's windows. */
  readonly paydays: { readonly columns: readonly string[]; readonly own: Float32Array } | null;
  /** Whether the shop's past is long enough for a pattern of the year. */
  readonly isYearly: boolean;
};

/** Days of history that a yearly pattern needs: a year and a quarter, so that each season was seen in two directions. */
const yearlyNeedsDays = 456;
/** As calendar/indian-days.ts names its windows. */
const paydayPrefix = 'payday.';
const floorLog = -6;

type Span = { readonly from: number; readonly to: number };

/** Learns from columns before `origin` only. */
export function fitSeason(frame: SeriesFrame, origin: number): SeasonFactors {
  const all: Grouping = { name: '', levels: ['all'], codes: new Int32Array(seriesCount(frame)) };
  const groupings = [
    all,
    ...frame.groupings.filter(({ levels }) => levels.length > 1 && levels.length < seriesCount(frame)),
  ];
  const zero = new Float64Array(frame.days);
  const groups: { grouping: Grouping; log: Float32Array; totals: Float64Array }[] = [];
  const calendar = festivalsOf(frame);
  const hasFestivals = calendar !== null;
  const festive: Float64Array[] = [];
  const windows = (frame.calendar?.columns ?? [])
    .map(({ name }) => name)
    .filter((name) => name.startsWith(paydayPrefix));
  const paid: Float64Array[] = [];
  for (const grouping of groupings) {
    const totals = totalsOf(frame, grouping, origin);
    const log = new Float32Array(grouping.levels.length * frame.days);
    const top = groups[0];
    const part = new Float64Array(hasFestivals ? log.length : 0);
    const pay = new Float64Array(grouping.levels.length * windows.length);
    for (let level = 0; level < grouping.levels.length; level += 1) {
      const y = totals.subarray(level * frame.days, (level + 1) * frame.days);
      const span = { from: firstSale(y), to: origin };
      const offset = top === undefined ? zero : Float64Array.from(top.log);
      const [above, strength] = [festive[0] ?? zero, top === undefined ? topStrength : groupStrength];
      const own = departure(frame, y, offset, span, strength, { calendar, above });
      for (let t = 0; t < frame.days; t += 1) log[level * frame.days + t] = clamp((offset[t] ?? 0) + (own.log[t] ?? 0));
      if (hasFestivals) part.set(own.festival, level * frame.days);
      pay.set(own.paydays, level * windows.length);
    }
    groups.push({ grouping, log, totals });
    festive.push(part);
    paid.push(pay);
  }
  const cells = seriesCount(frame) * frame.days;
  const log = makeSlab(cells * 4).float32(cells);
  const spanOf = (i: number): Span => ({ from: frame.starts[i] ?? frame.days, to: origin });
  const unitsOf = (i: number): Float64Array => frame.units.subarray(i * frame.days, (i + 1) * frame.days);
  const festivals = hasFestivals
    ? festivalRows(frame, groups, festive, (i) => hasOwnPart(unitsOf(i), spanOf(i)))
    : null;
  const paydays = { columns: windows, own: new Float32Array(seriesCount(frame) * windows.length) };
  const top = groups[0]?.log ?? new Float32Array(frame.days);
  const offset = new Float64Array(frame.days);
  const above = new Float64Array(frame.days);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    above.fill(0);
    if (hasFestivals) addFestive(above, groups, festive, i);
    for (let t = 0; t < frame.days; t += 1) {
      let sum = top[t] ?? 0;
      for (const { grouping, log: levelLog } of groups.slice(1))
        sum += (levelLog[(grouping.codes[i] ?? 0) * frame.days + t] ?? 0) - (top[t] ?? 0);
      offset[t] = clamp(sum);
    }
    const own = departure(frame, unitsOf(i), offset, spanOf(i), seriesStrength, { calendar, above });
    for (let t = 0; t < frame.days; t += 1) log[i * frame.days + t] = clamp((offset[t] ?? 0) + (own.log[t] ?? 0));
    for (let k = 0; k < windows.length; k += 1) {
      let sum = own.paydays[k] ?? 0;
      for (const [g, { grouping }] of groups.entries())
        sum += paid[g]?.[(grouping.codes[i] ?? 0) * windows.length + k] ?? 0;
      paydays.own[i * windows.length + k] = sum;
    }
    if (festivals === null || festivals.own[i] === festivals.groups[i]) continue;
    const row = (festivals.own[i] ?? 0) * frame.days;
    for (let t = 0; t < frame.days; t += 1) festivals.effects[row + t] = (above[t] ?? 0) + (own.festival[t] ?? 0);
  }
  const first = groups[0] === undefined ? origin : firstSale(groups[0].totals.subarray(0, frame.days));
  return {
    log,
    groups,
    festivals,
    paydays: windows.length === 0 ? null : paydays,
    isYearly: origin - first >= yearlyNeedsDays,
  };
}

type SeasonGroups = readonly { readonly grouping: Grouping }[];

/** What festivals do at each of series i's groups, [levels × days] of each grouping, on top of `above`. */
function addFestive(above: Float64Array, groups: SeasonGroups, festive: readonly Float64Array[], i: number): void {
  const days = above.length;
  for (const [g, { grouping }] of groups.entries()) {
    const row = (grouping.codes[i] ?? 0) * days;
    for (let t = 0; t < days; t += 1) above[t] = (above[t] ?? 0) + (festive[g]?.[row + t] ?? 0);
  }
}

/** Rows of the groups filled; those of items that have a part of their own are there, empty. */
function festivalRows(
  frame: SeriesFrame,
  groups: SeasonGroups,
  festive: readonly Float64Array[],
  hasOwn: (i: number) => boolean,
): FestivalEffects {
  const n = seriesCount(frame);
  const [ofGroups, own] = [new Int32Array(n), new Int32Array(n)];
  const firstOf = new Map<string, { readonly row: number; readonly first: number }>();
  for (let i = 0; i < n; i += 1) {
    const key = groups.map(({ grouping }) => grouping.codes[i] ?? 0).join(' ');
    const found = firstOf.get(key) ?? { row: firstOf.size, first: i };
    firstOf.set(key, found);
    ofGroups[i] = found.row;
  }
  let rows = firstOf.size;
  for (let i = 0; i < n; i += 1) {
    own[i] = hasOwn(i) ? rows : (ofGroups[i] ?? 0);
    if (own[i] === rows) rows += 1;
  }
  const effects = makeSlab(4 * rows * frame.days).float32(rows * frame.days);
  for (const { row, first } of firstOf.values()) {
    const above = new Float64Array(frame.days);
    addFestive(above, groups, festive, first);
    effects.set(above, row * frame.days);
  }
  return { effects, groups: ofGroups, own };
}

const clamp = (log: number): number => Math.max(floorLog, Math.min(4, log));

function firstSale(y: Float64Array): number {
  const at = y.findIndex((units) => units > 0);
  return at < 0 ? y.length : at;
}

/** [levels × days] sums of what is known; NaN where nothing is, or from `origin` on. */
export function totalsOf(frame: SeriesFrame, grouping: Grouping, origin: number): Float64Array {
  const totals = new Float64Array(grouping.levels.length * frame.days).fill(Number.NaN);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    const row = (grouping.codes[i] ?? 0) * frame.days;
    for (let t = frame.starts[i] ?? 0; t < origin; t += 1) {
      const units = frame.units[i * frame.days + t] ?? Number.NaN;
      if (!Number.isNaN(units))
        totals[row + t] = (Number.isNaN(totals[row + t] ?? 0) ? 0 : (totals[row + t] ?? 0)) + units;
    }
  }
  return totals;
}

/** Prior standard deviations of log effects. */
type Strength = {
  readonly weekday: number;
  readonly yearly: number;
  readonly harmonics: number;
  readonly event: number;
  readonly hasLabels: boolean;
  /** Of a change of slope, log units a year. */
  readonly bend: number;
  readonly bendEveryDays: number;
  /** Of festivals by distance; null: only as a multiple of what stands above. */
  readonly festival: { readonly knots: readonly number[]; readonly sd: number; readonly leastADay: number } | null;
};
const topStrength: Strength = {
  weekday: 2,
  yearly: 0.5,
  harmonics: 8,
  event: 0.4,
  hasLabels: true,
  bend: 0.6,
  bendEveryDays: 91,
  festival: { knots: wideKnots, sd: 0.4, leastADay: 0 },
};
const groupStrength: Strength = {
  weekday: 0.15,
  yearly: 0.2,
  harmonics: 5,
  event: 0.1,
  hasLabels: false,
  bend: 0.6,
  bendEveryDays: 91,
  festival: { knots: fewKnots, sd: 0.3, leastADay: 10 },
};
const seriesStrength: Strength = {
  weekday: 0.12,
  yearly: 0.12,
  harmonics: 3,
  event: 0.08,
  hasLabels: false,
  bend: 0.6,
  bendEveryDays: 182,
  festival: null,
};

/** The festivals of the frame's calendar, and what they do at the level above by column. */
type Festivity = { readonly calendar: Festivals | null; readonly above: Float64Array };

let parts = { log: new Float64Array(0), festival: new Float64Array(0) };

/**
 * Log factor of each day beside the offset, without the trend; what festivals have in it; a log effect a pay-day window.
 * The first two hold until the next call.
 */
function departure(
  frame: SeriesFrame,
  y: Float64Array,
  offset: Float64Array,
  span: Span,
  strength: Strength,
  festivity: Festivity,
): { readonly log: Float64Array; readonly festival: Float64Array; readonly paydays: readonly number[] } {
  if (parts.log.length !== frame.days)
    parts = { log: new Float64Array(frame.days), festival: new Float64Array(frame.days) };
  const { log, festival } = parts;
  log.fill(0);
  festival.fill(0);
  if (!hasOwnPart(y, span)) return { log, festival, paydays: [] };
  const { design, seasonal, festive, paydayAt } = designOf(frame, span, strength, y, festivity);
  const beta = fitPoisson(design, y, offset, span.from, span.to);
  for (let t = 0; t < frame.days; t += 1) {
    let sum = 0;
    for (let j = seasonal; j < festive; j += 1) sum += (design.x[t * design.columns + j] ?? 0) * (beta[j] ?? 0);
    for (let j = festive; j < design.columns; j += 1)
      festival[t] = (festival[t] ?? 0) + (design.x[t * design.columns + j] ?? 0) * (beta[j] ?? 0);
    log[t] = sum + (festival[t] ?? 0);
  }
  return { log, festival, paydays: paydayAt.map((j) => (j < 0 ? 0 : (beta[j] ?? 0))) };
}

const hasOwnPart = (y: Float64Array, span: Span): boolean => span.to - span.from >= 21 && sellsEnough(y, span);
/** So few units say nothing beside what stands above; a shop of 50,000 items has mostly such. */
const leastUnits = 12;
function sellsEnough(y: Float64Array, span: Span): boolean {
  let sum = 0;
  for (let t = span.from; t < span.to && sum < leastUnits; t += 1) sum += y[t] || 0;
  return sum >= leastUnits;
}

/** Festivals by distance where enough is sold to say, else as a multiple of what the level above does. */
function festivalColumns(
  span: Span,
  { festival }: Strength,
  y: Float64Array,
  { calendar, above }: Festivity,
): readonly SeasonColumn[] {
  if (calendar === null) return [];
  let sum = 0;
  for (let t = span.from; t < span.to; t += 1) sum += y[t] || 0;
  return festival !== null && sum >= festival.leastADay * (span.to - span.from)
    ? festivalHats(calendar, span, festival.knots, festival.sd)
    : festivalProfiles(calendar, span, above);
}

let room = new Float64Array(0);

/** Holds until the next call. */
function designOf(
  frame: SeriesFrame,
  span: Span,
  strength: Strength,
  y: Float64Array,
  festivity: Festivity,
): { design: Design; seasonal: number; festive: number; paydayAt: readonly number[] } {
  const columns: SeasonColumn[] = [];
  columns.push({ sd: Number.POSITIVE_INFINITY, at: () => 1 });
  columns.push({ sd: 1, at: (t) => (Math.min(t, span.to) - span.from) / 365.25 });
  for (let knot = span.from + strength.bendEveryDays; knot < span.to - 28; knot += strength.bendEveryDays) {
    columns.push({ sd: strength.bend, at: (t) => Math.max(0, Math.min(t, span.to) - knot) / 365.25 });
  }
  const seasonal = columns.length;
  for (let weekday = 0; weekday < 7; weekday += 1) {
    columns.push({ sd: strength.weekday, at: (t) => (weekdayOf(frame.firstDay + t) === weekday ? 1 : 0) });
  }
  if (span.to - span.from >= yearlyNeedsDays) {
    for (let k = 1; k <= strength.harmonics; k += 1) {
      const angle = (t: number): number => (2 * Math.PI * k * dayOfYear(frame.firstDay + t)) / 365.25;
      columns.push({ sd: strength.yearly / Math.sqrt(k), at: (t) => Math.sin(angle(t)) });
      columns.push({ sd: strength.yearly / Math.sqrt(k), at: (t) => Math.cos(angle(t)) });
    }
  }
  const paydayAt: number[] = [];
  for (const { payday, ...column } of eventColumns(frame, span, strength)) {
    if (payday !== null) paydayAt[payday] = columns.length;
    columns.push(column);
  }
  const festive = columns.length;
  columns.push(...festivalColumns(span, strength, y, festivity));
  const p = columns.length;
  // One room for all series, one after the other: a matrix each would be hundreds of megabytes of a night's waste.
  if (room.length < frame.days * p) room = new Float64Array(frame.days * p);
  const x = room.subarray(0, frame.days * p);
  for (const [j, { at }] of columns.entries()) for (let t = 0; t < frame.days; t += 1) x[t * p + j] = at(t);
  return {
    design: { x, columns: p, sd: Float64Array.from(columns, ({ sd }) => sd) },
    seasonal,
    festive,
    paydayAt: Array.from(paydayAt, (j) => j ?? -1),
  };
}

/** payday: which of the calendar's windows it is; null: none. */
type EventColumn = SeasonColumn & { readonly payday: number | null };

/** Flags of the calendar as they are; labels (events) as a flag each, with the day before and after, where seen twice. */
function eventColumns(frame: SeriesFrame, span: Span, strength: Strength): readonly EventColumn[] {
  const { calendar } = frame;
  if (calendar === null) return [];
  const made: EventColumn[] = [];
  let windows = 0;
  const shift = frame.firstDay - calendar.firstDay;
  for (const { name, values, labels, isDistance } of calendar.columns) {
    const payday = name.startsWith(paydayPrefix) ? windows : null;
    if (payday !== null) windows += 1;
    if (isDistance === true) continue;
    const value = (t: number): number => values[t + shift] ?? Number.NaN;
    if (labels === null) {
      const seen = new Set<number>();
      for (let t = span.from; t < span.to && seen.size < 4; t += 1) if (!Number.isNaN(value(t))) seen.add(value(t));
      if (seen.size === 2 && seen.has(0) && seen.has(1)) {
        made.push({ sd: strength.event, at: (t) => (Number.isNaN(value(t)) ? 0 : value(t)), payday });
      }
      continue;
    }
    if (!strength.hasLabels || labels.length > 80) continue;
    const counts = new Int32Array(labels.length);
    for (let t = span.from; t < span.to; t += 1) counts[value(t) || 0] = (counts[value(t) || 0] ?? 0) + 1;
    for (let code = 1; code < labels.length; code += 1) {
      // Seen once teaches nothing; seen every tenth day it is no event (a weekday, a month).
      if ((counts[code] ?? 0) < 2 || (counts[code] ?? 0) > (span.to - span.from) / 10) continue;
      for (const around of [-1, 0, 1]) {
        made.push({
          sd: around === 0 ? strength.event : strength.event / 2,
          at: (t) => (value(t + around) === code ? 1 : 0),
          payday: null,
        });
      }
    }
  }
  return made;
}
