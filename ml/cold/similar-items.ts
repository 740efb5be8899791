/**
 * What items like this one sell, for an item that has hardly sold yet. Rule kept: likeness is what the catalogue says
 * (category, brand, price, pack), never what the item sold after the origin; with nothing alike, all items together
 * are what it is like.
 *
 * Weighted nearest neighbours (Nadaraya 1964, Watson 1964) on category, brand, price and pack size; their levels give a
 * gamma prior by moments (Gelman et al., "Bayesian data analysis", §2.6).
 */
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';

/** What the catalogue knows of an item. */
export type ItemTraits = {
  /** Category, sub-category, store, …: any grouping that several items share; '' where not known. */
  readonly categories: readonly string[];
  readonly brand: string;
  /** Price of a unit; NaN: not known. */
  readonly price: number;
  /** Content of a pack in any one unit; NaN: not known. */
  readonly pack: number;
};

/** Levels, units a day without season, that an item may have: gamma with this shape and rate (days). */
export type LevelPrior = { readonly shape: number; readonly rate: number };
export type Donor = { readonly traits: ItemTraits; readonly level: number };

/** How far items are apart for a trait that differs; e^−distance is the weight. */
const apart = { category: 1.5, brand: 0.5, price: 1, pack: 0.5 } as const;
const nearest = 40;
const leastShape = 0.25;
/** However alike they are, no more than this many sales' worth of belief. */
const mostShape = 6;

/** Doubling or halving a price is one `apart.price`; not known on a side: half of it. */
const logGap = (a: number, b: number): number => (a > 0 && b > 0 ? Math.min(3, Math.abs(Math.log2(a / b))) : 0.5);

export function distance(a: ItemTraits, b: ItemTraits): number {
  let sum = apart.price * logGap(a.price, b.price) + apart.pack * logGap(a.pack, b.pack);
  for (const [at, category] of a.categories.entries()) {
    const other = b.categories[at] ?? '';
    if (category === '' || other === '') sum += apart.category / 2;
    else if (category !== other) sum += apart.category;
  }
  if (a.brand !== '' && b.brand !== '' && a.brand !== b.brand) sum += apart.brand;
  return sum;
}

/** null where there is no donor at all. */
export function priorFrom(traits: ItemTraits, donors: readonly Donor[]): LevelPrior | null {
  const near = donors
    .map(({ traits: other, level }) => ({ level, gap: distance(traits, other) }))
    .toSorted((a, b) => a.gap - b.gap)
    .slice(0, nearest);
  const closest = near[0]?.gap ?? 0;
  let [weights, sum, squares] = [0, 0, 0];
  for (const { level, gap } of near) {
    const weight = Math.exp(closest - gap);
    weights += weight;
    sum += weight * level;
    squares += weight * level * level;
  }
  if (!(weights > 0) || !(sum > 0)) return null;
  const mean = sum / weights;
  const variance = Math.max(squares / weights - mean * mean, 0);
  const shape = Math.max(leastShape, Math.min(mostShape, variance > 0 ? (mean * mean) / variance : mostShape));
  return { shape, rate: shape / mean };
}

/** Groupings that several series share are categories; the price is the last one known before the day after the origin. */
export function traitsOf(frame: SeriesFrame, origin: number): readonly ItemTraits[] {
  const n = seriesCount(frame);
  const shared = frame.groupings.filter(({ levels }) => levels.length > 1 && levels.length < n);
  return Array.from({ length: n }, (_, i) => {
    let price = Number.NaN;
    for (let t = Math.min(origin, frame.days - 1); t >= 0 && Number.isNaN(price) && frame.price !== null; t -= 1)
      price = frame.price[i * frame.days + t] ?? Number.NaN;
    return {
      categories: shared.map(({ levels, codes }) => levels[codes[i] ?? 0] ?? ''),
      brand: '',
      price,
      pack: Number.NaN,
    };
  });
}
