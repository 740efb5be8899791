/**
 * What stores make of released models, read for head office's people. Rule kept: row-level security says whose they are; of
 * a store only its tills' last words, and why as a code.
 */
import type { FastifyInstance } from 'fastify';
import type { PoolClient } from 'pg';
import { type ReleaseView, releasesApi } from '#contract/releases.ts';
import { ok } from '#core/result.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { inCaller } from '../identity/caller.ts';

/** As many as tills are told of (forecast/release.ts), and one before them. */
const shown = 4;
/** Words of a till that is against a model; what it says then has a reason. */
const against = ['refused', 'rolledBack', 'failed'];

type Row = Omit<ReleaseView, 'modelId' | 'releasedAtMs' | 'withdrawnAtMs'> & {
  readonly model_id: string;
  readonly released_at_ms: string;
  readonly withdrawn_at_ms: string | null;
};
const releasesSql = `
  SELECT r.model_id, r.version, r.released_at_ms, r.withdrawn_at_ms, s.runs, s.tried, s.refused, w.reasons
  FROM model_release r
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT store_id) FILTER (WHERE what IN ('promoted', 'drifted'))::int AS runs,
      count(DISTINCT store_id) FILTER (WHERE what IN ('verified', 'shadowed'))::int AS tried,
      count(DISTINCT store_id) FILTER (WHERE what = ANY ($1))::int AS refused
    FROM model_verdict v WHERE v.model_id = r.model_id) s
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('why', why, 'stores', stores) ORDER BY stores DESC, why), '[]') AS reasons
    FROM (SELECT split_part(coalesce(why, ''), ' ', 1) AS why, count(DISTINCT store_id)::int AS stores
      FROM model_verdict v WHERE v.model_id = r.model_id AND v.what = ANY ($1) GROUP BY 1) g) w
  ORDER BY r.released_at_ms DESC, r.model_id DESC LIMIT $2`;

async function readReleases(on: PoolClient): Promise<readonly ReleaseView[]> {
  const found = await on.query<Row>(releasesSql, [against, shown]);
  return found.rows.map(
    ({ model_id: modelId, released_at_ms, withdrawn_at_ms, ...rest }): ReleaseView => ({
      ...rest,
      modelId,
      releasedAtMs: Number(released_at_ms),
      withdrawnAtMs: withdrawn_at_ms === null ? null : Number(withdrawn_at_ms),
    }),
  );
}

export function serveReleases(app: FastifyInstance, deps: OfficeDeps): void {
  serveCalls(app, deps, releasesApi, {
    releases: async (caller) => ok(await inCaller(deps.pool, caller, readReleases)),
  });
}
