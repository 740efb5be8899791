/**
 * A till's wishes about head office's items, and those it takes back. Rule kept: in the transaction that stores the
 * entry; the same entry again changes nothing, and what was decided stays decided.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { PushEntry } from '#contract/sync.ts';
import { officeFields } from '#core/sync/item-proposal.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { tellProposal } from './tell-proposal.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** Fields that head office owns and no others; whether they may be sold so is judged when a person decides. */
const fields = z.partialRecord(z.enum(officeFields), z.unknown());
const proposed = z.object({ id: uuid, itemId: uuid, change: fields, base: fields, byName: z.string().max(120) });
const takenBack = z.object({ id: uuid });

const read = <T>(schema: z.ZodType<T>, text: string): T | null => {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: nothing that anybody wishes.
    return null;
  }
};

export async function takeProposal(on: PoolClient, till: PushingTill, entry: PushEntry): Promise<void> {
  const said = read(proposed, entry.content);
  if (said === null) return;
  const made = await on.query(
    `INSERT INTO item_proposal (tenant_id, store_id, till_id, proposal_id, item_id, item, change, base, by_name,
       proposed_at_ms, state)
     SELECT $1, $2, $3, $4, $5, $6, $6, $7, $8, $9, 'open' FROM catalogue_item WHERE tenant_id = $1 AND item_id = $5
     ON CONFLICT DO NOTHING`,
    [
      till.tenantId,
      till.storeId,
      till.tillId,
      said.id,
      said.itemId,
      JSON.stringify(said.change),
      JSON.stringify(said.base),
      said.byName,
      entry.atMs,
    ],
  );
  if (made.rowCount === 1) {
    await tellProposal(on, till.tenantId, till.storeId, said.id, { nowMs: entry.atMs, who: said.byName });
  }
}

export async function takeTakenBack(on: PoolClient, till: PushingTill, entry: PushEntry): Promise<void> {
  const said = read(takenBack, entry.content);
  if (said === null) return;
  const gone = await on.query(
    `UPDATE item_proposal SET state = 'takenBack', decided_at_ms = $4
     WHERE tenant_id = $1 AND store_id = $2 AND proposal_id = $3 AND state = 'open'`,
    [till.tenantId, till.storeId, said.id, entry.atMs],
  );
  if (gone.rowCount === 1) {
    await tellProposal(on, till.tenantId, till.storeId, said.id, { nowMs: entry.atMs, who: 'till' });
  }
}
