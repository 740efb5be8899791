/**
 * Hourly: the newest backup of each till is opened, looked through page by page, and compared with head office's own
 * books. Rule kept: "a backup" is what was proved; one that does not hold is said, and never offered to a PC that
 * restores. The clear copy lives for the moment of the proof.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inTenant } from '../postgres/in-tenant.ts';
import { readBackup } from '../backups/read-backup.ts';
import { backupKeys } from '../backups/till-backups.ts';
import type { JobDeps, Task } from './task.ts';

type Due = {
  readonly store_id: string;
  readonly till_id: string;
  readonly backup_id: string;
  readonly object_key: string;
};

const dueSql = `SELECT DISTINCT ON (store_id, till_id) store_id, till_id, backup_id, object_key, proved_at_ms
  FROM till_backup ORDER BY store_id, till_id, made_at_ms DESC`;

/** '' when it holds. */
async function proofOf({ pool, store, sealer }: JobDeps, tenantId: string, due: Due): Promise<string> {
  const till = { tenantId, storeId: due.store_id, tillId: due.till_id };
  const keys = new Map((await backupKeys(pool, sealer, till)).map((one) => [one.keyId, one.key]));
  const dir = await mkdtemp(join(tmpdir(), 'billmitra-proof-'));
  const path = join(dir, 'shop.db');
  try {
    const found = await store.get(due.object_key);
    if (found === null) return 'the file is gone';
    const header = await readBackup(found.stream, keys, path);
    const sql = new DatabaseSync(path);
    try {
      const pages = sql.prepare('PRAGMA integrity_check(1)').get();
      if (pages?.['integrity_check'] !== 'ok') return 'its pages are damaged';
      const last = sql.prepare('SELECT seq, lower(hex(hash)) AS hash FROM journal ORDER BY seq DESC LIMIT 1').get();
      const isHead = (last?.['seq'] ?? 0) === header.journalSeq && (last?.['hash'] ?? '') === header.journalHash;
      return isHead ? '' : 'its journal ends elsewhere than it says';
    } finally {
      sql.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'unreadable';
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const proveBackups: Task = {
  name: 'proveBackups',
  cron: '20 * * * *',
  run: async (deps, tenantId, signal) => {
    const due = await inTenant(deps.pool, tenantId, (on) =>
      on.query<Due>(`SELECT * FROM (${dueSql}) b WHERE proved_at_ms IS NULL`),
    );
    let broken = 0;
    for (const one of due.rows) {
      signal.throwIfAborted();
      const proof = await proofOf(deps, tenantId, one);
      if (proof !== '') broken += 1;
      await inTenant(deps.pool, tenantId, (on) =>
        on.query(
          'UPDATE till_backup SET proved_at_ms = $4, proof = $5 WHERE store_id = $1 AND till_id = $2 AND backup_id = $3',
          [one.store_id, one.till_id, one.backup_id, deps.clock.now(), proof],
        ),
      );
    }
    return { proved: due.rows.length - broken, broken };
  },
};
