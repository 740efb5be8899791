/**
 * Rows of the small shapes as head office sent them, by shape and key. Rule kept: rows of one generation are read, those
 * of the next are gathered beside it, and switching is one number in the row that also holds the place in the shape; the
 * hash of a row is of the text that was sent, so that both sides can compare all of them in one.
 */
import { createHash } from 'node:crypto';
import type { ShopDb } from './open.ts';

/** A row as it was sent. `storeId`: whose it is, as the server writes it. */
export type SentRow = {
  readonly storeId: string;
  /** For this store alone; it counts before a row of the same key for every store. */
  readonly isOwn: boolean;
  readonly key: string;
  readonly content: string;
};
export type SentPlace = { readonly handle: string; readonly offset: string };
export type SentAudit = { readonly count: number; readonly hash: string };

export type SentRows = {
  readonly place: (shape: string) => SentPlace | null;
  readonly forgetPlace: (shape: string) => void;
  readonly keepPlace: (shape: string, place: SentPlace) => void;
  /** The generation that is read; 0 before there is one. */
  readonly generation: (shape: string) => number;
  readonly put: (shape: string, generation: number, row: SentRow) => void;
  readonly drop: (shape: string, generation: number, row: Pick<SentRow, 'key' | 'isOwn'>) => void;
  /** Keys whose rows differ between two generations. */
  readonly differing: (shape: string, before: number, after: number) => readonly string[];
  /** From now on this generation is read. */
  readonly switchTo: (shape: string, generation: number, place: SentPlace) => void;
  /** Takes away rows of other generations, so many at most; answers how many. */
  readonly clearOthers: (shape: string, generation: number, limit: number) => number;
  /** What counts of a key; null without one. */
  readonly content: (shape: string, key: string) => string | null;
  /** Of all keys that begin so, in order of key, each once. */
  readonly list: (shape: string, prefix: string) => readonly { readonly key: string; readonly content: string }[];
  readonly audit: (shape: string) => SentAudit;
};

/** As the server computes it (sync-server/shapes/sent-rows.ts). */
const hashOf = (row: SentRow): Buffer => createHash('md5').update(`${row.storeId} ${row.key} ${row.content}`).digest();
/** Behind every key that begins so: no key holds this character. */
const endOf = (prefix: string): string => `${prefix}\u{10FFFF}`;

export function makeSentRows(shop: Pick<ShopDb, 'sql'>): SentRows {
  const { sql } = shop;
  type ShapeRow = { handle: string | null; place_offset: string | null; generation: number };
  const shapeRow = sql.prepare<[string], ShapeRow>(
    'SELECT handle, place_offset, generation FROM sent_shape WHERE shape = ?',
  );
  const keep = sql.prepare(
    `INSERT INTO sent_shape (shape, handle, place_offset, generation) VALUES (?, ?, ?, 0)
     ON CONFLICT (shape) DO UPDATE SET handle = excluded.handle, place_offset = excluded.place_offset`,
  );
  const forget = sql.prepare('UPDATE sent_shape SET handle = NULL, place_offset = NULL WHERE shape = ?');
  const turn = sql.prepare(
    `INSERT INTO sent_shape (shape, handle, place_offset, generation) VALUES (?, ?, ?, ?)
     ON CONFLICT (shape) DO UPDATE
       SET handle = excluded.handle, place_offset = excluded.place_offset, generation = excluded.generation`,
  );
  const put = sql.prepare(
    `INSERT INTO sent_row (shape, generation, row_key, is_own, hash, content) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (shape, generation, row_key, is_own) DO UPDATE SET hash = excluded.hash, content = excluded.content`,
  );
  const drop = sql.prepare('DELETE FROM sent_row WHERE shape = ? AND generation = ? AND row_key = ? AND is_own = ?');
  const rowsOf = `SELECT row_key, is_own, hash FROM sent_row WHERE shape = ? AND generation = ?`;
  const differing = sql
    .prepare<[string, number, string, number, string, number, string, number], string>(
      `SELECT row_key FROM (${rowsOf} EXCEPT ${rowsOf}) UNION SELECT row_key FROM (${rowsOf} EXCEPT ${rowsOf})`,
    )
    .pluck();
  const clear = sql.prepare(
    `DELETE FROM sent_row WHERE (shape, generation, row_key, is_own) IN (
       SELECT shape, generation, row_key, is_own FROM sent_row WHERE shape = ? AND generation <> ? LIMIT ?)`,
  );
  const content = sql
    .prepare<[string, number, string], string>(
      'SELECT content FROM sent_row WHERE shape = ? AND generation = ? AND row_key = ? ORDER BY is_own DESC LIMIT 1',
    )
    .pluck();
  // With one max() the other columns are of the row that has it (SQLite, "Bare columns in an aggregate query").
  const list = sql.prepare<[string, number, string, string], { key: string; content: string }>(
    `SELECT row_key AS key, content, max(is_own) FROM sent_row
     WHERE shape = ? AND generation = ? AND row_key >= ? AND row_key < ? GROUP BY row_key ORDER BY row_key`,
  );
  const hashes = sql
    .prepare<[string, number], Buffer>(
      'SELECT hash FROM sent_row WHERE shape = ? AND generation = ? ORDER BY row_key, is_own',
    )
    .pluck();
  const generation = (shape: string): number => shapeRow.get(shape)?.generation ?? 0;
  return {
    place: (shape) => {
      const row = shapeRow.get(shape);
      if (row === undefined || row.handle === null || row.place_offset === null) return null;
      return { handle: row.handle, offset: row.place_offset };
    },
    forgetPlace: (shape) => void forget.run(shape),
    keepPlace: (shape, place) => void keep.run(shape, place.handle, place.offset),
    generation,
    put: (shape, at, row) => void put.run(shape, at, row.key, row.isOwn ? 1 : 0, hashOf(row), row.content),
    drop: (shape, at, row) => void drop.run(shape, at, row.key, row.isOwn ? 1 : 0),
    differing: (shape, before, after) => differing.all(shape, before, shape, after, shape, after, shape, before),
    switchTo: (shape, at, place) => void turn.run(shape, place.handle, place.offset, at),
    clearOthers: (shape, at, limit) => clear.run(shape, at, limit).changes,
    content: (shape, key) => content.get(shape, generation(shape), key) ?? null,
    list: (shape, prefix) =>
      list.all(shape, generation(shape), prefix, endOf(prefix)).map((row) => ({ key: row.key, content: row.content })),
    audit: (shape) => {
      const all = createHash('md5');
      let count = 0;
      for (const hash of hashes.iterate(shape, generation(shape))) {
        all.update(hash.toString('hex'));
        count += 1;
      }
      return { count, hash: all.digest('hex') };
    },
  };
}
