/**
 * The first rows of a shape, and which transactions are in them. Rule kept: rows and the list of running transactions
 * come from one REPEATABLE READ snapshot, so that a change is either in the rows or in the log, never in both.
 */
import type { Pool } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { Row } from './pgoutput.ts';
import { keyOf, type ShapeDefinition } from './messages.ts';
import { keysOf, type TableInfo } from './table-info.ts';
import type { Condition } from './where.ts';

/** Transactions below xmin are in the rows; of those below xmax all but the listed ones. */
export type Visibility = { readonly xmin: bigint; readonly xmax: bigint; readonly running: ReadonlySet<bigint> };

export type Snapshot = {
  readonly visibility: Visibility;
  /** Each chunk is messages of JSON, joined by commas. */
  readonly chunks: readonly string[];
  /** The conditions with their values as Postgres writes them: 01 is 1, TRUE is t. */
  readonly conditions: readonly Condition[];
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Is the transaction in the snapshot's rows? The log names it by its low 32 bits. */
export function isVisible(xid32: number, { xmin, xmax, running }: Visibility): boolean {
  const epoch = xmax & ~0xffff_ffffn;
  let xid = epoch | BigInt(xid32);
  // Half a circle ahead is the circle before.
  if (xid > xmax + 0x8000_0000n) xid -= 0x1_0000_0000n;
  if (xid < xmin) return true;
  return xid < xmax && !running.has(xid);
}

type Taken = Result<Snapshot, string>;

/** Error: a value that its column can't hold. */
export async function takeSnapshot(
  pool: Pool,
  definition: ShapeDefinition,
  info: TableInfo,
  chunkBytes: number,
): Promise<Taken> {
  const on = await pool.connect();
  try {
    await on.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await on.query("SET LOCAL TimeZone = 'UTC'");
    await on.query("SET LOCAL DateStyle = 'ISO, DMY'");
    await on.query("SET LOCAL bytea_output = 'hex'");
    await on.query('SET LOCAL extra_float_digits = 1');
    await on.query("SET LOCAL IntervalStyle = 'iso_8601'");
    const seen = await on.query<{ s: string }>('SELECT pg_current_snapshot()::text AS s');
    const [xmin = '0', xmax = '0', list = ''] = (seen.rows[0]?.s ?? '').split(':');
    const visibility: Visibility = {
      xmin: BigInt(xmin),
      xmax: BigInt(xmax),
      running: new Set(list === '' ? [] : list.split(',').map(BigInt)),
    };
    const names = definition.columns ?? info.columns.map((column) => column.name);
    const values = definition.conditions.map((condition) => [...condition.values]);
    const typeOf = (name: string): string => {
      const column = info.columns.find((one) => one.name === name);
      return `${quoted(column?.type ?? 'text')}${column?.isArray ? '[]' : ''}`;
    };
    const filters = definition.conditions.map(
      ({ column }, i) => `${quoted(column)} = ANY(($${i + 1}::text[])::${typeOf(column)}[])`,
    );
    const conditions: Condition[] = [];
    for (const [i, { column }] of definition.conditions.entries()) {
      const written = await on.query<{ v: string }>({
        text: `SELECT v::${typeOf(column)} AS v FROM unnest($1::text[]) AS v`,
        values: [values[i]],
        types: asText,
      });
      conditions.push({ column, values: written.rows.map((row) => row.v) });
    }
    const found = await on.query<Row>({
      text: `SELECT ${names.map((name) => `${quoted(name)}::text AS ${quoted(name)}`).join(', ')}
        FROM ${quoted(definition.schema)}.${quoted(definition.table)}
        ${filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`}`,
      values,
      types: asText,
    });
    await on.query('COMMIT');
    return ok({ visibility, conditions, chunks: chunksOf(definition, info, found.rows, chunkBytes) });
  } catch (error) {
    await on.query('ROLLBACK');
    // 22xxx: data exception, as "abc" for an integer. Anything else is a fault.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('22')) return err(error.message);
    throw error;
  } finally {
    on.release();
  }
}

/** Everything as Postgres wrote it. */
const asText = { getTypeParser: () => (value: unknown) => value } as never;

function chunksOf(
  definition: ShapeDefinition,
  info: TableInfo,
  rows: readonly Row[],
  chunkBytes: number,
): readonly string[] {
  const keys = keysOf(info);
  const chunks: string[] = [];
  let chunk: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify({
      key: keyOf(definition, keys, row),
      value: row,
      headers: { operation: 'insert', relation: [definition.schema, definition.table] },
    });
    chunk.push(text);
    bytes += text.length;
    if (bytes < chunkBytes) continue;
    chunks.push(chunk.join(','));
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0 || chunks.length === 0) chunks.push(chunk.join(','));
  return chunks;
}
