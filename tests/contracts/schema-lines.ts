/**
 * A schema as lines, once from Postgres' own catalogue and once from the tables in TypeScript: columns with type and
 * whether they may be empty, primary, unique and foreign keys. Rule kept: both sides are read, neither is trusted; what
 * TypeScript does not say (policies, rights, parts, plain indexes) is not in it.
 */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';

const columnsSql = `
  SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, CASE WHEN a.atthasdef THEN ' default' ELSE '' END) AS line
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> 'schema_version'`;
const keysSql = `
  SELECT format('%s %s (%s)%s', c.relname, CASE WHEN x.indisprimary THEN 'primary' ELSE 'unique' END,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k(num, n)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num),
    CASE WHEN x.indpred IS NULL THEN '' ELSE ' where' END) AS line
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND NOT c.relispartition
    AND c.relname <> 'schema_version'`;
const names = (relation: string, keys: string): string => `
  (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(${keys}) WITH ORDINALITY AS k(num, n)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.num)`;
const foreignSql = `
  SELECT format('%s (%s) to %s (%s)%s%s', t.relname, ${names('c.conrelid', 'c.conkey')}, f.relname,
    ${names('c.confrelid', 'c.confkey')}, CASE c.confupdtype WHEN 'c' THEN ' on update cascade' ELSE '' END,
    CASE c.confdeltype WHEN 'c' THEN ' on delete cascade' ELSE '' END) AS line
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
  WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT t.relispartition AND c.conparentid = 0`;

export async function linesOfPostgres(pool: Pool): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const text of [columnsSql, keysSql, foreignSql]) {
    lines.push(...(await pool.query<{ line: string }>(text)).rows.map((row) => row.line));
  }
  return lines.toSorted();
}

type Named = { readonly name: string };
const list = (columns: readonly Named[]): string => columns.map((column) => column.name).join(', ');
const action = (on: string, what: string | undefined): string => (what === 'cascade' ? ` on ${on} cascade` : '');

export function linesOfTables(tables: readonly PgTable[]): readonly string[] {
  const lines = tables.flatMap((table) => {
    const { name, columns, primaryKeys, uniqueConstraints, indexes, foreignKeys } = getTableConfig(table);
    return [
      ...columns.map(
        (column) =>
          `${name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}` +
          `${column.hasDefault ? ' default' : ''}`,
      ),
      ...primaryKeys.map((key) => `${name} primary (${list(key.columns)})`),
      ...uniqueConstraints.map((key) => `${name} unique (${list(key.columns)})`),
      ...indexes
        .filter((index) => index.config.unique)
        .map(
          ({ config }) =>
            `${name} unique (${list(config.columns as unknown as readonly Named[])})${config.where === undefined ? '' : ' where'}`,
        ),
      ...foreignKeys.map((key) => {
        const { columns: from, foreignTable, foreignColumns } = key.reference();
        const target = getTableConfig(foreignTable).name;
        const actions = action('update', key.onUpdate) + action('delete', key.onDelete);
        return `${name} (${list(from)}) to ${target} (${list(foreignColumns)})${actions}`;
      }),
    ];
  });
  return lines.toSorted();
}
