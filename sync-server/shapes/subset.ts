/**
 * A part of a shape's rows, once, with what a client needs to know which changes are in it already (Electric's subset
 * snapshot). Rule kept: rows, snapshot and place in the WAL are of one moment; no subqueries, order by columns alone.
 */
import { randomInt } from 'node:crypto';
import type { Pool } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { ShapeDefinition } from './messages.ts';
import type { Row } from './pgoutput.ts';
import { columnsSql, inSnapshot, rowText, type SnapshotRefusal, snapshotWords } from './snapshot.ts';
import { keysOf } from './table-info.ts';
import type { Where } from './where.ts';
import { asText, orderSql, quotedName, settleWhere, whereRefusal, whereSql } from './where-sql.ts';

export type Subset = {
  readonly where: Where | null;
  readonly orderBy: string | null;
  readonly limit: number | null;
  readonly offset: number | null;
};
export type SubsetRefusal = { readonly field: string; readonly message: string };

/** The body of the answer. */
export function takeSubset(
  pool: Pool,
  definition: ShapeDefinition,
  subset: Subset,
  publication: string,
): Promise<Result<string, SubsetRefusal>> {
  const access = { publication, publishesItself: false };
  return inSnapshot<string>(pool, definition, access, async (on, { info, where, visibility }) => {
    const refuse = (field: string, message: string) => err({ field, message } as SnapshotRefusal);
    const values: unknown[] = [];
    const filters = [whereSql(where, info, values)];
    if (subset.where !== null) {
      const refusal = whereRefusal(subset.where, info);
      if (refusal !== null) return refuse('where', refusal);
      filters.push(whereSql(await settleWhere(on, subset.where, info), info, values));
    }
    const order = subset.orderBy === null ? ok('') : orderSql(subset.orderBy, info);
    if (!order.ok) return refuse('order_by', order.error);
    const filter = filters.filter((one) => one !== '').join(' AND ');
    const found = await on.query<Row>({
      text: `SELECT ${columnsSql(definition, info)} FROM ${quotedName(definition.schema)}.${quotedName(definition.table)} AS t
        ${filter === '' ? '' : `WHERE ${filter}`} ${order.value === '' ? '' : `ORDER BY ${order.value}`}
        ${subset.limit === null ? '' : `LIMIT $${values.push(subset.limit)}`}
        ${subset.offset === null ? '' : `OFFSET $${values.push(subset.offset)}`}`,
      values,
      types: asText,
    });
    const place = await on.query<{ lsn: string }>(`SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::text AS lsn`);
    const mark = randomInt(2 ** 31);
    const metadata = {
      snapshot_mark: mark,
      database_lsn: place.rows[0]?.lsn ?? '0',
      ...snapshotWords(visibility),
    };
    const keys = keysOf(info);
    const rows = found.rows.map((row) => rowText(definition, keys, row, { snapshot_mark: mark }));
    return ok(`{"metadata":${JSON.stringify(metadata)},"data":[${rows.join(',')}]}`);
  });
}
