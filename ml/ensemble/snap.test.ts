import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { longTable } from '../frame/long-table.ts';
import { isSnapHarmless, snapToCounts } from './snap.ts';

const frameOf = (units: (day: number) => number) => {
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
  for (let day = 0; day < 28; day += 1) table.add({ date: textOfDay(day), item: 'a', units: String(units(day)) });
  return table.finish().frame;
};
const window = (p10: number, p50: number, p90: number) => {
  const made = emptyForecasts(1, 14, 14);
  made.p10.fill(p10);
  made.p50.fill(p50);
  made.p90.fill(p90);
  made.mean.fill(0.7);
  return made;
};

describe('whole pieces', () => {
  it('are rounded, the mean is not', () => {
    const made = snapToCounts(window(0.2, 0.6, 2.4));
    expect([made.p10[0], made.p50[0], made.p90[0], made.mean[0]]).toEqual([0, 1, 2, 0.7]);
  });
  it('are taken where windows lost nothing by it, and never for what is weighed', () => {
    const counts = frameOf((day) => (day % 2 === 0 ? 1 : 0));
    expect(isSnapHarmless(counts, [window(0.1, 0.6, 1.1)])).toBe(true);
    expect(isSnapHarmless(counts, [window(0, 0.6, 1.6)])).toBe(false);
    expect(
      isSnapHarmless(
        frameOf((day) => day / 8),
        [window(0.1, 0.6, 1.1)],
      ),
    ).toBe(false);
    expect(isSnapHarmless(counts, [])).toBe(false);
  });
});
