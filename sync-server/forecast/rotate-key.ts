/**
 * Changes the key that signs an organisation's models. Rule kept: the old key names the new one, so that a till which has
 * pinned it follows by itself; what tills are told of is signed anew, so that one which only knows the new key can take it
 * (what is withdrawn too: a person may give it back); the
 * file that a till may be fetching stays where it is, with the old signature.
 */
import { buffer } from 'node:stream/consumers';
import type { Pool } from 'pg';
import type { SentContent } from '#contract/sent-shapes.ts';
import { canonicalJson } from '#ml/registry/canonical-json.ts';
import { modelManifest } from '#ml/registry/manifest.ts';
import { signManifest } from '#ml/registry/signature.ts';
import type { Sealer } from '../identity/seal.ts';
import type { ObjectStore } from '../objects/port.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { putRows } from '../shapes/sent-rows.ts';
import { nextKey } from './model-keys.ts';
import { manifestName, releasedFile } from './release.ts';
import { sha256Of } from './step.ts';

export type Rotation = {
  readonly before: string;
  readonly after: string;
  /** Releases that were signed anew. */
  readonly releases: number;
};
type Offered = {
  readonly model_id: string;
  readonly prefix: string;
  readonly content: SentContent<'modelReleases'>;
  readonly gone: boolean;
};

/** null: there is no key yet; the first release makes one. All or nothing: a crash leaves the old key in force. */
export const rotateKey = (
  { pool, store, sealer }: { readonly pool: Pool; readonly store: ObjectStore; readonly sealer: Sealer },
  tenantId: string,
  nowMs: number,
): Promise<Rotation | null> =>
  inTenant(pool, tenantId, async (on) => {
    const made = await nextKey(on, sealer, tenantId, nowMs);
    if (made === null) return null;
    const { before, key } = made;
    const offered = await on.query<Offered>(
      `SELECT r.model_id, r.prefix, r.content, r.withdrawn_at_ms IS NOT NULL AS gone FROM model_release r
       WHERE EXISTS (
         SELECT 1 FROM sent_row s WHERE s.shape = 'modelReleases' AND s.row_key = r.model_id::text)
       ORDER BY r.model_id FOR UPDATE`,
    );
    for (const { model_id: modelId, prefix, content, gone } of offered.rows) {
      const file = content.manifest.url.split('/').at(-1) ?? '';
      const found = await store.get(`${prefix}/${file}`);
      if (found === null) throw new Error(`${prefix}/${file} is gone`);
      const manifest = modelManifest.parse(JSON.parse((await buffer(found.stream)).toString('utf8')));
      const signed = Buffer.from(canonicalJson(signManifest(manifest, key.seed, key.successions)));
      const name = manifestName(key.keyId);
      await store.put(`${prefix}/${name}`, signed);
      const told = { ...content, manifest: releasedFile(modelId, name, signed.byteLength, sha256Of(signed)) };
      await on.query('UPDATE model_release SET content = $2 WHERE model_id = $1', [modelId, JSON.stringify(told)]);
      const sent = { ...told, isWithdrawn: gone };
      await putRows(on, tenantId, 'modelReleases', [{ storeId: null, key: modelId, content: sent }], {
        nowMs,
        who: 'key rotation',
      });
    }
    return { before, after: key.keyId, releases: offered.rows.length };
  });
