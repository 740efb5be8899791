/**
 * Finds items by what a person types. Rule kept: whatever is typed is data (words in quotes), never an
 * operator of the query language; nothing is sorted, since the index's order is the sales rank. Exact code or
 * barcode first, then words by their beginnings as written, by their Roman letters, then what lies inside a word.
 */
import type { Item } from '#core/catalogue/item.ts';
import { searchQuery } from '#core/catalogue/search-text.ts';
import { isForSaleSql } from './for-sale.ts';
import { makeItemIndex } from './item-index.ts';
import { type ItemRow, makeItemReader } from './item-rows.ts';
import type { ShopDb } from './open.ts';
import { partsPerDocument } from './part-keys.ts';

export type FoundItem = { readonly item: Item };
export type Search = {
  readonly find: (text: string, limit: number) => readonly FoundItem[];
  /** Ranks items by how often they sold lately and builds the index anew; nightly or idle: seconds at 100,000 items. */
  readonly rerank: (lastDocuments?: number) => void;
};

const longestText = 120;
const mostWords = 8;
const longestWord = 32;
const lookedThrough = 20_000;
/** The counter shows five. */
const enough = 5;

/** A word as FTS5 takes it: quoted, so that nothing in it is an operator. */
const quoted = (word: string): string => `"${word.replaceAll('"', '""')}"`;
const cut = (words: readonly string[]): readonly string[] =>
  words.slice(0, mostWords).map((word) => [...word].slice(0, longestWord).join(''));

const isLong = (word: string): boolean => [...word].length >= 3;

/** words : "a" * AND words : "b" * — every word begins one of the item's words. */
const beginnings = (column: string, words: readonly string[]): string =>
  words.map((word) => `${column} : ${quoted(word)} *`).join(' AND ');
/** The same over trigrams, inside words; '' unless all have the three letters that a trigram takes. */
const insides = (column: string, words: readonly string[]): string =>
  words.every(isLong) ? words.map((word) => `${column} : ${quoted(word)}`).join(' AND ') : '';

export function makeSearch(shop: ShopDb): Search {
  const { sql } = shop;
  const read = makeItemReader(shop);
  const exact = sql.prepare<[string, string], ItemRow>(
    `SELECT * FROM item WHERE ${isForSaleSql} AND item_no IN
       (SELECT item_no FROM item_barcode WHERE code = ? UNION ALL SELECT item_no FROM item WHERE code = ?)`,
  );
  const ranked = (table: string) =>
    sql.prepare<[string, number], ItemRow>(
      `SELECT i.* FROM ${table} f CROSS JOIN item i ON i.search_rank = f.rowid
       WHERE ${table} MATCH ? AND ${isForSaleSql} ORDER BY f.rowid LIMIT ?`,
    );
  const byWords = ranked('item_words');
  const byTrigram = ranked('item_trigram');

  /** What has no entry yet: looked through as it is written, so many at most. While a catalogue comes in, no longer. */
  const inWaiting = sql.prepare<[string, string, string, number], ItemRow>(
    `SELECT i.* FROM (SELECT item_no FROM item_unindexed ORDER BY item_no LIMIT ${lookedThrough}) u
       CROSS JOIN item i ON i.item_no = u.item_no
     WHERE ${isForSaleSql} AND named(i) LIKE ? ESCAPE '\\' AND named(i) LIKE ? ESCAPE '\\' AND named(i) LIKE ? ESCAPE '\\'
     LIMIT ?`.replaceAll('named(i)', "(i.name || ' ' || coalesce(i.name_hi, '') || ' ' || coalesce(i.brand, ''))"),
  );
  const lookThrough = (words: readonly string[], limit: number): readonly ItemRow[] => {
    const [one = '%', two = '%', three = '%'] = words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
    return one === '%' ? [] : inWaiting.all(one, two, three, limit);
  };

  const find: Search['find'] = (text, limit) => {
    const typed = text.slice(0, longestText).trim();
    const found = new Map<number, ItemRow>();
    const add = (rows: readonly ItemRow[]): void => {
      for (const row of rows) if (found.size < limit) found.set(row.item_no, row);
    };
    if (typed === '' || limit < 1) return [];
    add(exact.all(typed, typed.toUpperCase()));
    const query = searchQuery(typed);
    const folded = cut(query.folded);
    const roman = cut(query.roman);
    // Each step costs up to a millisecond at 100,000 items: the next only where this one left a screen half empty.
    const steps = [
      { statement: byWords, expression: beginnings('words', folded) },
      { statement: byWords, expression: beginnings('roman', roman) },
      { statement: byTrigram, expression: insides('words', folded) },
      { statement: byTrigram, expression: insides('roman', roman) },
    ];
    for (const { statement, expression } of steps) {
      if (found.size >= Math.min(limit, enough)) break;
      if (expression !== '') add(statement.all(expression, limit));
    }
    if (found.size < Math.min(limit, enough)) add(lookThrough(folded, limit));
    return [...found.values()].map((row) => ({ item: read(row) }));
  };

  const rerank: Search['rerank'] = (lastDocuments = 20_000) => {
    const index = makeItemIndex(shop);
    shop.transact(() => {
      const order = sql
        .prepare<[number], ItemRow>(
          `SELECT i.* FROM item i LEFT JOIN (
             SELECT item_no, count(*) AS sold FROM document_line
             WHERE line_key > ((SELECT coalesce(max(document_no), 0) FROM document) - ?) * ${partsPerDocument} AND item_no IS NOT NULL
             GROUP BY item_no) s ON s.item_no = i.item_no
           ORDER BY coalesce(s.sold, 0) DESC, i.search_rank`,
        )
        .all(lastDocuments);
      index.clear();
      // Out of the way first: ranks are unique.
      sql.prepare('UPDATE item SET search_rank = -item_no').run();
      const setRank = sql.prepare('UPDATE item SET search_rank = ? WHERE item_no = ?');
      for (const [i, row] of order.entries()) {
        setRank.run(i + 1, row.item_no);
        index.put(i + 1, read(row));
      }
      index.optimize();
      sql.prepare('DELETE FROM item_unindexed').run();
    });
  };
  return { find, rerank };
}
