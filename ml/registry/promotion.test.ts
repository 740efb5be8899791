import { describe, expect, it } from 'vitest';
import type { WindowScore } from '../evaluate/metrics.ts';
import { seeded } from '../random.ts';
import { budgetMsOf, judgedWindows, judgePromotion, type PromotionCase } from './promotion.ts';
import type { Segment } from './segments.ts';

type Shape = {
  readonly loss?: number;
  readonly lossOfA?: number;
  readonly bias?: number;
  readonly coverage?: number;
  readonly noise?: number;
};
/** 40 items × `origins` windows of 14 days, 10 units a day; loss about 30 % of units, times what is said. */
function scores({ loss = 1, lossOfA = loss, bias = 0, coverage = 0.8, noise = 0 }: Shape, origins = 4): WindowScore[] {
  const random = seeded(3);
  const other = seeded(4);
  return Array.from({ length: 40 * origins }, (_, k) => {
    const series = k % 40;
    const own = (0.8 + 0.4 * random()) * (1 + noise * (other() - 0.5)) * (series < 8 ? lossOfA : loss) * 42;
    return {
      series,
      origin: 100 + 14 * Math.floor(k / 40),
      days: 14,
      units: 140,
      absError: own,
      pinball: [own, own, own],
      meanError: bias * 140,
      rmsse: 1,
      inside: 14 * coverage,
      insidePit: 14 * coverage,
    };
  });
}
const segments = Array.from({ length: 40 }, (_, i): Segment => (i < 8 ? 'a' : i < 20 ? 'b' : 'c'));
const judge = (challenger: Shape, more: Partial<PromotionCase> = {}, incumbent: Shape = {}) =>
  judgePromotion({
    challenger: scores(challenger),
    incumbent: scores(incumbent),
    segments,
    incumbentAgeDays: 10,
    inferenceMs: 100,
    budgetMs: 100,
    isSecond: false,
    seed: 1,
    ...more,
  });

describe('a model that came', () => {
  it('is promoted where it loses half a percent less, surely', () => {
    expect(judge({ loss: 0.99 })).toMatchObject({ outcome: 'promote', failed: [] });
    expect(judge({ loss: 0.996 })).toMatchObject({ outcome: 'shadow', failed: ['loss'] });
    // Half a percent in the mean, and as likely luck as not.
    const lucky = judge({ loss: 0.994, noise: 1.9 });
    expect(lucky.figures.better).toBeLessThan(0.8);
    expect(lucky.failed).toContain('loss');
  });
  it('that is only as good is promoted over one of more than six weeks', () => {
    expect(judge({ loss: 1.009 }, { incumbentAgeDays: 43 }).outcome).toBe('promote');
    expect(judge({ loss: 1.009 }, { incumbentAgeDays: 42 }).outcome).toBe('shadow');
    expect(judge({ loss: 1.011 }, { incumbentAgeDays: 100 }).outcome).toBe('shadow');
    // A plain rung has no age.
    expect(judge({ loss: 1.009 }, { incumbentAgeDays: null }).outcome).toBe('shadow');
  });
  it('must cover, be straight, hold each segment, be quick', () => {
    expect(judge({ loss: 0.9, coverage: 0.69 }).failed).toEqual(['coverage']);
    expect(judge({ loss: 0.9, coverage: 0.91 }).failed).toEqual(['coverage']);
    expect(judge({ loss: 0.9, coverage: 0.705 }).failed).toEqual([]);
    expect(judge({ loss: 0.9, bias: -0.06 }).failed).toEqual(['bias']);
    expect(judge({ loss: 0.9, bias: -0.06 }, {}, { bias: 0.07 }).failed).toEqual([]);
    expect(judge({ loss: 0.85, lossOfA: 1.06 }).failed).toEqual(['segment']);
    expect(judge({ loss: 0.85, lossOfA: 1.04 }).failed).toEqual([]);
    expect(judge({ loss: 0.9 }, { inferenceMs: 201 }).failed).toEqual(['time']);
  });
  it('that fails twice is refused; with two windows nobody knows', () => {
    expect(judge({ loss: 1.2 }, { isSecond: true })).toMatchObject({ outcome: 'reject', failed: ['loss', 'segment'] });
    const short = { challenger: scores({ loss: 0.5 }, 2), incumbent: scores({}, 2) };
    expect(judge({}, short).failed).toEqual(['windows']);
    expect(judge({}, { ...short, isSecond: true }).outcome).toBe('shadow');
    // Nothing at all, or what is no number, promotes nothing.
    expect(judge({}, { challenger: [], incumbent: [] }).outcome).toBe('shadow');
    expect(judge({ loss: Number.NaN }).failed).toContain('loss');
  });
  it('gives the same verdict for the same scores', () => {
    expect(judge({ loss: 0.99, noise: 1 })).toEqual(judge({ loss: 0.99, noise: 1 }));
  });
});

describe('the days that it is judged on', () => {
  it('are 28 to 56 that it was not trained on', () => {
    expect(judgedWindows(400, 343)).toEqual({ horizon: 14, origins: [344, 358, 372, 386] });
    expect(judgedWindows(400, 355)).toEqual({ horizon: 14, origins: [358, 372, 386] });
    expect(judgedWindows(400, 371)).toEqual({ horizon: 7, origins: [372, 379, 386, 393] });
    expect(judgedWindows(400, 372).origins).toEqual([]);
    expect(judgedWindows(400, -1).origins[0]).toBe(344);
    expect(judgedWindows(56, -1)).toEqual({ horizon: 7, origins: [28, 35, 42, 49] });
    expect(judgedWindows(55, -1).origins).toEqual([]);
    expect(budgetMsOf(70_000)).toBe(1_500);
  });
});
