/**
 * Transactions as the application's role. Rule kept: the only way that the server reads or writes rows; row-level
 * security then shows it one tenant's (or the one row that a caller's secret names), whatever a statement forgets.
 */
import type { Pool, PoolClient } from 'pg';

type Scope = 'tenant_id' | 'till_id' | 'code_hash';

async function inScope<T>(pool: Pool, scope: Scope, value: string, work: (on: PoolClient) => Promise<T>): Promise<T> {
  const on = await pool.connect();
  let isBroken = false;
  try {
    await on.query('BEGIN');
    // Both end with the transaction.
    await on.query('SET LOCAL ROLE billmitra_app');
    await on.query({ name: 'scope', text: 'SELECT set_config($1, $2, true)', values: [`app.${scope}`, value] });
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

export const inTenant = <T>(pool: Pool, tenantId: string, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'tenant_id', tenantId, work);
export const asTill = <T>(pool: Pool, tillId: string, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'till_id', tillId, work);
export const asCode = <T>(pool: Pool, codeHash: Buffer, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'code_hash', codeHash.toString('hex'), work);
