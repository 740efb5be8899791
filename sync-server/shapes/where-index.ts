/**
 * Which shapes a change may concern, found by the value of one column instead of by trying every shape. Rule kept: it
 * may name a shape that the change does not concern (messages.ts judges), never leave one out that it does.
 */
import type { Relation, Row } from './pgoutput.ts';
import type { ShapeDefinition } from './messages.ts';

type Keyed = { readonly definition: ShapeDefinition };
type OfTable<T> = {
  /** Without a condition: every change of the table. */
  readonly always: Set<T>;
  /** Column → value → shapes. */
  readonly byColumn: Map<string, Map<string, Set<T>>>;
  readonly all: Set<T>;
};

export type WhereIndex<T extends Keyed> = {
  readonly add: (shape: T) => void;
  readonly remove: (shape: T) => void;
  readonly ofTable: (relation: Pick<Relation, 'schema' | 'name'>) => Iterable<T>;
  readonly concerned: (relation: Pick<Relation, 'schema' | 'name'>, rows: readonly (Row | null)[]) => ReadonlySet<T>;
};

export function makeWhereIndex<T extends Keyed>(): WhereIndex<T> {
  const tables = new Map<string, OfTable<T>>();
  const keyOf = (schema: string, table: string): string => JSON.stringify([schema, table]);
  /** The condition that tells most: with the fewest values. */
  const chosen = ({ conditions }: ShapeDefinition) =>
    conditions.toSorted((a, b) => a.values.length - b.values.length)[0] ?? null;
  const nothing: ReadonlySet<T> = new Set();
  return {
    add: (shape) => {
      const { schema, table } = shape.definition;
      const key = keyOf(schema, table);
      const here: OfTable<T> = tables.get(key) ?? { always: new Set(), byColumn: new Map(), all: new Set() };
      tables.set(key, here);
      here.all.add(shape);
      const by = chosen(shape.definition);
      if (by === null) {
        here.always.add(shape);
        return;
      }
      const values = here.byColumn.get(by.column) ?? new Map<string, Set<T>>();
      here.byColumn.set(by.column, values);
      for (const value of by.values) {
        const shapes = values.get(value) ?? new Set<T>();
        values.set(value, shapes.add(shape));
      }
    },
    remove: (shape) => {
      const { schema, table } = shape.definition;
      const key = keyOf(schema, table);
      const here = tables.get(key);
      if (here === undefined) return;
      here.all.delete(shape);
      here.always.delete(shape);
      const by = chosen(shape.definition);
      const values = by === null ? undefined : here.byColumn.get(by.column);
      for (const value of by?.values ?? []) {
        const shapes = values?.get(value);
        shapes?.delete(shape);
        if (shapes?.size === 0) values?.delete(value);
      }
      if (by !== null && values?.size === 0) here.byColumn.delete(by.column);
      if (here.all.size === 0) tables.delete(key);
    },
    ofTable: ({ schema, name }) => [...(tables.get(keyOf(schema, name))?.all ?? [])],
    concerned: ({ schema, name }, rows) => {
      const here = tables.get(keyOf(schema, name));
      if (here === undefined) return nothing;
      const found = new Set(here.always);
      for (const [column, values] of here.byColumn) {
        for (const row of rows) {
          const value = row?.[column];
          if (value === null || value === undefined) continue;
          for (const shape of values.get(value) ?? []) found.add(shape);
        }
      }
      return found;
    },
  };
}
