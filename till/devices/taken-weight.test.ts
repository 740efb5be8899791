/** When a pan counts as changed. */
import { describe, expect, it } from 'vitest';
import { milli } from '#core/quantity.ts';
import { type Taken, takenAfter } from './taken-weight.ts';

const taken = (grams: number): Taken => ({ grossMilli: milli(grams), name: 'Sugar', nameHi: null });

describe('a pan whose weight was taken', () => {
  it.each([
    [500, 500, true],
    [500, 504, true],
    [500, 506, false],
    [500, 0, false],
    [10_000, 10_090, true],
    [10_000, 10_200, false],
    // A gram of saffron: the emptied pan is not the full one.
    [1, 0, false],
    [2, 1, true],
    [3, 0, false],
  ])('of %d g, then %d g: still the same is %s', (before, now, isSame) => {
    expect(takenAfter(taken(before), milli(now)) !== null).toBe(isSame);
  });
  it('is forgotten for good', () => {
    expect(takenAfter(takenAfter(taken(500), milli(0)), milli(500))).toBeNull();
  });
});
