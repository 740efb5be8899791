/**
 * The first rows of a shape, and which transactions are in them. Rule kept: rows and the list of running transactions
 * come from one REPEATABLE READ snapshot, so that a change is either in the rows or in the log, never in both.
 */
import type { Pool, PoolClient } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { Row } from './pgoutput.ts';
import { keyOf, type ShapeDefinition } from './messages.ts';
import { isPublished, keysOf, type TableInfo, tableInfo } from './table-info.ts';
import type { Condition } from './where.ts';

/** Transactions below xmin are in the rows; of those below xmax all but the listed ones. */
export type Visibility = { readonly xmin: bigint; readonly xmax: bigint; readonly running: ReadonlySet<bigint> };

export type Snapshot = {
  readonly info: TableInfo;
  readonly visibility: Visibility;
  /** The conditions with their values as Postgres writes them: 01 is 1, TRUE is t. */
  readonly conditions: readonly Condition[];
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Is the transaction in the snapshot's rows? The log names it by its low 32 bits. */
export function isVisible(xid32: number, { xmin, xmax, running }: Visibility): boolean {
  const [half, circle] = [0x8000_0000n, 0x1_0000_0000n];
  let xid = (xmax & ~0xffff_ffffn) | BigInt(xid32);
  // More than half a circle away is the circle before, or the next one.
  if (xid > xmax + half) xid -= circle;
  else if (xid + half < xmax) xid += circle;
  if (xid < xmin) return true;
  return xid < xmax && !running.has(xid);
}

export type SnapshotRefusal = { readonly field: 'table' | 'columns' | 'where'; readonly message: string };
export type SnapshotWishes = {
  readonly publication: string;
  readonly chunkBytes: number;
  /** Each chunk is messages of JSON, joined by commas. */
  readonly begin: (taken: Snapshot) => (chunk: string) => void;
};

/** Everything as Postgres wrote it. */
const asText = { getTypeParser: () => (value: unknown) => value } as never;
const rowsAtOnce = 2_000;
/** Types whose equal values are one text, so that the log's rows can be judged without Postgres. */
const comparable: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'uuid', 'text', 'varchar', 'bool', 'date']);

/** What the table can't give to this definition; null: nothing. */
function refusalOf({ columns, conditions }: ShapeDefinition, info: TableInfo): SnapshotRefusal | null {
  const types = new Map(info.columns.map((column) => [column.name, column.isArray ? 'array' : column.type]));
  if (!info.isFull) return { field: 'table', message: `"${info.schema}"."${info.table}" needs REPLICA IDENTITY FULL` };
  const lacking = columns?.find((name) => !types.has(name));
  if (lacking !== undefined) return { field: 'columns', message: `The following columns are not found: ${lacking}` };
  const keyLeftOut = keysOf(info).find((name) => columns !== null && !columns.includes(name));
  if (keyLeftOut !== undefined) {
    return { field: 'columns', message: `The list of columns must include all primary key columns: ${keyLeftOut}` };
  }
  const unknown = conditions.find(({ column }) => !types.has(column));
  if (unknown !== undefined) return { field: 'where', message: `unknown reference ${unknown.column}` };
  const odd = conditions.find(({ column }) => !comparable.has(types.get(column) ?? ''));
  if (odd === undefined) return null;
  return { field: 'where', message: `${odd.column} is ${types.get(odd.column)}, which has no index here` };
}

/** Error: what the definition asks and the table can't give, or a value that its column can't hold. */
export async function takeSnapshot(
  pool: Pool,
  definition: ShapeDefinition,
  wishes: SnapshotWishes,
): Promise<Result<Snapshot, SnapshotRefusal>> {
  const on = await pool.connect();
  let isBroken = false;
  try {
    const { schema, table } = definition;
    const none = { field: 'table', message: `Table "${schema}"."${table}" does not exist` } as const;
    const before = await tableInfo(on, schema, table);
    if (before === null) return err(none);
    await on.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Before the snapshot: the table's form can't change between what is read of it and its rows.
    await on.query(`LOCK TABLE ${quoted(schema)}.${quoted(table)} IN ACCESS SHARE MODE`);
    // Rows that a policy hides would be missing silently: rather an error.
    await on.query(`SET LOCAL row_security = off; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, DMY';
      SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL IntervalStyle = 'iso_8601'`);
    const info = (await tableInfo(on, schema, table)) ?? before;
    if (!(await isPublished(on, wishes.publication, info))) {
      return err({ field: 'table', message: `"${schema}"."${table}" is missing from the publication` });
    }
    const refusal = refusalOf(definition, info);
    if (refusal !== null) return err(refusal);
    const seen = await on.query<{ s: string }>('SELECT pg_current_snapshot()::text AS s');
    const [xmin = '0', xmax = '0', list = ''] = (seen.rows[0]?.s ?? '').split(':');
    const running = new Set(list === '' ? [] : list.split(',').map(BigInt));
    const conditions: Condition[] = [];
    for (const { column, values } of definition.conditions) {
      const written = await on.query<{ v: string }>({
        text: `SELECT v::${typeOf(info, column)} AS v FROM unnest($1::text[]) AS v`,
        values: [values],
        types: asText,
      });
      conditions.push({ column, values: written.rows.map((row) => row.v) });
    }
    const taken = { info, conditions, visibility: { xmin: BigInt(xmin), xmax: BigInt(xmax), running } };
    await readRows(on, { ...definition, conditions }, info, wishes.chunkBytes, wishes.begin(taken));
    return ok(taken);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // 22xxx: data exception, as "abc" for an integer. Anything else is a fault.
    if (error instanceof Error && code.startsWith('22')) return err({ field: 'where', message: error.message });
    throw error;
  } finally {
    // It only read; outside a transaction this is a warning and no more.
    await on.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    on.release(isBroken);
  }
}

function typeOf(info: TableInfo, name: string): string {
  const column = info.columns.find((one) => one.name === name);
  return `${quoted(column?.type ?? 'text')}${column?.isArray === true ? '[]' : ''}`;
}

/** Through a cursor: a large table never lies in memory. */
async function readRows(
  on: PoolClient,
  definition: ShapeDefinition,
  info: TableInfo,
  chunkBytes: number,
  onChunk: (chunk: string) => void,
): Promise<void> {
  const { schema, table, conditions } = definition;
  const names = definition.columns ?? info.columns.map((column) => column.name);
  const filters = conditions.map(
    ({ column }, i) => `${quoted(column)} = ANY(($${i + 1}::text[])::${typeOf(info, column)}[])`,
  );
  await on.query(
    `DECLARE rows_of_shape NO SCROLL CURSOR FOR
     SELECT ${names.map((name) => `${quoted(name)}::text AS ${quoted(name)}`).join(', ')}
     FROM ${quoted(schema)}.${quoted(table)} ${filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`}`,
    conditions.map(({ values }) => values),
  );
  const keys = keysOf(info);
  let chunk: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (chunk.length > 0) onChunk(chunk.join(',\n'));
    chunk = [];
    bytes = 0;
  };
  for (;;) {
    const found = await on.query<Row>({ text: `FETCH ${rowsAtOnce} FROM rows_of_shape`, types: asText });
    for (const row of found.rows) {
      const text = JSON.stringify({
        key: keyOf(definition, keys, row),
        value: row,
        headers: { operation: 'insert', relation: [schema, table] },
      });
      chunk.push(text);
      bytes += text.length;
      if (bytes >= chunkBytes) flush();
    }
    if (found.rows.length < rowsAtOnce) break;
  }
  flush();
}
