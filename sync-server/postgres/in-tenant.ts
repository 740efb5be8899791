/**
 * A transaction as the application's role, for one tenant. Rule kept: the only way that the server reads or writes a
 * tenant's rows; row-level security then shows it nobody else's, whatever the statement forgets.
 */
import type { Pool, PoolClient } from 'pg';

export async function inTenant<T>(pool: Pool, tenantId: string, work: (on: PoolClient) => Promise<T>): Promise<T> {
  const on = await pool.connect();
  let isBroken = false;
  try {
    await on.query('BEGIN');
    // Both end with the transaction.
    await on.query('SET LOCAL ROLE billmitra_app');
    await on.query({ name: 'tenant', text: `SELECT set_config('app.tenant_id', $1, true)`, values: [tenantId] });
    const answer = await work(on);
    await on.query('COMMIT');
    return answer;
  } catch (error) {
    isBroken = await on.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    on.release(isBroken);
  }
}
