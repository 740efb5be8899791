import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { longTable } from '../frame/long-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { applyConformal, learnConformal } from './conformal.ts';

/** 40 items of 0–39 units a day, drawn evenly; windows that differ sell `times` as much. */
function shop(times: (window: number) => number): SeriesFrame {
  const random = seeded(6);
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
  for (let item = 0; item < 40; item += 1)
    for (let day = 0; day < 70; day += 1)
      table.add({
        date: textOfDay(day),
        item: `${item}`,
        units: String(Math.floor(40 * random() * times(Math.floor(day / 14)))),
      });
  return table.finish().frame;
}
const window = (origin: number, p10: number, p90: number): Forecasts => {
  const made = emptyForecasts(40, 14, origin);
  made.p10.fill(p10);
  made.p50.fill(20);
  made.p90.fill(p90);
  made.mean.fill(20);
  return made;
};
const learnt = (frame: SeriesFrame, p10: number, p90: number) =>
  learnConformal(
    frame,
    [0, 14, 28, 42].map((origin) => window(origin, p10, p90)),
  );

describe('bands set right by windows that are over', () => {
  it('move to what was inside, where windows are alike', () => {
    const conformal = learnt(
      shop(() => 1),
      15,
      25,
    );
    const made = window(56, 15, 25);
    applyConformal(conformal, made);
    expect(made.p10[0]).toBeGreaterThan(3);
    expect(made.p10[0]).toBeLessThan(9);
    expect(made.p90[0]).toBeGreaterThan(31);
    expect(made.p90[0]).toBeLessThan(38);
    expect(conformal.widen).toBeLessThan(1.1);
  });
  it('are wider where one window was unlike the others', () => {
    const conformal = learnt(
      shop((at) => (at === 2 ? 2.5 : 0.7)),
      15,
      25,
    );
    expect(conformal.widen).toBeGreaterThan(1.1);
  });
  it('stay as they are without a window, and a shut day stays nil', () => {
    const conformal = learnConformal(
      shop(() => 1),
      [],
    );
    const made = window(56, 15, 25);
    applyConformal(conformal, made);
    expect([made.p10[0], made.p50[0], made.p90[0], made.mean[0]]).toEqual([15, 20, 25, 20]);
    const shut = emptyForecasts(40, 14, 56);
    applyConformal(
      learnt(
        shop(() => 1),
        15,
        25,
      ),
      shut,
    );
    expect(Math.max(...shut.p90)).toBe(0);
  });
});
