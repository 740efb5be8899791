/**
 * Shops that never were, to learn from without anybody's data: items, days, units, prices, festivals. Rule kept: all of
 * it comes from a seed; no figure is taken from a real shop or a data set, only from what shopkeepers commonly know
 * (Sundays, wages, festivals, summers, empty shelves, a caterer's order).
 *
 * Daily units: negative binomial about level × season (Greene 2008 on such mixtures); gamma by Marsaglia & Tsang 2000,
 * Poisson by inversion (Devroye 1986), normals by Box & Muller 1958.
 */
import { dayOfParts, dayOfYear, partsOf, weekdayOf } from '../calendar/days.ts';
import { indianDays } from '../calendar/indian-days.ts';
import { groupingOf } from '../frame/long-table.ts';
import { type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';

type Random = () => number;

const categories = 8;
/** GST codes of States whose festivals a shop may keep. */
const states = ['27', '29', '33', '07', '19', '24', '09', '32'] as const;
const years = [2017, 2024] as const;

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Counts of the given mean, variance mean + dispersion × mean². */
export function drawCount(random: Random, mean: number, dispersion: number): number {
  if (!(mean > 0)) return 0;
  const rate = dispersion > 0 ? mean * dispersion * gamma(random, 1 / dispersion) : mean;
  if (rate > 200) return Math.max(0, Math.round(rate + Math.sqrt(rate) * normal(random)));
  let [count, chance] = [0, Math.exp(-rate)];
  for (let left = random() - chance; left > 0 && count < 2000; left -= chance) {
    count += 1;
    chance *= rate / count;
  }
  return count;
}

type Shop = {
  readonly weekday: readonly number[];
  /** −1: open every day. */
  readonly shutOn: number;
  readonly payday: number;
  /** Log of how much more its usual item sells than another shop's. */
  readonly size: number;
  /** Times the day-to-day spread of another shop's items. */
  readonly jumpy: number;
  /** Times as fast as another shop's items change their level. */
  readonly restless: number;
  /** Share of items that caterers and small traders buy in bulk. */
  readonly bulk: number;
  readonly categories: readonly Category[];
};
type Category = {
  readonly weekday: readonly number[];
  readonly year: number;
  readonly peak: number;
  readonly payday: number;
  /** Log effect at the height of each family's rush, and how many days it builds up. */
  readonly festivals: ReadonlyMap<string, { readonly rush: number; readonly days: number }>;
};

const week = (random: Random, sd: number): readonly number[] => Array.from({ length: 7 }, () => sd * normal(random));

function makeShop(random: Random, families: readonly string[]): Shop {
  const weekday = week(random, 0.1).map(
    (value, day) => value + (day === 6 ? 0.25 * random() : day === 5 ? 0.15 * random() : 0),
  );
  return {
    weekday,
    shutOn: random() < 0.25 ? Math.floor(7 * random()) : -1,
    payday: 0.15 * random(),
    size: 1.1 * normal(random),
    jumpy: Math.exp(0.8 * normal(random)),
    restless: Math.exp(0.5 * normal(random)),
    bulk: 0.6 * random() ** 2,
    categories: Array.from({ length: categories }, () => ({
      weekday: week(random, 0.08),
      year: 0.35 * random() ** 2,
      peak: 366 * random(),
      payday: 0.1 * normal(random),
      festivals: new Map(
        families
          .filter(() => random() < 0.35)
          .map((family) => [family, { rush: 0.5 * normal(random) ** 2, days: 2 + Math.floor(10 * random()) }]),
      ),
    })),
  };
}

/** Units [days] and prices [days] of one item. */
function makeItem(
  random: Random,
  shop: Shop,
  category: Category,
  firstDay: number,
  days: number,
  drift: Float64Array,
  rushOf: (t: number, category: Category) => number,
): { readonly units: Float64Array; readonly price: Float64Array } {
  const units = new Float64Array(days).fill(Number.NaN);
  const price = new Float64Array(days);
  const base = Math.exp(0.7 + shop.size + 1.3 * normal(random));
  const dispersion = Math.min(3, shop.jumpy * (Math.exp(-3 + 0.8 * normal(random)) + 0.12 / Math.sqrt(base + 0.05)));
  const [walk, back] = [shop.restless * (0.005 + 0.03 * random() ** 2), 0.005 + 0.02 * random()];
  const ownWeek = week(random, 0.1);
  const paise = 10 + 290 * random() ** 2;
  const elasticity = -(0.8 + 2.2 * random());
  const caterer = random() < shop.bulk ? 0.004 + 0.04 * random() ** 2 : 0;
  const born = random() < 0.2 ? Math.floor(days * 0.8 * random()) : 0;
  const dies = random() < 0.05 ? born + Math.floor((days - born) * random()) : days;
  let [log, list, promotion, discount, empty] = [0, paise, 0, 0, 0];
  for (let t = 0; t < days; t += 1) {
    log += walk * normal(random) - back * log;
    if (random() < 0.003) log += 0.5 * normal(random);
    if (random() < 0.004) list *= 1 + 0.06 * random();
    if (promotion > 0) promotion -= 1;
    else if (random() < 0.006) [promotion, discount] = [5 + Math.floor(8 * random()), 0.05 + 0.2 * random()];
    const cut = promotion > 0 ? 1 - discount : 1;
    price[t] = Math.round(list * cut * 100) / 100;
    if (t < born) continue;
    // A shelf is emptied by those who buy much; what is not on it is not known.
    if (empty > 0) {
      empty -= 1;
      continue;
    }
    if (random() < 0.006) empty = 1 + Math.floor(5 * random());
    const weekday = weekdayOf(firstDay + t);
    if (weekday === shop.shutOn || t >= dies) {
      units[t] = 0;
      continue;
    }
    const { date } = partsOf(firstDay + t);
    const angle = (2 * Math.PI * (dayOfYear(firstDay + t) - category.peak)) / 365.25;
    const season =
      (shop.weekday[weekday] ?? 0) +
      (category.weekday[weekday] ?? 0) +
      (ownWeek[weekday] ?? 0) +
      (date <= 7 ? shop.payday + category.payday : 0) +
      category.year * Math.cos(angle) +
      rushOf(t, category);
    const mean = base * Math.exp(log + (drift[t] ?? 0) + season + elasticity * Math.log(cut));
    const order = random() < caterer ? Math.ceil(base * (3 + 12 * random())) : 0;
    units[t] = drawCount(random, mean, dispersion) + order;
  }
  return { units, price };
}

/** A shop's frame with prices and the Indian calendar; a fortnight more of calendar than of days. */
export function makeShopFrame(seed: number, items: number, days: number): SeriesFrame {
  const random = seeded(seed);
  const state = states[Math.floor(states.length * random())] ?? null;
  const firstDay =
    dayOfParts(years[0] + Math.floor((years[1] - years[0]) * random()), 1, 1) + Math.floor(365 * random());
  const calendar = indianDays(state, firstDay, days + 14);
  const families = calendar.columns.filter(({ isDistance }) => isDistance === true);
  const shop = makeShop(
    random,
    families.map(({ name }) => name),
  );
  const rushOf = (t: number, category: Category): number => {
    let sum = 0;
    for (const { name, values } of families) {
      const effect = category.festivals.get(name);
      const distance = values[t] ?? Number.NaN;
      if (effect === undefined || Number.isNaN(distance)) continue;
      if (distance <= 0 && -distance < effect.days) sum += effect.rush * (1 + distance / effect.days);
      else if (distance > 0 && distance <= 2) sum -= 0.3 * effect.rush;
    }
    return sum;
  };
  const drift = new Float64Array(days);
  for (let t = 1; t < days; t += 1) drift[t] = 0.998 * (drift[t - 1] ?? 0) + 0.008 * normal(random);
  const units = new Float64Array(items * days);
  const price = new Float64Array(items * days);
  const codes: string[] = [];
  for (let i = 0; i < items; i += 1) {
    const at = Math.floor(categories * random());
    const category = shop.categories[at];
    if (category === undefined) continue;
    const made = makeItem(random, shop, category, firstDay, days, drift, rushOf);
    units.set(made.units, i * days);
    price.set(made.price, i * days);
    codes.push(`category ${at}`);
  }
  const names = codes.map((_, i) => `item ${i}`);
  return {
    names,
    groupings: [groupingOf('category', codes), groupingOf('item', names)],
    firstDay,
    days,
    units,
    price,
    starts: startsOf(units, days),
    calendar,
  };
}
