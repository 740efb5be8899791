import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, daysBetween, instant } from '#core/time.ts';
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

const seed = readFileSync(join(assetsFolder(), 'seed-model', 'seed-model.onnx'));

async function nightOf(dir: string, lastDay: BusinessDate, seedFile: Uint8Array | null = seed) {
  const heard: JobMessage[] = [];
  const port: JobPort = {
    post: (message) => void heard.push(message),
    hand: async (message) => void heard.push(message),
  };
  const order: JobOrder = {
    path: shopFile(dir),
    seedFile,
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
      running: null,
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

/** A shop whose items sell so much on each of the last days: straight into the books. */
function sellDaily(
  dir: string,
  items: number,
  days: number,
  lastDay: BusinessDate,
  qty: (t: number, item: number) => number,
): void {
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
      const lines = bill.lines
        .map((line, item) => ({ ...line, qtyMilli: milli(qty(t, item) * 1000) }))
        .filter(({ qtyMilli }) => qtyMilli > 0);
      if (lines.length === 0) continue;
      bills.insertBill({ ...bill, businessDate: date, occurredAtMs, lines });
      stock.append(
        lines.map((line) => ({
          id: newId(),
          itemId: line.itemId as Uuid,
          batchId: null,
          qtyMilli: milli(-line.qtyMilli),
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
    // Two a day, as before and after it.
    expect(rows[0]?.weekP50Milli).toBeLessThan(30_000);
    expect(rows[0]?.weekP90Milli).toBeLessThan(100_000);
  });

  it('of goods that never sold forecasts nothing for them, and says why', async () => {
    const dir = newFolder();
    const longAfter = addDays(lastDay, 200);
    sellDaily(dir, 5, 60, longAfter, (_, item) => (item === 0 ? 3 : 0));
    const { rows } = await nightOf(dir, longAfter);
    expect(rows).toHaveLength(5);
    const never = rows.filter(({ reason }) => reason === 'neverSold');
    expect(never).toHaveLength(4);
    for (const row of never) expect([row.source, row.weekP50Milli, row.weekP90Milli]).toEqual(['rule', 0, 0]);
  });

  it('of bills dated in days to come reads none of them', async () => {
    const [there, without] = [newFolder(), newFolder()];
    sellDaily(there, 2, 60, addDays(lastDay, 20), (t) => (t < 40 ? 3 : 90));
    sellDaily(without, 2, 40, lastDay, () => 3);
    const [one, other] = [await nightOf(there, lastDay), await nightOf(without, lastDay)];
    expect(one.rows.map(({ weekP50Milli, weekP90Milli }) => [weekP50Milli, weekP90Milli])).toEqual(
      other.rows.map(({ weekP50Milli, weekP90Milli }) => [weekP50Milli, weekP90Milli]),
    );
  });

  it('of goods sold only towards Diwali expects them towards the next one, and not in between', async () => {
    const dir = newFolder();
    // 20 October 2025; the next one is 8 November 2026.
    const end = '2026-10-30' as BusinessDate;
    const days = 420;
    const diwali = 420 - 1 - daysBetween('2025-10-20' as BusinessDate, end);
    sellDaily(dir, 3, days, end, (t, item) => (item > 0 ? 4 : t > diwali - 12 && t <= diwali ? 6 : 0));
    const before = (await nightOf(dir, end)).rows[0];
    expect(before?.weekP50Milli).toBeGreaterThan(10_000);
    expect(before?.weekP50Milli).toBeLessThan(100_000);
    const between = (await nightOf(dir, '2026-05-01' as BusinessDate)).rows[0];
    expect(between?.weekP90Milli).toBeLessThanOrEqual(1_000);
  });

  it('where the model that ships is damaged or missing goes by each item’s own past, and says so', async () => {
    const dir = newFolder();
    sellDaily(dir, 3, 90, lastDay, () => 3);
    const { rows, heard } = await nightOf(dir, lastDay, seed.subarray(0, 5_000));
    expect(rows.map(({ source, reason }) => [source, reason])).toEqual(rows.map(() => ['classical', 'modelFailed']));
    const passedOver = heard.flatMap((message) => (message.kind === 'models' ? message.report.passedOver : []));
    expect(passedOver).toMatchObject([{ modelId: 'seed-model', reason: 'modelFailed' }]);
    expect(heard.some(({ kind }) => kind === 'falls')).toBe(true);
    const without = await nightOf(dir, lastDay, null);
    expect(without.rows.map(({ source, reason }) => [source, reason])).toEqual(
      rows.map(() => ['classical', 'noModel']),
    );
  });

  it('of items that came last week goes by items like them', async () => {
    const dir = newFolder();
    sellDaily(dir, 8, 80, lastDay, (t, item) => (item < 7 || t > 74 ? 5 : 0));
    const { rows } = await nightOf(dir, lastDay);
    const young = rows.at(-1);
    expect([young?.source, young?.reason]).toEqual(['categoryRate', 'newItem']);
    expect(young?.weekP50Milli).toBeGreaterThan(15_000);
    expect(young?.weekP50Milli).toBeLessThan(60_000);
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
