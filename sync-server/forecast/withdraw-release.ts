/**
 * A release is taken back from all shops, by their own refusals or by a person, and given back by a person alone. Rule kept:
 * what tills are told and what the release's row says change in one transaction; of a release that is given back only what
 * shops say afterwards counts against it.
 */
import type { PoolClient } from 'pg';
import type { SentContent } from '#contract/sent-shapes.ts';
import { putRows } from '../shapes/sent-rows.ts';

type Content = SentContent<'modelReleases'>;

async function tell(
  on: PoolClient,
  tenantId: string,
  modelId: string,
  content: Content,
  by: { readonly nowMs: number; readonly who: string },
): Promise<void> {
  await putRows(on, tenantId, 'modelReleases', [{ storeId: null, key: modelId, content }], by);
}

/** `by`: null where too many shops refused it. False: there is none, or it was withdrawn already. */
export async function withdrawRelease(
  on: PoolClient,
  tenantId: string,
  modelId: string,
  how: { readonly nowMs: number; readonly why: string; readonly by: string | null },
): Promise<boolean> {
  const done = await on.query<{ content: Content }>(
    `UPDATE model_release SET withdrawn_at_ms = $2, withdrawn_why = $3, withdrawn_by = $4
     WHERE model_id = $1 AND withdrawn_at_ms IS NULL RETURNING content`,
    [modelId, how.nowMs, how.why, how.by],
  );
  const content = done.rows[0]?.content;
  if (content === undefined) return false;
  await tell(on, tenantId, modelId, { ...content, isWithdrawn: true }, { nowMs: how.nowMs, who: how.by ?? 'forecast' });
  return true;
}

/** False: it is not withdrawn, or so old that tills are told of it no more. */
export async function giveBackRelease(
  on: PoolClient,
  tenantId: string,
  modelId: string,
  how: { readonly nowMs: number; readonly by: string },
): Promise<boolean> {
  const done = await on.query<{ content: Content }>(
    `UPDATE model_release r SET withdrawn_at_ms = NULL, withdrawn_why = NULL, withdrawn_by = NULL, returned_at_ms = $2
     WHERE model_id = $1 AND withdrawn_at_ms IS NOT NULL
       AND EXISTS (SELECT 1 FROM sent_row s WHERE s.shape = 'modelReleases' AND s.row_key = r.model_id::text)
     RETURNING content`,
    [modelId, how.nowMs],
  );
  const content = done.rows[0]?.content;
  if (content === undefined) return false;
  await tell(on, tenantId, modelId, { ...content, isWithdrawn: false }, { nowMs: how.nowMs, who: how.by });
  return true;
}
