/** Jobs on a real Postgres: days go to the object store to the paisa, late bills make a version, backups are proved. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parquetReadObjects } from 'hyparquet';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { type Office, type OfficeTill, officeStartMs, openOffice, openTill } from '#tests/fixtures/office.ts';
import { makeSealer } from '../identity/seal.ts';
import { dayPrefix } from '../lake/export-day.ts';
import { type FolderStore, openFolderStore } from '../objects/folder-store.ts';
import { applyLifecycle } from '../objects/lifecycle.ts';
import { readManifest } from '../objects/versions.ts';
import { makePool } from '../postgres/pool.ts';
import { exportBills } from './export-bills.ts';
import { runTask, startJobs } from './run-jobs.ts';
import type { JobDeps, Task } from './task.ts';

const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const bill = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
const dir = mkdtempSync(join(tmpdir(), 'billmitra-jobs-'));
let office: Office;
let store: FolderStore;
let deps: JobDeps;
let till: OfficeTill;
const never = new AbortController().signal;
beforeAll(async () => {
  office = await openOffice();
  office.clock.nowMs = Math.max(officeStartMs, Date.parse(`${bill.businessDate}T00:00:00Z`) + 3 * 86_400_000);
  await office.addTenant(tenantId, 'Sharma Stores');
  await office.addTenant('01935000-0000-7000-8000-00000000bbbb', 'Nobody yet');
  store = await openFolderStore(join(dir, 'objects'), () => office.clock.nowMs);
  const sealer = makeSealer([Buffer.alloc(32, 1)]);
  deps = { pool: office.pool, store, sealer, clock: { now: () => instant(office.clock.nowMs) } };
  const { storeId, tillId } = bill;
  till = await openTill(office, { tenantId, storeId, tillId, region: 'North', name: 'Bapu Bazaar' });
}, 60_000);
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

const docOf = (n: number) => ({
  ...bill,
  id: bill.id.replace(/..$/, n.toString(16).padStart(2, '0')),
  number: bill.number.replace(/\d+$/, String(n).padStart(5, '0')),
  sequence: n,
});
async function push(from: number, to: number): Promise<void> {
  const entries = Array.from({ length: to - from + 1 }, (_, at) => docOf(from + at)).map((one) => ({
    seq: one.sequence,
    kind: one.type,
    id: one.id,
    atMs: 1,
    content: JSON.stringify(one),
  }));
  const { authorization } = till;
  const answer = await office.app.inject({
    method: 'POST',
    url: '/v1/sync/push',
    headers: { authorization },
    payload: { entries },
  });
  expect(answer.json().answers.every((one: { outcome: string }) => one.outcome === 'accepted')).toBe(true);
}
async function rowsOf(key: string): Promise<readonly Record<string, unknown>[]> {
  const found = await store.get(key);
  if (found === null) throw new Error(`no ${key}`);
  const bytes = await buffer(found.stream);
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
}
const sum = (rows: readonly Record<string, unknown>[], name: string): bigint =>
  rows.reduce((all, row) => all + (row[name] as bigint), 0n);

describe('the nightly export', () => {
  const [raw, processed] = [
    dayPrefix('raw', tenantId, bill.businessDate),
    dayPrefix('processed', tenantId, bill.businessDate),
  ];

  it('holds every bill and line of a day to the paisa, and each document to the byte', async () => {
    await push(1, 30);
    expect(await runTask(exportBills, deps, never)).toBe(0);
    const [bills, lines, documents] = [
      await rowsOf(`${processed}/v000001/bills.parquet`),
      await rowsOf(`${processed}/v000001/lines.parquet`),
      await rowsOf(`${raw}/v000001/documents.parquet`),
    ];
    const found = await office.pool.query<Record<string, string>>(
      `SELECT (SELECT sum(payable_paise) FROM bill) AS payable, (SELECT sum(cgst_paise) FROM bill) AS cgst,
         (SELECT sum(total_paise) FROM bill_line) AS total, (SELECT sum(qty_milli) FROM bill_line) AS qty,
         (SELECT count(*) FROM bill_line) AS lines`,
    );
    const said = found.rows[0] ?? {};
    expect([bills.length, lines.length, documents.length]).toEqual([30, Number(said['lines']), 30]);
    expect([
      sum(bills, 'payable_paise'),
      sum(bills, 'cgst_paise'),
      sum(lines, 'total_paise'),
      sum(lines, 'qty_milli'),
    ]).toEqual(['payable', 'cgst', 'total', 'qty'].map((name) => BigInt(said[name] ?? 0)));
    expect(bills[0]?.['business_date']).toEqual(new Date(`${bill.businessDate}T00:00:00Z`));
    const texts = new Map(documents.map((row) => [row['document_id'], row['content']]));
    for (const n of [1, 17, 30]) expect(texts.get(docOf(n).id)).toBe(JSON.stringify(docOf(n)));
    expect(await readManifest(store, processed, 1)).toMatchObject({
      version: 1,
      files: { bills: { rows: 30 } },
      sums: { salesPaise: said['payable'] },
    });
  });

  it('does nothing a second time, makes a version of late bills, and passes over what a crash left', async () => {
    await runTask(exportBills, deps, never);
    expect(await readManifest(store, processed, 2)).toBeNull();
    await push(31, 32);
    await store.put(`${raw}/v000002/documents.parquet`, Buffer.from('half'));
    await runTask(exportBills, deps, never);
    expect(await readManifest(store, processed, 3)).toMatchObject({ files: { bills: { rows: 32 } } });
    expect(await rowsOf(`${processed}/v000001/bills.parquet`)).toHaveLength(30);
    const told = await office.pool.query('SELECT * FROM job_result WHERE tenant_id = $1', [tenantId]);
    expect(told.rows).toMatchObject([{ name: 'exportBills', failure: null, detail: { days: 1, documents: 32 } }]);
  });

  it('keeps the newest version however old, and removes what a later one replaced', async () => {
    const rule = { prefix: `processed/bills/tenant=${tenantId}/`, keepDays: 90, keepsNewestVersion: true };
    expect(await applyLifecycle(store, rule, Date.now() + 80 * 86_400_000)).toBe(0);
    expect(await applyLifecycle(store, rule, Date.now() + 100 * 86_400_000)).toBe(4);
    expect(await rowsOf(`${processed}/v000003/bills.parquet`)).toHaveLength(32);
  });
});

describe('the queue', () => {
  it('runs a job once, tells a failure for its organisation alone, and stops while one is under way', async () => {
    const client = await office.pool.connect();
    const reach = await client.query(
      "SELECT 1 FROM pg_namespace WHERE nspname = 'graphile_worker' AND has_schema_privilege('billmitra_app', oid, 'USAGE')",
    );
    client.release();
    expect(reach.rows).toEqual([]);
    const pool = makePool(office.url, 4, () => undefined);
    const ran: string[] = [];
    const failing: Task = {
      name: 'failing',
      cron: '0 0 1 1 *',
      run: async (_deps, tenant) => {
        ran.push(tenant);
        if (tenant === tenantId) throw new Error('no room');
        return { done: 1 };
      },
    };
    // While it is under way nothing else is taken from the queue: both orders below lie there together.
    const gate = Promise.withResolvers<void>();
    const first: Task = {
      name: 'first',
      cron: '0 0 1 1 *',
      run: async () => {
        await gate.promise;
        return {};
      },
    };
    let isTold = false;
    const long: Task = {
      name: 'long',
      cron: '0 0 1 1 *',
      run: async (_deps, _tenant, signal) => {
        await sleep(60_000, null, { signal }).catch(() => {
          isTold = true;
        });
        return {};
      },
    };
    const register = new Registry();
    const jobs = await startJobs(pool, [first, failing, long], { ...deps, pool }, register);
    await jobs.start('first');
    for (let isUnderWay = false; !isUnderWay; await sleep(10)) {
      const taken = await office.pool.query('SELECT 1 FROM graphile_worker.jobs WHERE locked_at IS NOT NULL');
      isUnderWay = taken.rows.length > 0;
    }
    await Promise.all([jobs.start('failing'), jobs.start('failing')]);
    gate.resolve();
    for (let i = 0; i < 500 && ran.length < 2; i += 1) await sleep(10);
    await sleep(100);
    expect(ran).toHaveLength(2);
    const told = await office.pool.query(
      "SELECT failure, detail FROM job_result WHERE name = 'failing' ORDER BY tenant_id",
    );
    expect(told.rows).toEqual([
      { failure: 'no room', detail: {} },
      { failure: null, detail: { done: 1 } },
    ]);
    expect(await register.metrics()).toContain('billmitra_jobs_total{job="failing",outcome="failed"} 1');
    await jobs.start('long');
    await sleep(300);
    await jobs.stop();
    await pool.end();
    expect(isTold).toBe(true);
  }, 30_000);
});
