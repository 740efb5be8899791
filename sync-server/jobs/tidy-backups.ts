/**
 * Nightly: backups that nobody will need. Rule kept: every one of the last two days stays, then one a day for 35 days, and
 * the newest of each till whatever its age: a shop that was shut for a season comes back too.
 */
import { inTenant } from '../postgres/in-tenant.ts';
import type { Task } from './task.ts';

const oldSql = `
  SELECT store_id, till_id, backup_id, object_key FROM (
    SELECT *, row_number() OVER (PARTITION BY store_id, till_id ORDER BY made_at_ms DESC) AS newest,
      row_number() OVER (PARTITION BY store_id, till_id, made_at_ms / 86400000 ORDER BY made_at_ms DESC) AS of_day
    FROM till_backup WHERE coalesce(proof, '') = ''
  ) b WHERE newest > 1 AND ((of_day > 1 AND made_at_ms < $1::bigint - 2 * 86400000::bigint)
    OR made_at_ms < $1::bigint - 35 * 86400000::bigint)`;

export const tidyBackups: Task = {
  name: 'tidyBackups',
  cron: '30 21 * * *',
  run: async ({ pool, store, clock }, tenantId, signal) => {
    const old = await inTenant(pool, tenantId, (on) => on.query(oldSql, [clock.now()]));
    for (const { store_id: storeId, till_id: tillId, backup_id: backupId, object_key: key } of old.rows) {
      signal.throwIfAborted();
      await store.remove(key);
      await inTenant(pool, tenantId, (on) =>
        on.query('DELETE FROM till_backup WHERE store_id = $1 AND till_id = $2 AND backup_id = $3', [
          storeId,
          tillId,
          backupId,
        ]),
      );
    }
    return { removed: old.rows.length };
  },
};
