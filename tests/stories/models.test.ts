/** A chain's model on its way into a shop: released, verified, refused, judged, promoted; without network and runtime. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelPage } from '#contract/till-forecast.ts';
import { addDays, type BusinessDate } from '#core/time.ts';
import { canonicalJson } from '#ml/registry/canonical-json.ts';
import { type DemandParts, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { fitDemand } from '#ml/train/fit-demand.ts';
import { releaseNewest } from '#sync-server/forecast/release.ts';
import { makeVersion, usualSettings } from '#sync-server/forecast/step.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { loadSealer } from '#sync-server/identity/seal.ts';
import { openFolderStore } from '#sync-server/objects/folder-store.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { shopFile } from '#db/open.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { makeDemo } from '#till/demo-make.ts';
import { readShop } from '#till/forecast/shop-past.ts';
import { type LocalClient, localClient, makeSetClock } from '#till/local-client.ts';
import { makeFolder } from '../fixtures/sample-shop.ts';

const lastDate = '2026-10-27' as BusinessDate;
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const idOf = (no: number): string => `01935000-0000-7000-8000-00000000f00${no}`;
const folder = makeFolder();
const dataDir = mkdtempSync(join(tmpdir(), 'billmitra-models-'));
const clock = makeSetClock(Date.parse(`${addDays(lastDate, 1)}T04:30:00Z`));
let server: SyncServer;
let till: Till;
let rpc: LocalClient;
let parts: DemandParts;
let pin = '';

async function openTill(modelProgram?: URL): Promise<void> {
  till = await assemble({ shopDir: folder.dir, clock, modelProgram });
  rpc = localClient(till);
  await rpc.staff.signIn({ staffId: null, pin });
}

beforeAll(async () => {
  await makeDemo({ shopDir: folder.dir, days: 400, billsPerDay: 10, seed: 4, lastDate, items: 24 });
  const first = await assemble({ shopDir: folder.dir, clock });
  pin = first.context.settings.get().demoPins.at(-1)?.pin ?? '';
  await first.close();
  const past = readShop(shopFile(folder.dir), lastDate, 14, '27', () => undefined);
  if (past === null) throw new Error('no past');
  if (past.days !== 400) throw new Error(`${past.days} days`);
  const origin = past.days - 28;
  const settings = { horizon: 14, seed: 1, threads: 2, maxRows: 20_000 };
  parts = partsOfModel(await fitDemand(past.frame, origin, settings, () => undefined), past.frame, origin);
  server = await startSyncServer({ databaseUrl: null, dataDir, port: 0, clock });
  await server.pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, 'Sharma']);
  await openTill();
  const place = { tenantId, storeId: tenantId, isNewStore: true, storeName: 'Bapu Bazaar', region: 'North' };
  const code = await makeCode(server.pool, { ...place, expiresAtMs: clock.now() + 600_000 });
  // A model of before runs, and says a third too much.
  const old = packed(0, times(1.33));
  await till.context.models.installHere(old);
  const figures = {
    origins: 4,
    wql: 0.3,
    incumbentWql: 0.4,
    better: 1,
    coverage: 0.8,
    bias: 0,
    incumbentBias: 0,
    worstSegment: null,
    inferenceMs: 1,
  };
  const verdict = { outcome: 'promote', failed: [], figures } as const;
  await till.context.models.take({ judged: { modelId: idOf(0), verdict }, passedOver: [], drift: null });
  await rpc.sync.join({ serverUrl: server.url, code });
}, 120_000);
afterAll(async () => {
  await till.close();
  folder.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

async function page(isThere: (page: ModelPage) => boolean): Promise<ModelPage> {
  for (let i = 0; i < 1_500; i += 1) {
    const found = await rpc.forecast.model();
    if (isThere(found)) return found;
    await sleep(10);
  }
  throw new Error(`waited in vain: ${JSON.stringify(await rpc.forecast.model())}`);
}
const stateOf = (found: ModelPage, no: number): string | undefined =>
  found.models.find(({ id }) => id === idOf(no))?.state;
const whyOf = (found: ModelPage, no: number): string | null | undefined => {
  const version = `1.${no}.0+20261027`;
  return found.events.find((event) => event.version === version && event.what === 'refused')?.reason;
};
async function night(): Promise<ModelPage> {
  await rpc.forecast.start();
  await till.context.forecast.idle();
  expect(await rpc.forecast.job()).toMatchObject({ state: 'done', incidentId: null });
  return rpc.forecast.model();
}

const times = (by: number): Partial<DemandParts> => {
  const all = (weights: readonly number[]): readonly number[] => weights.map((weight) => by * weight);
  const { p10, p50, p90, mean } = parts.weights;
  return { weights: { p10: all(p10), p50: all(p50), p90: all(p90), mean: all(mean) } };
};
function packed(no: number, change: Partial<DemandParts>) {
  const made = packDemand(
    { ...parts, ...change },
    {
      modelId: idOf(no),
      version: `1.${no}.0+20261027`,
      createdAt: '2026-10-27T00:00:00Z',
      expiresAt: '2027-10-27T00:00:00Z',
      codeVersion: '0.1.0',
      parentModel: null,
      stores: 3,
    },
  );
  if (made === null) throw new Error('no trees');
  return made;
}

/** As the server's training leaves it in the object store, and then as its job releases it. */
async function release(
  no: number,
  change: Partial<DemandParts> = {},
  manifest: object = {},
  spoil = false,
): Promise<void> {
  const made = packed(no, change);
  const onnx = Uint8Array.from(made.onnx);
  if (spoil) onnx[onnx.length >> 1] = (onnx[onnx.length >> 1] ?? 0) ^ 1;
  const store = await openFolderStore(join(dataDir, 'objects'), clock.now);
  const signal = new AbortController().signal;
  const world = { store, tenantId, settings: usualSettings, signal, tell: () => undefined };
  await makeVersion(world, 'models', [no], async (to) => {
    await to.bytes('model.onnx', onnx);
    await to.bytes('package.json', Buffer.from(canonicalJson({ ...made.manifest, ...manifest })));
    return {};
  });
  // A second later than the one before: the newest counts.
  clock.set(clock.now() + 1_000);
  const sealer = loadSealer(dataDir, undefined);
  expect(await releaseNewest({ pool: server.pool, store, sealer }, tenantId, clock.now())).toBe('released');
}

describe('a model of head office in a shop', () => {
  it('is verified, judged on days that it has not seen, and runs from that night on', async () => {
    expect((await night()).rung).toBe('trees');
    expect(stateOf(await rpc.forecast.model(), 0)).toBe('running');
    await release(1);
    await page((found) => stateOf(found, 1) === 'shadow');
    const after = await night();
    expect(after.events[0]).toMatchObject({ what: 'promoted', version: '1.1.0+20261027' });
    expect(stateOf(after, 1)).toBe('running');
    expect(after).toMatchObject({ rung: 'trees', reason: 'best' });
    const model = after.models.find(({ id }) => id === idOf(1));
    expect(model?.wql).toBeLessThan(0.995 * (model?.wqlBefore ?? 0));
    expect(after.events.map(({ what }) => what).slice(0, 3)).toEqual(['promoted', 'verified', 'arrived']);
  });
  it('is refused where a byte is another or the schema is another; head office hears both', async () => {
    await release(2, {}, {}, true);
    expect(whyOf(await page((found) => stateOf(found, 2) === 'refused'), 2)).toContain('hashDiffers');
    const featureSchema = { id: 'demand@9.0', sha256: 'a'.repeat(64), names: parts.featureNames, levels: {} };
    await release(3, {}, { featureSchema });
    expect(whyOf(await page((found) => stateOf(found, 3) === 'refused'), 3)).toContain('schemaOther');
    for (let i = 0; i < 500; i += 1) {
      const { rows } = await server.pool.query('SELECT 1 FROM model_verdict WHERE what = $1', ['refused']);
      if (rows.length === 2) break;
      await sleep(10);
    }
    const told = await server.pool.query('SELECT what, why FROM model_verdict ORDER BY model_id');
    expect(told.rows).toMatchObject([{ what: 'promoted' }, { why: 'hashDiffers' }, { why: 'schemaOther' }]);
  });
  it("that is worse runs beside for a week and is refused by the shop's own days", async () => {
    await release(4, times(2));
    await page((found) => stateOf(found, 4) === 'shadow');
    const first = await night();
    expect(stateOf(first, 4)).toBe('shadow');
    expect(first.events[0]).toMatchObject({ what: 'shadowed' });
    clock.set(clock.now() + 7 * 86_400_000 + 3_600_000);
    const second = await night();
    expect(stateOf(second, 4)).toBe('refused');
    expect(whyOf(second, 4)).toContain('worse:loss');
    expect(stateOf(second, 1)).toBe('running');
  });
  it('goes on without a network, and without onnxruntime the rungs below it do', async () => {
    await server.stop();
    expect(await night()).toMatchObject({ rung: 'trees', reason: 'best' });
    await till.close();
    const away = join(dataDir, 'no packages');
    mkdirSync(away);
    writeFileSync(join(away, 'package.json'), '{"type":"module"}');
    copyFileSync(new URL('../../ml/onnx/run-worker.ts', import.meta.url), join(away, 'run-worker.ts'));
    await openTill(pathToFileURL(join(away, 'run-worker.ts')));
    const found = await night();
    expect(found).toMatchObject({ rung: 'classical', reason: 'noRuntime' });
    expect(found.events[0]).toMatchObject({ what: 'failed' });
    const list = await rpc.forecast.list({ search: '', category: null, order: 'nextWeek', from: 0, count: 5 });
    expect(list.rows[0]?.nextWeek.p50Milli).toBeGreaterThan(0);
    expect(stateOf(found, 1)).toBe('running');
  });
});
