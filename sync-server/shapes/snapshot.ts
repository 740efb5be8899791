/**
 * The first rows of a shape, and which transactions are in them. Rule kept: rows and the list of running transactions
 * come from one REPEATABLE READ snapshot, so that a change is either in the rows or in the log, never in both.
 */
import type { Pool, PoolClient } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { Row } from './pgoutput.ts';
import { keyOf, type ShapeDefinition } from './messages.ts';
import { publishTable } from './publish-table.ts';
import { isPublished, keysOf, type TableInfo, tableInfo } from './table-info.ts';
import type { Where } from './where.ts';
import { asText, quotedName, settleWhere, whereRefusal, whereSql } from './where-sql.ts';

/** Transactions below xmin are in the rows; of those below xmax all but the listed ones. */
export type Visibility = { readonly xmin: bigint; readonly xmax: bigint; readonly running: ReadonlySet<bigint> };

export type Snapshot = {
  readonly info: TableInfo;
  readonly visibility: Visibility;
  /** Its values as Postgres writes them: 01 is 1, TRUE is t. */
  readonly where: Where;
};

const quoted = quotedName;

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

export type SnapshotRefusal = {
  readonly field: 'table' | 'columns' | 'where' | 'publication';
  readonly message: string;
};
export type SnapshotWishes = {
  readonly publication: string;
  readonly publishesItself: boolean;
  readonly chunkBytes: number;
  /** Each chunk is messages of JSON, joined by commas. */
  readonly begin: (taken: Snapshot) => (chunk: string) => void;
};

const rowsAtOnce = 2_000;
/** What the table can't give to this definition; null: nothing. */
export function refusalOf(definition: ShapeDefinition, info: TableInfo): SnapshotRefusal | null {
  const { columns } = definition;
  const names = new Set(info.columns.map((column) => column.name));
  if (!info.isFull) return { field: 'table', message: `"${info.schema}"."${info.table}" needs REPLICA IDENTITY FULL` };
  const lacking = columns?.find((name) => !names.has(name));
  if (lacking !== undefined) return { field: 'columns', message: `The following columns are not found: ${lacking}` };
  const keyLeftOut = keysOf(info).find((name) => columns !== null && !columns.includes(name));
  if (keyLeftOut !== undefined) {
    return { field: 'columns', message: `The list of columns must include all primary key columns: ${keyLeftOut}` };
  }
  const computed = info.columns.find(
    ({ name, isGenerated }) => isGenerated === true && (columns === null || columns.includes(name)),
  );
  if (computed !== undefined) {
    return {
      field: 'columns',
      message: `${computed.name} is generated and is not in the log: name the other columns to have them`,
    };
  }
  const where = whereRefusal(definition, info);
  return where === null ? null : { field: 'where', message: where };
}

type Access = { readonly publication: string; readonly publishesItself: boolean };

/** Makes work in the table's snapshot. Error: what the definition asks and the table can't give. */
export async function inSnapshot<T>(
  pool: Pool,
  definition: ShapeDefinition,
  { publication, publishesItself }: Access,
  work: (on: PoolClient, taken: Snapshot) => Promise<Result<T, SnapshotRefusal>>,
): Promise<Result<T, SnapshotRefusal>> {
  const on = await pool.connect();
  let isBroken = false;
  try {
    const { schema, table } = definition;
    const none = {
      field: 'table',
      message:
        `Table "${schema}"."${table}" does not exist. ` +
        'If the table name contains capitals or special characters you must quote it.',
    } as const;
    const before = await tableInfo(on, schema, table);
    if (before === null) return err(none);
    if (publishesItself && !(before.isFull && (await isPublished(on, publication, before)))) {
      await publishTable(on, publication, before);
    }
    await on.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Before the snapshot: the table's form can't change between what is read of it and its rows.
    await on.query(`LOCK TABLE ${quoted(schema)}.${quoted(table)} IN ACCESS SHARE MODE`);
    // Rows that a policy hides would be missing silently: rather an error.
    await on.query(`SET LOCAL row_security = off; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, DMY';
      SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL IntervalStyle = 'iso_8601'`);
    const info = (await tableInfo(on, schema, table)) ?? before;
    if (!(await isPublished(on, publication, info))) {
      return err({ field: 'publication', message: `"${schema}"."${table}" is missing from the publication` });
    }
    const refusal = refusalOf(definition, info);
    if (refusal !== null) return err(refusal);
    const seen = await on.query<{ s: string }>('SELECT pg_current_snapshot()::text AS s');
    const [xmin = '0', xmax = '0', list = ''] = (seen.rows[0]?.s ?? '').split(':');
    const running = new Set(list === '' ? [] : list.split(',').map(BigInt));
    const where = await settleWhere(on, definition, info);
    return await work(on, { info, where, visibility: { xmin: BigInt(xmin), xmax: BigInt(xmax), running } });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // 22xxx: data exception, as "abc" for an integer. Anything else is a fault.
    if (error instanceof Error && code.startsWith('22')) return err({ field: 'where', message: error.message });
    // The lock to publish under was not to be had: a little later it may be.
    if (error instanceof Error && (code === '40P01' || code === '55P03')) {
      return err({ field: 'publication', message: error.message });
    }
    throw error;
  } finally {
    // It only read; outside a transaction this is a warning and no more.
    await on.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    on.release(isBroken);
  }
}

/** Error: what the definition asks and the table can't give, or a value that its column can't hold. */
export const takeSnapshot = (
  pool: Pool,
  definition: ShapeDefinition,
  wishes: SnapshotWishes,
): Promise<Result<Snapshot, SnapshotRefusal>> =>
  inSnapshot(pool, definition, wishes, async (on, taken) => {
    const chunks = chunksOf(wishes.chunkBytes, wishes.begin(taken));
    if (definition.log !== 'changes_only') await readRows(on, definition, taken, chunks.add);
    chunks.end(JSON.stringify({ headers: { control: 'snapshot-end', ...snapshotWords(taken.visibility) } }));
    return ok(taken);
  });

/** As clients read it. */
export const snapshotWords = ({ xmin, xmax, running }: Visibility) => ({
  xmin: String(xmin),
  xmax: String(xmax),
  xip_list: [...running].map(String),
});

/** Messages, joined to pieces of about so many bytes; the last of them is never alone. */
function chunksOf(chunkBytes: number, onChunk: (chunk: string) => void) {
  let chunk: string[] = [];
  let bytes = 0;
  let isFull = false;
  const flush = (): void => {
    onChunk(chunk.join(',\n'));
    [chunk, bytes, isFull] = [[], 0, false];
  };
  return {
    add: (text: string): void => {
      if (isFull) flush();
      chunk.push(text);
      bytes += text.length;
      isFull = bytes >= chunkBytes;
    },
    end: (text: string): void => {
      chunk.push(text);
      flush();
    },
  };
}

export const columnsSql = (definition: ShapeDefinition, info: TableInfo): string =>
  (definition.columns ?? info.columns.map((column) => column.name))
    .map((name) => `${quoted(name)}::text AS ${quoted(name)}`)
    .join(', ');

/** A row of the snapshot as a message. */
export function rowText(definition: ShapeDefinition, keys: readonly string[], row: Row, more: object = {}): string {
  const { schema, table } = definition;
  const headers = { operation: 'insert', relation: [schema, table], ...more };
  return JSON.stringify({ key: keyOf(definition, keys, row), value: row, headers });
}

/** Through a cursor: a large table never lies in memory. */
async function readRows(
  on: PoolClient,
  definition: ShapeDefinition,
  { info, where }: Snapshot,
  add: (text: string) => void,
): Promise<void> {
  const { schema, table } = definition;
  const values: unknown[] = [];
  const filter = whereSql(where, info, values);
  await on.query(
    `DECLARE rows_of_shape NO SCROLL CURSOR FOR SELECT ${columnsSql(definition, info)}
     FROM ${quoted(schema)}.${quoted(table)} ${filter === '' ? '' : `WHERE ${filter}`}`,
    values,
  );
  const keys = keysOf(info);
  for (;;) {
    const found = await on.query<Row>({ text: `FETCH ${rowsAtOnce} FROM rows_of_shape`, types: asText });
    for (const row of found.rows) add(rowText(definition, keys, row));
    if (found.rows.length < rowsAtOnce) break;
  }
}
