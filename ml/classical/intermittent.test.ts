import { describe, expect, it } from 'vitest';
import { adida, crostonRates, crostonSba, tsb, tsbRates } from './intermittent.ts';
import { bestWeight, smooth } from './smoothing.ts';

const nan = Number.NaN;
const history = (units: readonly number[]) => ({ units: Float64Array.from(units), firstDay: 0 });

describe('Croston with SBA', () => {
  it('smooths size and interval apart, by hand', () => {
    // Sales of 4 on day 3, 8 on day 6, 2 on day 8; the first interval is the mean of the first sales: 8 days ÷ 3.
    const units = [0, 0, 4, 0, 0, 8, 0, 2];
    const a = 0.1;
    let [size, interval] = [4, 8 / 3];
    size += a * (8 - size);
    interval += a * (3 - interval);
    size += a * (2 - size);
    interval += a * (2 - interval);
    const fitted = new Float64Array(8);
    expect(crostonRates(Float64Array.from(units), a, fitted).last).toBeCloseTo(((1 - a / 2) * size) / interval, 12);
    expect(fitted[3]).toBeCloseTo((0.95 * 4) / (8 / 3), 12);
    expect(fitted[4]).toBe(fitted[3]);
    expect(fitted[2]).toBeNaN();
  });
  it('counts a day that is not known neither as a sale nor as a wait', () => {
    const plain = Float64Array.from([0, 3, 0, 0, 5, 0, 1]);
    const gapped = Float64Array.from([0, 3, nan, 0, nan, 0, 5, nan, 0, 1]);
    expect(crostonRates(gapped, 0.2, null).last).toBeCloseTo(crostonRates(plain, 0.2, null).last, 12);
  });
  it('finds the rate of a steady item', () => {
    const units = Array.from({ length: 400 }, (_, t) => (t % 5 === 0 ? 10 : 0));
    expect(crostonSba(history(units), 1).mean[0]).toBeCloseTo(2, 0);
  });
});

describe('TSB', () => {
  it('moves the chance every day and the size on days with a sale, by hand', () => {
    const [a, b] = [0.1, 0.2];
    let [size, chance] = [4, 2 / 5];
    // 0 0 4 0 6
    chance -= b * chance;
    chance -= b * chance;
    chance += b * (1 - chance);
    chance -= b * chance;
    size += a * (6 - size);
    chance += b * (1 - chance);
    expect(tsbRates(Float64Array.from([0, 0, 4, 0, 6]), a, b, null).last).toBeCloseTo(size * chance, 12);
  });
  it('dies with the item; Croston does not', () => {
    const units = Array.from({ length: 300 }, (_, t) => (t < 200 && t % 4 === 0 ? 3 : 0));
    expect(tsb(history(units), 1).mean[0]).toBeLessThan(0.15);
    expect(crostonSba(history(units), 1).mean[0]).toBeGreaterThan(0.5);
  });
});

describe('ADIDA', () => {
  it('is simple smoothing of sums over blocks, shared out evenly', () => {
    // A sale every fourth day: blocks of four, whose means are 1, 2, 1, 2, …
    const units = Array.from({ length: 160 }, (_, t) => (t % 4 === 1 ? (t % 8 === 1 ? 4 : 8) : 0));
    const means = Float64Array.from({ length: 40 }, (_, b) => (b % 2 === 0 ? 1 : 2));
    const start = 1.5;
    const { level } = smooth(means, bestWeight(means, start), start, null);
    expect(adida(history(units), 2).mean[1]).toBeCloseTo(level, 9);
  });
});
