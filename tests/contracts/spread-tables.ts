/**
 * Makes every table of head office anew, spread by hash of the organisation into 32 parts, as Citus would. Rule kept:
 * columns, keys, policies, triggers, rights and publications are those that the migrations made, read from Postgres; only
 * where a row lies is another. Bills and lines lie by month, and within each month by hash.
 */
import type { ClientBase } from 'pg';

export const spreadParts = 32;
/** Of the tests' bills. Other months are made by the server itself when they come, whole. */
const months = ['2026-07', '2026-10', '2026-11', '2026-12'];

type Table = { readonly oid: number; readonly name: string; readonly kind: 'r' | 'p'; readonly identity: string };
type Said = { readonly text: string };

const all = async (on: ClientBase, text: string, values: readonly unknown[] = []): Promise<readonly string[]> =>
  (await on.query<Said>(text, [...values])).rows.map((row) => row.text);

/** What makes a table what it is beside its columns, as statements. `$1`: its oid, `$2`: its name. */
const statements = [
  `SELECT format('CREATE POLICY %I ON %I AS %s FOR %s USING (%s)%s', polname, $2::text,
     CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
     CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
     pg_get_expr(polqual, polrelid), coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '')) AS text
   FROM pg_policy WHERE polrelid = $1`,
  `SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal AND $2::text <> ''`,
  `SELECT format('GRANT %s ON %I TO %I', a.privilege_type, $2::text, r.rolname) AS text
   FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
   WHERE c.oid = $1 AND a.grantee <> c.relowner`,
  `SELECT format('ALTER PUBLICATION %I ADD TABLE %I', p.pubname, $2::text) AS text
   FROM pg_publication_rel x JOIN pg_publication p ON p.oid = x.prpubid WHERE x.prrelid = $1`,
];

const secure = (name: string, identity: string): string =>
  `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;` +
  (identity === 'f' ? ` ALTER TABLE ${name} REPLICA IDENTITY FULL;` : '');

const parts = (name: string, identity: string): string =>
  Array.from({ length: spreadParts }, (_, part) => {
    const own = `${name}_h${part}`;
    const values = `FOR VALUES WITH (MODULUS ${spreadParts}, REMAINDER ${part})`;
    return `CREATE TABLE ${own} PARTITION OF ${name} ${values}; ${secure(own, identity)}`;
  }).join('\n');

async function spread(on: ClientBase, { oid, name, identity }: Table): Promise<void> {
  const after: string[] = [];
  for (const text of statements) after.push(...(await all(on, text, [oid, name])));
  // INCLUDING ALL but storage parameters, which a table without rows of its own can't have.
  await on.query(`
    ALTER TABLE ${name} RENAME TO ${name}_whole;
    CREATE TABLE ${name} (LIKE ${name}_whole INCLUDING ALL) PARTITION BY HASH (tenant_id);
    DROP TABLE ${name}_whole;
    ${secure(name, identity)}
    ${parts(name, identity)}
    ${after.join(';\n')}`);
}

/** The month after: 2026-12 → 2027-01. */
const monthAfter = (month: string): string => {
  const [year = 0, no = 0] = month.split('-').map(Number);
  return no === 12 ? `${year + 1}-01` : `${year}-${String(no + 1).padStart(2, '0')}`;
};

async function spreadMonth(on: ClientBase, table: string, month: string): Promise<void> {
  const part = `${table}_${month.replace('-', '_')}`;
  await on.query(`
    CREATE TABLE ${part} PARTITION OF ${table} FOR VALUES FROM ('${month}-01') TO ('${monthAfter(month)}-01')
      PARTITION BY HASH (tenant_id);
    ${secure(part, 'd')}
    ${parts(part, 'd')}`);
}

/** On a database that is just migrated: tables have no rows. */
export async function spreadByHash(on: ClientBase): Promise<void> {
  const tables = await on.query<Table>(
    `SELECT oid, relname AS name, relkind AS kind, relreplident AS identity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname <> 'schema_version' ORDER BY relname`,
  );
  const foreign = await on.query<{ readonly off: string; readonly back: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS off,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0`,
  );
  await on.query('BEGIN');
  await on.query(foreign.rows.map((row) => row.off).join(';\n'));
  // A part's changes are told as its table's.
  for (const name of await all(on, 'SELECT pubname AS text FROM pg_publication WHERE NOT puballtables')) {
    await on.query(`ALTER PUBLICATION ${name} SET (publish_via_partition_root = true)`);
  }
  for (const table of tables.rows) {
    if (table.kind === 'r') await spread(on, table);
    else for (const month of months) await spreadMonth(on, table.name, month);
  }
  await on.query(foreign.rows.map((row) => row.back).join(';\n'));
  await on.query('COMMIT');
}
