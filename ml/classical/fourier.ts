/**
 * Fourier regression a series: trend with bends, week, year and the calendar's events as one ridge regression. Rule kept:
 * every coefficient has a prior, so an item with few days gets its mean and nothing wild; what is known of days to come
 * is read from the calendar, never from units.
 *
 * Taylor & Letham 2018, "Forecasting at scale" (Prophet): piecewise linear trend, Fourier terms, holidays; the posterior
 * mode under Gaussian priors is ridge (Hoerl & Kennard 1970). One design for all items; cross products of days that all
 * items know are summed once.
 */
import { solvePositive } from '../algebra/cholesky.ts';
import { dayOfYear } from '../calendar/days.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { flat, type History, type LocalFit } from './local-model.ts';

const week = 7;
const weekTerms = 3;
const yearTerms = 5;
/** Days that a yearly pattern needs. */
const yearNeedsDays = 456;
const bendEveryDays = 91;
/** Prior standard deviations, in units of the item's mean. */
const sd = { slope: 0.5, bend: 0.4, week: 0.5, year: 0.3, event: 0.5 } as const;
const maxEvents = 40;

export type FourierDesign = {
  readonly columns: number;
  /** Column of the frame of row 0. */
  readonly from: number;
  readonly rows: number;
  readonly x: Float64Array;
  readonly sd: Float64Array;
  /** [columns × columns] cross products of rows `from` … `origin` − 1. */
  readonly gram: Float64Array;
};

type Column = { readonly sd: number; readonly at: (t: number) => number };

/** Days `from` … `origin` + `horizon` − 1 of the frame; t counts in columns of the frame. */
export function fourierDesign(frame: SeriesFrame, from: number, origin: number, horizon: number): FourierDesign {
  const list: Column[] = [{ sd: Number.POSITIVE_INFINITY, at: () => 1 }];
  // The trend stands still after the origin: two weeks of a slope are noise, and a shop's slope is not the item's.
  const years = (t: number): number => (Math.min(t, origin) - from) / 365.25;
  list.push({ sd: sd.slope, at: years });
  for (let knot = from + bendEveryDays; knot < origin - 28; knot += bendEveryDays)
    list.push({ sd: sd.bend, at: (t) => Math.max(0, years(t) - years(knot)) });
  for (let k = 1; k <= weekTerms; k += 1) {
    list.push({ sd: sd.week, at: (t) => Math.sin((2 * Math.PI * k * (frame.firstDay + t)) / week) });
    list.push({ sd: sd.week, at: (t) => Math.cos((2 * Math.PI * k * (frame.firstDay + t)) / week) });
  }
  if (origin - from >= yearNeedsDays) {
    for (let k = 1; k <= yearTerms; k += 1) {
      const angle = (t: number): number => (2 * Math.PI * k * dayOfYear(frame.firstDay + t)) / 365.25;
      list.push({ sd: sd.year / k, at: (t) => Math.sin(angle(t)) });
      list.push({ sd: sd.year / k, at: (t) => Math.cos(angle(t)) });
    }
  }
  list.push(...eventColumns(frame, from, origin));
  const p = list.length;
  const rows = origin + horizon - from;
  const x = new Float64Array(rows * p);
  for (const [j, { at }] of list.entries()) for (let r = 0; r < rows; r += 1) x[r * p + j] = at(from + r);
  const gram = new Float64Array(p * p);
  for (let r = 0; r < origin - from; r += 1) addRow(gram, x, r, p, 1);
  return { columns: p, from, rows, x, sd: Float64Array.from(list, (column) => column.sd), gram };
}

/** Flags as they are, labels with the day before and after; only what was seen twice and is no weekday. */
function eventColumns(frame: SeriesFrame, from: number, origin: number): readonly Column[] {
  const { calendar } = frame;
  if (calendar === null) return [];
  const shift = frame.firstDay - calendar.firstDay;
  const made: Column[] = [];
  const isEvent = (days: number): boolean => days >= 2 && days <= (origin - from) / 4;
  for (const { values, labels } of calendar.columns) {
    const value = (t: number): number => values[t + shift] ?? Number.NaN;
    const counts = new Map<number, number>();
    for (let t = from; t < origin; t += 1) counts.set(value(t), (counts.get(value(t)) ?? 0) + 1);
    if (labels === null) {
      if (
        counts.has(0) &&
        counts.has(1) &&
        [...counts.keys()].every((key) => key === 0 || key === 1 || Number.isNaN(key))
      )
        made.push({ sd: sd.event, at: (t) => (value(t) === 1 ? 1 : 0) });
      continue;
    }
    for (const [code, days] of counts) {
      if (!(code > 0) || !isEvent(days)) continue;
      for (const around of [-1, 0, 1])
        made.push({ sd: around === 0 ? sd.event : sd.event / 2, at: (t) => (value(t + around) === code ? 1 : 0) });
    }
  }
  return made.slice(0, maxEvents);
}

function addRow(gram: Float64Array, x: Float64Array, r: number, p: number, sign: number): void {
  const row = r * p;
  for (let j = 0; j < p; j += 1) {
    const value = sign * (x[row + j] as number);
    if (value === 0) continue;
    const at = j * p;
    for (let k = 0; k <= j; k += 1) gram[at + k] = (gram[at + k] as number) + value * (x[row + k] as number);
  }
}

/** `start`: column of the frame of the history's first day. */
export function fourierFit(design: FourierDesign, { units }: History, start: number, horizon: number): LocalFit {
  const { columns: p, x } = design;
  const shift = start - design.from;
  let [sum, squares, known] = [0, 0, 0];
  for (const value of units) {
    if (value !== value) continue;
    sum += value;
    squares += value * value;
    known += 1;
  }
  const mean = known > 0 ? sum / known : 0;
  const fitted = new Float64Array(units.length).fill(Number.NaN);
  if (known < 2 * week || mean <= 0) return { mean: flat(mean, horizon), fitted, growth: flat(1, horizon) };
  const gram = known * 2 > design.rows - horizon ? design.gram.slice() : new Float64Array(p * p);
  if (known * 2 > design.rows - horizon) {
    for (let r = 0; r < shift; r += 1) addRow(gram, x, r, p, -1);
    for (let t = 0; t < units.length; t += 1) if (Number.isNaN(units[t])) addRow(gram, x, shift + t, p, -1);
  } else for (let t = 0; t < units.length; t += 1) if (!Number.isNaN(units[t])) addRow(gram, x, shift + t, p, 1);
  const b = new Float64Array(p);
  for (let t = 0; t < units.length; t += 1) {
    const value = units[t] as number;
    if (value !== value) continue;
    const row = (shift + t) * p;
    for (let j = 0; j < p; j += 1) b[j] = (b[j] as number) + (x[row + j] as number) * (value / mean);
  }
  // Noise of units ÷ mean: what is left of its variance once season has had about a third.
  const noise = Math.max(0.02, 0.7 * (squares / known / (mean * mean) - 1));
  for (let j = 0; j < p; j += 1) {
    gram[j * p + j] = (gram[j * p + j] ?? 0) + noise / (design.sd[j] ?? 1) ** 2;
    for (let k = 0; k < j; k += 1) gram[k * p + j] = gram[j * p + k] ?? 0;
  }
  const beta = solvePositive(gram, b);
  const at = (r: number): number => {
    let value = 0;
    for (let j = 0; j < p; j += 1) value += (x[r * p + j] as number) * (beta[j] as number);
    return Math.max(0, value * mean);
  };
  for (let t = 2 * week; t < units.length; t += 1) fitted[t] = at(shift + t);
  return {
    mean: Float64Array.from({ length: horizon }, (_, h) => at(shift + units.length + h)),
    fitted,
    growth: flat(1, horizon),
  };
}
