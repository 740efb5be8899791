/**
 * Head office's settings for stores and the tax rates it has confirmed. Rule kept: a store's own row counts before the
 * one for every store; a rate has its days, none of one class twice, and what was billed before stays as it was billed.
 */
import type { Pool, PoolClient } from 'pg';
import type { masterApi, RateView, Saved, SettingName, SettingView, StoreSetting } from '#contract/master.ts';
import { everyStoreId, readSentContent, type SentShape } from '#contract/sent-shapes.ts';
import type { InputOf } from '#contract/server.ts';
import { findOverlap, type RateRow } from '#core/gst/rates.ts';
import type { Uuid } from '#core/ids.ts';
import { addDays } from '#core/time.ts';
import { type Caller, inCaller } from '../identity/caller.ts';
import { dropRows, putRows } from '../shapes/sent-rows.ts';

type Row = {
  readonly store_id: string;
  readonly content: string;
  readonly changed_at_ms: string;
  readonly changed_by: string;
};

async function read(on: PoolClient, shape: SentShape): Promise<readonly Row[]> {
  const found = await on.query<Row>(
    `SELECT store_id, content, changed_at_ms, changed_by FROM sent_row WHERE shape = $1 ORDER BY row_key, store_id`,
    [shape],
  );
  return found.rows;
}
const changed = (row: Row) => ({ changedAtMs: Number(row.changed_at_ms), changedBy: row.changed_by });

export const listSettings = (pool: Pool, caller: Caller): Promise<readonly SettingView[]> =>
  inCaller(pool, caller, async (on) =>
    (await read(on, 'settings')).flatMap((row) => {
      const setting = readSentContent('settings', row.content);
      const storeId = row.store_id === everyStoreId ? null : (row.store_id as Uuid);
      return setting === null ? [] : [{ storeId, setting, ...changed(row) }];
    }),
  );

/** A store that this organisation does not have is none. */
const isOurs = async (on: PoolClient, storeId: string | null): Promise<boolean> =>
  storeId === null || (await on.query('SELECT 1 FROM store WHERE store_id = $1', [storeId])).rows.length > 0;

export const saveSetting = (
  pool: Pool,
  caller: Caller,
  { storeId, setting }: { readonly storeId: Uuid | null; readonly setting: StoreSetting },
  nowMs: number,
): Promise<Saved> =>
  inCaller(pool, caller, async (on): Promise<Saved> => {
    if (!(await isOurs(on, storeId))) return { ok: false, reason: 'changedMeanwhile' };
    const row = { storeId, key: setting.name, content: setting };
    await putRows(on, caller.tenantId, 'settings', [row], { nowMs, who: caller.email });
    return { ok: true };
  });

export const clearSetting = (
  pool: Pool,
  caller: Caller,
  { storeId, name }: { readonly storeId: Uuid | null; readonly name: SettingName },
): Promise<Saved> =>
  inCaller(pool, caller, async (on): Promise<Saved> => {
    await dropRows(on, caller.tenantId, 'settings', [{ storeId, key: name }]);
    return { ok: true };
  });

const ratesOf = (rows: readonly Row[]): readonly RateView[] =>
  rows.flatMap((row) => {
    const rate = readSentContent('gstRates', row.content);
    return rate === null ? [] : [{ rate, ...changed(row) }];
  });

export const listRates = (pool: Pool, caller: Caller): Promise<readonly RateView[]> =>
  inCaller(pool, caller, async (on) => ratesOf(await read(on, 'gstRates')));

/** What still holds of the class when `rate` begins, ended the day before it. */
const endedBy = (rate: RateRow, other: RateRow): boolean =>
  other.classKey === rate.classKey && other.to === null && other.from < rate.from;

export const saveRate = (
  pool: Pool,
  caller: Caller,
  { rate, endsEarlier = false }: InputOf<typeof masterApi.saveRate>,
  nowMs: number,
): Promise<Saved> =>
  inCaller(pool, caller, async (on): Promise<Saved> => {
    await on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`rates ${caller.tenantId}`]);
    const kept = ratesOf(await read(on, 'gstRates')).map((view) => view.rate);
    const others = kept.filter((other) => other.classKey !== rate.classKey || other.from !== rate.from);
    const ended = endsEarlier
      ? others.filter((other) => endedBy(rate, other)).map((other) => ({ ...other, to: addDays(rate.from, -1) }))
      : [];
    const asBefore = others.filter((other) => !endsEarlier || !endedBy(rate, other));
    if (findOverlap([...asBefore, ...ended, rate]) !== null) return { ok: false, reason: 'overlap' };
    const rows = [...ended, rate].map((row) => ({ storeId: null, key: `${row.classKey}/${row.from}`, content: row }));
    await putRows(on, caller.tenantId, 'gstRates', rows, { nowMs, who: caller.email });
    return { ok: true };
  });
