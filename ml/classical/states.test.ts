import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { stateOf, volumeClassOf } from './states.ts';

const days = (n: number, at: (t: number) => number): Float64Array => Float64Array.from({ length: n }, (_, t) => at(t));
const nan = Number.NaN;

describe('state of a series', () => {
  it('is new for four weeks, counted in days on which it was there', () => {
    expect(stateOf(days(27, () => 3))).toBe('new');
    expect(stateOf(days(28, () => 3))).toBe('smooth');
    expect(stateOf(days(60, (t) => (t > 20 ? nan : 3)))).toBe('new');
    expect(stateOf(new Float64Array())).toBe('new');
  });
  it('is intermittent above an interval of 1.32 days, lumpy when sizes differ too', () => {
    expect(stateOf(days(200, (t) => (t % 4 === 3 ? 0 : 5)))).toBe('intermittent');
    // Three of four days: 1.333; ten of thirteen: 1.3.
    expect(stateOf(days(260, (t) => (t % 13 < 3 ? 0 : 5)))).toBe('smooth');
    expect(stateOf(days(200, (t) => (t % 4 === 3 ? (t % 8 === 3 ? 40 : 1) : 0)))).toBe('lumpy');
    // Sizes 1 and 6 in turn: mean 3.5, CV² .51; 2 and 6: .25.
    expect(stateOf(days(200, (t) => (t % 4 === 3 ? (t % 8 === 3 ? 6 : 1) : 0)))).toBe('lumpy');
    expect(stateOf(days(200, (t) => (t % 4 === 3 ? (t % 8 === 3 ? 6 : 2) : 0)))).toBe('intermittent');
  });
  it('is dead after 91 days without a sale, but not while it is out of stock', () => {
    const random = seeded(3);
    const sold = (t: number): number => (random() < 0.5 ? 1 + (t % 3) : 0);
    expect(stateOf(days(391, (t) => (t < 300 ? sold(t) : 0)))).toBe('dead');
    expect(stateOf(days(380, (t) => (t < 300 ? 2 : 0)))).toBe('smooth');
    expect(stateOf(days(500, (t) => (t < 300 ? 2 : nan)))).toBe('smooth');
  });
  it('is a festival item when it sells in short bursts with months of nothing between', () => {
    const festival = (t: number): number => (t % 355 < 20 ? 4 : 0);
    expect(stateOf(days(900, festival))).toBe('seasonal-item');
    expect(stateOf(days(300, festival))).toBe('seasonal-item');
    // Sold half a year, then no more: dead.
    expect(stateOf(days(500, (t) => (t < 180 ? 4 : 0)))).toBe('dead');
  });
  it('has a volume class by mean units a day', () => {
    expect([0.1, 0.3, 2, 5, 10, 500].map(volumeClassOf)).toEqual([0, 1, 2, 3, 4, 4]);
  });
});
