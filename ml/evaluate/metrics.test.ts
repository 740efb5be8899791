/** wMAPE and RMSSE of the naive rules on the shared sets is published beside them; ours must be those to four digits. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import papaparse from 'papaparse';
import { describe, expect, it } from 'vitest';
import { dataPath, noData } from '#tests/data.ts';
import { longTable, type Row } from '../frame/long-table.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import { emptyForecasts } from './forecast-table.ts';
import { figuresOf, scoreWindow } from './metrics.ts';

const file = dataPath('forecasting/online_retail_200_daily.csv.gz');

describe('figures of a forecast', () => {
  it.skipIf(file === null)(`are the published ones for the naive rules${file === null ? ` (${noData})` : ''}`, () => {
    const table = longTable({ date: 'date', units: 'units', price: null, group: ['stock_code'] });
    const text = gunzipSync(readFileSync(file ?? '')).toString();
    for (const row of papaparse.parse<Row>(text, { header: true, skipEmptyLines: true }).data) table.add(row);
    const { frame } = table.finish();
    const origins = [70, 56, 42, 28, 14].map((back) => frame.days - back);
    const found = Object.entries(naiveRules).map(([name, rule]) => {
      const scores = origins.flatMap((origin) => scoreWindow(frame, forecastByRule(rule, frame, origin, 14)));
      const { wmape, rmsse } = figuresOf(scores);
      return [name, [wmape.toFixed(4), rmsse.toFixed(4)]];
    });
    expect(Object.fromEntries(found)).toEqual({
      'seasonal naive': ['1.1618', '0.9274'],
      'moving average': ['0.9965', '0.7215'],
      'weekday mean': ['0.9277', '0.7288'],
    });
  });
  it('are nil for a forecast that is right, and twice the pinball for one that is not', () => {
    const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
    for (const [at, units] of [4, 6, 8, 10].entries())
      table.add({ date: `2026-01-0${at + 1}`, item: 'a', units: String(units) });
    const { frame } = table.finish();
    const made = emptyForecasts(1, 2, 2);
    for (const head of ['p10', 'p50', 'p90', 'mean'] as const) made[head].set([8, 10]);
    const right = figuresOf(scoreWindow(frame, made));
    expect(right).toMatchObject({ wmape: 0, wql: 0, rmsse: 0, bias: 0, coverage80: 1 });
    made.p50.set([9, 8]);
    made.mean.set([10, 10]);
    const wrong = figuresOf(scoreWindow(frame, made));
    expect(wrong.wmape).toBeCloseTo(3 / 18);
    expect(wrong.wql50).toBeCloseTo((2 * (0.5 * 1 + 0.5 * 2)) / 18);
    expect(wrong.rmsse).toBeCloseTo(Math.sqrt(4 / 2 / 4));
    expect(wrong.bias).toBeCloseTo(2 / 18);
  });
});
