import { describe, expect, it } from 'vitest';
import { longTable } from '../frame/long-table.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { textOfDay } from '../calendar/days.ts';
import { seeded } from '../random.ts';
import { countQuantiles, spreadOf } from './band.ts';
import { fourierDesign, fourierFit } from './fourier.ts';
import { classicalModels, seasonBefore } from './registry.ts';

function frameOf(columns: Readonly<Record<string, (day: number) => number | ''>>, days: number): SeriesFrame {
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
  for (let day = 0; day < days; day += 1)
    for (const [item, units] of Object.entries(columns))
      table.add({ date: textOfDay(19_000 + day), item, units: String(units(day)) });
  return table.finish().frame;
}
const random = seeded(21);
const odd = frameOf(
  {
    steady: (day) => 20 + (day % 7) * 3 + Math.floor(6 * random()),
    rare: () => (random() < 0.08 ? 1 + Math.floor(3 * random()) : 0),
    never: () => 0,
    huge: (day) => (day === 60 ? 100_000 : Math.floor(4 * random())),
    unknown: () => '',
    gaps: (day) => (day % 9 < 4 ? '' : 5),
    'one day': (day) => (day === 89 ? 3 : 0),
    weighed: () => Math.round(3000 * random()) / 1000,
  },
  100,
);

describe.each(Object.keys(classicalModels).filter((name) => name !== 'last-season'))('%s', (name) => {
  const model = classicalModels[name];
  const forecast = (frame: SeriesFrame, origin: number) => model?.(frame, origin, 14, seasonBefore(frame, origin));
  it('gives quantiles in order, none negative, none unknown, for any item and any length', () => {
    for (const origin of [0, 1, 8, 30, 90, 100]) {
      const made = forecast(odd, origin);
      for (let k = 0; k < 8 * 14; k += 1) {
        const [low, middle, high, mean] = [made?.p10[k], made?.p50[k], made?.p90[k], made?.mean[k]].map(
          (v) => v ?? Number.NaN,
        );
        expect(low).toBeGreaterThanOrEqual(0);
        expect(middle).toBeGreaterThanOrEqual(low ?? 0);
        expect(high).toBeGreaterThanOrEqual(middle ?? 0);
        expect(Number.isFinite(high) && Number.isFinite(mean) && (mean ?? -1) >= 0).toBe(true);
      }
    }
  });
  it('reads nothing from the origin on', () => {
    const before = forecast(odd, 80);
    expect(forecast(cutAt(odd, 80), 80)?.p50).toEqual(before?.p50);
    expect(forecast(odd, 90)?.p50).not.toEqual(before?.p50);
  });
  it('is close to a level that does not move', () => {
    const level = frameOf({ item: (day) => 40 + (day % 2), other: () => 7 }, 120);
    const made = forecast(level, 120);
    expect(made?.p50[3]).toBeGreaterThanOrEqual(38);
    expect(made?.p50[3]).toBeLessThanOrEqual(43);
    expect(made?.mean[20]).toBeCloseTo(7, 0);
  });
});

describe('the band', () => {
  it('of counts is the negative binomial, summed term by term', () => {
    const logGamma = (x: number): number => {
      let [value, at] = [0, x];
      for (; at < 12; at += 1) value -= Math.log(at);
      return value + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * at) - 1 / (360 * at ** 3);
    };
    for (const [mean, dispersion] of [
      [0.3, 0.8],
      [2, 0.5],
      [9, 0.2],
      [40, 1.5],
    ] as const) {
      const size = 1 / dispersion;
      const chance = (k: number): number =>
        Math.exp(
          logGamma(size + k) -
            logGamma(size) -
            logGamma(k + 1) +
            size * Math.log(size / (size + mean)) +
            k * Math.log(mean / (size + mean)),
        );
      const quantile = (q: number): number => {
        let [below, k] = [chance(0), 0];
        while (below < q) below += chance(++k);
        return k;
      };
      expect(countQuantiles(mean, dispersion)).toEqual([quantile(0.1), quantile(0.5), quantile(0.9)]);
    }
    // Poisson(3): P(≤ 1) = .199, P(0) = .050, P(≤ 3) = .647, P(≤ 2) = .423, P(≤ 5) = .916, P(≤ 4) = .815.
    expect(countQuantiles(3, 0)).toEqual([1, 3, 5]);
    expect(countQuantiles(0, 1)).toEqual([0, 0, 0]);
  });
  it('does not end where the sum of a large count would be too long, or its first term too small', () => {
    // Where counts begin to be in lots nothing jumps; far above, quantiles grow with the mean.
    for (const dispersion of [0, 0.05, 0.5, 2]) {
      const [below, above] = [countQuantiles(200, dispersion), countQuantiles(201, dispersion)];
      for (const [at, quantile] of below.entries()) expect(Math.abs((above[at] ?? 0) - quantile)).toBeLessThan(5);
      const [low, middle, high] = countQuantiles(100_000, dispersion);
      const relative = countQuantiles(200, dispersion).map((count) => count * 500);
      expect(low).toBeLessThan(middle);
      expect(middle).toBeLessThan(high);
      if (dispersion > 0.1)
        for (const [at, quantile] of [low, middle, high].entries())
          expect(Math.abs(quantile - (relative[at] ?? 0))).toBeLessThan(3000);
    }
    expect(countQuantiles(10_000, 0)).toEqual([9872, 10_000, 10_128]);
  });
  it('is of counts for an item that sells now and then, of errors for one that sells daily', () => {
    const rare = Float64Array.from({ length: 100 }, (_, t) => (t % 4 === 0 ? 2 : 0));
    expect(spreadOf(rare, new Float64Array(100).fill(0.5), true).kind).toBe('counts');
    expect(spreadOf(rare, new Float64Array(100).fill(0.5), false).kind).toBe('errors');
    const daily = Float64Array.from({ length: 100 }, (_, t) => 20 + (t % 5));
    const spread = spreadOf(daily, new Float64Array(100).fill(22), true);
    expect(spread.kind === 'errors' && (spread.points[1] ?? 9) ** 2 < 0.01).toBe(true);
  });
});

describe('Fourier regression', () => {
  it('is the same by taking days off the common sums and by adding up its own', () => {
    const frame = frameOf({ item: (day) => 10 + (day % 7) }, 300);
    const design = fourierDesign(frame, 0, 300, 14);
    const units = frame.units.slice();
    for (let t = 20; t < 165; t += 1) units[t] = Number.NaN;
    const few = fourierFit(design, { units, firstDay: 0 }, 0, 14);
    const common = fourierFit({ ...design, rows: 14 + 2 * 155 - 1 }, { units, firstDay: 0 }, 0, 14);
    for (let h = 0; h < 14; h += 1) expect(common.mean[h]).toBeCloseTo(few.mean[h] ?? 0, 6);
  });
  it('learns a flag of the calendar and goes on with it', () => {
    const frame = frameOf({ item: (day) => (day % 20 === 5 ? 40 : 10 + (day % 3)) }, 240);
    const values = Float64Array.from({ length: 260 }, (_, t) => (t % 20 === 5 ? 1 : 0));
    const calendar = { firstDay: frame.firstDay, days: 260, columns: [{ name: 'feast', values, labels: null }] };
    const design = fourierDesign({ ...frame, calendar }, 0, 240, 14);
    const { mean } = fourierFit(design, { units: frame.units, firstDay: 0 }, 0, 14);
    expect(mean[5]).toBeGreaterThan(30);
    expect(mean[6]).toBeLessThan(15);
  });
});
