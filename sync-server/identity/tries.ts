/**
 * Guesses at an account, counted: five are free, then 30 s, doubling to an hour. Rule kept: a try is counted before it is
 * judged, so that guesses sent together count each; the count stands in the account's row and survives a restart. Of an
 * e-mail that nobody has the same is counted here, so that the two can't be told apart.
 */
import type { Pool, PoolClient } from 'pg';
import { inTenant } from '../postgres/in-tenant.ts';

/** From the fifth wrong try on: 30 s, then twice as long each time, an hour at most. */
const freeTries = 5;
const firstLockMs = 30_000;
const longestLockMs = 60 * 60_000;

const lockFor = (failures: number): number =>
  failures < freeTries ? 0 : Math.min(longestLockMs, firstLockMs * 2 ** Math.min(failures - freeTries, 20));

export type Try = { readonly passwordHash: string; readonly lockedUntilMs: number; readonly isLocked: boolean };

const reserve = `
  WITH asked AS (SELECT account_id, locked_until_ms > $2 AS is_locked FROM account WHERE account_id = $1 FOR UPDATE)
  UPDATE account a SET
    failures = CASE WHEN q.is_locked THEN a.failures ELSE a.failures + 1 END,
    locked_until_ms = CASE WHEN q.is_locked OR a.failures + 1 < ${freeTries} THEN a.locked_until_ms
      ELSE $2 + least(${firstLockMs} * power(2, least(a.failures + 1 - ${freeTries}, 20)), ${longestLockMs})::bigint END
  FROM asked q WHERE a.account_id = q.account_id
  RETURNING a.password_hash, a.locked_until_ms, q.is_locked`;

/** Counts one; null: no such account. */
export const reserveTry = (pool: Pool, tenantId: string, accountId: string, nowMs: number): Promise<Try | null> =>
  inTenant(pool, tenantId, async (on) => {
    const found = await on.query<{ password_hash: string; locked_until_ms: string; is_locked: boolean }>(reserve, [
      accountId,
      nowMs,
    ]);
    const row = found.rows[0];
    if (row === undefined) return null;
    return {
      passwordHash: row.password_hash,
      lockedUntilMs: Number(row.locked_until_ms),
      isLocked: row.is_locked,
    };
  });

/** It was right. */
export const forgiveTries = (on: PoolClient, accountId: string): Promise<unknown> =>
  on.query('UPDATE account SET failures = 0, locked_until_ms = 0 WHERE account_id = $1', [accountId]);

/** It was no guess, but nothing is opened either: those before it still count. */
export const forgiveOne = (on: PoolClient, accountId: string): Promise<unknown> =>
  on.query('UPDATE account SET failures = greatest(failures - 1, 0), locked_until_ms = 0 WHERE account_id = $1', [
    accountId,
  ]);

/** As the rows do it, for names that have none. Bounded: the longest unheard is forgotten. */
export function makeUnknownTries(most = 50_000): (name: string, nowMs: number) => number {
  const known = new Map<string, { readonly failures: number; readonly lockedUntilMs: number }>();
  return (name, nowMs) => {
    const before = known.get(name) ?? { failures: 0, lockedUntilMs: 0 };
    if (before.lockedUntilMs > nowMs) return before.lockedUntilMs;
    const failures = before.failures + 1;
    known.delete(name);
    known.set(name, { failures, lockedUntilMs: nowMs + lockFor(failures) });
    if (known.size > most) known.delete(known.keys().next().value ?? '');
    return 0;
  };
}
