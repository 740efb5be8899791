/**
 * What the nets read: per item and origin the last days day by day, and the boosted model's features of each day to come.
 * Rule kept: nothing of units on or after the origin; a day of which nothing is known is nought with its flag down, never
 * a day without a sale; amounts are over the item's level, as in ml/features.
 *
 * Windows are drawn by what an item sells (Salinas et al. 2020, §3.3): by the square root, the rest is in their weight.
 */
import { weekdayOf } from '../calendar/days.ts';
import type { DemandFeatures } from '../features/demand-features.ts';
import { type Prices, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { pastChannels } from '../schema/past-schema.ts';
import type { Windows } from './train-net.ts';

export type WindowSizes = { readonly steps: number; readonly horizon: number };
/** Item i standing on column o. */
export type Stand = { readonly i: number; readonly o: number };

const most = 60;
const shutFactor = 0.05;

/** Writes the last `steps` days of (i, o) into `to` from `at`, oldest first. */
export type WritePast = (i: number, o: number, to: Float32Array, at: number) => void;

/** `shop`: of the whole shop, where `frame` is a piece of it. */
export function pastOf(
  frame: SeriesFrame,
  features: Pick<DemandFeatures, 'level' | 'factor'>,
  steps: number,
  shop: Float64Array = shopRatio(frame, features.factor),
): WritePast {
  const n = seriesCount(frame);
  const { days, units, price } = frame;
  const logPrice = price === null ? null : carriedLog(price, n, days);
  return (i, o, to, at) => {
    const level = features.level(i, o);
    const start = frame.starts[i] ?? days;
    const usual = meanBetween(shop, 0, o - steps, o);
    const usualPrice = logPrice === null ? 0 : meanBetween(logPrice, i * days, o - steps, o);
    for (let k = 0; k < steps; k += 1) {
      const t = o - steps + k;
      const cell = at + k * pastChannels;
      to.fill(0, cell, cell + pastChannels);
      if (t < 0) continue;
      const factor = features.factor(i, t);
      const sold = units[i * days + t] ?? Number.NaN;
      const angle = (2 * Math.PI * weekdayOf(frame.firstDay + t)) / 7;
      to[cell + 3] = Math.max(-3, Math.min(3, Math.log(factor)));
      to[cell + 4] = Math.sin(angle);
      to[cell + 5] = Math.cos(angle);
      const ratio = shop[t] ?? Number.NaN;
      if (ratio > 0 && usual > 0) to[cell + 6] = Math.max(-2, Math.min(2, Math.log(ratio / usual)));
      const paid = logPrice === null ? Number.NaN : (logPrice[i * days + t] ?? Number.NaN) - usualPrice;
      if (!Number.isNaN(paid)) to[cell + 7] = 3 * Math.max(-1, Math.min(1, paid));
      if (t < start || Number.isNaN(sold) || factor < shutFactor) continue;
      to[cell] = Math.log1p(Math.min(most, sold / (level * factor)));
      to[cell + 1] = 1;
      to[cell + 2] = sold > 0 ? 1 : 0;
      to[cell + 8] = Math.log1p(Math.min(most, sold / level));
    }
  };
}

/** The whole shop's units over what its items' own means and seasons say, [days]; what all items share. */
export function shopRatio(frame: SeriesFrame, factorOf: DemandFeatures['factor']): Float64Array {
  const { days, units } = frame;
  const made = new Float64Array(days).fill(Number.NaN);
  const [sold, usual] = [new Float64Array(days), new Float64Array(days)];
  for (let i = 0; i < seriesCount(frame); i += 1) {
    let [sum, known] = [0, 0];
    for (let t = frame.starts[i] ?? days; t < days; t += 1) {
      const factor = factorOf(i, t);
      const value = units[i * days + t] ?? Number.NaN;
      if (Number.isNaN(value) || factor < shutFactor) continue;
      sum += value / factor;
      known += 1;
    }
    if (known === 0) continue;
    for (let t = frame.starts[i] ?? days; t < days; t += 1) {
      const value = units[i * days + t] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sold[t] = (sold[t] ?? 0) + value;
      usual[t] = (usual[t] ?? 0) + (sum / known) * factorOf(i, t);
    }
  }
  for (let t = 0; t < days; t += 1) if ((usual[t] ?? 0) > 0) made[t] = (sold[t] ?? 0) / (usual[t] ?? 1);
  return made;
}

function meanBetween(values: Float64Array, row: number, from: number, to: number): number {
  let [sum, known] = [0, 0];
  for (let t = Math.max(0, from); t < to; t += 1) {
    const value = values[row + t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}

function carriedLog(price: Prices, n: number, days: number): Float64Array {
  const made = new Float64Array(n * days).fill(Number.NaN);
  for (let i = 0; i < n; i += 1) {
    let last = Number.NaN;
    for (let t = 0; t < days; t += 1) {
      const value = price[i * days + t] ?? Number.NaN;
      if (value > 0) last = Math.log(value);
      made[i * days + t] = last;
    }
  }
  return made;
}

export type DrawSettings = WindowSizes & {
  readonly from: number;
  /** Origins are before it and so are the units that are learnt. */
  readonly before: number;
  readonly count: number;
  readonly seed: number;
};

/** Where to stand: origins evenly, items by the square root of their level. */
export function drawStands(frame: SeriesFrame, features: DemandFeatures, settings: DrawSettings): readonly Stand[] {
  const random = seeded(settings.seed);
  const n = seriesCount(frame);
  const made: Stand[] = [];
  const span = settings.before - settings.from;
  if (span <= 0) return made;
  const origins = Math.min(span, Math.max(1, Math.ceil(settings.count / 24)));
  const each = Math.ceil(settings.count / origins);
  for (let k = 0; k < origins; k += 1) {
    const o = settings.from + Math.floor(((k + random()) * span) / origins);
    const sums = new Float64Array(n);
    let sum = 0;
    for (let i = 0; i < n; i += 1) {
      if (o - (frame.starts[i] ?? frame.days) >= 7) sum += Math.sqrt(features.level(i, o));
      sums[i] = sum;
    }
    if (sum === 0) continue;
    for (let m = 0; m < each; m += 1) {
      const at = ((m + random()) / each) * sum;
      const i = sums.findIndex((value) => value >= at);
      if (i >= 0) made.push({ i, o });
    }
  }
  return made;
}

const shared = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));

/** Targets are units over level × season; those at or after `before` are not known. */
export function windowsAt(
  frame: SeriesFrame,
  features: DemandFeatures,
  stands: readonly Stand[],
  sizes: WindowSizes,
  before: number,
): Windows {
  const { steps, horizon } = sizes;
  const count = stands.length;
  const row = steps * pastChannels;
  const [past, ahead] = [shared(count * row), shared(count * horizon * features.count)];
  const [target, weight] = [shared(count * horizon), shared(count * horizon)];
  const write = pastOf(frame, features, steps);
  for (const [w, { i, o }] of stands.entries()) {
    write(i, o, past, w * row);
    const level = features.level(i, o);
    for (let h = 0; h < horizon; h += 1) {
      const k = w * horizon + h;
      features.write(i, o, h, ahead, k * features.count);
      const factor = features.factor(i, o + h);
      const units =
        o + h < Math.min(before, frame.days) ? (frame.units[i * frame.days + o + h] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(units) || factor < shutFactor) continue;
      target[k] = Math.min(most, units / (level * factor));
      weight[k] = Math.sqrt(level) * factor;
    }
  }
  return { count, past, ahead, target, weight };
}

/**
 * Windows of several shops below each other. What a window weighs is over its own shop's mean: a large shop counts by how
 * many windows it has, not by what it sells.
 */
export function joinWindows(parts: readonly Windows[]): Windows {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const join = (of: (part: Windows) => Float32Array): Float32Array => {
    const made = shared(parts.reduce((sum, part) => sum + of(part).length, 0));
    let at = 0;
    for (const part of parts) {
      made.set(of(part), at);
      at += of(part).length;
    }
    return made;
  };
  const evenly = ({ weight }: Windows): Float32Array => {
    const known = weight.reduce((count, value) => count + Number(value > 0), 0);
    const mean = weight.reduce((sum, value) => sum + value, 0) / Math.max(1, known);
    return mean > 0 ? weight.map((value) => value / mean) : weight;
  };
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    past: join(({ past }) => past),
    ahead: join(({ ahead }) => ahead),
    target: join(({ target }) => target),
    weight: join(evenly),
  };
}

/** Middle and spread of each feature of the days to come, of what is known. */
export type Standard = { readonly middle: Float32Array; readonly spread: Float32Array };

export function standardOf({ ahead }: Windows, features: number): Standard {
  const rows = ahead.length / features;
  const [middle, spread] = [new Float32Array(features), new Float32Array(features)];
  for (let f = 0; f < features; f += 1) {
    let [sum, squares, known] = [0, 0, 0];
    for (let r = 0; r < rows; r += 1) {
      const value = ahead[r * features + f] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      squares += value * value;
      known += 1;
    }
    const mean = known === 0 ? 0 : sum / known;
    middle[f] = mean;
    spread[f] = known === 0 ? 1 : Math.max(1e-3, Math.sqrt(Math.max(0, squares / known - mean * mean)));
  }
  return { middle, spread };
}

/** In place: standard, within ±4, and nought where not known. */
export function standardise(ahead: Float32Array, { middle, spread }: Standard): void {
  const features = middle.length;
  for (let k = 0; k < ahead.length; k += 1) {
    const f = k % features;
    const value = ((ahead[k] ?? Number.NaN) - (middle[f] ?? 0)) / (spread[f] ?? 1);
    ahead[k] = Number.isNaN(value) ? 0 : Math.max(-4, Math.min(4, value));
  }
}
