import { describe, expect, test } from 'vitest';
import { demandFeatures } from '#ml/features/demand-features.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { seeded } from '#ml/random.ts';
import { blocksOf } from './blocks.ts';

const [items, days, origin] = [130, 520, 506] as const;

/** A shop of two shelves that is old enough for a year's course. */
function shop(): SeriesFrame {
  const random = seeded(3);
  const units = new Float64Array(items * days).fill(Number.NaN);
  for (let i = 0; i < items; i += 1)
    for (let t = 0; t < origin; t += 1) units[i * days + t] = Math.floor(random() * (t % 7 === 5 ? 6 : 3 + (i % 3)));
  return {
    names: Array.from({ length: items }, (_, i) => `item ${i}`),
    groupings: [{ name: 'category', levels: ['a', 'b'], codes: Int32Array.from({ length: items }, (_, i) => i % 2) }],
    firstDay: 19_000,
    days,
    units,
    price: null,
    starts: new Int32Array(items),
    calendar: null,
  };
}

describe('a shop in pieces', () => {
  test('tells a model the same of each item as in one', () => {
    const frame = shop();
    const season = fitSeason(frame, origin);
    expect(season.isYearly).toBe(true);
    const whole = demandFeatures(frame, season);
    expect(whole.names).toContain('category.mean7');
    const row = (features: typeof whole, i: number): Float32Array => {
      const values = new Float32Array(features.count);
      features.write(i, origin, 3, values, 0);
      return values;
    };
    const pieces = [...blocksOf(frame, season)];
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) {
      const features = demandFeatures(piece.frame, piece.season);
      for (let i = piece.from; i < piece.to; i += 1) expect(row(features, i - piece.from)).toEqual(row(whole, i));
    }
  });
});
