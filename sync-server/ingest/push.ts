/**
 * A till's push, from judged entries to stored answers: one transaction a batch, durable before it is answered. Rule
 * kept: the till's row is locked first, so that its batches go one after the other whatever its network repeats.
 */
import type { Pool } from 'pg';
import type { PushBatch, PushReply } from '#contract/sync.ts';
import type { Clock } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import type { Months } from '../postgres/months.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { judgeEntry } from './judge-entry.ts';
import { type PushingTill, writeBatch } from './write-batch.ts';

export type PushDeps = { readonly pool: Pool; readonly months: Months; readonly clock: Clock };

export async function push(deps: PushDeps, till: PushingTill, batch: PushBatch): Promise<PushReply> {
  const pusher = { storeId: till.storeId as Uuid, tillId: till.tillId as Uuid };
  const judged = batch.entries.map((entry) => judgeEntry(entry, pusher));
  await deps.months.ensure(judged.flatMap((one) => (one.document === null ? [] : [one.document.businessDate])));
  const nowMs = deps.clock.now();
  const answers = await inTenant(deps.pool, till.tenantId, async (on) => {
    const last = batch.entries.at(-1)?.seq ?? 0;
    await on.query({
      name: 'seen',
      text: `UPDATE till SET last_seen_ms = $4, through_seq = greatest(through_seq, $5)
        WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
      values: [till.tenantId, till.storeId, till.tillId, nowMs, last],
    });
    return writeBatch(on, till, judged, nowMs);
  });
  return { answers };
}
