import { describe, expect, it } from 'vitest';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { forecastTotal, type TotalForecast } from '../models/total-level.ts';
import { seeded } from '../random.ts';
import { reconcile, type TotalErrors } from './reconcile.ts';

const window = (mean: number) => {
  const made = emptyForecasts(4, 14, 300);
  made.mean.fill(mean);
  made.p90.fill(2 * mean);
  return made;
};
const total = { sum: 4 * 14 * 2, variance: 0.01 };
/** Factors of the mean and of the P90. */
const moved = (errors: readonly TotalErrors[], mean: number, to: TotalForecast) => {
  const made = reconcile(errors, window(mean), to);
  return { mean: (made.mean[0] ?? 0) / mean, p90: (made.p90[0] ?? 0) / (2 * mean) };
};

describe('items and their total', () => {
  it('go to the one that was nearer on windows that are over', () => {
    const good = Array.from({ length: 6 }, () => ({ items: 0.3, total: 0.01 }));
    const bad = Array.from({ length: 6 }, () => ({ items: 0.01, total: 0.3 }));
    expect(moved(good, 1.5, total).mean).toBeGreaterThan(1.3);
    expect(moved(bad, 1.5, total).mean).toBeLessThan(1.03);
    expect(moved([], 1.5, total).mean).toBeCloseTo(Math.sqrt(2 / 1.5));
  });
  it('go to the total with all quantiles, and sooner, where less than a year taught them', () => {
    const short = { ...total, isShort: true };
    const lucky = Array.from({ length: 4 }, () => ({ items: 0.02, total: 0.05 }));
    const [long, young] = [moved(lucky, 1.5, total), moved(lucky, 1.5, short)];
    expect(young.mean).toBeGreaterThan(long.mean + 0.02);
    expect(young.p90).toBeCloseTo(young.mean);
    expect(long.p90).toBeCloseTo(Math.sqrt(long.mean));
  });
  it('stay as they are without a forecast of the total, and are never moved far', () => {
    expect(moved([], 1, { sum: Number.NaN, variance: Number.POSITIVE_INFINITY }).mean).toBe(1);
    expect(reconcile([], window(0), total).mean[0]).toBe(0);
    expect(moved([], 0.001, total).mean).toBeCloseTo(1.6);
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
