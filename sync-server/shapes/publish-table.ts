/**
 * Publishes a table that somebody asked for, as Electric's automatic mode does; for development and tests. Rule kept:
 * nobody writes to it meanwhile: a transaction that is open then would be in neither snapshot nor log
 * (electric-sql/electric#4773, #4787). The product's tables are published by its migrations and never come here.
 */
import type { Pool, PoolClient } from 'pg';
import { isPublished, type TableInfo } from './table-info.ts';
import { quotedName } from './where-sql.ts';

export async function publishTable(on: PoolClient, publication: string, info: TableInfo): Promise<void> {
  const name = `${quotedName(info.schema)}.${quotedName(info.table)}`;
  await on.query("BEGIN; SET LOCAL lock_timeout = '10s'");
  try {
    // REPLICA IDENTITY takes the strongest lock anyway; asking for it later could deadlock.
    await on.query(`LOCK TABLE ${name} IN ${info.isFull ? 'SHARE' : 'ACCESS EXCLUSIVE'} MODE`);
    if (!info.isFull) await on.query(`ALTER TABLE ${name} REPLICA IDENTITY FULL`);
    if (!(await isPublished(on, publication, info))) {
      await on.query(`ALTER PUBLICATION ${quotedName(publication)} ADD TABLE ${name}`);
    }
    await on.query('COMMIT');
  } catch (error) {
    await on.query('ROLLBACK');
    throw error;
  }
}

/** Empty where there is none. */
export async function ensurePublication(pool: Pool, publication: string): Promise<void> {
  const found = await pool.query('SELECT 1 FROM pg_publication WHERE pubname = $1', [publication]);
  if (found.rows.length === 0) await pool.query(`CREATE PUBLICATION ${quotedName(publication)}`);
}
