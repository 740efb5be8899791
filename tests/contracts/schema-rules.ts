/**
 * The schema's law, read from Postgres' own catalogue: keys that can be spread by organisation or store, ids made
 * where rows are made, row-level security on every table. Rule kept: it asks what Postgres will do, not what a
 * migration says; each answer is a sentence that names the table.
 */
import type { Pool } from 'pg';

/** Rows of the organisation, or of nobody: why they have no store in their keys. */
const ofOrganisation: Readonly<Record<string, string>> = {
  tenant: 'the organisation itself',
  region: 'a region has many stores',
  account: 'a person of the chain sees many stores',
  account_recovery: "a person's",
  account_invite: "a person's to be",
  login: "a person's",
  login_token: "a person's",
  signing_key: "the organisation's",
  catalogue_item: "the organisation's catalogue",
  catalogue_change: "the organisation's catalogue",
  publication: 'goes to many stores',
  job_result: 'a job works for all stores',
  lake_day: 'an export holds all stores of a day',
  model_key: 'signs for all stores',
  model_release: 'goes to all stores',
};
/** One row that says how far the migrations are; nobody's, and the application's role may not read it. */
const ofNobody = ['schema_version'];
const role = 'billmitra_app';

type TableRow = {
  readonly oid: number;
  readonly name: string;
  readonly is_part: boolean;
  readonly has_rls: boolean;
  readonly is_forced: boolean;
  readonly identity: string;
  readonly policies: readonly { name: string; permissive: boolean; using: string }[] | null;
  readonly may: boolean;
  readonly columns: readonly string[];
};

const tablesSql = `
  SELECT c.oid, c.relname AS name, c.relispartition AS is_part, c.relrowsecurity AS has_rls,
    c.relforcerowsecurity AS is_forced, c.relreplident AS identity,
    (SELECT json_agg(json_build_object('name', p.polname, 'permissive', p.polpermissive,
      'using', pg_get_expr(p.polqual, p.polrelid))) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
    has_table_privilege('${role}', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS may,
    (SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
      AS columns
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname`;

const keysSql = `
  SELECT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text AS "table", i.relname AS key,
    (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k(num, n)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num) AS columns
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique`;

const foreignSql = `
  SELECT coalesce(pg_partition_root(c.conrelid), c.conrelid)::regclass::text AS "table", c.conname AS key,
    coalesce(pg_partition_root(c.confrelid), c.confrelid)::regclass::text AS target,
    (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k(num, n)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS columns
  FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`;

type Key = {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly string[];
  readonly target?: string;
};

/** Rows of these are too many for a shape, and a bill is its till's alone. */
const neverPublished = ['document', 'document_pack', 'bill', 'bill_line'];

export async function schemaFaults(pool: Pool): Promise<readonly string[]> {
  const faults: string[] = [];
  const tables = (await pool.query<TableRow>(tablesSql)).rows.filter((table) => !ofNobody.includes(table.name));
  const isOfStore = (name: string): boolean => ofOrganisation[name] === undefined;
  for (const table of tables) {
    if (!table.has_rls || !table.is_forced) faults.push(`${table.name}: row-level security is not on and forced`);
    if (table.is_part) {
      if (table.may) faults.push(`${table.name}: a part that the application may reach past its table`);
      continue;
    }
    const policies = table.policies ?? [];
    if (!policies.some((one) => one.permissive && one.using.includes('app.tenant_id'))) {
      faults.push(`${table.name}: no policy by organisation`);
    }
    if (!table.columns.includes('tenant_id')) faults.push(`${table.name}: no tenant_id`);
    if (isOfStore(table.name)) {
      if (!table.columns.includes('store_id')) faults.push(`${table.name}: no store_id`);
      if (!policies.some((one) => !one.permissive && one.using.includes('app.store_ids'))) {
        faults.push(`${table.name}: no policy by a person's stores`);
      }
    }
  }
  const keys = (await pool.query<Key>(keysSql)).rows.filter((key) => !ofNobody.includes(key.table));
  const parts = new Set(tables.filter((table) => table.is_part).map((table) => table.name));
  for (const { table, key, columns } of keys) {
    const needs = isOfStore(table) ? ['tenant_id', 'store_id'] : ['tenant_id'];
    if (needs.some((need, at) => columns[at] !== need)) {
      faults.push(`${table}: unique key ${key} (${columns.join(', ')}) does not begin with ${needs.join(', ')}`);
    }
  }
  for (const { table, target = '', key, columns } of (await pool.query<Key>(foreignSql)).rows) {
    const needs = isOfStore(table) && isOfStore(target) ? ['tenant_id', 'store_id'] : ['tenant_id'];
    if (needs.some((need, at) => columns[at] !== need)) {
      faults.push(`${table}: foreign key ${key} (${columns.join(', ')}) does not begin with ${needs.join(', ')}`);
    }
  }
  const serial = await pool.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default LIKE 'nextval%')`,
  );
  for (const { name } of serial.rows) faults.push(`${name}: counts itself`);
  const rights = await pool.query<{ bad: boolean }>(
    `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS bad FROM pg_roles
     WHERE rolname = '${role}'`,
  );
  if (rights.rows[0]?.bad !== false) faults.push(`${role}: may do more than read and write`);
  const reaches = await pool.query(`SELECT 1 WHERE has_table_privilege('${role}', 'schema_version', 'SELECT')`);
  if (reaches.rows.length > 0) faults.push(`${role}: may read schema_version`);
  const published = await pool.query<{ name: string; identity: string; all: boolean }>(
    `SELECT t.tablename AS name, c.relreplident AS identity, p.puballtables AS all
     FROM pg_publication_tables t JOIN pg_publication p ON p.pubname = t.pubname
     JOIN pg_class c ON c.relname = t.tablename AND c.relnamespace = 'public'::regnamespace`,
  );
  for (const { name, identity, all } of published.rows) {
    if (all) faults.push(`${name}: published with everything else`);
    if (identity !== 'f') faults.push(`${name}: published without REPLICA IDENTITY FULL`);
    if (neverPublished.includes(name) || parts.has(name)) faults.push(`${name}: bills never go through a shape`);
  }
  return faults;
}
