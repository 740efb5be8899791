/** Shops of a month or less, plain and odd: a forecast near what they sold, with a band that holds it, and never an absurd one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { learnReach, speakOfFewDays } from '../cold/few-days.ts';
import { chooseClassical, forecastChosen } from '../classical/choose.ts';
import type { ClassicalModel } from '../classical/local-model.ts';
import { forecastSeed, readSeedModel } from '../cold/seed-model.ts';
import { extend, type SeriesFrame } from '../frame/series-frame.ts';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { fitSeason } from '../models/season.ts';
import { ahead as aheadOf, first, frameOf, meanOf, shop } from '#tests/fixtures/table-shop.ts';

const shipped = readSeedModel(
  readFileSync(join(import.meta.dirname, '..', '..', 'assets', 'seed-model', 'seed-model.onnx')),
);
const young = { horizon: 14, seed: 1, threads: 2, maxRows: 5_000, shipped };
const ahead = (frame: SeriesFrame) => aheadOf(frame, young);

describe('a shop of a month', () => {
  it.each([
    ['one item', 1, 30],
    ['one item of ten days', 1, 10],
    ['ten days', 8, 10],
    ['a month', 8, 30],
    ['two months', 8, 60],
  ])('%s: what it sold, with a band that holds it', async (_, items, days) => {
    const made = await ahead(frameOf(shop(items, days)));
    for (let item = 0; item < items; item += 1) {
      expect(meanOf(made, item)).toBeGreaterThan(2.8);
      expect(meanOf(made, item)).toBeLessThan(5.2);
    }
    // Units are drawn evenly from 2 … 6: eight days in ten lie in 2.3 … 5.7.
    const width = made.p90.reduce((sum, p90, k) => sum + p90 - (made.p10[k] ?? 0), 0) / made.p90.length;
    expect(width).toBeGreaterThan(2.5);
    expect(width).toBeLessThan(6.5);
  });
  it('sold nothing at all', async () => {
    const made = await ahead(frameOf(shop(3, 30, () => 0)));
    expect(Math.max(...made.p90, ...made.mean)).toBe(0);
  });
  it.each([0, 14, 29])('one wholesale bill on day %i carries away neither its item nor another', async (on) => {
    const made = await ahead(frameOf(shop(4, 30, (item, day, units) => (item === 0 && day === on ? 5000 : units))));
    expect(meanOf(made, 0)).toBeGreaterThan(2.5);
    expect(meanOf(made, 0)).toBeLessThan(8);
    expect(Math.max(...made.p90.subarray(0, 14))).toBeLessThan(20);
    for (let item = 1; item < 4; item += 1) {
      expect(meanOf(made, item)).toBeGreaterThan(2.8);
      expect(meanOf(made, item)).toBeLessThan(5.3);
    }
  });
  it.each([30, 120])('one wholesale bill in %i days carries no classical model away either', (days) => {
    const frame = extend(
      frameOf(shop(4, days, (item, day, units) => (item === 0 && day === days - 10 ? 5000 : units))),
      14,
    );
    const more = { seed: (...asked: Parameters<ClassicalModel>) => forecastSeed(shipped, ...asked) };
    const made = forecastChosen(chooseClassical(frame, days, 14, more), frame, days, 14, more);
    expect(meanOf(made, 0)).toBeGreaterThan(2.5);
    expect(meanOf(made, 0)).toBeLessThan(10);
    for (let item = 1; item < 4; item += 1) expect(meanOf(made, item)).toBeLessThan(5.5);
  });
  it('sells thousands a day of one thing, and a third of a kilo of another', async () => {
    const rows = shop(3, 30, (item, _day, units) => (item === 0 ? 1000 * units : item === 1 ? units / 12 : units));
    const made = await ahead(frameOf(rows));
    expect(meanOf(made, 0)).toBeGreaterThan(2800);
    expect(meanOf(made, 0)).toBeLessThan(5200);
    expect(made.p50[3]).toBeGreaterThan(2000);
    expect(made.p90[3]).toBeLessThan(12_000);
    expect(meanOf(made, 1)).toBeGreaterThan(0.2);
    expect(meanOf(made, 1)).toBeLessThan(0.5);
    expect(made.p90[14 + 3]).toBeLessThan(1.2);
  });
  it('is shut on Sundays, and was without goods for a week', async () => {
    const rows = shop(6, 30, (_item, day, units) => ((first + day) % 7 === 3 ? 0 : units)).map((row, at) => {
      const day = at % 30;
      return row['item'] === 'item 2' && day >= 23 ? { ...row, units: '' } : row;
    });
    const made = await ahead(frameOf(rows));
    expect(meanOf(made, 2)).toBeGreaterThan(2.2);
    for (let k = 0; k < made.p50.length; k += 1)
      if ((first + 30 + (k % 14)) % 7 === 3) expect(made.p50[k]).toBeLessThan(1);
  });
  it('had an item for Diwali only, which was in the month', async () => {
    const rows = shop(6, 30, (item, day, units) => (item === 5 ? (day < 6 ? 20 * units : 0) : units));
    const made = await ahead(frameOf(rows));
    expect(meanOf(made, 5)).toBeLessThan(20);
    expect(meanOf(made, 0)).toBeGreaterThan(2.8);
    expect(meanOf(made, 0)).toBeLessThan(5.2);
  });
});

describe('an item that hardly sold', () => {
  /** The last items have stood there for `age` days and sold `units` on each; a blank is not known. */
  const joined = (days: number, ...late: readonly { readonly age: number; readonly units: string }[]): SeriesFrame =>
    frameOf(
      shop(5 + late.length, days).flatMap((row, at) => {
        const last = late[Math.floor(at / days) - 5];
        if (last === undefined) return [row];
        return at % days < days - last.age ? [] : [{ ...row, units: last.units }];
      }),
    );

  it.each([16, 120])(
    'in a shop of %i days: what items like it sell, less with each day that it does not',
    async (days) => {
      const made = await ahead(joined(days, { age: 1, units: '' }, { age: 3, units: '0' }));
      expect(meanOf(made, 5)).toBeGreaterThan(2.5);
      expect(meanOf(made, 5)).toBeLessThan(5.5);
      expect(made.p90[5 * 14]).toBeGreaterThan(5);
      expect(meanOf(made, 6)).toBeLessThan(meanOf(made, 5));
      expect(meanOf(made, 6)).toBeGreaterThan(0.05);
    },
  );
  it('stood there for a month and sold nothing: none; came three days ago and sells well: between its own and what others sell', async () => {
    const made = await ahead(joined(60, { age: 40, units: '0' }, { age: 3, units: '20' }));
    expect(Math.max(...made.p90.subarray(5 * 14, 6 * 14))).toBe(0);
    expect(meanOf(made, 6)).toBeGreaterThan(6);
    expect(meanOf(made, 6)).toBeLessThan(20);
    expect((made.p90[6 * 14] ?? 0) - (made.p10[6 * 14] ?? 0)).toBeGreaterThan(4);
  });
});

describe('the say of few days', () => {
  it('is less with each day and ends without a step', () => {
    const frame = frameOf(shop(6, 260));
    const season = fitSeason(frame, 90);
    const sayOf = (origin: number): number => {
      const made = emptyForecasts(6, 14, origin);
      speakOfFewDays(made, { frame, season, shipped: null }, 1, true);
      return meanOf(made, 0) / 4;
    };
    const says = [60, 97, 98, 140, 206, 231].map(sayOf);
    for (const [at, say] of [0.53, 0.37, 0.36, 0.25, 0.12, 0].entries()) expect(says[at]).toBeCloseTo(say, 1);
    expect((says[1] ?? 0) - (says[2] ?? 0)).toBeLessThan(0.03);
    expect(says[5]).toBe(0);
  });
});

describe('what the last weeks ask of the bands', () => {
  it('is less where levels hold still, more where they wander', () => {
    const reachOf = (times: (week: number) => number): number => {
      const frame = frameOf(shop(20, 42, (_item, day, units) => Math.round(10 * units * times(Math.floor(day / 7)))));
      return learnReach(extend(frame, 14), 42, null);
    };
    const still = reachOf(() => 1);
    expect(still).toBeLessThan(1.2);
    expect(reachOf((week) => (week % 2 === 0 ? 1 : 2.2))).toBeGreaterThan(still + 0.15);
    // Too few days to look back.
    expect(learnReach(extend(frameOf(shop(4, 20)), 14), 20, null)).toBe(1);
  });
});
