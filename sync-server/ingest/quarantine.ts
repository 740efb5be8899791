/**
 * An entry that makes the server fault must not hold the till's next one for ever. Rule kept: only an entry that came
 * alone is blamed, only after it faulted some times, and never for a trouble of the database's own (that is `busy`: the
 * till tries again); then it is stored as refused with an incident id, its bytes beside it, and the next goes on.
 */
import { randomUUID } from 'node:crypto';
import type { PushReply } from '#contract/sync.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { isStaleConnection } from '../postgres/stale-connection.ts';
import { seriesOf } from './bill-series.ts';
import { countFresh, markSeen, push, type PushDeps } from './push.ts';
import type { ReceivedBatch, ReceivedEntry } from './received.ts';
import type { PushingTill } from './stored-entries.ts';

/** So often an entry may fault alone before it is kept aside. */
const faultsBeforeAside = 3;

/** Postgres away, full, shutting down, in a deadlock (SQLSTATE classes); or no connection at all. */
const troubleClasses: readonly string[] = ['08', '40', '53', '55', '57', '58'];
/** A table, column or function that is not there (yet, or any more), or may not be used: a server beside a migration. */
const otherSchema: readonly string[] = ['42P01', '42703', '42883', '42501'];
const troubleCodes: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'];

export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return /connection (terminated|ended|timeout)|timeout exceeded/i.test(error.message);
  // A month's part that was there.
  if (code === '23514' && error.message.includes('no partition')) return true;
  if (isStaleConnection(error) || otherSchema.includes(code)) return true;
  return troubleCodes.includes(code) || (/^[0-9A-Z]{5}$/.test(code) && troubleClasses.includes(code.slice(0, 2)));
}

/** A batch that is not what it says is nothing that could be kept. */
const isSendersFault = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;

/** `busy`: nothing was stored, the same again later. A batch of several that faults throws: the till sends fewer. */
export async function pushOrSetAside(
  deps: PushDeps,
  till: PushingTill,
  batch: ReceivedBatch,
  say: (incidentId: string, error: unknown) => void,
): Promise<PushReply | 'busy'> {
  try {
    return await push(deps, till, batch);
  } catch (error) {
    if (isDatabaseTrouble(error)) {
      // Whatever it is by now: a copy that took over may lack what this server remembers of the one before.
      deps.months.forget();
      seriesOf(deps.pool).forget();
      return 'busy';
    }
    if (isSendersFault(error)) throw error;
    const [entry] = batch.entries;
    if (entry === undefined || batch.entries.length > 1) throw error;
    const incidentId = randomUUID().slice(0, 8);
    say(incidentId, error);
    const [text = Buffer.alloc(0)] = await batch.texts();
    const faults = await countFault(deps, till, entry, text, incidentId);
    if (faults < faultsBeforeAside) throw error;
    return storeRefused(deps, till, batch, { ...entry, text }, incidentId);
  }
}

/** A bill that is kept aside is in no sum; with a later server it is sent again by hand. */
async function storeRefused(
  deps: PushDeps,
  till: PushingTill,
  batch: ReceivedBatch,
  entry: ReceivedEntry & { readonly text: Buffer },
  incidentId: string,
): Promise<PushReply> {
  const nowMs = deps.clock.now();
  const rejection = { reason: 'fault', detail: incidentId } as const;
  return inTenant(deps.pool, till.tenantId, async (on) => {
    const place = await markSeen(on, till, batch, nowMs);
    const stored = await on.query(
      `INSERT INTO document (tenant_id, store_id, till_id, document_id, kind, till_seq, occurred_at_ms, received_at_ms,
         text_hash, content, rejection) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
      [
        till.tenantId,
        till.storeId,
        till.tillId,
        entry.id,
        entry.kind,
        entry.seq,
        entry.atMs,
        nowMs,
        Buffer.from(entry.hash, 'hex'),
        // Postgres' text holds everything but this one character; push_fault has the bytes.
        entry.text.toString('utf8').replaceAll('\u0000', '\u2400'),
        JSON.stringify(rejection),
      ],
    );
    if (stored.rowCount === 1) await countFresh(on, till, 1, 1);
    return { answers: [{ id: entry.id, seq: entry.seq, outcome: 'rejected', ...rejection }], ...place };
  });
}

async function countFault(
  deps: PushDeps,
  till: PushingTill,
  entry: ReceivedEntry,
  text: Buffer,
  incidentId: string,
): Promise<number> {
  const { tenantId, storeId, tillId } = till;
  return inTenant(deps.pool, tenantId, async (on) => {
    const counted = await on.query<{ faults: number }>(
      `INSERT INTO push_fault AS f
         (tenant_id, store_id, till_id, document_id, kind, faults, incident_id, content, last_at_ms)
       VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
       ON CONFLICT (tenant_id, store_id, document_id, kind) DO UPDATE
         SET faults = f.faults + 1, incident_id = excluded.incident_id, last_at_ms = excluded.last_at_ms
       RETURNING faults`,
      [tenantId, storeId, tillId, entry.id, entry.kind, incidentId, text, deps.clock.now()],
    );
    return counted.rows[0]?.faults ?? 0;
  });
}
