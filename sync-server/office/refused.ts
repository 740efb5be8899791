/**
 * Documents of a till that were kept aside, read for a person and accepted as such by one. Rule kept: row-level security
 * says whose they are; a text that is no document gives no amounts and no fault; accepting changes nothing that counts.
 */
import type { FastifyInstance } from 'fastify';
import type { PoolClient } from 'pg';
import { type RefusalNoteView, type RefusedView, refusedApi } from '#contract/refused.ts';
import type { InputOf } from '#contract/server.ts';
import type { Rejection } from '#contract/sync.ts';
import { addPaise, type Paise, paise } from '#core/money.ts';
import { err, ok } from '#core/result.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { inCaller } from '../identity/caller.ts';
import { textOfDocument } from '../ingest/document-pack.ts';

type Row = {
  readonly tenant_id: string;
  readonly document_id: string;
  readonly kind: string;
  readonly occurred_at_ms: string;
  readonly number: string | null;
  readonly rejection: Rejection;
  readonly notes: readonly RefusalNoteView[];
};
type Amounts = Pick<RefusedView, 'payablePaise' | 'roundOffPaise' | 'linesPaise'> & { readonly number: string | null };

const fieldOf = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
const moneyOf = (value: unknown): Paise | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? paise(value) : null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Kept aside as unreadable: there is nothing to show of it.
    return null;
  }
}

function amountsOf(text: string | null): Amounts {
  const document = text === null ? null : parsed(text);
  const lines = fieldOf(document, 'lines');
  const totals = Array.isArray(lines) ? lines.map((line) => moneyOf(fieldOf(line, 'totalPaise'))) : [null];
  const known = totals.filter((total) => total !== null);
  const number = fieldOf(document, 'number');
  return {
    number: typeof number === 'string' ? number : null,
    payablePaise: moneyOf(fieldOf(document, 'payablePaise')),
    roundOffPaise: moneyOf(fieldOf(document, 'roundOffPaise')),
    linesPaise: known.length === totals.length ? addPaise(...known) : null,
  };
}

async function readRefused(on: PoolClient, storeId: string, tillId: string): Promise<readonly RefusedView[]> {
  const found = await on.query<Row>(
    `SELECT tenant_id, document_id, kind, occurred_at_ms, number, rejection, (
       SELECT coalesce(jsonb_agg(jsonb_build_object('source', n.source, 'byName', n.by_name, 'note', n.note,
         'atMs', n.at_ms) ORDER BY n.at_ms), '[]') FROM refusal_note n WHERE n.tenant_id = d.tenant_id
         AND n.store_id = d.store_id AND n.document_id = d.document_id AND n.kind = d.kind) AS notes
     FROM document d WHERE store_id = $1 AND till_id = $2 AND rejection IS NOT NULL AND NOT is_settled ORDER BY occurred_at_ms DESC LIMIT 50`,
    [storeId, tillId],
  );
  const views: RefusedView[] = [];
  for (const row of found.rows) {
    const of = { tenantId: row.tenant_id, storeId, documentId: row.document_id, kind: row.kind };
    const amounts = amountsOf(await textOfDocument(on, of));
    views.push({
      ...amounts,
      documentId: row.document_id,
      kind: row.kind,
      number: row.number ?? amounts.number,
      occurredAtMs: Number(row.occurred_at_ms),
      reason: row.rejection.reason,
      notes: row.notes,
    });
  }
  return views;
}

/** False: nothing of that name is refused there. The till's row is locked first, as a push does. */
async function settle(on: PoolClient, order: InputOf<typeof refusedApi.settle>, by: string, nowMs: number) {
  const { storeId, tillId, documentId, kind, noteId, note } = order;
  await on.query('SELECT 1 FROM till WHERE store_id = $1 AND till_id = $2 FOR UPDATE', [storeId, tillId]);
  const found = await on.query<{ is_settled: boolean }>(
    `SELECT is_settled FROM document WHERE store_id = $1 AND till_id = $2 AND document_id = $3 AND kind = $4
       AND rejection IS NOT NULL`,
    [storeId, tillId, documentId, kind],
  );
  const [row] = found.rows;
  if (row === undefined) return false;
  await on.query(
    `INSERT INTO refusal_note (tenant_id, store_id, document_id, kind, note_id, source, by_name, note, at_ms)
     SELECT tenant_id, store_id, document_id, kind, $5, 'office', $6, $7, $8 FROM document
     WHERE store_id = $1 AND till_id = $2 AND document_id = $3 AND kind = $4 ON CONFLICT DO NOTHING`,
    [storeId, tillId, documentId, kind, noteId, by, note, nowMs],
  );
  if (row.is_settled) return true;
  await on.query(
    `UPDATE document SET is_settled = true WHERE store_id = $1 AND till_id = $2 AND document_id = $3 AND kind = $4`,
    [storeId, tillId, documentId, kind],
  );
  await on.query('UPDATE till SET refused = refused - 1 WHERE store_id = $1 AND till_id = $2', [storeId, tillId]);
  return true;
}

export function serveRefused(app: FastifyInstance, deps: OfficeDeps): void {
  serveCalls(app, deps, refusedApi, {
    refused: async (caller, { storeId, tillId }) =>
      ok(await inCaller(deps.pool, caller, (on) => readRefused(on, storeId, tillId))),
    settle: (caller, order) =>
      inCaller(deps.pool, caller, async (on) =>
        (await settle(on, order, caller.email, deps.clock.now()))
          ? ok(await readRefused(on, order.storeId, order.tillId))
          : err({ type: 'NotFound' } as const),
      ),
  });
}
