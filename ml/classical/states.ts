/**
 * What kind of item a series is, from its own past: the state decides which models compete for it. Rule kept: only known
 * days count, so a stock-out makes nothing dead or rare; the state is that of the day before the origin.
 *
 * Intermittent and lumpy by the mean interval between sales (ADI, 1.32) and the squared variation of their size (CV²,
 * .49): Syntetos, Boylan & Croston 2005. The other states are the product's own (docs/ml.md).
 */
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';

export const seriesStates = ['new', 'intermittent', 'lumpy', 'smooth', 'seasonal-item', 'dead'] as const;
export type SeriesState = (typeof seriesStates)[number];

const newDays = 28;
/** Known days without a sale after which an item counts as dead. */
const deadDays = 91;
/** Days looked back for interval and size. */
const lookBack = 365;
const intermittentInterval = 1.32;
const lumpyVariation = 0.49;
/** A festival's goods: sold in bursts of at most this many days, with at least `apartDays` of nothing between. */
const burstDays = 45;
const apartDays = 120;
const leastBurstSales = 3;

/** Upper edges of mean units a day of each volume class but the last. */
export const volumeEdges = [0.3, 1, 3, 10] as const;
export const volumeClassOf = (mean: number): number => volumeEdges.filter((edge) => mean >= edge).length;

/** units: days from the first sale to the day before the origin; NaN: not known. */
export function stateOf(units: Float64Array): SeriesState {
  let known = 0;
  let sinceSale = 0;
  let hasSold = false;
  for (const value of units) {
    if (value !== value) continue;
    known += 1;
    if (value > 0) [hasSold, sinceSale] = [true, 0];
    else sinceSale += 1;
  }
  if (!hasSold) return known >= deadDays ? 'dead' : 'new';
  if (isSeasonalItem(units)) return 'seasonal-item';
  if (sinceSale >= deadDays) return 'dead';
  if (known < newDays) return 'new';
  let [days, sales, sum, squares] = [0, 0, 0, 0];
  for (let t = Math.max(0, units.length - lookBack); t < units.length; t += 1) {
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    days += 1;
    if (value <= 0) continue;
    sales += 1;
    sum += value;
    squares += value * value;
  }
  if (days / Math.max(1, sales) <= intermittentInterval) return 'smooth';
  const mean = sum / Math.max(1, sales);
  const variation = mean > 0 ? Math.max(0, squares / sales / (mean * mean) - 1) : 0;
  return variation > lumpyVariation ? 'lumpy' : 'intermittent';
}

/** Bursts of sales, each short, with a long nothing between or behind, and at least one whole burst over. */
function isSeasonalItem(units: Float64Array): boolean {
  let [bursts, sales, first, last, silent] = [0, 0, -1, -1, 0];
  const isBurst = (): boolean => last - first < burstDays && sales >= leastBurstSales;
  for (let t = 0; t < units.length; t += 1) {
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    if (!(value > 0)) {
      silent += 1;
      continue;
    }
    if (first >= 0 && silent >= apartDays) {
      if (!isBurst()) return false;
      bursts += 1;
      first = -1;
    }
    if (first < 0) [first, sales] = [t, 0];
    sales += 1;
    last = t;
    silent = 0;
  }
  if (first < 0 || last - first >= burstDays) return false;
  // One burst and then nothing is a festival's if it comes again within the year, dead if it doesn't.
  if (silent >= apartDays && isBurst()) return bursts > 0 || units.length - first < 2 * 365;
  return bursts > 0;
}

export type Segment = { readonly state: SeriesState; readonly volume: number };
export const segmentName = ({ state, volume }: Segment): string => `${state} ${volume}`;

/** State and volume class (mean of the last 91 known days) of every series. */
export function segmentsOf(frame: SeriesFrame, origin: number): readonly Segment[] {
  return Array.from({ length: seriesCount(frame) }, (_, i) => {
    const start = Math.min(origin, frame.starts[i] ?? origin);
    const row = i * frame.days;
    const state = stateOf(frame.units.subarray(row + start, row + origin));
    let [sum, known] = [0, 0];
    for (let t = origin - 1; t >= start && known < deadDays; t -= 1) {
      const value = frame.units[row + t] ?? Number.NaN;
      if (value !== value) continue;
      sum += value;
      known += 1;
    }
    return { state, volume: volumeClassOf(known > 0 ? sum / known : 0) };
  });
}
