/**
 * What a store's catalogue comes to: so many items and one hash of all, so that a till can tell whether a row was
 * lost on the way. Rule kept: as the till computes it (db/head-office-items.ts): MD5 over the items' own MD5s of
 * "id content", in order of id. It finds losses, not forgers.
 */
import type { Pool } from 'pg';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { inTenant } from '../postgres/in-tenant.ts';

export type CatalogueAudit = { readonly count: number; readonly hash: string };

export const auditCatalogue = (pool: Pool, till: PushingTill): Promise<CatalogueAudit> =>
  inTenant(pool, till.tenantId, async (on) => {
    const found = await on.query<CatalogueAudit>(
      `SELECT count(*)::int AS count,
         md5(coalesce(string_agg(md5(item_id::text || ' ' || item::text), '' ORDER BY item_id), '')) AS hash
       FROM store_item WHERE tenant_id = $1 AND store_id = $2`,
      [till.tenantId, till.storeId],
    );
    return found.rows[0] ?? { count: 0, hash: '' };
  });
