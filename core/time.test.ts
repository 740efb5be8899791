/** Time's law: the business date turns at the shop's cut-over, the financial year on 1 April. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  daysBetween,
  financialYearCode,
  financialYearOf,
  formatDateTime,
  indianDay,
  instant,
  localParts,
  parseBusinessDate,
} from './time.ts';

const at = (iso: string) => instant(Date.parse(iso));
const date = (text: string) => text as BusinessDate;
const runs = { numRuns: propertyRuns() };
const from1990to2150 = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2150, 0, 1) });

describe('businessDateOf', () => {
  it('turns at midnight in India, which is 18:30 UTC', () => {
    expect(businessDateOf(at('2026-11-20T18:29:59.999Z'))).toBe('2026-11-20');
    expect(businessDateOf(at('2026-11-20T18:30:00.000Z'))).toBe('2026-11-21');
  });
  it('keeps the old day until the cut-over of a shop that sells past midnight', () => {
    const late = { ...indianDay, cutoverMinutes: 180 };
    expect(businessDateOf(at('2026-11-20T21:29:59.999Z'), late)).toBe('2026-11-20');
    expect(businessDateOf(at('2026-11-20T21:30:00.000Z'), late)).toBe('2026-11-21');
  });
  it('agrees with the calendar of Asia/Kolkata for any instant', () => {
    const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata', dateStyle: 'short' });
    fc.assert(
      fc.property(from1990to2150, (ms) => {
        expect(businessDateOf(instant(ms))).toBe(calendar.format(ms));
      }),
      runs,
    );
  });
  it('never goes back while the clock goes on', () => {
    fc.assert(
      fc.property(from1990to2150, fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 600 }), (ms, d, cut) => {
        const rule = { ...indianDay, cutoverMinutes: cut };
        expect(businessDateOf(instant(ms), rule) <= businessDateOf(instant(ms + d), rule)).toBe(true);
      }),
      runs,
    );
  });
});

describe('parseBusinessDate', () => {
  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '26-04-01', '2026-4-1', '', '2026-04-01T00:00'])(
    'refuses %j',
    (text) => {
      expect(parseBusinessDate(text)).toBeNull();
    },
  );
  it('takes a leap day', () => {
    expect(parseBusinessDate('2028-02-29')).toBe('2028-02-29');
  });
});

describe('days', () => {
  it('adds across months, years and leap days', () => {
    expect(addDays(date('2028-02-28'), 1)).toBe('2028-02-29');
    expect(addDays(date('2026-12-31'), 1)).toBe('2027-01-01');
    expect(addDays(date('2026-03-01'), -1)).toBe('2026-02-28');
  });
  it('counts what it added', () => {
    fc.assert(
      fc.property(from1990to2150, fc.integer({ min: -20_000, max: 20_000 }), (ms, days) => {
        const start = businessDateOf(instant(ms));
        expect(daysBetween(start, addDays(start, days))).toBe(days);
      }),
      runs,
    );
  });
});

describe('financial year', () => {
  it.each([
    ['2026-03-31', '2025-26', '2526'],
    ['2026-04-01', '2026-27', '2627'],
    ['2026-12-31', '2026-27', '2627'],
    ['2099-04-01', '2099-00', '9900'],
  ])('%s → %s (%s)', (day, year, code) => {
    const fy = financialYearOf(date(day));
    expect(fy).toBe(year);
    expect(financialYearCode(fy)).toBe(code);
  });
  it('changes on 1 April and on no other day', () => {
    fc.assert(
      fc.property(from1990to2150, (ms) => {
        const today = businessDateOf(instant(ms));
        const tomorrow = addDays(today, 1);
        expect(financialYearOf(today) !== financialYearOf(tomorrow)).toBe(tomorrow.endsWith('-04-01'));
      }),
      runs,
    );
  });
});

describe('printing', () => {
  it('prints the wall clock of the shop, not of the machine', () => {
    expect(formatDateTime(at('2026-11-20T13:11:59Z'))).toBe('20-11-2026 18:41');
    expect(localParts(at('2026-11-20T18:35:00Z'))).toEqual({ date: '2026-11-21', hour: 0, minute: 5 });
  });
  it('prints midnight itself even when the books turn later', () => {
    expect(formatDateTime(at('2026-11-20T18:35:00Z'), { ...indianDay, cutoverMinutes: 180 })).toBe('21-11-2026 00:05');
  });
});
