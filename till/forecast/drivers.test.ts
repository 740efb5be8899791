import { describe, expect, it } from 'vitest';
import type { BusinessDate } from '#core/time.ts';
import { dayOf } from '#ml/calendar/days.ts';
import { isPayday, usualPaydays } from '#ml/calendar/festivals.ts';
import { indianDays } from '#ml/calendar/indian-days.ts';
import { demandLevels } from '#ml/features/demand-levels.ts';
import { type SeriesFrame, startsOf } from '#ml/frame/series-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { seeded } from '#ml/random.ts';
import { effectsOf, nearFestivals } from './drivers.ts';

const ahead = 14;
const items = 6;

/** Sells half as much again while salaries last; `origin` is the day that the forecast begins. */
function paydayShop(origin: string, more: number): SeriesFrame {
  const days = 330;
  const firstDay = (dayOf(origin) ?? 0) - days;
  const random = seeded(4);
  const all = days + ahead;
  const units = Float64Array.from({ length: items * all }, (_, k) => {
    const t = k % all;
    if (t >= days) return Number.NaN;
    return Math.round(20 * (isPayday(firstDay + t, usualPaydays) ? more : 1) + 6 * (random() - 0.5));
  });
  return {
    names: Array.from({ length: items }, (_, i) => `item ${i}`),
    groupings: [],
    firstDay,
    days: all,
    units,
    price: null,
    starts: startsOf(units, all),
    calendar: indianDays('27', firstDay, all),
  };
}

function driversAt(origin: string, more = 1.5) {
  const frame = paydayShop(origin, more);
  const at = frame.days - ahead;
  const season = fitSeason(frame, at);
  const levels = demandLevels(frame, season);
  const found = effectsOf({ frame, levels, season }, 2, at, []);
  let week = 0;
  for (let t = at; t < at + 7; t += 1) week += levels.level(2, at) * levels.factor(2, t);
  const payday = found.effects.find(({ kind }) => kind === 'payday')?.units ?? Number.NaN;
  return { ...found, week, payday };
}

describe('what pay-days do to a week', () => {
  it('is more in a week of them, less in a week without, against what a usual week has of them', () => {
    // Of thirty days fourteen are pay-days: seven of them sell about 7 × 10 × (1 − 14 ÷ 30) more.
    const full = driversAt('2026-10-01');
    expect(full.payday).toBeGreaterThan(20);
    expect(full.payday).toBeLessThan(50);
    const none = driversAt('2026-10-11');
    expect(none.payday).toBeLessThan(-15);
    expect(none.payday).toBeGreaterThan(-45);
  });

  it('is next to nothing where nobody waits for a salary', () => {
    expect(Math.abs(driversAt('2026-10-01', 1).payday)).toBeLessThan(4);
  });

  it('adds up, with the rest, to what level and season say of the week', () => {
    for (const origin of ['2026-10-01', '2026-10-11', '2026-10-21']) {
      const { plainWeek, effects, week } = driversAt(origin);
      expect(plainWeek + effects.reduce((sum, { units }) => sum + units, 0)).toBeCloseTo(week, 6);
    }
  });
});

describe('a festival the last time', () => {
  /** Ten a day, twice as many in the week up to day 30; `from`: the first day of the books. */
  const lastTime = (from: number): number | null => {
    const days = 400;
    const all = days + ahead;
    const units = Float64Array.from({ length: all }, (_, t) => {
      if (t < from || t >= days) return Number.NaN;
      return t > 23 && t <= 30 ? 20 : 10;
    });
    const firstDay = dayOf('2025-10-17') ?? 0;
    const frame: SeriesFrame = {
      names: ['rice'],
      groupings: [],
      firstDay,
      days: all,
      units,
      price: null,
      starts: Int32Array.of(from),
      calendar: indianDays('27', firstDay, all),
    };
    const season = fitSeason(frame, days);
    const mark = (column: number) => ({ date: '2026-11-20' as BusinessDate, family: 'diwali', column });
    const near = nearFestivals([mark(30), mark(days + 3)], days);
    const { effects } = effectsOf({ frame, levels: demandLevels(frame, season), season }, 0, days, near);
    return effects.find(({ kind }) => kind === 'festival')?.lastTimeBp ?? null;
  };
  it('is told against the weeks after it where the books begin just before it, and not at all where they begin after', () => {
    expect(lastTime(20)).toBe(10_000);
    expect(lastTime(32)).toBeNull();
  });
});
