/**
 * A where-clause meets its table: constants become what Postgres would write of them, and the whole becomes SQL for
 * the first rows. Rule kept: of the caller's only values travel, as parameters; a type whose values can't be compared
 * by their text exactly as Postgres compares them is refused.
 */
import type { ClientBase } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { ColumnInfo, TableInfo } from './table-info.ts';
import type { Comparison, Condition, Filter, LiteralKind, Where } from './where.ts';

/** Everything as Postgres wrote it. */
export const asText = { getTypeParser: () => (value: unknown) => value } as never;
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function typeOf(info: TableInfo, name: string): string {
  const column = info.columns.find((one) => one.name === name);
  return `${quotedName(column?.type ?? 'text')}${column?.isArray === true ? '[]' : ''}`;
}

/** Equal values of these are one text, so an index can find them. */
const comparable: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'uuid', 'text', 'varchar', 'bool', 'date']);
const comparisons: Readonly<Record<string, Comparison>> = {
  int2: 'whole',
  int4: 'whole',
  int8: 'whole',
  numeric: 'decimal',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
  uuid: 'text',
  text: 'text',
  varchar: 'text',
  bool: 'text',
};
/** Their order is the collation's, or none that a text shows. */
const unordered: ReadonlySet<string> = new Set(['text', 'varchar', 'bool']);
const numeric: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric']);

/** Null: the column's type, which can be asked for this. */
function refusalOf(types: ReadonlyMap<string, string>, column: string, literal: LiteralKind): string | null {
  const type = types.get(column);
  if (type === undefined) return `unknown reference ${column}`;
  const isRight = literal === 'text' || (literal === 'number' ? numeric.has(type) : type === 'bool');
  return isRight ? null : `${column} is ${type}, which has no operator for a ${literal}`;
}

type Leaf = Extract<Filter, { kind: 'compare' | 'same' | 'like' }>;
function leavesOf(filter: Filter): readonly Leaf[] {
  if (filter.kind === 'constant') return [];
  if (filter.kind === 'not') return leavesOf(filter.of);
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.flatMap(leavesOf);
  return [filter];
}
function leafRefusal(types: ReadonlyMap<string, string>, leaf: Leaf): string | null {
  const refusal = refusalOf(types, leaf.column, leaf.kind === 'like' ? 'text' : leaf.literal);
  if (refusal !== null) return refusal;
  const type = types.get(leaf.column) ?? '';
  if (leaf.kind === 'same' && leaf.value === null) return null;
  if (leaf.kind === 'like') return type === 'text' || type === 'varchar' ? null : `LIKE is not for ${type}`;
  if (comparisons[type] === undefined) return `${leaf.column} is ${type}, which is not compared here`;
  const isOrder = leaf.kind === 'compare' && leaf.sign !== '=' && leaf.sign !== '<>';
  return isOrder && unordered.has(type) ? `${leaf.column} is ${type}, whose order is not known here` : null;
}

/** What the table can't give to this where-clause; null: nothing. */
export function whereRefusal({ conditions, filter }: Where, info: TableInfo): string | null {
  const kindOf = ({ type, isArray, isLoose, isGenerated }: ColumnInfo): string =>
    isArray ? 'array' : isLoose === true ? 'of a loose collation' : isGenerated === true ? 'generated' : type;
  const types = new Map(info.columns.map((column) => [column.name, kindOf(column)]));
  for (const { column, literal } of conditions) {
    const refusal = refusalOf(types, column, literal ?? 'text');
    if (refusal !== null) return refusal;
    const type = types.get(column) ?? '';
    if (comparisons[type] === undefined) return `${column} is ${type}, which is not compared here`;
  }
  for (const leaf of filter === undefined ? [] : leavesOf(filter)) {
    const refusal = leafRefusal(types, leaf);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Values as Postgres writes them: 01 is 1, TRUE is t. An error of class 22 is a value that its column can't hold. */
export async function settleWhere(on: ClientBase, where: Where, info: TableInfo): Promise<Where> {
  const written = async (column: string, values: readonly string[]): Promise<string[]> => {
    const found = await on.query<{ v: string }>({
      text: `SELECT v::${typeOf(info, column)} AS v FROM unnest($1::text[]) AS v`,
      values: [values],
      types: asText,
    });
    return found.rows.map((row) => row.v);
  };
  const settle = async (filter: Filter): Promise<Filter> => {
    if (filter.kind === 'not') return { ...filter, of: await settle(filter.of) };
    if (filter.kind === 'and' || filter.kind === 'or') {
      const of: Filter[] = [];
      for (const one of filter.of) of.push(await settle(one));
      return { ...filter, of };
    }
    if (filter.kind !== 'compare' && filter.kind !== 'same') return filter;
    if (filter.value === null) return filter;
    const [value = filter.value] = await written(filter.column, [filter.value]);
    const type = info.columns.find(({ name }) => name === filter.column)?.type ?? '';
    return { ...filter, value, by: comparisons[type] ?? null };
  };
  const conditions: Condition[] = [];
  const others: Filter[] = where.filter === undefined ? [] : [await settle(where.filter)];
  for (const one of where.conditions) {
    const type = info.columns.find(({ name }) => name === one.column)?.type ?? '';
    const { column, literal = 'text' } = one;
    if (comparable.has(type)) conditions.push({ ...one, values: await written(column, one.values) });
    else {
      // 1.5 and 1.50 are equal and two texts: no index finds that.
      const of = one.values.map((value) => ({ kind: 'compare', column, sign: '=', value, literal, by: null }) as const);
      others.push(await settle({ kind: 'or', of }));
    }
  }
  const [first] = others;
  if (first === undefined) return { conditions };
  return { conditions, filter: others.length === 1 ? first : { kind: 'and', of: others } };
}

/** Text after WHERE, or nothing; its values are put after those that are there. */
export function whereSql({ conditions, filter }: Where, info: TableInfo, values: unknown[]): string {
  const place = (value: unknown): string => `$${values.push(value)}`;
  const typed = (column: string, value: string): string => `(${place(value)}::text)::${typeOf(info, column)}`;
  const sqlOf = (one: Filter): string => {
    switch (one.kind) {
      case 'constant':
        return one.value === null ? 'NULL::bool' : String(one.value);
      case 'compare':
        return `${quotedName(one.column)} ${one.sign} ${typed(one.column, one.value)}`;
      case 'same':
        if (one.value === null) return `${quotedName(one.column)} IS NULL`;
        return `${quotedName(one.column)} IS NOT DISTINCT FROM ${typed(one.column, one.value)}`;
      case 'like':
        return `${quotedName(one.column)} LIKE ${place(one.pattern)}::text`;
      case 'not':
        return `NOT (${sqlOf(one.of)})`;
      case 'and':
      case 'or':
        return one.of.map((part) => `(${sqlOf(part)})`).join(one.kind === 'and' ? ' AND ' : ' OR ');
    }
  };
  const parts = conditions.map(
    ({ column, values: asked }) => `${quotedName(column)} = ANY((${place(asked)}::text[])::${typeOf(info, column)}[])`,
  );
  if (filter !== undefined) parts.push(`(${sqlOf(filter)})`);
  return parts.join(' AND ');
}

const orderPattern = /^(?:"((?:[^"]|"")+)"|([A-Za-z_]\w*))(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i;

/** `column [ASC|DESC] [NULLS FIRST|LAST], …` with the columns of the table that the statement calls t, as SQL. */
export function orderSql(text: string, info: TableInfo): Result<string, string> {
  const parts: string[] = [];
  for (const part of text.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const [, quoted, bare, way, nulls] = orderPattern.exec(part.trim()) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? bare?.toLowerCase();
    if (name === undefined) return err(`not a column and its direction: ${part.trim()}`);
    if (!info.columns.some((column) => column.name === name)) return err(`unknown reference ${name}`);
    parts.push(
      `t.${quotedName(name)}${way === undefined ? '' : ` ${way}`}${nulls === undefined ? '' : ` NULLS ${nulls}`}`,
    );
  }
  return ok(parts.join(', '));
}
