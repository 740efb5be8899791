import { describe, expect, it } from 'vitest';
import { dayOf } from '../calendar/days.ts';
import { mainDaysOf, signedDistance } from '../calendar/festivals.ts';
import { indianDays } from '../calendar/indian-days.ts';
import { demandFeatures } from '../features/demand-features.ts';
import { groupingOf } from '../frame/long-table.ts';
import { type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { fitSeason } from './season.ts';

const day = (text: string): number => dayOf(text) ?? Number.NaN;
const diwali = mainDaysOf('diwali', '27');
const [sweets, staples] = [4, 8];

/** What a made-up shop's customers want; sweets treble towards Diwali, staples rise by a fifth, all sell more on Saturdays. */
function wanted(i: number, at: number): number {
  const distance = signedDistance(diwali, at);
  const rush = distance === null || distance < -10 || distance > 1 ? 0 : distance <= 0 ? (distance + 11) / 11 : 0.5;
  const usual = (4 + 3 * i) * (at % 7 === 2 ? 1.4 : 1);
  return usual * (1 + rush * (i < sweets ? 2 : 0.2));
}

function shop(from: string, to: string, withCalendar: boolean): SeriesFrame {
  const random = seeded(9);
  const [firstDay, days] = [day(from), day(to) - day(from) + 1];
  const n = sweets + staples;
  const units = Float64Array.from({ length: n * days }, (_, k) => {
    const mean = wanted(Math.floor(k / days), firstDay + (k % days));
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2));
  });
  const category = Array.from({ length: n }, (_, i) => (i < sweets ? 'sweets' : 'staples'));
  return {
    names: category.map((name, i) => `${name} ${i}`),
    groupings: [groupingOf('category', category)],
    firstDay,
    days,
    units,
    price: null,
    starts: startsOf(units, days),
    calendar: withCalendar ? indianDays('27', firstDay, days) : null,
  };
}

/** Forecast over what is wanted, for items of a kind and days from…to; learnt before `origin`. */
function ratio(frame: SeriesFrame, origin: string, from: string, to: string, isSweet: boolean): number {
  const o = day(origin) - frame.firstDay;
  const { level, factor } = demandFeatures(frame, fitSeason(frame, o));
  let [made, truth] = [0, 0];
  for (let i = isSweet ? 0 : sweets; i < (isSweet ? sweets : sweets + staples); i += 1) {
    for (let t = day(from) - frame.firstDay; t <= day(to) - frame.firstDay; t += 1) {
      made += level(i, o) * factor(i, t);
      truth += wanted(i, frame.firstDay + t);
    }
  }
  return made / truth;
}

describe('festivals by distance', () => {
  // Diwali: 14 November 2020, 4 November 2021, 24 October 2022 — and 12 November 2023, nineteen days later.
  const [from, to] = ['2020-01-01', '2023-11-20'];
  const known = shop(from, to, true);
  const blind = shop(from, to, false);

  it('move the rush with the festival, where the date alone leaves it on last year’s days', () => {
    expect(ratio(known, '2023-10-30', '2023-11-06', '2023-11-12', true)).toBeGreaterThan(0.85);
    expect(ratio(known, '2023-10-30', '2023-11-06', '2023-11-12', true)).toBeLessThan(1.15);
    expect(ratio(blind, '2023-10-30', '2023-11-06', '2023-11-12', true)).toBeLessThan(0.75);
    // Last year's rush was from 14 to 24 October; nothing is sold for it this year.
    expect(ratio(known, '2023-10-14', '2023-10-15', '2023-10-25', true)).toBeLessThan(1.12);
    expect(ratio(blind, '2023-10-14', '2023-10-15', '2023-10-25', true)).toBeGreaterThan(1.15);
  });
  it('leave to a category what is its own', () => {
    expect(ratio(known, '2023-10-30', '2023-11-06', '2023-11-12', false)).toBeGreaterThan(0.9);
    expect(ratio(known, '2023-10-30', '2023-11-06', '2023-11-12', false)).toBeLessThan(1.12);
  });
  it('are known after one festival, with half of their height at least', () => {
    const young = shop('2022-09-01', to, true);
    expect(ratio(young, '2023-10-30', '2023-11-06', '2023-11-12', true)).toBeGreaterThan(0.75);
    expect(ratio(young, '2023-10-30', '2023-11-06', '2023-11-12', true)).toBeLessThan(1.2);
  });
  it('tell the models how much of a day is festival', () => {
    const o = day('2023-10-30') - known.firstDay;
    const features = demandFeatures(known, fitSeason(known, o));
    const at = (name: string, date: string): number => {
      const row = new Float32Array(features.count);
      features.write(0, o, day(date) - known.firstDay - o, row, 0);
      return row[features.names.indexOf(name)] ?? Number.NaN;
    };
    expect(at('toNext.festival', '2023-11-08')).toBe(4);
    expect(at('sinceLast.festival', '2023-11-14')).toBe(2);
    expect(at('festivalUpliftCategory', '2023-11-11')).toBeGreaterThan(0.5);
    expect(at('festivalUplift', '2023-11-11')).toBeGreaterThan(0.5);
    expect(Math.abs(at('festivalUpliftCategory', '2023-10-23'))).toBeLessThan(0.2);
  });
});
