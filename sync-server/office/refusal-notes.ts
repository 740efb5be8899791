/**
 * What people wrote of documents that were kept aside. Rule kept: a note is only ever added, in the transaction of what
 * brought it; a till writes of its own documents alone, and the same entry again adds nothing.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { PushEntry } from '#contract/sync.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
// A till of before says neither whose document it is nor who wrote: there is nothing to show it beside.
const told = z.object({
  documentId: uuid,
  kind: z.string().max(40),
  note: z.string().max(500),
  byName: z.string().max(120),
});

function readTold(content: string): z.infer<typeof told> | null {
  try {
    return told.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    // Not JSON: nothing that anybody wrote.
    return null;
  }
}

/** A supervisor's note at the till, or the credit note by which the bill was taken back there. */
export async function takeRefusalNote(on: PoolClient, till: PushingTill, entry: PushEntry): Promise<void> {
  const said = readTold(entry.content);
  if (said === null) return;
  await on.query(
    `INSERT INTO refusal_note (tenant_id, store_id, document_id, kind, note_id, source, by_name, note, at_ms)
     SELECT $1, $2, document_id, kind, $6, $7, $8, $9, $10 FROM document
     WHERE tenant_id = $1 AND store_id = $2 AND document_id = $3 AND kind = $4 AND till_id = $5
     ON CONFLICT DO NOTHING`,
    [
      till.tenantId,
      till.storeId,
      said.documentId,
      said.kind,
      till.tillId,
      entry.id,
      entry.kind === 'keptAsideReversed' ? 'reversed' : 'till',
      said.byName,
      said.note,
      entry.atMs,
    ],
  );
}
