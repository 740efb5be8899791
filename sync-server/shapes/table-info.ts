/**
 * What Postgres' catalogue says of a table: columns, types, key. Rule kept: names reach a statement only after they
 * were found here, so that nothing a caller sends is ever part of SQL text.
 */
import type { ClientBase } from 'pg';
import type { Relation } from './pgoutput.ts';

export type ColumnInfo = {
  readonly name: string;
  /** As Electric's schema header says it: "int4", "uuid", "numeric". */
  readonly type: string;
  readonly isArray: boolean;
  readonly isNotNull: boolean;
  /** Place in the primary key from 0; null when it is not part of it. */
  readonly keyIndex: number | null;
  readonly typeOid: number;
  /** Length, precision and scale as Postgres packs them; -1 when there are none. */
  readonly typeMod: number;
  /** Postgres computes it and publishes it not. */
  readonly isGenerated?: boolean | undefined;
  /** Its collation calls texts equal that are not the same. */
  readonly isLoose?: boolean | undefined;
};
export type TableInfo = {
  readonly schema: string;
  readonly table: string;
  /** Another one is another table, whatever its name. */
  readonly oid: number;
  /** REPLICA IDENTITY FULL: the log says what a row was. */
  readonly isFull: boolean;
  readonly columns: readonly ColumnInfo[];
};

type Found = {
  name: string;
  type: string;
  dims: number;
  not_null: boolean;
  key_index: number | null;
  type_oid: string;
  type_mod: number;
  oid: string;
  is_full: boolean;
  is_generated: boolean;
  is_loose: boolean;
};

/** null: there is no such table. */
export async function tableInfo(on: ClientBase, schema: string, table: string): Promise<TableInfo | null> {
  const found = await on.query<Found>(
    `SELECT a.attname AS name, coalesce(e.typname, t.typname) AS type, CASE WHEN e.oid IS NULL THEN 0 ELSE 1 END AS dims,
       a.attnotnull AS not_null, a.atttypid::int8::text AS type_oid, a.atttypmod AS type_mod, c.oid::int8::text AS oid,
       c.relreplident = 'f' AS is_full, a.attgenerated <> '' AS is_generated,
       NOT coalesce(co.collisdeterministic, true) AS is_loose, array_position(i.indkey::int2[], a.attnum) AS key_index
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
     LEFT JOIN pg_collation co ON co.oid = a.attcollation
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
     ORDER BY a.attnum`,
    [schema, table],
  );
  const [first] = found.rows;
  if (first === undefined) return null;
  const columns = found.rows.map(
    (row): ColumnInfo => ({
      name: row.name,
      type: row.type,
      isArray: row.dims > 0,
      isNotNull: row.not_null,
      keyIndex: row.key_index,
      typeOid: Number(row.type_oid),
      typeMod: row.type_mod,
      ...(row.is_generated ? { isGenerated: true } : {}),
      ...(row.is_loose ? { isLoose: true } : {}),
    }),
  );
  return { schema, table, oid: Number(first.oid), isFull: first.is_full, columns };
}

export async function isPublished(on: ClientBase, publication: string, { schema, table }: TableInfo): Promise<boolean> {
  const found = await on.query(
    'SELECT 1 FROM pg_publication_tables WHERE pubname = $1 AND schemaname = $2 AND tablename = $3',
    [publication, schema, table],
  );
  return found.rows.length > 0;
}

/** Is the table that the log describes still the one that the shape was made of? */
export function isSameForm(info: TableInfo, relation: Relation): boolean {
  if (info.oid !== relation.oid) return false;
  const sent = info.columns.filter(({ isGenerated }) => isGenerated !== true);
  return (
    sent.length === relation.columns.length &&
    sent.every((column, i) => {
      const now = relation.columns[i];
      return now?.name === column.name && now.typeOid === column.typeOid && now.typeMod === column.typeMod;
    })
  );
}

/** Names of the primary key's columns in its order; all columns where there is none. */
export function keysOf(info: TableInfo): readonly string[] {
  const keys = info.columns
    .filter((column) => column.keyIndex !== null)
    .toSorted((a, b) => (a.keyIndex ?? 0) - (b.keyIndex ?? 0));
  return (keys.length > 0 ? keys : info.columns).map((column) => column.name);
}

/** As Electric says it: precision and scale of a numeric, lengths of texts and bits. */
function sizeOf({ type, typeMod }: ColumnInfo): object {
  if (typeMod < 0) return {};
  if (type === 'numeric') return { precision: ((typeMod - 4) >> 16) & 0xffff, scale: (typeMod - 4) & 0x7ff };
  if (type === 'varchar') return { max_length: typeMod - 4 };
  if (type === 'bpchar') return { length: typeMod - 4 };
  if (type === 'bit') return { length: typeMod };
  return ['time', 'timetz', 'timestamp', 'timestamptz'].includes(type) ? { precision: typeMod } : {};
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
          ...sizeOf(column),
          ...(column.isArray ? { dims: 1 } : {}),
          ...(column.isNotNull ? { not_null: true } : {}),
          ...(column.keyIndex === null ? {} : { pk_index: column.keyIndex - firstKey }),
        },
      ]),
    ),
  );
};
