/**
 * Makes the big tables anew, spread by hash of organisation and store, as Citus would. Rule kept: columns, keys,
 * policies and rights are those that the migrations made, read from Postgres; only where a row lies is another.
 */
import type { Pool } from 'pg';

const spread = ['document', 'store_day', 'item_day', 'stock_level', 'document_pack'] as const;
const parts = 4;

type Policy = { readonly name: string; readonly kind: string; readonly command: string; readonly using: string };

/** Only on tables without rows. */
export async function spreadByHash(pool: Pool): Promise<void> {
  for (const table of spread) {
    const policies = await pool.query<Policy>(
      `SELECT polname AS name, CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END AS kind,
         CASE polcmd WHEN 'r' THEN 'SELECT' ELSE 'ALL' END AS command, pg_get_expr(polqual, polrelid) AS using
       FROM pg_policy WHERE polrelid = $1::regclass`,
      [table],
    );
    const foreign = await pool.query<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::regclass`,
      [table],
    );
    await pool.query(`ALTER TABLE ${table} RENAME TO ${table}_whole`);
    // INCLUDING ALL but storage parameters, which a table without rows of its own can't have.
    await pool.query(
      `CREATE TABLE ${table} (LIKE ${table}_whole INCLUDING ALL) PARTITION BY HASH (tenant_id, store_id)`,
    );
    await pool.query(`DROP TABLE ${table}_whole`);
    await addParts(pool, table);
    for (const { text } of foreign.rows) await pool.query(`ALTER TABLE ${table} ADD ${text}`);
    await secure(pool, table);
    for (const { name, kind, command, using } of policies.rows) {
      await pool.query(`CREATE POLICY ${name} ON ${table} AS ${kind} FOR ${command} USING (${using})`);
    }
    await pool.query(`GRANT SELECT, INSERT, UPDATE ON ${table} TO billmitra_app`);
  }
}

/** Bills and lines lie by month; this month's are spread within it. `month`: 2026-07, `next`: the month after. */
export async function spreadMonth(pool: Pool, month: string, next: string): Promise<void> {
  for (const table of ['bill', 'bill_line']) {
    const part = `${table}_${month.replace('-', '_')}`;
    await pool.query(
      `CREATE TABLE ${part} PARTITION OF ${table} FOR VALUES FROM ('${month}-01') TO ('${next}-01')
         PARTITION BY HASH (tenant_id, store_id)`,
    );
    await secure(pool, part);
    await addParts(pool, part);
  }
}

const secure = (pool: Pool, table: string) =>
  pool.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);

async function addParts(pool: Pool, table: string): Promise<void> {
  for (let part = 0; part < parts; part += 1) {
    await pool.query(
      `CREATE TABLE ${table}_h${part} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${parts}, REMAINDER ${part})`,
    );
    await secure(pool, `${table}_h${part}`);
  }
}
