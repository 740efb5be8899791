/**
 * The chain's people. Rule kept: head office writes name, role and stores; the PIN belongs to each till and never comes
 * here. A person who leaves a store is taken out of it; whoever was there stays in its old bills.
 */
import type { Pool, PoolClient } from 'pg';
import type { InputOf } from '#contract/server.ts';
import type { masterApi, PersonView, Saved } from '#contract/master.ts';
import { everyStoreId, readSentContent } from '#contract/sent-shapes.ts';
import type { Uuid } from '#core/ids.ts';
import { type Caller, inCaller } from '../identity/caller.ts';
import { dropRows, putRows } from '../shapes/sent-rows.ts';

type Row = {
  readonly store_id: string;
  readonly row_key: string;
  readonly content: string;
  readonly changed_at_ms: string;
  readonly changed_by: string;
};

/** One view of a person's rows: a row a store. */
function viewOf(rows: readonly Row[]): PersonView | null {
  const newest = rows.toSorted((a, b) => Number(b.changed_at_ms) - Number(a.changed_at_ms))[0];
  const content = newest === undefined ? null : readSentContent('staff', newest.content);
  if (newest === undefined || content === null) return null;
  const isEverywhere = rows.some((row) => row.store_id === everyStoreId);
  return {
    ...content,
    id: newest.row_key as Uuid,
    storeIds: isEverywhere ? null : rows.map((row) => row.store_id as Uuid).toSorted(),
    changedAtMs: Number(newest.changed_at_ms),
    changedBy: newest.changed_by,
  };
}

async function read(on: PoolClient, id: string | null): Promise<readonly PersonView[]> {
  const found = await on.query<Row>(
    `SELECT store_id, row_key, content, changed_at_ms, changed_by FROM sent_row
     WHERE shape = 'staff' AND ($1::text IS NULL OR row_key = $1) ORDER BY row_key, store_id`,
    [id],
  );
  const people = [...Map.groupBy(found.rows, (row) => row.row_key).values()].flatMap((rows) => viewOf(rows) ?? []);
  return people.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

export const listPeople = (pool: Pool, caller: Caller): Promise<readonly PersonView[]> =>
  inCaller(pool, caller, (on) => read(on, null));

export const savePerson = (
  pool: Pool,
  caller: Caller,
  wanted: InputOf<typeof masterApi.savePerson>,
  nowMs: number,
): Promise<Saved> =>
  inCaller(pool, caller, async (on): Promise<Saved> => {
    // One after the other for one person: the second sees what the first has written.
    await on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`staff ${caller.tenantId} ${wanted.id}`]);
    const [before] = await read(on, wanted.id);
    if ((before?.changedAtMs ?? 0) !== wanted.seenAtMs) return { ok: false, reason: 'changedMeanwhile' };
    const { name, role, language, isActive } = wanted;
    const stores = wanted.storeIds === null ? [null] : [...new Set(wanted.storeIds)];
    const content = { name, role, language, isActive };
    // A store of another organisation is none: nothing is written for it.
    const known = await on.query<{ store_id: string }>('SELECT store_id FROM store WHERE store_id = ANY($1::uuid[])', [
      stores.filter((id) => id !== null),
    ]);
    const isKnown = new Set(known.rows.map((row) => row.store_id));
    const rows = stores
      .filter((id) => id === null || isKnown.has(id))
      .map((storeId) => ({ storeId, key: wanted.id, content }));
    const had: readonly (string | null)[] = before === undefined ? [] : (before.storeIds ?? [null]);
    const gone = had.filter((id) => !rows.some((row) => row.storeId === id));
    await dropRows(
      on,
      caller.tenantId,
      'staff',
      gone.map((storeId) => ({ storeId, key: wanted.id })),
    );
    await putRows(on, caller.tenantId, 'staff', rows, { nowMs, who: caller.email });
    return { ok: true };
  });
