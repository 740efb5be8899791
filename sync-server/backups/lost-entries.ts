/**
 * What head office has of a lost till that its backup had not: the bills between the copy and the crash. Rule kept: only
 * the till that replaced it is told, and each text is what was received, to the byte.
 */
import type { Pool } from 'pg';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { textOfDocument } from '../ingest/document-pack.ts';
import { inTenant } from '../postgres/in-tenant.ts';

export type LostEntry = {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly atMs: number;
  readonly content: string;
};

/** Bills and credit notes that were accepted, in the lost till's order. */
export async function lostEntries(
  pool: Pool,
  till: PushingTill,
  afterSeq: number,
  limit: number,
): Promise<readonly LostEntry[]> {
  return inTenant(pool, till.tenantId, async (on) => {
    const found = await on.query<{ document_id: string; kind: string; till_seq: string; occurred_at_ms: string }>(
      `SELECT d.document_id, d.kind, d.till_seq, d.occurred_at_ms FROM document d
       JOIN till t ON t.tenant_id = d.tenant_id AND t.store_id = d.store_id AND t.till_id = $3
       WHERE d.tenant_id = $1 AND d.store_id = $2 AND d.till_id = t.replaces[cardinality(t.replaces)]
         AND d.till_seq > $4 AND d.kind IN ('bill', 'creditNote') AND d.rejection IS NULL
       ORDER BY d.till_seq LIMIT $5`,
      [till.tenantId, till.storeId, till.tillId, afterSeq, limit],
    );
    const entries: LostEntry[] = [];
    for (const row of found.rows) {
      const of = { tenantId: till.tenantId, storeId: till.storeId, documentId: row.document_id, kind: row.kind };
      const content = await textOfDocument(on, of);
      if (content === null) continue;
      const { document_id: id, kind, till_seq: seq, occurred_at_ms: atMs } = row;
      entries.push({ seq: Number(seq), kind, id, atMs: Number(atMs), content });
    }
    return entries;
  });
}
