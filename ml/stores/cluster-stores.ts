/**
 * Stores that sell alike, by when in the week and in the year they sell. Rule kept: shapes only, no amounts: a small shop
 * and a large one may stand together; same profiles and seed, same groups, numbered from the largest.
 *
 * k-means (Lloyd 1982) with k-means++ starts (Arthur & Vassilvitskii 2007), the best of ten; k by √(stores ÷ 2)
 * (Mardia, Kent & Bibby 1979, §13.4).
 */
import { partsOf, weekdayOf } from '../calendar/days.ts';
import { seeded } from '../random.ts';

/** 7 weekdays, then 12 months: log of what a day of it sells over what a day sells; 0 where nothing is known. */
export const profileLength = 19;
/** A year's course is not told from less. */
const yearDays = 330;

/** `totals`: units of all items by day from `firstDay`; NaN: not known. */
export function storeProfile(firstDay: number, totals: Float64Array): Float64Array {
  const sums = new Float64Array(profileLength);
  const counts = new Float64Array(profileLength);
  let [sum, known] = [0, 0];
  for (const [t, units] of totals.entries()) {
    if (Number.isNaN(units)) continue;
    const day = firstDay + t;
    for (const at of [weekdayOf(day), 6 + partsOf(day).month]) {
      sums[at] = (sums[at] ?? 0) + units;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    sum += units;
    known += 1;
  }
  const mean = known > 0 ? sum / known : 0;
  return Float64Array.from(sums, (value, at) => {
    const n = counts[at] ?? 0;
    if (mean <= 0 || n === 0 || (at >= 7 && known < yearDays)) return 0;
    // Four days of nothing special beside, so that a weekday seen twice says little.
    return Math.log((value + 4 * mean + 0.01 * mean) / ((n + 4) * mean));
  });
}

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + (value - (b[at] ?? 0)) ** 2, 0);

function startsFor(profiles: readonly Float64Array[], k: number, random: () => number): Float64Array[] {
  const starts = [profiles[Math.floor(random() * profiles.length)] ?? new Float64Array(profileLength)];
  while (starts.length < k) {
    const far = profiles.map((one) => Math.min(...starts.map((start) => distance(one, start))));
    let left = random() * far.reduce((a, b) => a + b, 0);
    const at = far.findIndex((value) => {
      left -= value;
      return left < 0;
    });
    starts.push(profiles[at < 0 ? starts.length : at] ?? new Float64Array(profileLength));
  }
  return starts.map((start) => start.slice());
}

function settle(profiles: readonly Float64Array[], centres: Float64Array[]): { codes: number[]; loss: number } {
  let codes: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const next = profiles.map((one) => {
      const far = centres.map((centre) => distance(one, centre));
      return far.indexOf(Math.min(...far));
    });
    if (next.every((code, at) => code === codes[at])) break;
    codes = next;
    for (const [c, centre] of centres.entries()) {
      const own = profiles.filter((_, at) => codes[at] === c);
      if (own.length === 0) continue;
      for (let j = 0; j < profileLength; j += 1)
        centre[j] = own.reduce((sum, one) => sum + (one[j] ?? 0), 0) / own.length;
    }
  }
  return { codes, loss: profiles.reduce((sum, one, at) => sum + distance(one, centres[codes[at] ?? 0] ?? one), 0) };
}

/** The group of each store, from 0; all 0 where there are fewer than four. */
export function clusterStores(profiles: readonly Float64Array[], seed: number): readonly number[] {
  const k = profiles.length < 4 ? 1 : Math.max(2, Math.round(Math.sqrt(profiles.length / 2)));
  const random = seeded(seed);
  let best = { codes: profiles.map(() => 0), loss: Number.POSITIVE_INFINITY };
  for (let turn = 0; turn < 10; turn += 1) {
    const found = settle(profiles, startsFor(profiles, k, random));
    if (found.loss < best.loss - 1e-12) best = found;
  }
  const sizes = new Map<number, number>();
  for (const code of best.codes) sizes.set(code, (sizes.get(code) ?? 0) + 1);
  const order = [...sizes].toSorted(([a, n], [b, m]) => m - n || best.codes.indexOf(a) - best.codes.indexOf(b));
  const newCode = new Map(order.map(([code], at) => [code, at]));
  return best.codes.map((code) => newCode.get(code) ?? 0);
}
