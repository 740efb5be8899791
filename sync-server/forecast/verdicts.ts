/**
 * What shops made of a released model. Rule kept: a shop counts once, by its tills' last words, and a PC that can run no
 * model at all does not count; where more than three in ten of the shops that judged it refused it, and enough have
 * judged, it is withdrawn for all (ml.md §6); a drift that shops tell asks for a new model.
 */
import type { PoolClient, Pool } from 'pg';
import type { ModelVerdicts } from '#contract/sync.ts';
import { isUuid } from '#core/ids.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { withdrawRelease } from './withdraw-release.ts';

const mostRefusing = 0.3;
/** Never fewer than two shops, five are enough, of a small chain half. */
const leastShops = (stores: number): number => Math.max(2, Math.min(5, Math.ceil(stores / 2)));
/** First words of `why` of a PC that runs no model whatever. */
const ofThePc = ['runtimeMissing', 'runtimeTooOld'];
/** A drift that one shop in ten tells is the model's. */
const driftShare = 0.1;

type Counted = { readonly judged: number; readonly refused: number; readonly stores: number };

/** 'verified' is no judgement yet; 'withdrawn' and 'failed' say nothing of how good it is. */
const countSql = `
  SELECT count(*)::int AS judged, count(*) FILTER (WHERE refuses)::int AS refused,
    (SELECT count(*)::int FROM store) AS stores
  FROM (SELECT store_id, bool_or(what IN ('refused', 'rolledBack')) AS refuses FROM model_verdict
    WHERE model_id = $1 AND what IN ('refused', 'rolledBack', 'shadowed', 'promoted', 'drifted')
      AND NOT (what = 'refused' AND split_part(coalesce(why, ''), ' ', 1) = ANY ($2))
      -- A person gave it back: what was said before that is known and does not count again.
      AND told_at_ms > coalesce((SELECT returned_at_ms FROM model_release WHERE model_id = $1), -1)
    GROUP BY store_id) s`;

async function withdrawIfRefused(on: PoolClient, tenantId: string, modelId: string, nowMs: number): Promise<boolean> {
  const counted = (await on.query<Counted>(countSql, [modelId, ofThePc])).rows[0];
  if (counted === undefined || counted.judged < leastShops(counted.stores)) return false;
  if (counted.refused <= mostRefusing * counted.judged) return false;
  const why = `refused by ${counted.refused} of ${counted.judged} shops`;
  return withdrawRelease(on, tenantId, modelId, { nowMs, why, by: null });
}

/** Answers which models were withdrawn by it, and whether a new one is asked for. */
export const takeVerdicts = (pool: Pool, till: PushingTill, { verdicts }: ModelVerdicts, nowMs: number) =>
  inTenant(pool, till.tenantId, async (on) => {
    const ids = verdicts.map(({ modelId }) => modelId).filter((id) => isUuid(id));
    // Rows of releases are locked in order: two tills that judge at once count one after the other.
    const known = await on.query<{ model_id: string }>(
      'SELECT model_id FROM model_release WHERE model_id = ANY ($1::uuid[]) ORDER BY model_id FOR UPDATE',
      [ids],
    );
    const withdrawn: string[] = [];
    for (const { model_id: modelId } of known.rows) {
      for (const verdict of verdicts.filter((one) => one.modelId === modelId)) {
        await on.query(
          `INSERT INTO model_verdict AS v (tenant_id, store_id, model_id, till_id, what, why, figures, at_ms, told_at_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, store_id, model_id, till_id) DO UPDATE SET
             what = excluded.what, why = excluded.why, at_ms = excluded.at_ms,
             -- What it judged by stays with a later word that brings no figures.
             figures = CASE excluded.figures WHEN '{}' THEN v.figures ELSE excluded.figures END,
             told_at_ms = excluded.told_at_ms WHERE v.at_ms <= excluded.at_ms`,
          [
            till.tenantId,
            till.storeId,
            modelId,
            till.tillId,
            verdict.what,
            verdict.why,
            JSON.stringify(verdict.figures),
            verdict.atMs,
            nowMs,
          ],
        );
      }
      if (await withdrawIfRefused(on, till.tenantId, modelId, nowMs)) withdrawn.push(modelId);
    }
    const isAsked = verdicts.some(({ what }) => what === 'drifted') && (await whyTraining(on)) !== null;
    return { withdrawn, isAsked };
  });

/** Drift of the newest release at one shop in ten, or that it was withdrawn. */
export async function whyTraining(on: PoolClient): Promise<'drift' | 'withdrawn' | null> {
  const found = await on.query<{ drifted: number; stores: number; gone: boolean }>(
    `SELECT (SELECT count(DISTINCT store_id)::int FROM model_verdict v WHERE v.model_id = r.model_id AND what = 'drifted')
         AS drifted,
       (SELECT count(*)::int FROM store) AS stores, r.withdrawn_at_ms IS NOT NULL AS gone
     FROM model_release r ORDER BY released_at_ms DESC, model_id DESC LIMIT 1`,
  );
  const row = found.rows[0];
  if (row === undefined) return null;
  if (row.gone) return 'withdrawn';
  return row.drifted >= Math.max(1, driftShare * row.stores) ? 'drift' : null;
}

export const isTrainingAsked = (pool: Pool, tenantId: string): Promise<boolean> =>
  inTenant(pool, tenantId, async (on) => (await whyTraining(on)) !== null);
