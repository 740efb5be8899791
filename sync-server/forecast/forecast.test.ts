/** The six steps on a real Postgres, a real folder and the real ONNX runtime: forecasts of a chain that was made up. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusinessDate, instant } from '#core/time.ts';
import { type MadeChain, storeOf, writeSales } from '#tests/fixtures/chain-sales.ts';
import { type Office, openOffice } from '#tests/fixtures/office.ts';
import { exportDueDays } from '../jobs/export-bills.ts';
import { readParquet } from '../lake/read-parquet.ts';
import { openFolderStore } from '../objects/folder-store.ts';
import type { ObjectStore } from '../objects/port.ts';
import { clean } from './clean.ts';
import { features } from './features.ts';
import { ingest } from './ingest.ts';
import { predict } from './predict.ts';
import { newestVersion, placeOf, type StepWorld, usualSettings } from './step.ts';
import { storeForecasts } from './store.ts';
import { trainStep } from './train.ts';

const chain: MadeChain = {
  tenantId: '01935000-0000-7000-8000-00000000aaaa',
  letter: 'a',
  stores: 3,
  items: 5,
  firstDay: '2026-07-20' as BusinessDate,
  days: 90,
  seed: 3,
};
const other: MadeChain = {
  ...chain,
  tenantId: '01935000-0000-7000-8000-00000000bbbb',
  letter: 'b',
  stores: 1,
  seed: 4,
};
const settings = { ...usualSettings, trees: 30, maxRows: 20_000, threads: 2 };
const never = new AbortController().signal;
const dirs: string[] = [];
const exported = mkdtempSync(join(tmpdir(), 'billmitra-exported-'));
dirs.push(exported);
let office: Office;

beforeAll(async () => {
  office = await openOffice();
  await writeSales(office.pool, chain);
  await writeSales(office.pool, other);
  // The last day goes on: it is not exported.
  const clock = { now: () => instant(Date.parse('2026-10-17T12:00:00Z')) };
  const store = await openFolderStore(exported, clock.now);
  for (const { tenantId } of [chain, other]) await exportDueDays({ pool: office.pool, store, clock }, tenantId, never);
}, 60_000);
afterAll(async () => {
  await office.stop();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** A world of its own with every day exported. */
async function openWorld(tenantId = chain.tenantId): Promise<StepWorld & { readonly dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-forecast-'));
  dirs.push(dir);
  cpSync(exported, dir, { recursive: true });
  const store = await openFolderStore(dir, () => office.clock.nowMs);
  return { dir, store, tenantId, settings, signal: never, tell: () => undefined };
}

const steps = {
  ingest: (world: StepWorld) => ingest(world, office.pool, '2026-10-17' as BusinessDate),
  clean,
  features,
  train: (world: StepWorld) => trainStep(world, false),
  predict,
};

async function runAll(world: StepWorld): Promise<void> {
  for (const step of Object.values(steps)) await step(world);
}

async function hashes(store: ObjectStore): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const prefix of ['raw/shop/', 'processed/frames/', 'processed/features/', 'models/', 'predictions/']) {
    for await (const { key } of store.list(prefix)) {
      const object = await store.get(key);
      if (object !== null)
        found.set(
          key,
          createHash('sha256')
            .update(await buffer(object.stream))
            .digest('hex'),
        );
    }
  }
  return new Map([...found].toSorted());
}

let made: ReturnType<typeof openWorld> | null = null;
/** The world that all tests look at. */
const first = (): ReturnType<typeof openWorld> => {
  made ??= openWorld();
  return made;
};

describe('the six steps', () => {
  it('forecast each item of each store, and a second run changes nothing', async () => {
    const world = await first();
    await runAll(world);
    const told = await newestVersion(world.store, placeOf('predictions', chain.tenantId));
    const names = [
      'store_id',
      'item_id',
      'business_date',
      'p10_milli',
      'p50_milli',
      'p90_milli',
      'mean_milli',
      'source',
    ];
    const rows = await readParquet(world.store, `${told?.prefix}/predictions.parquet`, names);
    expect(rows).toHaveLength(3 * 5 * 14);
    expect(new Set(rows.map((row) => row['source']))).toEqual(new Set(['trees']));
    const number = (value: unknown): number => Number(value);
    expect(
      rows.every((row) => 0 <= number(row['p10_milli']) && number(row['p10_milli']) <= number(row['p50_milli'])),
    ).toBe(true);
    // The third item of the third store sells 7.5 on a weekday and 15 on a Saturday.
    const busy = rows.filter((row) => row['store_id'] === storeOf(chain, 2) && String(row['item_id']).endsWith('2'));
    const mean = (of: typeof rows): number =>
      of.reduce((sum, row) => sum + number(row['mean_milli']), 0) / of.length / 1000;
    const isSaturday = (row: (typeof rows)[number]): boolean =>
      new Date(String(row['business_date'])).getUTCDay() === 6;
    expect(mean(busy.filter((row) => !isSaturday(row)))).toBeCloseTo(7.5, -0.3);
    expect(mean(busy.filter(isSaturday)) / mean(busy.filter((row) => !isSaturday(row)))).toBeGreaterThan(1.5);

    const written = await storeForecasts(world, office.pool, 1);
    expect(written.facts).toEqual({ written: 15, gone: 0 });
    const before = await hashes(world.store);
    for (const step of Object.values(steps)) expect((await step(world)).isNew).toBe(false);
    expect((await storeForecasts(world, office.pool, 2)).isNew).toBe(false);
    expect(await hashes(world.store)).toEqual(before);
  }, 60_000);

  it('write the same bytes on another folder', async () => {
    const two = await openWorld();
    await runAll(two);
    const [a, b] = [await hashes((await first()).store), await hashes(two.store)];
    expect(a.size).toBeGreaterThan(10);
    expect(b).toEqual(a);
  }, 60_000);

  it('set the bands by the days since the training, and keep the model within the week', async () => {
    const world = await openWorld();
    const late = ['2026-10-14', '2026-10-15', '2026-10-16'];
    const placeOfDay = (of: string, day: string): string =>
      join(of, `processed/bills/tenant=${chain.tenantId}/day=${day}`);
    for (const day of late) rmSync(placeOfDay(world.dir, day), { recursive: true });
    await runAll(world);
    const model = await newestVersion(world.store, placeOf('models', chain.tenantId));
    for (const day of late) cpSync(placeOfDay(exported, day), placeOfDay(world.dir, day), { recursive: true });
    for (const step of [clean, features]) expect((await step(world)).isNew).toBe(true);
    expect(await trainStep(world, false)).toMatchObject({ isNew: true, facts: { days: 3 } });
    expect(await newestVersion(world.store, placeOf('models', chain.tenantId))).toEqual(model);
    const bands = await newestVersion(world.store, placeOf('bands', chain.tenantId));
    const own = { conformal: { meanScale: expect.any(Number) } };
    expect(bands?.told).toMatchObject({ days: 3, stores: { [storeOf(chain, 0)]: own, [storeOf(chain, 2)]: own } });
    expect(await predict(world)).toMatchObject({ isNew: true, version: 2, facts: { origin: '2026-10-16' } });
    // A shop's drift does not wait for the week.
    expect(await trainStep(world, true)).toMatchObject({ isNew: true, version: 2 });
  }, 60_000);

  it('make a new model when a week of days has come, and not a day before', async () => {
    const world = await openWorld();
    const late = ['10', '11', '12', '13', '14', '15', '16'].map((day) => `2026-10-${day}`);
    const placeOfDay = (of: string, day: string): string =>
      join(of, `processed/bills/tenant=${chain.tenantId}/day=${day}`);
    for (const day of late) rmSync(placeOfDay(world.dir, day), { recursive: true });
    for (const step of [steps.ingest, clean, features, steps.train]) await step(world);
    const come = async (days: readonly string[]) => {
      for (const day of days) cpSync(placeOfDay(exported, day), placeOfDay(world.dir, day), { recursive: true });
      for (const step of [clean, features]) await step(world);
      await trainStep(world, false);
      return (await newestVersion(world.store, placeOf('models', chain.tenantId)))?.version;
    };
    expect(await come(late.slice(0, 6))).toBe(1);
    expect(await come(late.slice(6))).toBe(2);
  }, 60_000);
});
