/**
 * What Postgres' catalogue says of a table: columns, types, key. Rule kept: names reach a statement only after they
 * were found here, so that nothing a caller sends is ever part of SQL text.
 */
import type { ClientBase } from 'pg';

export type ColumnInfo = {
  readonly name: string;
  /** As Electric's schema header says it: "int4", "uuid", "numeric". */
  readonly type: string;
  readonly isArray: boolean;
  readonly isNotNull: boolean;
  /** Place in the primary key from 0; null when it is not part of it. */
  readonly keyIndex: number | null;
};
export type TableInfo = { readonly schema: string; readonly table: string; readonly columns: readonly ColumnInfo[] };

type Found = { name: string; type: string; dims: number; not_null: boolean; key_index: number | null };

/** null: there is no such table. */
export async function tableInfo(on: ClientBase, schema: string, table: string): Promise<TableInfo | null> {
  const found = await on.query<Found>(
    `SELECT a.attname AS name, coalesce(e.typname, t.typname) AS type, CASE WHEN e.oid IS NULL THEN 0 ELSE 1 END AS dims,
       a.attnotnull AS not_null, array_position(i.indkey::int2[], a.attnum) AS key_index
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
     ORDER BY a.attnum`,
    [schema, table],
  );
  if (found.rowCount === 0) return null;
  const columns = found.rows.map(
    (row): ColumnInfo => ({
      name: row.name,
      type: row.type,
      isArray: row.dims > 0,
      isNotNull: row.not_null,
      keyIndex: row.key_index,
    }),
  );
  return { schema, table, columns };
}

/** Names of the primary key's columns in its order; all columns where there is none. */
export function keysOf(info: TableInfo): readonly string[] {
  const keys = info.columns
    .filter((column) => column.keyIndex !== null)
    .toSorted((a, b) => (a.keyIndex ?? 0) - (b.keyIndex ?? 0));
  return (keys.length > 0 ? keys : info.columns).map((column) => column.name);
}

/** The `electric-schema` header. */
export const schemaHeader = (info: TableInfo, columns: readonly string[] | null): string => {
  const firstKey = Math.min(...info.columns.flatMap((column) => (column.keyIndex === null ? [] : [column.keyIndex])));
  const shown = info.columns.filter((column) => columns === null || columns.includes(column.name));
  return JSON.stringify(
    Object.fromEntries(
      shown.map((column) => [
        column.name,
        {
          type: column.type,
          ...(column.isArray ? { dims: 1 } : {}),
          ...(column.isNotNull ? { not_null: true } : {}),
          ...(column.keyIndex === null ? {} : { pk_index: column.keyIndex - firstKey }),
        },
      ]),
    ),
  );
};
