import { describe, expect, it } from 'vitest';
import { dayOf, textOfDay } from '../calendar/days.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { longTable, type Row } from '../frame/long-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { keepSane } from './sane.ts';

function ahead(frame: SeriesFrame): Forecasts {
  const made = emptyForecasts(3, 14, frame.days);
  // As a model sees it that knows no festival.
  for (const column of [made.p50, made.p90, made.mean]) column.fill(0.02);
  keepSane(made, frame);
  return made;
}
const meanOf = (made: Forecasts, series: number): number =>
  made.mean.subarray(series * 14, (series + 1) * 14).reduce((sum, value) => sum + value, 0) / 14;

describe('an item that sells at Diwali only', () => {
  const diwali = new Map([
    ['2022', '2022-10-24'],
    ['2023', '2023-11-12'],
    ['2024', '2024-10-31'],
  ]);
  const start = dayOf('2021-12-01') ?? 0;
  const until = (text: string): SeriesFrame => {
    const rows: Row[] = [];
    const random = seeded(2);
    for (let day = start; day < (dayOf(text) ?? 0); day += 1) {
      const main = dayOf(diwali.get(textOfDay(day).slice(0, 4)) ?? '') ?? 0;
      const before = main - day;
      const units = before >= 0 && before <= 9 ? 20 + Math.floor(10 * random()) : 0;
      rows.push({ date: textOfDay(day), item: 'diya', units: String(units) });
      rows.push({ date: textOfDay(day), item: 'salt', units: String(Math.floor(6 * random())) });
      // Sold every day of its first year, then given up.
      rows.push({ date: textOfDay(day), item: 'given up', units: day < start + 300 ? '5' : '0' });
    }
    const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
    for (const row of rows) table.add(row);
    return table.finish().frame;
  };
  it('is expected before the next one, on its days and not on those of last year; what was given up is not', () => {
    const made = ahead(until('2024-10-25'));
    // 25 to 31 October is before Diwali of 2024; a year before, Diwali was on 12 November.
    expect(meanOf(made, 0) * 14).toBeGreaterThan(80);
    expect(made.mean[1] ?? 0).toBeGreaterThan(15);
    expect(made.mean[12] ?? 9).toBeLessThan(5);
    expect(meanOf(made, 2)).toBe(0);
  });
  it('is expected before it has sold at all this year', () => {
    const made = ahead(until('2024-10-15'));
    expect(made.mean[0]).toBeLessThan(1);
    expect(made.mean[10] ?? 0).toBeGreaterThan(15);
  });
  it('is not expected in June', () => {
    expect(meanOf(ahead(until('2024-06-10')), 0)).toBe(0);
  });
});
