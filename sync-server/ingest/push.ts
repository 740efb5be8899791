/**
 * A till's push, from judged entries to stored answers: one transaction a batch, durable before it is answered. Rule
 * kept: the till's row is locked first, so that its batches go one after the other whatever its network repeats; what
 * is told as there (`throughSeq`) has no gap before it.
 */
import type { Pool, PoolClient } from 'pg';
import type { PushBatch, PushReply } from '#contract/sync.ts';
import type { Clock } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import type { Months } from '../postgres/months.ts';
import { takeFromTill } from '../catalogue/take-from-till.ts';
import { openTransfers } from '../transfers/take-transfers.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { judgeEntry } from './judge-entry.ts';
import { type PushingTill, writeBatch } from './write-batch.ts';

export type PushDeps = { readonly pool: Pool; readonly months: Months; readonly clock: Clock };

type Seen = { readonly through_seq: string; readonly sync_epoch: string };
type Place = Pick<PushReply, 'epoch' | 'throughSeq'>;

/** Locks the till's row. What comes after a gap is taken and answered, but it is not reached until the gap is filled. */
export async function markSeen(on: PoolClient, till: PushingTill, batch: PushBatch, nowMs: number): Promise<Place> {
  const seen = await on.query<Seen>({
    name: 'seen',
    text: `UPDATE till t SET last_seen_ms = $4,
        through_seq = CASE WHEN t.through_seq >= $6 THEN greatest(t.through_seq, $5) ELSE t.through_seq END
      FROM tenant o WHERE o.tenant_id = t.tenant_id AND t.tenant_id = $1 AND t.store_id = $2 AND t.till_id = $3
      RETURNING t.through_seq, o.sync_epoch`,
    values: [till.tenantId, till.storeId, till.tillId, nowMs, batch.entries.at(-1)?.seq ?? 0, batch.afterSeq ?? 0],
  });
  const row = seen.rows[0];
  return { epoch: row?.sync_epoch ?? '', throughSeq: Number(row?.through_seq ?? 0) };
}

export async function push(deps: PushDeps, till: PushingTill, batch: PushBatch): Promise<PushReply> {
  const pusher = {
    storeId: till.storeId as Uuid,
    tillId: till.tillId as Uuid,
    replaces: (till.replaces ?? []) as Uuid[],
  };
  const judged = batch.entries.map((entry) => judgeEntry(entry, pusher, deps.clock.now()));
  await deps.months.ensure(judged.flatMap((one) => (one.document === null ? [] : [one.document.businessDate])));
  const nowMs = deps.clock.now();
  return inTenant(deps.pool, till.tenantId, async (on) => {
    const place = await markSeen(on, till, batch, nowMs);
    const transfers = await openTransfers(on, till, judged);
    const answers = await writeBatch(on, till, transfers.judged, nowMs);
    await transfers.count(answers);
    await takeFromTill(on, till, judged, answers);
    return { answers, ...place };
  });
}
