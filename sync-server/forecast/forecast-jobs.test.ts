/** Forecasts by the real queue, each step in a process of its own: chained, bounded, killed, and done again. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusinessDate, instant } from '#core/time.ts';
import { type MadeChain, storeOf, writeSales } from '#tests/fixtures/chain-sales.ts';
import { type Office, openOffice } from '#tests/fixtures/office.ts';
import { makeSealer } from '../identity/seal.ts';
import { exportDueDays } from '../jobs/export-bills.ts';
import { type Jobs, startJobs } from '../jobs/run-jobs.ts';
import type { JobDeps } from '../jobs/task.ts';
import { type FolderStore, openFolderStore } from '../objects/folder-store.ts';
import { makePool } from '../postgres/pool.ts';
import { type Compute, makeCompute, usualLimits } from './compute.ts';
import { forecastTasks } from './forecast-tasks.ts';
import { newestVersion, placeOf, usualSettings } from './step.ts';

const chain: MadeChain = {
  tenantId: '01935000-0000-7000-8000-00000000aaaa',
  letter: 'a',
  stores: 2,
  items: 4,
  firstDay: '2026-08-01' as BusinessDate,
  days: 70,
  seed: 3,
};
/** Of whom nothing is known yet. */
const newcomer = '01935000-0000-7000-8000-00000000cccc';
const settings = { ...usualSettings, trees: 20, maxRows: 5_000, threads: 2 };
const never = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'billmitra-forecast-jobs-'));
let office: Office;
let store: FolderStore;
let deps: JobDeps;
let compute: Compute;

beforeAll(async () => {
  office = await openOffice();
  office.clock.nowMs = Date.parse('2026-10-09T22:00:00Z');
  await writeSales(office.pool, chain);
  await office.addTenant(newcomer, 'Nobody yet');
  const clock = { now: () => instant(office.clock.nowMs) };
  store = await openFolderStore(dir, clock.now);
  deps = { pool: office.pool, store, sealer: makeSealer([Buffer.alloc(32, 1)]), clock };
  compute = makeCompute({ kind: 'folder', dir }, settings);
  await exportDueDays(deps, chain.tenantId, never);
}, 60_000);
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const modelFile = (version: number): string =>
  join(dir, `models/demand/tenant=${chain.tenantId}/v00000${version}/model.onnx`);

async function results(
  tenantId: string,
): Promise<Readonly<Record<string, { failure: string | null; detail: object }>>> {
  const found = await office.pool.query<{
    name: string;
    failure: string | null;
    detail: object;
    ok_at_ms: string | null;
  }>('SELECT name, failure, detail, ok_at_ms FROM job_result WHERE tenant_id = $1 AND ok_at_ms IS NOT NULL', [
    tenantId,
  ]);
  return Object.fromEntries(found.rows.map(({ name, failure, detail }) => [name, { failure, detail }]));
}

describe('forecasts by the queue', () => {
  it('run one after the other, and whoever has no bills has no failure', async () => {
    const pool = makePool(office.url, 4, () => undefined);
    const register = new Registry();
    const jobs: Jobs = await startJobs(pool, forecastTasks(compute), { ...deps, pool }, register);
    await jobs.start('forecastIngest');
    for (let i = 0; i < 550 && (await results(newcomer))['forecastStore'] === undefined; i += 1) await sleep(100);
    await jobs.stop();
    await pool.end();
    const ours = await results(chain.tenantId);
    expect(Object.keys(ours)).toHaveLength(6);
    expect(Object.values(ours).map(({ failure }) => failure)).toEqual(Array(6).fill(null));
    expect(ours['forecastStore']?.detail).toMatchObject({ written: 8 });
    expect((await results(newcomer))['forecastTrain']?.detail).toHaveProperty('waits');
    const rows = await office.pool.query<{ tenant_id: string; store_id: string; content: string }>(
      "SELECT tenant_id, store_id, content FROM sent_row WHERE shape = 'forecasts'",
    );
    expect(new Set(rows.rows.map((row) => row.tenant_id))).toEqual(new Set([chain.tenantId]));
    expect(new Set(rows.rows.map((row) => row.store_id))).toEqual(new Set([storeOf(chain, 0), storeOf(chain, 1)]));
    expect(JSON.parse(rows.rows[0]?.content ?? '{}').days).toHaveLength(14);
    const metrics = await register.metrics();
    expect(metrics).toContain('billmitra_jobs_total{job="forecastTrain",outcome="ok"} 1');
    expect(metrics).toMatch(/billmitra_job_seconds\{job="forecastTrain"\} \d/);
    const running = await office.pool.query('SELECT 1 FROM job_result WHERE started_at_ms IS NOT NULL');
    expect(running.rows).toEqual([]);
  }, 60_000);

  it('killed in the middle, are done again to the same bytes', async () => {
    const order = { step: 'train', tenantId: chain.tenantId, isAsked: true } as const;
    const whole = sha256(modelFile(1));
    rmSync(join(dir, `models/demand/tenant=${chain.tenantId}`), { recursive: true });
    const stop = new AbortController();
    const killed = compute(order, { signal: stop.signal, tell: ({ done }) => done > 2 && stop.abort() });
    await expect(killed).rejects.toThrow('the server stops');
    expect(await newestVersion(store, placeOf('models', chain.tenantId))).toBeNull();
    const again = await compute(order, { signal: never, tell: () => undefined });
    expect(again.isNew).toBe(true);
    expect(sha256(modelFile(again.version))).toBe(whole);
    // Asked again on the same days there is nothing new to learn.
    expect((await compute(order, { signal: never, tell: () => undefined })).isNew).toBe(false);
  }, 60_000);

  it('end by themselves above their limits of time and memory', async () => {
    const order = { step: 'predict', tenantId: chain.tenantId, isAsked: false } as const;
    const hooks = { signal: never, tell: () => undefined };
    const short = makeCompute({ kind: 'folder', dir }, settings, { ...usualLimits, mostMs: 20 });
    await expect(short(order, hooks)).rejects.toThrow('longer than 20 ms');
    const small = makeCompute(
      { kind: 'folder', dir },
      { ...settings, trees: 2_000 },
      { ...usualLimits, mostRssBytes: 2 ** 26 },
    );
    await expect(small({ ...order, step: 'train', isAsked: true }, hooks)).rejects.toThrow('more than 64 MB');
  }, 60_000);
});
