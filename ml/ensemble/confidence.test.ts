import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { type ConfidenceGrounds, confidenceOf } from './confidence.ts';

const random = seeded(8);
const grounds = (): ConfidenceGrounds => {
  const p50 = 30 * random();
  return {
    p10: p50 * random(),
    p50,
    p90: p50 * (1 + random()),
    daysLearnt: Math.floor(400 * random()),
    daysLeftOut: Math.floor(60 * random()),
    skill: random() < 0.3 ? null : 0.6 * random() - 0.2,
  };
};

describe('confidence in a forecast', () => {
  it('is from 0 to 1, and never rises with what speaks against it', () => {
    for (let k = 0; k < 2000; k += 1) {
      const one = grounds();
      const here = confidenceOf(one);
      expect(here).toBeGreaterThanOrEqual(0);
      expect(here).toBeLessThanOrEqual(1);
      const worse: readonly Partial<ConfidenceGrounds>[] = [
        { p90: one.p90 + 5 * random() },
        { p10: Math.max(0, one.p10 - 5 * random()) },
        { daysLearnt: Math.floor(one.daysLearnt * random()) },
        { daysLeftOut: one.daysLeftOut + Math.floor(30 * random()) },
        { skill: one.skill === null ? 0.05 : one.skill - random() },
      ];
      for (const less of worse) expect(confidenceOf({ ...one, ...less })).toBeLessThanOrEqual(here + 1e-12);
    }
  });
  it('is full for a narrow band on a long past, and nil for a band as wide as twice the middle', () => {
    const sure = { p10: 20, p50: 20, p90: 20, daysLearnt: 400, daysLeftOut: 0, skill: 0.3 };
    expect(confidenceOf(sure)).toBe(1);
    expect(confidenceOf({ ...sure, p10: 0, p90: 40 })).toBe(0);
    expect(confidenceOf({ ...sure, skill: -1 })).toBe(0.5);
    expect(confidenceOf({ ...sure, daysLearnt: 0 })).toBeCloseTo(0.125);
  });
});
