/**
 * What tells a till that the server is not the one that it pushed to. Rule kept: whoever brings back an older copy
 * changes the epoch before the first till is let in; nothing else ever changes it.
 */
import type { Pool } from 'pg';

/** After a restore; on a connection that is not bound by row-level security. */
export async function changeEpochs(pool: Pool): Promise<void> {
  await pool.query('UPDATE tenant SET sync_epoch = gen_random_uuid()');
}
