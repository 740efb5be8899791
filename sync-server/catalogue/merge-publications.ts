/**
 * Old publications of each store merged into few, each in one transaction with its rows. Rule kept: only what is in
 * effect since long, in its order without a hole, and nothing that an open proposal may have to be compared with; those
 * replaced stay named (merged_publication) with who had them; nobody publishes meanwhile.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { makeIds } from '#core/ids.ts';
import { publicationText } from '#core/sync/item-change.ts';
import { type MergedPublication, mergeGroups } from '#core/sync/merge-publications.ts';
import type { Clock } from '#core/time.ts';
import { inTenant } from '../postgres/in-tenant.ts';

/** As long as a till may be brought back from a copy and be told of what it had (decision 0062). */
const keptMs = 35 * 86_400_000;
/** A till applies one in one transaction beside the counter. */
const mostRows = 2_000;
/** So that the goods of a merged one do not travel again each night. */
const atLeast = 8;
/** Of a store in one run; the next night goes on. */
const mostAtOnce = 1_000;

type Head = { readonly publication_id: string; readonly published_at_ms: string; readonly effective_at_ms: string };
type Row = { readonly publication_id: string; readonly item_id: string; readonly change: string };

/** Answers how many were replaced. */
export async function mergePublications(
  pool: Pool,
  tenantId: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const newId = makeIds(clock, (n) => randomBytes(n));
  const stores = await inTenant(pool, tenantId, (on) => on.query<{ store_id: string }>('SELECT store_id FROM store'));
  let replaced = 0;
  for (const { store_id: storeId } of stores.rows) {
    signal.throwIfAborted();
    replaced += await inTenant(pool, tenantId, async (on) => {
      const of = [tenantId, storeId];
      await on.query("SELECT pg_advisory_xact_lock(hashtextextended('publish ' || $1, 0))", [tenantId]);
      const heads = await readHeads(on, of, clock.now());
      if (heads.length < atLeast) return 0;
      const groups = await groupsOf(on, of, heads);
      for (const group of groups) await write(on, of, heads, group, newId());
      return groups.reduce((sum, group) => sum + group.replaced.length, 0);
    });
  }
  return replaced;
}

/** In the order in which they take effect. */
async function readHeads(on: PoolClient, of: readonly string[], nowMs: number): Promise<readonly Head[]> {
  const found = await on.query<Head>(
    `SELECT publication_id, published_at_ms, effective_at_ms FROM store_publication
     WHERE tenant_id = $1 AND store_id = $2 AND effective_at_ms < $3 AND published_at_ms < least($3, (
       SELECT min(proposed_at_ms) FROM item_proposal WHERE tenant_id = $1 AND store_id = $2 AND state = 'open'))
     ORDER BY effective_at_ms, published_at_ms, publication_id LIMIT $4`,
    [...of, nowMs - keptMs, mostAtOnce],
  );
  const first = await on.query<Head>(
    `SELECT publication_id FROM store_publication WHERE tenant_id = $1 AND store_id = $2
     ORDER BY effective_at_ms, published_at_ms, publication_id LIMIT $3`,
    [...of, found.rows.length],
  );
  // One that was published lately and counts from long ago stands between them: up to there.
  const hole = first.rows.findIndex((row, i) => row.publication_id !== found.rows[i]?.publication_id);
  return hole === -1 ? found.rows : found.rows.slice(0, hole);
}

async function groupsOf(on: PoolClient, of: readonly string[], heads: readonly Head[]) {
  const found = await on.query<Row>(
    `SELECT publication_id, item_id, change FROM store_publication_row
     WHERE tenant_id = $1 AND store_id = $2 AND publication_id = ANY($3::uuid[]) ORDER BY item_id`,
    [...of, heads.map((head) => head.publication_id)],
  );
  const rows = Map.groupBy(found.rows, (row) => row.publication_id);
  const sent = heads.map(({ publication_id: id }) => ({
    id,
    rows: (rows.get(id) ?? []).map((row) => ({ itemId: row.item_id, change: row.change })),
  }));
  return mergeGroups(sent, { mostRows, atLeast });
}

/** The merged one stands where the last of its own stood. */
async function write(
  on: PoolClient,
  of: readonly string[],
  heads: readonly Head[],
  { replaced, rows }: MergedPublication,
  id: string,
): Promise<void> {
  const last = heads.find((head) => head.publication_id === replaced.at(-1));
  if (last === undefined) throw new Error('a group of publications without its last');
  const times = [last.published_at_ms, last.effective_at_ms];
  await on.query(
    `INSERT INTO publication (tenant_id, publication_id, scope, note, published_at_ms, published_by, effective_at_ms,
       refused, preview, is_merged) VALUES ($1, $2, '{}', '', $3, '', $4, '[]', '[]', true)`,
    [of[0], id, ...times],
  );
  await on.query(
    `INSERT INTO store_publication_row (tenant_id, store_id, publication_id, item_id, change)
     SELECT $1, $2, $3, r.* FROM unnest($4::uuid[], $5::text[]) AS r`,
    [...of, id, rows.map((row) => row.itemId), rows.map((row) => row.change)],
  );
  await on.query(
    `INSERT INTO store_publication (tenant_id, store_id, publication_id, published_at_ms, effective_at_ms, row_count,
       hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [...of, id, ...times, rows.length, createHash('sha256').update(publicationText(rows)).digest('hex')],
  );
  // What an earlier night had merged is no publication of anybody's.
  await on.query(
    `INSERT INTO merged_publication (tenant_id, store_id, publication_id, into_id)
     SELECT $1, $2, p.publication_id, $3 FROM publication p
     WHERE p.tenant_id = $1 AND p.publication_id = ANY($4::uuid[]) AND NOT p.is_merged`,
    [...of, id, replaced],
  );
  for (const table of ['store_publication', 'store_publication_row']) {
    await on.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND store_id = $2 AND publication_id = ANY($3::uuid[])`, [
      ...of,
      replaced,
    ]);
  }
}
