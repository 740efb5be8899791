import { describe, expect, it } from 'vitest';
import { dayOf, dayOfYear, textOfDay, weekdayOf } from './days.ts';

describe('days', () => {
  it('agree with the platform calendar over 400 years', () => {
    for (let day = -60_000; day < 90_000; day += 37) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect(textOfDay(day)).toBe(text);
      expect(dayOf(text)).toBe(day);
      expect(weekdayOf(day)).toBe((new Date(day * 86_400_000).getUTCDay() + 6) % 7);
    }
  });
  it('know the leap day, and refuse what is no date', () => {
    expect(dayOfYear(dayOf('2024-12-31') ?? 0)).toBe(366);
    for (const text of ['2023-02-29', '2023-13-01', '01/02/2023', '', '2023-1-1']) expect(dayOf(text)).toBeNull();
  });
});
