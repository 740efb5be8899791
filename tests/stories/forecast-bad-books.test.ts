import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, instant } from '#core/time.ts';
import { milli } from '#core/quantity.ts';
import type { Uuid } from '#core/ids.ts';
import { makeForecastTables } from '#db/forecasts.ts';
import { assetsFolder } from '#till/assets-folder.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { type JobPort, runJob } from '#till/forecast/run-job.ts';
import type { JobMessage, JobOrder } from '#till/forecast/job-messages.ts';
import { shopFile } from '#db/open.ts';
import { makeDemo } from '#till/demo-make.ts';
import { makeFolder, mustOpen, sampleBill, sampleIds, setUpDesk } from '../fixtures/sample-shop.ts';
import { makeBills } from '#db/bills.ts';
import { makeStock } from '#db/stock.ts';

const folders: ReturnType<typeof makeFolder>[] = [];
const newFolder = (): string => {
  const made = makeFolder();
  folders.push(made);
  return made.dir;
};
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

async function nightOf(dir: string, lastDay: BusinessDate) {
  const heard: JobMessage[] = [];
  const port: JobPort = {
    post: (message) => void heard.push(message),
    hand: async (message) => void heard.push(message),
  };
  const order: JobOrder = {
    path: shopFile(dir),
    seedFile: readFileSync(join(assetsFolder(), 'seed-model', 'seed-model.onnx')),
    lastDay,
    horizon: 14,
    openWeeks: [],
    lastWeekStart: null,
    stateCode: '27',
    seed: 1,
    isTraining: true,
    models: {
      dir: `${dir}/models`,
      program: null,
      candidate: null,
      runningSinceMs: null,
      nowMs: Date.parse('2026-11-21T00:00:00Z'),
    },
  };
  await runJob(order, port);
  const rows = heard.flatMap((message) => (message.kind === 'items' ? message.rows : []));
  for (const row of rows) {
    expect(row.weekP10Milli).toBeGreaterThanOrEqual(0);
    expect(row.weekP50Milli).toBeGreaterThanOrEqual(row.weekP10Milli);
    expect(row.weekP90Milli).toBeGreaterThanOrEqual(row.weekP50Milli);
    expect(row.confidence).toBeGreaterThanOrEqual(0);
    expect(row.confidence).toBeLessThanOrEqual(100);
    expect([...row.days].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  }
  return { heard, rows };
}

/** A shop whose every item sells so much on each of the last days: straight into the books. */
function sellDaily(dir: string, items: number, days: number, lastDay: BusinessDate, qty: (t: number) => number): void {
  const shop = mustOpen(dir);
  const newId = sampleIds();
  const desk = setUpDesk(shop, newId, items);
  const bills = makeBills(shop);
  const stock = makeStock(shop);
  shop.transact(() => {
    for (let t = 0; t < days; t += 1) {
      const date = addDays(lastDay, 1 - days + t);
      const bill = sampleBill(newId, desk.desk, desk.items, t + 1);
      const occurredAtMs = instant(Date.parse(`${date}T06:00:00Z`));
      const pieces = qty(t);
      if (pieces === 0) continue;
      bills.insertBill({
        ...bill,
        businessDate: date,
        occurredAtMs,
        lines: bill.lines.map((line) => ({ ...line, qtyMilli: milli(pieces * 1000) })),
      });
      stock.append(
        bill.lines.map((line) => ({
          id: newId(),
          itemId: line.itemId as Uuid,
          batchId: null,
          qtyMilli: milli(-pieces * 1000),
          kind: 'sale' as const,
          refId: bill.id,
          refLineNo: line.lineNo,
          businessDate: date,
          occurredAtMs,
          costPricePaise: null,
          note: null,
        })),
      );
    }
  });
  shop.close();
}

const lastDay = '2026-11-19' as BusinessDate;

describe('a night over bad books', () => {
  it('of a shop that sold nothing says so', async () => {
    const dir = newFolder();
    mustOpen(dir).close();
    expect((await nightOf(dir, lastDay)).heard.map(({ kind }) => kind)).toContain('nothing');
  });

  it('of thirty days and one item forecasts it, and trains nothing', async () => {
    const dir = newFolder();
    sellDaily(dir, 1, 30, lastDay, () => 3);
    const { heard, rows } = await nightOf(dir, lastDay);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.weekP50Milli).toBeGreaterThan(10_000);
    expect(rows[0]?.weekP50Milli).toBeLessThan(40_000);
    expect(heard.at(-1)?.kind).toBe('done');
    expect(heard.some((message) => message.kind === 'trained' && message.made === null)).toBe(true);
  });

  it('of one sale, long ago, forecasts next to nothing', async () => {
    const dir = newFolder();
    sellDaily(dir, 2, 200, lastDay, (t) => (t === 0 ? 5 : 0));
    const { rows } = await nightOf(dir, lastDay);
    for (const row of rows) expect(row.weekP90Milli).toBeLessThanOrEqual(1_000);
  });

  it('of one enormous bill does not forecast another', async () => {
    const dir = newFolder();
    sellDaily(dir, 1, 90, lastDay, (t) => (t === 60 ? 5_000 : 2));
    const { rows } = await nightOf(dir, lastDay);
    expect(rows[0]?.weekP50Milli).toBeLessThan(1_000_000);
  });

  it('with the clock set back before the first bill finds nothing and keeps what was', async () => {
    const dir = newFolder();
    sellDaily(dir, 1, 30, lastDay, () => 3);
    expect((await nightOf(dir, '2020-01-03' as BusinessDate)).heard.map(({ kind }) => kind)).toEqual([
      'progress',
      'nothing',
    ]);
  });
});

describe('a night that was cut off', () => {
  let till: Till | null = null;
  afterEach(async () => {
    await till?.close();
    till = null;
  });
  it('leaves the forecasts of before whole, and its own rows are swept', async () => {
    const dir = newFolder();
    await makeDemo({ shopDir: dir, days: 40, billsPerDay: 8, seed: 3, lastDate: lastDay, items: 24 });
    const shop = mustOpen(dir);
    const tables = makeForecastTables(shop);
    const run = {
      madeAtMs: instant(1),
      kind: 'asked',
      originDate: lastDay,
      source: 'classical',
      reason: 'noModel',
      modelVersion: null,
      modelSinceMs: null,
    };
    const whole = tables.begin(run);
    tables.finish(whole);
    const cut = tables.begin({ ...run, kind: 'nightly' });
    expect(tables.current()?.runNo).toBe(whole);
    while (!tables.sweep(10, null)) expect(tables.current()?.runNo).toBe(whole);
    expect(shop.sql.prepare('SELECT count(*) FROM forecast_run WHERE run_no = ?').pluck().get(cut)).toBe(0);
    shop.close();
    till = await assemble({
      shopDir: dir,
      clock: { now: () => instant(Date.parse(`${addDays(lastDay, 1)}T05:00:00Z`)) },
    });
    till.context.forecast.start('asked');
    await till.close();
    till = null;
    const after = mustOpen(dir);
    expect(makeForecastTables(after).current()?.runNo).toBe(whole);
    after.close();
  }, 60_000);
});
