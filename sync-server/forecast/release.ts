/**
 * A trained model goes out to the organisation's tills: signed, its two files in a place of its own, a row of a small shape.
 * Rule kept: the files are there before the row says so; a model that lost to a plain rule on days it had not seen is not
 * released; what was withdrawn comes back by a person only (withdraw-release.ts).
 */
import { buffer } from 'node:stream/consumers';
import type { Pool } from 'pg';
import type { ReleaseLearnt } from '#contract/releases.ts';
import type { SentContent } from '#contract/sent-shapes.ts';
import { canonicalJson } from '#ml/registry/canonical-json.ts';
import { type ModelManifest, modelManifest } from '#ml/registry/manifest.ts';
import { signManifest } from '#ml/registry/signature.ts';
import type { Sealer } from '../identity/seal.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { ObjectStore } from '../objects/port.ts';
import { dropRows, putRows } from '../shapes/sent-rows.ts';
import { modelTold } from './model-file.ts';
import { signingKey } from './model-keys.ts';
import { newestVersion, placeOf, sha256Of } from './step.ts';

/** Within it a few windows can't tell; each shop judges on its own days anyway. */
const mostAbovePlain = 1.05;
/** Tills are told of so many; older ones are not offered any more. */
const mostTold = 3;
export const releasePlace = (tenantId: string, modelId: string): string =>
  `models/released/tenant=${tenantId}/${modelId}`;
/** A manifest that was signed anew (rotate-key.ts) has the key's name in its own. */
export const manifestName = (keyId: string): string => `manifest-${keyId}.json`;
export const isReleaseFile = (name: string): boolean => /^(manifest(-[0-9a-f]{16})?\.json|model\.onnx)$/.test(name);
export const releasedFile = (modelId: string, name: string, bytes: number, sha256: string) => ({
  url: `/v1/sync/models/${modelId}/${name}`,
  sha256,
  bytes,
});
const by = (nowMs: number) => ({ nowMs, who: 'forecast' });

/** What head office's people read of it (office/releases.ts): the file itself stays in the object store. */
function learntOf(manifest: ModelManifest, seasonalNaive: number | null): ReleaseLearnt {
  const { trainWindow, stores, rows, metrics, baselineMetrics } = manifest;
  const { wql, coverage, bias, n } = metrics.all;
  const figures = { wql, seasonalNaive, bestPlain: baselineMetrics.wql, coverage, bias, windows: n };
  return { from: trainWindow.from, through: trainWindow.to, stores, rows, figures };
}

export type ReleaseOutcome = 'released' | 'thereAlready' | 'nothingToRelease' | 'worseThanPlain';
type ReleaseDeps = { readonly pool: Pool; readonly store: ObjectStore; readonly sealer: Sealer };

export async function releaseNewest(deps: ReleaseDeps, tenantId: string, nowMs: number): Promise<ReleaseOutcome> {
  const { pool, store, sealer } = deps;
  const version = await newestVersion(store, placeOf('models', tenantId));
  if (version?.files['package.json'] === undefined) return 'nothingToRelease';
  const [packed, onnx] = await Promise.all(
    ['package.json', 'model.onnx'].map(async (name) => {
      const found = await store.get(`${version.prefix}/${name}`);
      if (found === null) throw new Error(`${version.prefix}/${name} is gone`);
      return buffer(found.stream);
    }),
  );
  const manifest = modelManifest.parse(JSON.parse(packed?.toString('utf8') ?? ''));
  const { modelId } = manifest;
  const { clusters, metrics } = modelTold(version);
  const learnt = learntOf(manifest, metrics['seasonalNaive'] ?? null);
  const known = await inTenant(pool, tenantId, (on) =>
    on.query('SELECT 1 FROM model_release WHERE model_id = $1', [modelId]),
  );
  if (known.rows.length > 0) return 'thereAlready';
  // Where nothing could be held back there is nothing to compare: shops judge it by themselves.
  const { all } = manifest.metrics;
  if (all.n > 0 && all.wql > mostAbovePlain * manifest.baselineMetrics.wql) return 'worseThanPlain';
  const { seed, successions } = await signingKey(pool, sealer, tenantId, nowMs);
  const signed = Buffer.from(canonicalJson(signManifest(manifest, seed, successions)));
  const prefix = releasePlace(tenantId, modelId);
  await store.put(`${prefix}/model.onnx`, onnx ?? Buffer.alloc(0));
  await store.put(`${prefix}/manifest.json`, signed);
  const content: SentContent<'modelReleases'> = {
    kind: manifest.kind,
    version: manifest.version,
    releasedAtMs: nowMs,
    isWithdrawn: false,
    featureSchema: { id: manifest.featureSchema.id, sha256: manifest.featureSchema.sha256 },
    manifest: releasedFile(modelId, 'manifest.json', signed.byteLength, sha256Of(signed)),
    onnx: releasedFile(modelId, 'model.onnx', manifest.onnx.bytes, manifest.onnx.sha256),
  };
  await inTenant(pool, tenantId, async (on) => {
    await on.query(
      `INSERT INTO model_release (tenant_id, model_id, kind, version, prefix, content, released_at_ms, clusters, learnt)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      [
        tenantId,
        modelId,
        manifest.kind,
        manifest.version,
        prefix,
        JSON.stringify(content),
        nowMs,
        JSON.stringify(clusters),
        JSON.stringify(learnt),
      ],
    );
    await putRows(on, tenantId, 'modelReleases', [{ storeId: null, key: modelId, content }], by(nowMs));
    const old = await on.query<{ model_id: string }>(
      'SELECT model_id FROM model_release ORDER BY released_at_ms DESC, model_id DESC OFFSET $1',
      [mostTold],
    );
    const keys = old.rows.map(({ model_id }) => ({ storeId: null, key: model_id }));
    await dropRows(on, tenantId, 'modelReleases', keys);
  });
  return 'released';
}
