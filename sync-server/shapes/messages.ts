/**
 * Changes of a table as the messages of one shape. Rule kept: the wire form is Electric's, value by value (its HTTP
 * API, "Shape log"); a row that enters or leaves the where-clause is inserted or deleted, a changed key is a delete
 * and an insert. Pure.
 */
import type { Change } from './replication.ts';
import type { Row } from './pgoutput.ts';
import { matches, type Where } from './where.ts';

export type ShapeDefinition = Where & {
  readonly schema: string;
  readonly table: string;
  /** null: all columns. Holds all key columns otherwise. */
  readonly columns: readonly string[] | null;
  readonly replica: 'default' | 'full';
  /** `changes_only`: nothing of what was there before. */
  readonly log?: 'changes_only' | undefined;
};

export type Operation = 'insert' | 'update' | 'delete';
export type RowMessage = {
  readonly key: string;
  readonly value: Row;
  readonly old_value?: Row;
  readonly headers: Readonly<Record<string, unknown>> & { readonly operation: Operation };
};

const quoted = (name: string): string => `"${name.replaceAll('.', '..').replaceAll('/', '//')}"`;

/** `"public"."item"/"1"/"2"`; a null key part is `_`. */
export function keyOf(
  definition: Pick<ShapeDefinition, 'schema' | 'table'>,
  keys: readonly string[],
  row: Row,
): string {
  const parts = keys.map((name) => {
    const value = row[name];
    return value === null || value === undefined ? '_' : `"${value.replaceAll('/', '//')}"`;
  });
  return `${quoted(definition.schema)}.${quoted(definition.table)}/${parts.join('/')}`;
}

const pick = (row: Row, names: readonly string[] | null): Row =>
  names === null ? row : Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

/** What the table is to this shape: its key columns, as the catalogue says (REPLICA IDENTITY FULL marks all as keys). */
export type TableKeys = { readonly keys: readonly string[] };

type Place = { readonly lsn: bigint; readonly position: number; readonly xid: number };

/** The messages of one change; none when it does not concern the shape. `position` counts them in the transaction. */
export function messagesOf(
  definition: ShapeDefinition,
  { keys }: TableKeys,
  change: Exclude<Change, { kind: 'truncate' | 'relation' }>,
  place: Place,
): readonly RowMessage[] {
  const before = change.kind === 'insert' ? null : change.before;
  const after = change.kind === 'delete' ? null : change.row;
  const was = before !== null && matches(definition, before);
  const is = after !== null && matches(definition, after);
  let { position } = place;
  const headers = (operation: Operation, more: object = {}) => ({
    operation,
    relation: [definition.schema, definition.table],
    lsn: String(place.lsn),
    op_position: position++,
    txids: [place.xid],
    ...more,
  });
  const columns = definition.columns;
  const inserted = (row: Row, more: object = {}): RowMessage => ({
    key: keyOf(definition, keys, row),
    value: pick(row, columns),
    headers: headers('insert', more),
  });
  const deleted = (row: Row, more: object = {}): RowMessage => ({
    key: keyOf(definition, keys, row),
    value: definition.replica === 'full' ? pick(row, columns) : pick(row, keys),
    headers: headers('delete', more),
  });
  if (is && !was) return [inserted(after)];
  if (was && !is) return [deleted(before)];
  if (!was || !is) return [];
  const [from, to] = [keyOf(definition, keys, before), keyOf(definition, keys, after)];
  if (from !== to) return [deleted(before, { key_change_to: to }), inserted(after, { key_change_from: from })];
  const names = columns ?? Object.keys(after);
  const changed = names.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return [];
  if (definition.replica === 'full') {
    return [{ key: to, value: pick(after, columns), old_value: pick(before, changed), headers: headers('update') }];
  }
  return [{ key: to, value: pick(after, [...new Set([...keys, ...changed])]), headers: headers('update') }];
}
