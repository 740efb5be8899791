/**
 * What stores make of released models, read for head office's people, and taken back or given back by them. Rule kept:
 * row-level security says whose they are; of a store only its tills' last words, and why as a code; of whether a model
 * is good only the stores' own figures and those of days held back are told.
 */
import type { FastifyInstance } from 'fastify';
import type { PoolClient } from 'pg';
import { type ReleaseLearnt, type ReleaseVerdict, type ReleaseView, releasesApi } from '#contract/releases.ts';
import { err, ok } from '#core/result.ts';
import { giveBackRelease, withdrawRelease } from '../forecast/withdraw-release.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { inCaller } from '../identity/caller.ts';
import { readTraining } from './training-state.ts';

/** A year of weeks; what tills are told of is fewer (forecast/release.ts). */
const shown = 52;
/** A chain of thousands of tills is read by its troubled ones. */
const mostVerdicts = 5_000;
/** Words of a till that is against a model; what it says then has a reason. */
const against = ['refused', 'rolledBack', 'failed'];

type Row = Omit<ReleaseView, 'modelId' | 'releasedAtMs' | 'withdrawnAtMs' | 'returnedAtMs' | 'smallerMissBp'> & {
  readonly model_id: string;
  readonly released_at_ms: string;
  readonly withdrawn_at_ms: string | null;
  readonly returned_at_ms: string | null;
  readonly smaller: number | null;
};
const bpOf = (share: number | null): number | null => (share === null ? null : Math.round(share * 10_000));
const msOf = (value: string | null): number | null => (value === null ? null : Number(value));

/** What a till's own last weeks said: 1 − loss ÷ loss of what ran before. */
const smallerMiss = `CASE WHEN (figures->>'incumbentWql')::float8 > 0
  THEN 1 - (figures->>'wql')::float8 / (figures->>'incumbentWql')::float8 END`;

const releasesSql = `
  SELECT r.model_id, r.version, r.released_at_ms, r.withdrawn_at_ms, r.withdrawn_by AS "withdrawnBy", r.returned_at_ms,
    r.learnt, s.runs, s.tried, s.refused, s.drifted, q.silent, m.smaller, m.stores AS "smallerMissStores", w.reasons,
    EXISTS (SELECT 1 FROM sent_row t WHERE t.shape = 'modelReleases' AND t.row_key = r.model_id::text) AS "isOffered"
  FROM (SELECT * FROM model_release ORDER BY released_at_ms DESC, model_id DESC LIMIT $2) r
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT store_id) FILTER (WHERE what IN ('promoted', 'drifted'))::int AS runs,
      count(DISTINCT store_id) FILTER (WHERE what IN ('verified', 'shadowed'))::int AS tried,
      count(DISTINCT store_id) FILTER (WHERE what = ANY ($1))::int AS refused,
      count(DISTINCT store_id) FILTER (WHERE what = 'drifted')::int AS drifted
    FROM model_verdict v WHERE v.model_id = r.model_id) s
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS silent FROM (SELECT DISTINCT store_id FROM till WHERE revoked_at_ms IS NULL) k
    WHERE NOT EXISTS (SELECT 1 FROM model_verdict v WHERE v.model_id = r.model_id AND v.store_id = k.store_id)) q
  CROSS JOIN LATERAL (
    SELECT avg(smaller) AS smaller, count(*)::int AS stores FROM (SELECT avg(${smallerMiss}) AS smaller
      FROM model_verdict v WHERE v.model_id = r.model_id GROUP BY store_id) g WHERE smaller IS NOT NULL) m
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('why', why, 'stores', stores) ORDER BY stores DESC, why), '[]') AS reasons
    FROM (SELECT split_part(coalesce(why, ''), ' ', 1) AS why, count(DISTINCT store_id)::int AS stores
      FROM model_verdict v WHERE v.model_id = r.model_id AND v.what = ANY ($1) GROUP BY 1) g) w
  ORDER BY r.released_at_ms DESC, r.model_id DESC`;

async function readReleases(on: PoolClient): Promise<readonly ReleaseView[]> {
  const found = await on.query<Row>(releasesSql, [against, shown]);
  return found.rows.map(
    ({
      model_id: modelId,
      released_at_ms,
      withdrawn_at_ms,
      returned_at_ms,
      smaller,
      learnt,
      ...rest
    }): ReleaseView => ({
      ...rest,
      modelId,
      releasedAtMs: Number(released_at_ms),
      withdrawnAtMs: msOf(withdrawn_at_ms),
      returnedAtMs: msOf(returned_at_ms),
      learnt: learnt as ReleaseLearnt | null,
      smallerMissBp: bpOf(smaller),
    }),
  );
}

type VerdictRow = {
  readonly store_id: string;
  readonly store_name: string;
  readonly region: string;
  readonly till_id: string;
  readonly till_name: string;
  readonly what: ReleaseVerdict['what'];
  readonly why: string | null;
  readonly at_ms: string | null;
  readonly wql: number | null;
  readonly before: number | null;
  readonly smaller: number | null;
  readonly coverage: number | null;
};
/** Against it, then worse since, then on trial, then running, then silent. */
const verdictsSql = `
  SELECT s.store_id, s.name AS store_name, s.region, t.till_id, t.name AS till_name, v.what,
    split_part(v.why, ' ', 1) AS why, v.told_at_ms AS at_ms, (figures->>'wql')::float8 AS wql,
    (figures->>'incumbentWql')::float8 AS before, ${smallerMiss} AS smaller, (figures->>'coverage')::float8 AS coverage
  FROM till t JOIN store s USING (tenant_id, store_id)
  LEFT JOIN model_verdict v ON v.tenant_id = t.tenant_id AND v.store_id = t.store_id AND v.till_id = t.till_id
    AND v.model_id = $1
  WHERE t.revoked_at_ms IS NULL OR v.what IS NOT NULL
  ORDER BY array_position(ARRAY['refused','rolledBack','failed','drifted','withdrawn','shadowed','verified','promoted'],
    v.what) NULLS LAST, s.region, s.name, t.name, t.till_id LIMIT $2`;

async function countStores(on: PoolClient): Promise<number> {
  const found = await on.query<{ stores: number }>(
    'SELECT count(DISTINCT store_id)::int AS stores FROM till WHERE revoked_at_ms IS NULL',
  );
  return found.rows[0]?.stores ?? 0;
}

async function readVerdicts(on: PoolClient, modelId: string): Promise<readonly ReleaseVerdict[] | null> {
  const known = await on.query('SELECT 1 FROM model_release WHERE model_id = $1', [modelId]);
  if (known.rows.length === 0) return null;
  const found = await on.query<VerdictRow>(verdictsSql, [modelId, mostVerdicts]);
  return found.rows.map((row) => ({
    storeId: row.store_id,
    storeName: row.store_name,
    region: row.region,
    tillId: row.till_id,
    tillName: row.till_name,
    what: row.what,
    why: row.why === '' ? null : row.why,
    atMs: msOf(row.at_ms),
    wql: row.wql,
    wqlBefore: row.before,
    smallerMissBp: bpOf(row.smaller),
    coverage: row.coverage,
  }));
}

export function serveReleases(app: FastifyInstance, deps: OfficeDeps): void {
  const { pool, clock } = deps;
  serveCalls(app, deps, releasesApi, {
    releases: async (caller) =>
      ok(
        await inCaller(pool, caller, async (on) => ({
          releases: await readReleases(on),
          training: await readTraining(on, clock.now()),
          stores: await countStores(on),
        })),
      ),
    verdicts: async (caller, { modelId }) => {
      const found = await inCaller(pool, caller, (on) => readVerdicts(on, modelId));
      return found === null ? err({ type: 'NotFound' }) : ok(found);
    },
    withdraw: async (caller, { modelId }) => {
      const how = { nowMs: clock.now(), why: 'a person', by: caller.email };
      await inCaller(pool, caller, (on) => withdrawRelease(on, caller.tenantId, modelId, how));
      return ok(null);
    },
    giveBack: async (caller, { modelId }) => {
      const how = { nowMs: clock.now(), by: caller.email };
      await inCaller(pool, caller, (on) => giveBackRelease(on, caller.tenantId, modelId, how));
      return ok(null);
    },
  });
}
