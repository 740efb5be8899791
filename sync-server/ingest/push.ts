/**
 * A till's push, from its bytes to stored answers: one transaction a batch, durable before it is answered. Rule kept:
 * the till's row is locked before anything is written, so that its batches go one after the other whatever its network
 * repeats; what is told as there (`throughSeq`) has no gap before it; what is there already is answered without
 * writing.
 */
import type { Pool, PoolClient } from 'pg';
import type { PushAnswer, PushReply } from '#contract/sync.ts';
import type { BusinessDate, Clock } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import { takeFromTill } from '../catalogue/take-from-till.ts';
import { isOfStock, takeStock } from '../catalogue/take-stock.ts';
import { openTransfers } from '../transfers/take-transfers.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { Months } from '../postgres/months.ts';
import { type BillRows, makeBillRows } from './bill-rows.ts';
import { type Claims, type Series, seriesOf } from './bill-series.ts';
import { claimKey, entryKey, type FreshEntry, type StoredEntry } from './decide-batch.ts';
import { isDocument, isWord, judged as unjudged, type JudgedEntry, judgeText } from './judge-entry.ts';
import type { ReceivedBatch } from './received.ts';
import { type PushingTill, recognise } from './stored-entries.ts';
import { writeAgain } from './send-again.ts';
import { writeBatch } from './write-batch.ts';

export type PushDeps = { readonly pool: Pool; readonly months: Months; readonly clock: Clock };

type Place = Pick<PushReply, 'epoch' | 'throughSeq'>;
type PlaceRow = { readonly through_seq: string; readonly sync_epoch: string };
const placeOf = (row: PlaceRow | undefined): Place => ({
  epoch: row?.sync_epoch ?? '',
  throughSeq: Number(row?.through_seq ?? 0),
});

/** Nothing is written. */
async function readPlace(on: PoolClient, till: PushingTill): Promise<Place> {
  const found = await on.query<PlaceRow>({
    name: 'place',
    text: `SELECT t.through_seq, o.sync_epoch FROM till t JOIN tenant o USING (tenant_id)
      WHERE t.tenant_id = $1 AND t.store_id = $2 AND t.till_id = $3`,
    values: [till.tenantId, till.storeId, till.tillId],
  });
  return placeOf(found.rows[0]);
}

/** Locks the till's row. What comes after a gap is taken and answered, but it is not reached until the gap is filled. */
export async function markSeen(on: PoolClient, till: PushingTill, batch: ReceivedBatch, nowMs: number): Promise<Place> {
  const seen = await on.query<PlaceRow>({
    name: 'seen',
    text: `UPDATE till t SET last_seen_ms = $4,
        through_seq = CASE WHEN t.through_seq >= $6 THEN greatest(t.through_seq, $5) ELSE t.through_seq END
      FROM tenant o WHERE o.tenant_id = t.tenant_id AND t.tenant_id = $1 AND t.store_id = $2 AND t.till_id = $3
      RETURNING t.through_seq, o.sync_epoch`,
    values: [till.tenantId, till.storeId, till.tillId, nowMs, batch.entries.at(-1)?.seq ?? 0, batch.afterSeq ?? 0],
  });
  return placeOf(seen.rows[0]);
}

/** Counts what is new of the till, so that nobody has to count its documents. */
export async function countFresh(on: PoolClient, till: PushingTill, documents: number, refused: number): Promise<void> {
  await on.query({
    name: 'count-fresh',
    text: `UPDATE till SET documents = documents + $4, refused = refused + $5
      WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
    values: [till.tenantId, till.storeId, till.tillId, documents, refused],
  });
}

type Judged = { readonly judged: readonly JudgedEntry[]; readonly rows: BillRows };

/** Each entry is read, judged, written down as rows and let go before the next: no document waits for Postgres. */
function judgeBatch(
  deps: PushDeps,
  till: PushingTill,
  { entries }: ReceivedBatch,
  texts: readonly Buffer[],
  known: ReadonlyMap<string, StoredEntry>,
): Judged {
  const pusher = {
    storeId: till.storeId as Uuid,
    tillId: till.tillId as Uuid,
    replaces: (till.replaces ?? []) as Uuid[],
  };
  const now = deps.clock.now();
  const rows = makeBillRows();
  const judged = entries.map((entry, i): JudgedEntry => {
    const { hash } = entry;
    if (known.has(entryKey(entry.kind, entry.id)) || isWord(entry)) return unjudged(entry, hash, null);
    const one = judgeText(entry, texts[i]?.toString('utf8') ?? '', hash, pusher, now);
    if (one.document === null) return one;
    rows.add(one.document);
    return { ...one, document: null };
  });
  return { judged, rows };
}

const claimsIn = (judged: readonly JudgedEntry[]): Claims =>
  new Map(judged.flatMap(({ series }) => (series === null ? [] : [[claimKey(series), series] as const])));

/** What other parts of head office read: all but documents, with their texts. */
async function handOn(
  on: PoolClient,
  till: PushingTill,
  texts: readonly Buffer[],
  judged: readonly JudgedEntry[],
  answers: readonly PushAnswer[],
): Promise<void> {
  const places = judged.flatMap(({ entry }, i) => (isDocument(entry) ? [] : [i]));
  if (places.length === 0) return;
  const taken = places.flatMap((i) => {
    const [one, text] = [judged[i], texts[i]];
    return one === undefined || text === undefined
      ? []
      : [{ ...one, entry: { ...one.entry, content: text.toString('utf8') } }];
  });
  await takeFromTill(
    on,
    till,
    taken,
    places.flatMap((i) => answers[i] ?? []),
  );
}

const refusedIn = (fresh: readonly FreshEntry[]): number => fresh.filter((one) => one.rejection !== null).length;

async function pushIn(
  deps: PushDeps,
  series: Series,
  on: PoolClient,
  till: PushingTill,
  batch: ReceivedBatch,
): Promise<(PushReply & { readonly own: readonly string[] }) | { readonly missing: readonly BusinessDate[] }> {
  const { entries } = batch;
  const place = await readPlace(on, till);
  // Only what begins after all that is there is surely new; the rest is looked up before it is read.
  const isAgain = batch.isAgain === true;
  // Sent again by hand: what is stored of it is looked up under the lock.
  const isNew = isAgain || (entries[0]?.seq ?? 0) > place.throughSeq;
  const known = isNew ? new Map<string, StoredEntry>() : await recognise(on, till, entries);
  if (!isNew && known.size === entries.length && (entries.at(-1)?.seq ?? 0) <= place.throughSeq) {
    const answers = entries.map(({ id, seq, kind }): PushAnswer => {
      const rejection = known.get(entryKey(kind, id))?.rejection ?? null;
      return rejection === null ? { id, seq, outcome: 'accepted' } : { id, seq, outcome: 'rejected', ...rejection };
    });
    return { answers, ...place, own: [] };
  }
  const texts = await batch.texts();
  const { judged, rows } = judgeBatch(deps, till, batch, texts, known);
  if (!deps.months.has(rows.days())) return { missing: rows.days() };
  const nowMs = deps.clock.now();
  const reached = await markSeen(on, till, batch, nowMs);
  const claims = claimsIn(judged);
  const foreign = await series.foreign(on, till, claims);
  const transfers = await openTransfers(on, till, judged);
  const toWrite = {
    texts,
    judged: transfers.judged,
    rows,
    stored: known,
    foreign,
    moves: async (accepted: readonly FreshEntry[]) => {
      const moved = await transfers.count(accepted.flatMap((one) => one.judged.transfer ?? []));
      const ofStock = accepted.filter((one) => isOfStock(one.judged.entry));
      const told = ofStock.map((one) => ({ ...one.judged.entry, content: texts[one.at]?.toString('utf8') ?? '' }));
      return [...moved, ...(await takeStock(on, till, told))];
    },
    nowMs,
  };
  const again = isAgain ? await writeAgain(on, till, toWrite) : null;
  const { answers, fresh } = again ?? (await writeBatch(on, till, toWrite));
  if (fresh.length > 0) await countFresh(on, till, fresh.length, refusedIn(fresh));
  await handOn(on, till, texts, judged, answers);
  return { answers, ...reached, own: [...claims.keys()].filter((one) => !foreign.has(one)) };
}

export async function push(deps: PushDeps, till: PushingTill, batch: ReceivedBatch): Promise<PushReply> {
  const series = seriesOf(deps.pool);
  const once = () => inTenant(deps.pool, till.tenantId, (on) => pushIn(deps, series, on, till, batch));
  const first = await once();
  if ('missing' in first) await deps.months.ensure(first.missing);
  const done = 'missing' in first ? await once() : first;
  if ('missing' in done) throw new Error('a month that was made is not there');
  const { own, ...reply } = done;
  series.remember(till, own);
  return reply;
}
