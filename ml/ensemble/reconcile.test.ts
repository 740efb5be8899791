import { describe, expect, it } from 'vitest';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { forecastTotal } from '../models/total-level.ts';
import { seeded } from '../random.ts';
import { reconcileFactor, scaleWindow } from './reconcile.ts';

const window = (mean: number) => {
  const made = emptyForecasts(4, 14, 300);
  made.mean.fill(mean);
  made.p90.fill(2 * mean);
  return made;
};
const total = { sum: 4 * 14 * 2, variance: 0.01 };

describe('items and their total', () => {
  it('go to the one that was nearer on windows that are over', () => {
    const good = Array.from({ length: 6 }, () => ({ items: 0.3, total: 0.01 }));
    const bad = Array.from({ length: 6 }, () => ({ items: 0.01, total: 0.3 }));
    expect(reconcileFactor(good, window(1.5), total)).toBeGreaterThan(1.3);
    expect(reconcileFactor(bad, window(1.5), total)).toBeLessThan(1.03);
    expect(reconcileFactor([], window(1.5), total)).toBeCloseTo(Math.sqrt(2 / 1.5));
  });
  it('stay as they are without a forecast of the total, and are never moved far', () => {
    expect(reconcileFactor([], window(1), { sum: Number.NaN, variance: Number.POSITIVE_INFINITY })).toBe(1);
    expect(reconcileFactor([], window(0), total)).toBe(1);
    expect(reconcileFactor([], window(0.001), total)).toBe(1.6);
    expect(scaleWindow(window(1), 1.21).p90[0]).toBeCloseTo(2.2);
  });
});

describe('the total of a shop', () => {
  const random = seeded(3);
  const flat = new Float64Array(400).fill(1);
  const noise = Float64Array.from({ length: 400 }, () => 80 + 40 * random());
  it('is its level, whatever its noise, and follows a step', () => {
    const steady = forecastTotal(noise, flat, 380, 14);
    expect(steady.sum / 14).toBeGreaterThan(92);
    expect(steady.sum / 14).toBeLessThan(108);
    const stepped = forecastTotal(
      noise.map((value, t) => (t < 300 ? value : 2 * value)),
      flat,
      380,
      14,
    );
    expect(stepped.sum / 14).toBeGreaterThan(180);
  });
  it('reads no day from its origin on, and says nothing of a shop of a month', () => {
    const changed = noise.map((value, t) => (t < 380 ? value : 9 * value));
    expect(forecastTotal(changed, flat, 380, 14)).toEqual(forecastTotal(noise, flat, 380, 14));
    expect(forecastTotal(changed, flat, 379, 14)).not.toEqual(forecastTotal(changed, flat, 383, 14));
    expect(forecastTotal(noise, flat, 40, 14).sum).toBeNaN();
    expect(forecastTotal(new Float64Array(400), flat, 380, 14).sum).toBeNaN();
  });
});
