/**
 * Transactions as the application's role. Rule kept: the only way that the server reads or writes rows; row-level
 * security then shows it one tenant's (or the one row that a caller's secret names), whatever a statement forgets.
 */
import type { Pool, PoolClient } from 'pg';
import { isStaleConnection } from './stale-connection.ts';

type Scope = 'tenant_id' | 'till_id' | 'code_hash' | 'email' | 'job';

async function inScope<T>(
  pool: Pool,
  scope: Scope,
  value: string,
  work: (on: PoolClient) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const on = await pool.connect();
  let isBroken = false;
  try {
    // One way to Postgres and back. Role and scope end with the transaction.
    const said = on.escapeLiteral(value);
    await on.query(`${begin}; SET LOCAL ROLE billmitra_app; SELECT set_config('app.${scope}', ${said}, true)`);
    const answer = await work(on);
    await on.query('COMMIT');
    return answer;
  } catch (error) {
    const isAlive = await on.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    isBroken = !isAlive || isStaleConnection(error);
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
/** The accounts of one e-mail address, whatever organisation: before somebody is signed in. */
export const asEmail = <T>(pool: Pool, email: string, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'email', email, work);

/** One moment of the organisation's rows, whatever is written meanwhile. Reads only. */
export const inSnapshot = <T>(pool: Pool, tenantId: string, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'tenant_id', tenantId, work, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
/** A job that works through the organisations: it sees their rows in `tenant`, nothing else. */
export const asJob = <T>(pool: Pool, work: (on: PoolClient) => Promise<T>): Promise<T> =>
  inScope(pool, 'job', 'list', work);

/** Whose stores a person may see: all, a region's, one. */
export type StoreScope = { readonly region: string | null; readonly storeId: string | null };

/** As `inTenant`, narrowed to the stores of a person's role: row-level security shows no other store's rows. */
export const inOffice = <T>(
  pool: Pool,
  tenantId: string,
  scope: StoreScope,
  work: (on: PoolClient) => Promise<T>,
): Promise<T> =>
  inTenant(pool, tenantId, async (on) => {
    if (scope.region === null && scope.storeId === null) return work(on);
    await on.query({
      name: 'scope-stores',
      text: `SELECT set_config('app.store_ids', (SELECT coalesce(array_agg(store_id), '{}') FROM store
        WHERE ($1::text IS NULL OR region = $1) AND ($2::uuid IS NULL OR store_id = $2))::text, true)`,
      values: [scope.region, scope.storeId],
    });
    return work(on);
  });
