import { describe, expect, it } from 'vitest';
import { longTable } from '../frame/long-table.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { fitSeason } from '../models/season.ts';
import { textOfDay } from '../calendar/days.ts';
import { seeded } from '../random.ts';
import { demandFeatures } from './demand-features.ts';

function shop(): SeriesFrame {
  const random = seeded(5);
  const table = longTable({ date: 'date', units: 'units', price: 'price', group: ['store', 'item'] });
  for (let day = 0; day < 620; day += 1) {
    for (const store of ['A', 'B']) {
      for (const item of ['x', 'y', 'z']) {
        const units = Math.floor(random() * (day % 7 === 5 ? 12 : 6));
        table.add({
          date: textOfDay(17_000 + day),
          store,
          item,
          units: String(units),
          price: String(10 + (day % 90 > 60 ? 2 : 0)),
        });
      }
    }
  }
  return table.finish().frame;
}

describe('features of demand', () => {
  it('do not change when anything from the day they stand on changes', () => {
    const frame = shop();
    const origin = 500;
    const later = frame.units.slice();
    for (let i = 0; i < 6; i += 1) for (let t = origin; t < frame.days; t += 1) later[i * frame.days + t] = 1000 + t;
    const read = (seen: SeriesFrame): Float32Array => {
      const features = demandFeatures(seen, fitSeason(cutAt(seen, origin), origin));
      const values = new Float32Array(6 * 14 * features.count);
      for (let i = 0; i < 6; i += 1)
        for (let h = 0; h < 14; h += 1) features.write(i, origin, h, values, (i * 14 + h) * features.count);
      return values;
    };
    const before = read(frame);
    expect(before.some((value) => !Number.isNaN(value))).toBe(true);
    expect(read({ ...frame, units: later })).toEqual(before);
    // The control: a day earlier does change them.
    later[origin - 1] = 500;
    expect(read({ ...frame, units: later })).not.toEqual(before);
  });

  it('count the days of the whole shop that came after the season was learnt', () => {
    const frame = shop();
    const season = fitSeason(cutAt(frame, 500), 500);
    const features = demandFeatures(cutAt(frame, 540), season);
    const values = new Float32Array(features.count);
    features.write(0, 540, 0, values, 0);
    const at = features.names.indexOf('all.mean7');
    expect(at).toBeGreaterThan(0);
    expect(values[at]).toBeGreaterThan(0.5);
  });
});
