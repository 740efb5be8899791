/**
 * Rows of the small shapes (contract/sent-shapes.ts): written, served, audited. Rule kept: whatever shape it is, it is
 * written here, so that every row passes its schema before a till gets it; what has not changed is not written again.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool, PoolClient } from 'pg';
import { everyStoreId, type SentContent, type SentShape, sentShapeNames, sentShapes } from '#contract/sent-shapes.ts';
import type { Clock } from '#core/time.ts';
import { knowTill } from '../identity/till-key.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { ShapeDefinition } from './messages.ts';

/** `storeId` null: every store of the organisation. */
export type SentRow<S extends SentShape> = {
  readonly storeId: string | null;
  readonly key: string;
  readonly content: SentContent<S>;
};
export type SentKey = { readonly storeId: string | null; readonly key: string };

/** Answers how many changed. Throws where a row does not pass its schema: a bug of ours, not a person's. */
export async function putRows<S extends SentShape>(
  on: PoolClient,
  tenantId: string,
  shape: S,
  rows: readonly SentRow<S>[],
  by: { readonly nowMs: number; readonly who: string },
): Promise<number> {
  if (rows.length === 0) return 0;
  const inOrder = rows.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const written = await on.query(
    `INSERT INTO sent_row AS s (tenant_id, store_id, shape, row_key, content, changed_at_ms, changed_by)
     SELECT $1, r.store_id, $2, r.row_key, r.content, $6, $7
     FROM unnest($3::uuid[], $4::text[], $5::text[]) AS r(store_id, row_key, content)
     ON CONFLICT (tenant_id, store_id, shape, row_key) DO UPDATE
       SET content = excluded.content, changed_at_ms = excluded.changed_at_ms, changed_by = excluded.changed_by
       WHERE s.content <> excluded.content`,
    [
      tenantId,
      shape,
      inOrder.map((row) => row.storeId ?? everyStoreId),
      inOrder.map((row) => row.key),
      inOrder.map((row) => JSON.stringify(sentShapes[shape].parse(row.content))),
      by.nowMs,
      by.who,
    ],
  );
  return written.rowCount ?? 0;
}

/** Answers how many there were. */
export async function dropRows(
  on: PoolClient,
  tenantId: string,
  shape: SentShape,
  keys: readonly SentKey[],
): Promise<number> {
  const gone = await on.query(
    `DELETE FROM sent_row WHERE tenant_id = $1 AND shape = $2
       AND (store_id, row_key) IN (SELECT * FROM unnest($3::uuid[], $4::text[]))`,
    [tenantId, shape, keys.map((key) => key.storeId ?? everyStoreId), keys.map((key) => key.key)],
  );
  return gone.rowCount ?? 0;
}

/** All their rows are for every store: one shape serves all stores of an organisation. */
const isForAll: ReadonlySet<SentShape> = new Set<SentShape>(['gstRates', 'sisterStock']);
const storesOf = (till: PushingTill, shape: SentShape): readonly string[] =>
  isForAll.has(shape) ? [everyStoreId] : [till.storeId, everyStoreId];

const definitionOf =
  (shape: SentShape) =>
  (till: PushingTill): ShapeDefinition => ({
    schema: 'public',
    table: 'sent_row',
    columns: ['tenant_id', 'store_id', 'shape', 'row_key', 'content'],
    conditions: [
      { column: 'tenant_id', values: [till.tenantId] },
      { column: 'shape', values: [shape] },
      { column: 'store_id', values: storesOf(till, shape) },
    ],
    replica: 'default',
  });

export const sentShapeDefinitions: Readonly<Record<string, (till: PushingTill) => ShapeDefinition>> =
  Object.fromEntries(sentShapeNames.map((name) => [name, definitionOf(name)]));

/** As the till computes it (db/sent-rows.ts): MD5 over the rows' own MD5s, in order of key, then of store. */
const auditSql = `
  SELECT count(*)::int AS count, md5(coalesce(string_agg(md5(store_id::text || ' ' || row_key || ' ' || content), ''
    ORDER BY row_key COLLATE "C", store_id), '')) AS hash
  FROM sent_row WHERE tenant_id = $1 AND shape = $2 AND store_id = ANY($3::uuid[])`;

export const auditRows = (pool: Pool, till: PushingTill, shape: SentShape) =>
  inTenant(pool, till.tenantId, async (on) => {
    const found = await on.query<{ count: number; hash: string }>(auditSql, [
      till.tenantId,
      shape,
      storesOf(till, shape),
    ]);
    return found.rows[0] ?? { count: 0, hash: '' };
  });

export function serveRowAudits(app: FastifyInstance, pool: Pool, clock: Clock): void {
  for (const name of sentShapeNames) {
    app.get(`/v1/sync/audit/${name}`, async (request, reply) => {
      const known = await knowTill(pool, request.headers.authorization, clock.now());
      if ('refusal' in known) {
        return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
      }
      return auditRows(pool, known.till, name);
    });
  }
}
