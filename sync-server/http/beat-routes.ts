/**
 * A till's word that it is there: what waits with it, which version it is. Rule kept: it is written down and answered
 * with what the till must know of this server (its epoch, how far it has that till's entries), nothing is decided.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { type BeatReply, tillBeat } from '#contract/sync.ts';
import type { Clock } from '#core/time.ts';
import { knowTill } from '../identity/till-key.ts';
import { inTenant } from '../postgres/in-tenant.ts';

type Row = { readonly through_seq: string; readonly sync_epoch: string };

export function serveBeat(app: FastifyInstance, { pool, clock }: { readonly pool: Pool; readonly clock: Clock }): void {
  app.post('/v1/sync/beat', async (request, reply) => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('refusal' in known) {
      return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    }
    const said = tillBeat.safeParse(request.body);
    if (!said.success) return reply.status(400).send({ message: said.error.issues[0]?.message ?? 'not a beat' });
    const { tenantId, storeId, tillId } = known.till;
    const { backlog, version, waitsSinceMs = null, audit = null } = said.data;
    const row = await inTenant(pool, tenantId, async (on) => {
      const written = await on.query<Row>(
        `UPDATE till t SET last_seen_ms = greatest(t.last_seen_ms, $4), backlog = $5, version = $6,
           waits_since_ms = $7, audit = coalesce($8, t.audit)
         FROM tenant o WHERE o.tenant_id = t.tenant_id AND t.tenant_id = $1 AND t.store_id = $2 AND t.till_id = $3
         RETURNING t.through_seq, o.sync_epoch`,
        [tenantId, storeId, tillId, clock.now(), backlog, version, waitsSinceMs, audit && JSON.stringify(audit)],
      );
      return written.rows[0];
    });
    if (row === undefined) throw new Error(`till ${tillId} is known and has no row`);
    return { epoch: row.sync_epoch, throughSeq: Number(row.through_seq) } satisfies BeatReply;
  });
}
