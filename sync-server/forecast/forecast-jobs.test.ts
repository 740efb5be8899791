/** Forecasts by the real queue, each step in a process of its own: chained, bounded, killed, and done again. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releasesApi } from '#contract/releases.ts';
import { everyStoreId, readSentContent } from '#contract/sent-shapes.ts';
import { type BusinessDate, instant } from '#core/time.ts';
import { checkPackage } from '#ml/registry/check-package.ts';
import { coreFeatureNames } from '#ml/registry/core-features.ts';
import { keyIdOf } from '#ml/registry/signature.ts';
import { itemOf, type MadeChain, storeOf, writeSales } from '#tests/fixtures/chain-sales.ts';
import { enrolTill, type Office, type OfficeTill, openOffice, openPerson } from '#tests/fixtures/office.ts';
import { makeCode } from '../identity/enrol.ts';
import { makeSealer } from '../identity/seal.ts';
import { exportDueDays } from '../jobs/export-bills.ts';
import { type Jobs, startJobs } from '../jobs/run-jobs.ts';
import type { JobDeps } from '../jobs/task.ts';
import { type FolderStore, openFolderStore } from '../objects/folder-store.ts';
import { makePool } from '../postgres/pool.ts';
import { type Compute, makeCompute, usualLimits } from './compute.ts';
import { forecastTasks } from './forecast-tasks.ts';
import { listKeys } from './model-keys.ts';
import { releaseNewest } from './release.ts';
import { rotateKey } from './rotate-key.ts';
import { newestVersion, placeOf, usualSettings } from './step.ts';
import { isTrainingAsked } from './verdicts.ts';

const chain: MadeChain = {
  tenantId: '01935000-0000-7000-8000-00000000aaaa',
  letter: 'a',
  stores: 2,
  items: 4,
  firstDay: '2026-07-18' as BusinessDate,
  days: 84,
  seed: 3,
};
/** Of whom nothing is known yet. */
const newcomer = '01935000-0000-7000-8000-00000000cccc';
const settings = { ...usualSettings, trees: 40, maxRows: 5_000, threads: 2 };
const never = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'billmitra-forecast-jobs-'));
const sealer = makeSealer([Buffer.alloc(32, 1)]);
let drifts = 0;
let office: Office;
let store: FolderStore;
let deps: JobDeps;
let compute: Compute;

beforeAll(async () => {
  const now = { ms: Date.parse('2026-10-09T22:00:00Z') };
  store = await openFolderStore(dir, () => now.ms);
  office = await openOffice({ objects: store, sealer, onDrift: () => void (drifts += 1) });
  office.clock.nowMs = Date.parse('2026-10-09T22:00:00Z');
  await writeSales(office.pool, chain);
  await office.addTenant(newcomer, 'Nobody yet');
  const clock = { now: () => instant(office.clock.nowMs) };
  deps = { pool: office.pool, store, sealer, clock };
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

async function openOwnTill(tenantId: string, storeId: string, no: number, isNewStore = false) {
  const tillId = `01935000-0000-7000-8000-00000000f00${no}`;
  const asked = { tenantId, storeId, isNewStore, storeName: 'Shop', region: 'North' };
  const code = await makeCode(office.pool, { ...asked, expiresAtMs: office.clock.nowMs + 1_000 });
  return enrolTill(office.app, { code, tillId, storeId });
}
const get = (url: string, till: OfficeTill) =>
  office.app.inject({ method: 'GET', url, headers: { authorization: till.authorization } });
async function tell(till: OfficeTill, modelId: string, what: string, why: string | null = null): Promise<number> {
  const verdicts = [{ modelId, what, why, atMs: 5, figures: { wql: 0.5 } }];
  const { authorization } = till;
  const answer = await office.app.inject({
    method: 'POST',
    url: '/v1/sync/model-verdicts',
    headers: { authorization },
    payload: { verdicts },
  });
  return answer.statusCode;
}
async function told() {
  const found = await office.pool.query<{ tenant_id: string; store_id: string; row_key: string; content: string }>(
    "SELECT tenant_id, store_id, row_key, content FROM sent_row WHERE shape = 'modelReleases'",
  );
  return found.rows.map((row) => ({ ...row, content: readSentContent('modelReleases', row.content) }));
}

describe('a released model', () => {
  it('is opened by the organisation’s own tills, signed, and holds before every check of theirs', async () => {
    const [release] = await told();
    expect(release).toMatchObject({
      tenant_id: chain.tenantId,
      store_id: everyStoreId,
      content: { isWithdrawn: false },
    });
    const content = release?.content;
    if (content === undefined || content === null) throw new Error('no release');
    const till = await openOwnTill(chain.tenantId, storeOf(chain, 0), 1);
    const stranger = await openOwnTill(newcomer, storeOf({ ...chain, letter: 'c' }, 0), 2, true);
    const files: Buffer[] = [];
    for (const file of [content.manifest, content.onnx]) {
      expect((await get(file.url, stranger)).statusCode).toBe(404);
      expect((await office.app.inject({ method: 'GET', url: file.url })).statusCode).toBe(401);
      const { link } = (await get(file.url, till)).json<{ link: string }>();
      const bytes = (await office.app.inject({ method: 'GET', url: link })).rawPayload;
      expect([bytes.byteLength, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.bytes, file.sha256]);
      files.push(bytes);
    }
    expect((await get('/v1/sync/models/nothing/manifest.json', till)).statusCode).toBe(404);
    const { publicKey } = (await get('/v1/sync/models/key', till)).json<{ publicKey: string }>();
    const [manifest = Buffer.alloc(0), onnx = Buffer.alloc(0)] = files;
    const trust = {
      told: { manifestSha256: content.manifest.sha256, onnxSha256: content.onnx.sha256, onnxBytes: content.onnx.bytes },
      features: coreFeatureNames(),
      runtime: '1.30.0',
      nowMs: office.clock.nowMs,
    };
    const checked = checkPackage({ manifest, onnx }, { ...trust, pin: publicKey });
    expect(checked.ok ? null : checked.error).toBeNull();
    const { publicKey: others } = (await get('/v1/sync/models/key', stranger)).json<{ publicKey: string }>();
    expect(checkPackage({ manifest, onnx }, { ...trust, pin: others })).toMatchObject({
      error: { code: 'keyUnknown' },
    });
    // To each store its own group, by its tills' own line; the signed file names no store.
    const facts = (await get(`/v1/sync/models/${release?.row_key}/facts`, till)).json();
    expect(facts).toEqual({ facts: { 'cluster.code': expect.any(Number) } });
    expect((await get(`/v1/sync/models/${release?.row_key}/facts`, stranger)).statusCode).toBe(404);
    const text = manifest.toString('utf8');
    for (const secret of [storeOf(chain, 0), itemOf(chain, 0), chain.tenantId]) expect(text).not.toContain(secret);
  });

  it('is signed anew when the key is changed: tills with the old key follow, new ones take it, the old file stays', async () => {
    const till = await openOwnTill(chain.tenantId, storeOf(chain, 0), 6);
    const keyOf = async () => (await get('/v1/sync/models/key', till)).json<{ publicKey: string }>().publicKey;
    const fetched = async (url: string): Promise<Buffer> => {
      const { link } = (await get(url, till)).json<{ link: string }>();
      return (await office.app.inject({ method: 'GET', url: link })).rawPayload;
    };
    const before = (await told())[0]?.content;
    if (before === undefined || before === null) throw new Error('no release');
    const onnx = await fetched(before.onnx.url);
    const check = async (content: typeof before, pin: string) => {
      const manifest = await fetched(content.manifest.url);
      const said = {
        manifestSha256: content.manifest.sha256,
        onnxSha256: content.onnx.sha256,
        onnxBytes: content.onnx.bytes,
      };
      const trust = { told: said, features: coreFeatureNames(), runtime: '1.30.0', nowMs: office.clock.nowMs, pin };
      const found = checkPackage({ manifest, onnx }, trust);
      return found.ok ? { pin: found.value.pin } : found.error.code;
    };
    const first = await keyOf();
    expect(await rotateKey(deps, chain.tenantId, office.clock.nowMs)).toMatchObject({
      before: keyIdOf(first),
      releases: 1,
    });
    const second = await keyOf();
    expect(await rotateKey(deps, chain.tenantId, office.clock.nowMs)).toMatchObject({ before: keyIdOf(second) });
    const third = await keyOf();
    expect(new Set([first, second, third]).size).toBe(3);
    const after = (await told())[0]?.content;
    if (after === undefined || after === null) throw new Error('no release');
    expect(after.onnx).toEqual(before.onnx);
    for (const pin of [first, second, third]) expect(await check(after, pin)).toEqual({ pin: third });
    // Who was fetching the old file has it whole; who has gone on believes its key no more.
    expect(await check(before, first)).toEqual({ pin: first });
    expect(await check(before, third)).toBe('keyUnknown');
    expect((await listKeys(office.pool, chain.tenantId)).map(({ keyId }) => keyId)).toEqual(
      [first, second, third].map(keyIdOf),
    );
    expect(await rotateKey(deps, '01935000-0000-7000-8000-00000000dddd', office.clock.nowMs)).toBeNull();
    const sealed = makeSealer([Buffer.alloc(32, 9)]);
    await expect(rotateKey({ ...deps, sealer: sealed }, chain.tenantId, 1)).rejects.toThrow('BILLMITRA_KEY');
    expect(await keyOf()).toBe(third);
  });

  it('is withdrawn when shops refuse it, not when a PC can run none, and drift asks for another', async () => {
    const [release] = await told();
    const modelId = release?.row_key ?? '';
    const first = await openOwnTill(chain.tenantId, storeOf(chain, 0), 3);
    const second = await openOwnTill(chain.tenantId, storeOf(chain, 1), 4);
    const stranger = await openOwnTill(newcomer, storeOf({ ...chain, letter: 'c' }, 0), 5);
    const isWithdrawn = async () => (await told())[0]?.content?.isWithdrawn;
    // Of another organisation: nothing is known of such a model there.
    expect(await tell(stranger, modelId, 'refused', 'worse:wql')).toBe(200);
    expect(await tell(first, modelId, 'refused', 'runtimeMissing')).toBe(200);
    expect(await tell(second, modelId, 'drifted')).toBe(200);
    expect([await isWithdrawn(), drifts]).toEqual([false, 1]);
    expect(await isTrainingAsked(office.pool, chain.tenantId)).toBe(true);
    expect(await isTrainingAsked(office.pool, newcomer)).toBe(false);
    expect(await tell(first, modelId, 'refused', 'worse:wql')).toBe(200);
    expect(await isWithdrawn()).toBe(true);
    expect((await get(`/v1/sync/models/${modelId}/model.onnx`, first)).statusCode).toBe(404);
    // Head office reads it store by store, with the reason; another organisation reads nothing of it.
    const owner = await openPerson(office, chain.tenantId, { email: 'owner@a.in', role: 'chain' });
    const withdrawn = { modelId, withdrawnAtMs: office.clock.nowMs, runs: 1, tried: 0, refused: 1 };
    const told1 = (await owner.call(releasesApi.releases, {})).body;
    expect(told1.releases).toMatchObject([
      {
        ...withdrawn,
        withdrawnBy: null,
        isOffered: true,
        drifted: 1,
        silent: 0,
        reasons: [{ why: 'worse:wql', stores: 1 }],
        learnt: { stores: 2, figures: { seasonalNaive: expect.any(Number) } },
      },
    ]);
    expect(told1).toMatchObject({ stores: 2, training: { asked: 'withdrawn', outcome: 'released', daysNeeded: 28 } });
    const { body: verdicts } = await owner.call(releasesApi.verdicts, { modelId: modelId as never });
    expect(verdicts.map(({ what, why, wql }) => [what, why, wql])).toEqual([
      ['refused', 'worse:wql', 0.5],
      ['drifted', null, 0.5],
      [null, null, null],
      [null, null, null],
    ]);
    const other = await openPerson(office, newcomer, { email: 'owner@c.in', role: 'chain' });
    expect((await other.call(releasesApi.releases, {})).body).toMatchObject({
      releases: [],
      training: { asked: null },
    });
    expect((await other.call(releasesApi.verdicts, { modelId: modelId as never })).status).toBe(404);
    expect(await tell(first, modelId, 'nonsense')).toBe(400);
    expect(await releaseNewest(deps, chain.tenantId, office.clock.nowMs)).toBe('thereAlready');
    // A person gives it back, another organisation's can't; what shops had said does not take it back again.
    const one = { modelId: modelId as never };
    await other.call(releasesApi.giveBack, one);
    expect(await isWithdrawn()).toBe(true);
    await owner.call(releasesApi.giveBack, one);
    expect(await isWithdrawn()).toBe(false);
    expect((await get(`/v1/sync/models/${modelId}/model.onnx`, first)).statusCode).toBe(200);
    office.clock.nowMs += 1_000;
    expect(await tell(second, modelId, 'promoted')).toBe(200);
    expect(await isWithdrawn()).toBe(false);
    await other.call(releasesApi.withdraw, one);
    expect(await isWithdrawn()).toBe(false);
    await owner.call(releasesApi.withdraw, one);
    expect(await isWithdrawn()).toBe(true);
    expect((await owner.call(releasesApi.releases, {})).body.releases[0]?.withdrawnBy).toBe('owner@a.in');
    const region = await openPerson(office, chain.tenantId, { email: 'region@a.in', role: 'region', region: 'North' });
    expect((await region.call(releasesApi.giveBack, one)).status).toBe(403);
  });
});
