/** Days until goods come, by notice and by days of the week. */
import { describe, expect, it } from 'vitest';
import type { BusinessDate } from '../time.ts';
import { daysUntilGoods } from './delivery.ts';

/** A Saturday. */
const saturday = '2026-11-21' as BusinessDate;

describe('days until goods come', () => {
  it('is the notice where any day will do', () => {
    expect(daysUntilGoods(saturday, { leadDays: 2, weekdays: [] })).toBe(2);
    expect(daysUntilGoods(saturday, { leadDays: 0, weekdays: [] })).toBe(0);
  });
  it('is the first of the supplier’s days that is not before the notice', () => {
    expect(daysUntilGoods(saturday, { leadDays: 1, weekdays: [1, 4] })).toBe(2);
    expect(daysUntilGoods(saturday, { leadDays: 3, weekdays: [1, 4] })).toBe(5);
    expect(daysUntilGoods(saturday, { leadDays: 0, weekdays: [6] })).toBe(0);
    expect(daysUntilGoods(saturday, { leadDays: 1, weekdays: [6] })).toBe(7);
  });
  it('goes round the week, however long the notice is', () => {
    expect(daysUntilGoods(saturday, { leadDays: 20, weekdays: [0] })).toBe(22);
  });
});
