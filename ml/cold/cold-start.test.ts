import { describe, expect, it } from 'vitest';
import { seasonBefore } from '../classical/registry.ts';
import { textOfDay } from '../calendar/days.ts';
import { longTable } from '../frame/long-table.ts';
import { type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { forecastCold, levelsOf } from './cold-start.ts';
import { distance, type ItemTraits, priorFrom } from './similar-items.ts';

const traits = (change: Partial<ItemTraits>): ItemTraits => ({
  categories: ['tea'],
  brand: 'Asha',
  price: 40,
  pack: 250,
  ...change,
});

describe('items alike', () => {
  it('are nearer by category than by brand, by price as its ratio, by pack as its ratio', () => {
    const own = traits({});
    expect(distance(own, traits({}))).toBe(0);
    expect(distance(own, traits({ categories: ['soap'] }))).toBeGreaterThan(distance(own, traits({ brand: 'Other' })));
    expect(distance(own, traits({ price: 80 }))).toBeCloseTo(distance(own, traits({ price: 20 })), 12);
    expect(distance(own, traits({ pack: 500 }))).toBeGreaterThan(0);
    // Not known is less apart than different.
    expect(distance(own, traits({ categories: [''] }))).toBeLessThan(distance(own, traits({ categories: ['soap'] })));
  });
  it('give the mean of those nearest, as sure as they agree', () => {
    const donor = (category: string, level: number) => ({ traits: traits({ categories: [category] }), level });
    const agreeing = priorFrom(traits({}), [donor('tea', 4), donor('tea', 4.2), donor('tea', 3.8)]);
    const apart = priorFrom(traits({}), [donor('tea', 1), donor('tea', 9), donor('tea', 2)]);
    expect((agreeing?.shape ?? 0) / (agreeing?.rate ?? 1)).toBeCloseTo(4, 6);
    expect((apart?.shape ?? 0) / (apart?.rate ?? 1)).toBeCloseTo(4, 6);
    expect(agreeing?.shape).toBeGreaterThan(apart?.shape ?? 9);
    // Moments by hand: mean 4, variance (9 + 25 + 4) / 3.
    expect(apart?.shape).toBeCloseTo(16 / (38 / 3), 9);
    expect(priorFrom(traits({}), [])).toBeNull();
  });
});

function shop(): SeriesFrame {
  const random = seeded(7);
  const table = longTable({ date: 'date', units: 'units', price: 'price', group: ['category', 'item'] });
  for (let item = 0; item < 20; item += 1) {
    const isTea = item % 2 === 0;
    for (let day = 0; day < 100; day += 1) {
      const units = Math.floor((isTea ? 12 : 2) * 2 * random());
      const date = textOfDay(19_500 + day);
      table.add({
        date,
        category: isTea ? 'tea' : 'soap',
        item: `${item}`,
        units: String(units),
        price: isTea ? '10' : '90',
      });
    }
  }
  return table.finish().frame;
}

describe('cold start', () => {
  const whole = shop();
  const origin = 86;
  /** The shop as it would be had item 0 (tea) and 1 (soap) come `age` days before the origin, selling 30 a day. */
  const aged = (age: number): SeriesFrame => {
    const units = whole.units.slice();
    for (const i of [0, 1]) {
      units.fill(Number.NaN, i * 100, i * 100 + origin - age);
      units.fill(30, i * 100 + origin - age, i * 100 + origin);
    }
    return { ...whole, units, starts: startsOf(units, 100) };
  };
  const meanOf = (age: number, i: number): number => {
    const frame = aged(age);
    const season = seasonBefore(frame, origin);
    const { shape, rate } = levelsOf(frame, season, origin).levels[i] ?? { shape: 0, rate: 1 };
    return shape / rate;
  };
  it('begins with what its category sells', () => {
    expect(meanOf(0, 0)).toBeGreaterThan(8);
    expect(meanOf(0, 0)).toBeLessThan(15);
    expect(meanOf(0, 1)).toBeLessThan(4.5);
  });
  it('leans on its own sales more with every day', () => {
    const course = [0, 1, 3, 7, 21, 60].map((age) => meanOf(age, 1));
    for (let k = 1; k < course.length; k += 1) expect(course[k]).toBeGreaterThan(course[k - 1] ?? 0);
    expect(course[5]).toBeGreaterThan(27);
  });
  it('is believed less with every day on which it stood there and nobody took it', () => {
    const unsold = (age: number): number => {
      const frame = aged(0);
      const units = frame.units.slice();
      units.fill(0, origin - age, origin);
      const { shape, rate } = levelsOf({ ...frame, units }, seasonBefore(frame, origin), origin).levels[0] ?? {
        shape: 0,
        rate: 1,
      };
      return shape / rate;
    };
    const course = [0, 1, 3, 7, 21].map(unsold);
    for (let k = 1; k < course.length; k += 1) expect(course[k]).toBeLessThan(course[k - 1] ?? 0);
    expect(course[4]).toBeLessThan(3);
  });
  it('has a band that narrows as sales come, in whole pieces, and not for days without season', () => {
    const width = (age: number): number => {
      const frame = aged(age);
      const made = forecastCold(frame, origin, 7, seasonBefore(frame, origin), true);
      expect([...made.p10, ...made.p50, ...made.p90].every(Number.isInteger)).toBe(true);
      return ((made.p90[0] ?? 0) - (made.p10[0] ?? 0)) / Math.max(1, made.mean[0] ?? 1);
    };
    expect(width(14)).toBeLessThan(width(0));
  });
  it('takes what the catalogue says over what the frame shows', () => {
    const frame = aged(0);
    const season = seasonBefore(frame, origin);
    const catalogue = whole.names.map((_, i) =>
      traits({ categories: [i % 2 === 0 || i === 1 ? 'tea' : 'soap'], price: 10 }),
    );
    const { shape, rate } = levelsOf(frame, season, origin, catalogue).levels[1] ?? { shape: 0, rate: 1 };
    expect(shape / rate).toBeGreaterThan(8);
  });
});
