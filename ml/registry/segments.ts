/**
 * Which items carry a shop: A sells the first 80 % of all units, B the next 15 %, C the rest (ABC analysis; Dickie 1951,
 * "ABC inventory analysis shoots for dollars, not pennies"). Rule kept: judged by the quarter before `origin` alone.
 */
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';

export type Segment = 'a' | 'b' | 'c';
const quarterDays = 91;

/** [series]; by value where prices are known of it, else by units. */
export function segmentsOf(frame: SeriesFrame, origin: number): readonly Segment[] {
  const n = seriesCount(frame);
  const sold = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let price = 1;
    for (let t = 0; t < origin; t += 1) {
      const at = i * frame.days + t;
      const known = frame.price?.[at] ?? Number.NaN;
      if (known > 0) price = known;
      const units = frame.units[at] ?? Number.NaN;
      if (t >= origin - quarterDays && units > 0) sold[i] = (sold[i] ?? 0) + units * price;
    }
  }
  const total = sold.reduce((sum, value) => sum + value, 0);
  const order = Array.from({ length: n }, (_, i) => i).toSorted((a, b) => (sold[b] ?? 0) - (sold[a] ?? 0) || a - b);
  const segments: Segment[] = Array.from({ length: n }, () => 'c');
  let before = 0;
  for (const i of order) {
    if (before < 0.8 * total) segments[i] = 'a';
    else if (before < 0.95 * total) segments[i] = 'b';
    before += sold[i] ?? 0;
  }
  return segments;
}
