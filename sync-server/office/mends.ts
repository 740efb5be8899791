/**
 * What was mended of what tills are sent, read for head office's people. Rule kept: row-level security says whose it is;
 * one store's people see their store's, those of the chain also what all stores get.
 */
import type { FastifyInstance } from 'fastify';
import type { PoolClient } from 'pg';
import { type MendView, mendsApi } from '#contract/mends.ts';
import { ok } from '#core/result.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { inCaller } from '../identity/caller.ts';

type Row = Pick<MendView, 'incident' | 'shape' | 'outcome'> & {
  readonly at_ms: string;
  readonly store_name: string | null;
  readonly row_count: number | null;
};
const shownForMs = 30 * 86_400_000;
const shown = 50;

async function readMends(on: PoolClient, nowMs: number): Promise<readonly MendView[]> {
  const found = await on.query<Row>(
    `SELECT m.incident, m.shape, m.outcome, m.at_ms, s.name AS store_name, m.row_count
     FROM shape_mend m LEFT JOIN store s USING (tenant_id, store_id)
     WHERE m.at_ms > $1 ORDER BY m.at_ms DESC, m.mend_id DESC LIMIT $2`,
    [nowMs - shownForMs, shown],
  );
  return found.rows.map(({ incident, shape, outcome, at_ms, store_name, row_count }) => ({
    incident,
    atMs: Number(at_ms),
    storeName: store_name,
    shape,
    outcome,
    rows: row_count,
  }));
}

export function serveMends(app: FastifyInstance, deps: OfficeDeps): void {
  serveCalls(app, deps, mendsApi, {
    mends: async (caller) => ok(await inCaller(deps.pool, caller, (on) => readMends(on, deps.clock.now()))),
  });
}
