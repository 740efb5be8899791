/**
 * The phone as second proof: its codes, and ten recovery codes for the day it is lost. Rule kept: each code opens
 * once; setting it up takes the password and a code that proves the phone has it. The secret lies sealed: where its key
 * is missing the phone's codes can't be judged, and recovery codes open as ever.
 */
import { randomInt } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Sealer } from './seal.ts';
import { hashSecret } from './till-key.ts';
import { newTotpSecret, stepOfCode } from './totp.ts';

type Row = {
  readonly totp_secret: Buffer | null;
  readonly totp_key_id: string | null;
  readonly totp_confirmed_at_ms: string | null;
  readonly totp_last_step: string;
};

/** Read aloud and typed: no I, O, 0, 1. 12 of 32: 60 bits. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const newRecoveryCode = (): string =>
  Array.from({ length: 12 }, (_, at) => (at % 4 === 0 && at > 0 ? '-' : '') + letters[randomInt(letters.length)]).join(
    '',
  );
const hashRecovery = (code: string): Buffer => hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));

const read = async (on: PoolClient, accountId: string): Promise<Row | undefined> =>
  (
    await on.query<Row>(
      'SELECT totp_secret, totp_key_id, totp_confirmed_at_ms, totp_last_step FROM account WHERE account_id = $1 FOR UPDATE',
      [accountId],
    )
  ).rows[0];

const write = async (on: PoolClient, accountId: string, secret: Buffer, sealer: Sealer): Promise<void> => {
  const { keyId, bytes } = sealer.seal(secret, accountId);
  await on.query('UPDATE account SET totp_secret = $2, totp_key_id = $3 WHERE account_id = $1', [
    accountId,
    bytes,
    keyId,
  ]);
};

/** null: sealed with a key that is not here. */
const secretOf = ({ totp_secret: bytes, totp_key_id: keyId }: Row, accountId: string, sealer: Sealer): Buffer | null =>
  bytes === null || keyId === null ? bytes : sealer.open({ keyId, bytes }, accountId);

/** `right` also where the person has none. Uses the code up. `keyMissing`: only a recovery code can be judged. */
export async function takeSecondFactor(
  on: PoolClient,
  accountId: string,
  code: string | null,
  nowMs: number,
  sealer: Sealer,
): Promise<'right' | 'wrong' | 'needed' | 'keyMissing'> {
  const row = await read(on, accountId);
  if (row === undefined || row.totp_secret === null || row.totp_confirmed_at_ms === null) return 'right';
  if (code === null || code === '') return 'needed';
  const secret = secretOf(row, accountId, sealer);
  const step = secret === null ? null : stepOfCode(secret, code, nowMs, Number(row.totp_last_step));
  if (secret !== null && step !== null) {
    await on.query('UPDATE account SET totp_last_step = $2 WHERE account_id = $1', [accountId, step]);
    // Of before sealing, or of a key that was changed.
    if (row.totp_key_id === null || !sealer.isNewest(row.totp_key_id)) await write(on, accountId, secret, sealer);
    return 'right';
  }
  const used = await on.query(
    'UPDATE account_recovery SET used_at_ms = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at_ms IS NULL',
    [accountId, hashRecovery(code), nowMs],
  );
  if (used.rowCount === 1) return 'right';
  return secret === null ? 'keyMissing' : 'wrong';
}

/** A secret that waits for its first code; one that is in force is left alone (null). */
export async function beginTotp(on: PoolClient, accountId: string, sealer: Sealer): Promise<Buffer | null> {
  const row = await read(on, accountId);
  if (row === undefined || row.totp_confirmed_at_ms !== null) return null;
  const secret = newTotpSecret();
  await write(on, accountId, secret, sealer);
  return secret;
}

/** Answers the recovery codes, shown once; null: the code is wrong or nothing waits. */
export async function confirmTotp(
  on: PoolClient,
  tenantId: string,
  accountId: string,
  code: string,
  nowMs: number,
  sealer: Sealer,
): Promise<readonly string[] | null> {
  const row = await read(on, accountId);
  if (row === undefined || row.totp_secret === null || row.totp_confirmed_at_ms !== null) return null;
  const secret = secretOf(row, accountId, sealer);
  const step = secret === null ? null : stepOfCode(secret, code, nowMs, 0);
  if (step === null) return null;
  await on.query('UPDATE account SET totp_confirmed_at_ms = $2, totp_last_step = $3 WHERE account_id = $1', [
    accountId,
    nowMs,
    step,
  ]);
  await on.query('DELETE FROM account_recovery WHERE account_id = $1', [accountId]);
  const codes = Array.from({ length: 10 }, newRecoveryCode);
  await on.query('INSERT INTO account_recovery (tenant_id, account_id, code_hash) SELECT $1, $2, unnest($3::bytea[])', [
    tenantId,
    accountId,
    codes.map(hashRecovery),
  ]);
  return codes;
}

export async function removeTotp(on: PoolClient, accountId: string): Promise<void> {
  await on.query(
    `UPDATE account SET totp_secret = NULL, totp_key_id = NULL, totp_confirmed_at_ms = NULL, totp_last_step = 0
     WHERE account_id = $1`,
    [accountId],
  );
  await on.query('DELETE FROM account_recovery WHERE account_id = $1', [accountId]);
}

/** People whose phones can't be judged with the keys that are here, of all organisations. Nobody's rows are answered. */
export async function countUnreadable(on: Pick<PoolClient, 'query'>, sealer: Sealer): Promise<number> {
  const found = await on.query<{ key_id: string; n: string }>(
    'SELECT totp_key_id AS key_id, count(*) AS n FROM account WHERE totp_key_id IS NOT NULL GROUP BY 1',
  );
  return found.rows.reduce((sum, row) => (sealer.knows(row.key_id) ? sum : sum + Number(row.n)), 0);
}
