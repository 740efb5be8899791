/**
 * Backups that tills sent: where each lies, its key, whether it was proved. Rule kept: the file is in the object store
 * before a row says so; keys lie sealed, bound to their till. The server never needs to open one to keep it.
 */
import type { Pool } from 'pg';
import type { PushingTill } from '../ingest/stored-entries.ts';
import type { Sealer } from '../identity/seal.ts';
import { inTenant } from '../postgres/in-tenant.ts';

export type BackupSays = {
  readonly keyId: string;
  readonly madeAtMs: number;
  readonly journalSeq: number;
  readonly schemaVersion: number;
  readonly series: string;
};
export type StoredBackup = Omit<BackupSays, 'series'> & {
  readonly backupId: string;
  readonly objectKey: string;
  readonly bytes: number;
};

/** In the order of time within a till. */
export const backupKeyOf = (till: PushingTill, madeAtMs: number, backupId: string): string =>
  `backups/${till.tenantId}/${till.storeId}/${till.tillId}/${String(madeAtMs).padStart(14, '0')}-${backupId}.bmbackup`;

const place = (till: PushingTill): string[] => [till.tenantId, till.storeId, till.tillId];

export async function keepBackupKey(
  pool: Pool,
  sealer: Sealer,
  till: PushingTill,
  key: { readonly keyId: string; readonly key: Buffer },
  nowMs: number,
): Promise<void> {
  const sealed = sealer.seal(key.key, till.tillId);
  await inTenant(pool, till.tenantId, (on) =>
    on.query(
      `INSERT INTO till_backup_key (tenant_id, store_id, till_id, key_id, seal_id, sealed, made_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, store_id, till_id, key_id)
       DO UPDATE SET seal_id = excluded.seal_id, sealed = excluded.sealed`,
      [...place(till), key.keyId, sealed.keyId, sealed.bytes, nowMs],
    ),
  );
}

/** A key that this server can't open is left out. */
export async function backupKeys(
  pool: Pool,
  sealer: Sealer,
  till: PushingTill,
): Promise<readonly { readonly keyId: string; readonly key: Buffer }[]> {
  const found = await inTenant(pool, till.tenantId, (on) =>
    on.query<{ key_id: string; seal_id: string; sealed: Buffer }>(
      `SELECT key_id, seal_id, sealed FROM till_backup_key
       WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
      place(till),
    ),
  );
  return found.rows.flatMap(({ key_id: keyId, seal_id: sealId, sealed }) => {
    const key = sealer.open({ keyId: sealId, bytes: sealed }, till.tillId);
    return key === null ? [] : [{ keyId, key }];
  });
}

export async function recordBackup(
  pool: Pool,
  till: PushingTill,
  says: BackupSays,
  stored: Pick<StoredBackup, 'backupId' | 'objectKey' | 'bytes'>,
  nowMs: number,
): Promise<void> {
  await inTenant(pool, till.tenantId, async (on) => {
    await on.query(
      `INSERT INTO till_backup (tenant_id, store_id, till_id, backup_id, object_key, key_id, made_at_ms, received_at_ms,
         bytes, journal_seq, schema_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...place(till),
        stored.backupId,
        stored.objectKey,
        says.keyId,
        says.madeAtMs,
        nowMs,
        stored.bytes,
        says.journalSeq,
        says.schemaVersion,
      ],
    );
    await on.query('UPDATE till SET series = $4 WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3', [
      ...place(till),
      says.series,
    ]);
  });
}

type Row = {
  readonly backup_id: string;
  readonly object_key: string;
  readonly key_id: string;
  readonly made_at_ms: string;
  readonly bytes: string;
  readonly journal_seq: string;
  readonly schema_version: number;
};

/** Newest first; those that a proof found broken are left out. */
export async function listBackups(pool: Pool, till: PushingTill): Promise<readonly StoredBackup[]> {
  const found = await inTenant(pool, till.tenantId, (on) =>
    on.query<Row>(
      `SELECT backup_id, object_key, key_id, made_at_ms, bytes, journal_seq, schema_version FROM till_backup
       WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3 AND coalesce(proof, '') = ''
       ORDER BY made_at_ms DESC LIMIT 50`,
      place(till),
    ),
  );
  return found.rows.map((row) => ({
    backupId: row.backup_id,
    objectKey: row.object_key,
    keyId: row.key_id,
    madeAtMs: Number(row.made_at_ms),
    bytes: Number(row.bytes),
    journalSeq: Number(row.journal_seq),
    schemaVersion: row.schema_version,
  }));
}
