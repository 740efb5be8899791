/**
 * From a UUID to the small number that joins tables, for rows that are never deleted. Rule kept: what is
 * remembered is forgotten when a transaction rolls back, since the row may have gone with it. Never invents
 * a number: an unknown id is a fault, as the caller read it from here.
 */
import type { Uuid } from '#core/ids.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type Numbered = 'item' | 'batch' | 'staff' | 'shift';
export type Numbers = {
  readonly find: (what: Numbered, id: Uuid) => number | null;
  /** Throws when there is no such row. */
  readonly get: (what: Numbered, id: Uuid) => number;
  readonly getOrNull: (what: Numbered, id: Uuid | null) => number | null;
  /** The way back. Throws when there is no such row. */
  readonly idOf: (what: Numbered, no: number) => Uuid;
  readonly idOfOrNull: (what: Numbered, no: number | null) => Uuid | null;
};

type NumberSource = Pick<ShopDb, 'sql' | 'rollbackCount'>;
const most = 120_000;
const made = new WeakMap<NumberSource['sql'], Numbers>();

/** One memory per connection, shared by every noun. */
export function numbersOf(shop: NumberSource): Numbers {
  const before = made.get(shop.sql);
  if (before !== undefined) return before;
  const numbers = makeNumbers(shop);
  made.set(shop.sql, numbers);
  return numbers;
}

function makeNumbers(shop: NumberSource): Numbers {
  const forward = (what: Numbered) =>
    shop.sql.prepare<[Buffer], number>(`SELECT ${what}_no FROM ${what} WHERE id = ?`).pluck();
  const back = (what: Numbered) =>
    shop.sql.prepare<[number], Buffer>(`SELECT id FROM ${what} WHERE ${what}_no = ?`).pluck();
  const tables = {
    item: { forward: forward('item'), back: back('item'), nos: new Map<Uuid, number>() },
    batch: { forward: forward('batch'), back: back('batch'), nos: new Map<Uuid, number>() },
    staff: { forward: forward('staff'), back: back('staff'), nos: new Map<Uuid, number>() },
    shift: { forward: forward('shift'), back: back('shift'), nos: new Map<Uuid, number>() },
  };
  let seenRollbacks = shop.rollbackCount();

  const find = (what: Numbered, id: Uuid): number | null => {
    if (seenRollbacks !== shop.rollbackCount()) {
      seenRollbacks = shop.rollbackCount();
      for (const table of Object.values(tables)) table.nos.clear();
    }
    const table = tables[what];
    const known = table.nos.get(id);
    if (known !== undefined) return known;
    const no = table.forward.get(uuidToBytes(id)) ?? null;
    if (no !== null) {
      if (table.nos.size >= most) table.nos.clear();
      table.nos.set(id, no);
    }
    return no;
  };
  const get = (what: Numbered, id: Uuid): number => {
    const no = find(what, id);
    if (no === null) throw new Error(`no ${what} ${id}`);
    return no;
  };
  const idOf = (what: Numbered, no: number): Uuid => {
    const id = tables[what].back.get(no);
    if (id === undefined) throw new Error(`no ${what} number ${no}`);
    return bytesToUuid(id);
  };
  return {
    find,
    get,
    getOrNull: (what, id) => (id === null ? null : get(what, id)),
    idOf,
    idOfOrNull: (what, no) => (no === null ? null : idOf(what, no)),
  };
}
