import { describe, expect, it } from 'vitest';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { textOfDay } from '../calendar/days.ts';
import { longTable } from '../frame/long-table.ts';
import { keepSane } from './sane.ts';

describe('the last look at a forecast', () => {
  it('caps what explodes, stills what is dead, leaves what was out of stock', () => {
    const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
    for (let day = 0; day < 120; day += 1) {
      table.add({ date: textOfDay(day), item: 'alive', units: String(day % 5) });
      table.add({ date: textOfDay(day), item: 'dead', units: day < 20 ? '7' : '0' });
      table.add({ date: textOfDay(day), item: 'out of stock', units: day < 20 ? '7' : '' });
    }
    const { frame } = table.finish();
    const made = emptyForecasts(3, 2, 120);
    for (const column of [made.p10, made.p50, made.p90, made.mean]) column.fill(1000);
    keepSane(made, frame);
    expect([...made.p90]).toEqual([13, 13, 0, 0, 1000, 1000]);
  });
});
