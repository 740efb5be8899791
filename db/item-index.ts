/**
 * The two full-text tables behind search: words by their beginnings, and trigrams for what lies inside a word.
 * Rule kept: their rowid is the item's sales rank, so the first rows found are the best sellers and nothing is
 * sorted. Both hold text folded by core/catalogue/search-text.ts and no copy of the item.
 */
import { type Searchable, searchTerms } from '#core/catalogue/search-text.ts';
import type { ShopDb } from './open.ts';

export type IndexedItem = Searchable & { readonly barcodes: readonly { readonly code: string }[] };
export type ItemIndex = {
  readonly put: (rank: number, item: IndexedItem) => void;
  readonly remove: (rank: number) => void;
  readonly clear: () => void;
  /** Merges the pieces that inserts left; after a large import or a new ranking. */
  readonly optimize: () => void;
};

export function makeItemIndex(shop: Pick<ShopDb, 'sql'>): ItemIndex {
  const { sql } = shop;
  const putWords = sql.prepare('INSERT INTO item_words (rowid, words, roman) VALUES (?, ?, ?)');
  const putTrigram = sql.prepare('INSERT INTO item_trigram (rowid, words, roman) VALUES (?, ?, ?)');
  const dropWords = sql.prepare('DELETE FROM item_words WHERE rowid = ?');
  const dropTrigram = sql.prepare('DELETE FROM item_trigram WHERE rowid = ?');
  const both = (command: string): void => {
    sql.prepare('INSERT INTO item_words (item_words) VALUES (?)').run(command);
    sql.prepare('INSERT INTO item_trigram (item_trigram) VALUES (?)').run(command);
  };
  return {
    put: (rank, item) => {
      const terms = searchTerms(item);
      const text = terms.native === '' ? terms.folded : `${terms.folded} ${terms.native}`;
      putWords.run(rank, [text, ...item.barcodes.map((barcode) => barcode.code)].join(' '), terms.roman);
      putTrigram.run(rank, text, terms.roman);
    },
    remove: (rank) => {
      dropWords.run(rank);
      dropTrigram.run(rank);
    },
    clear: () => both('delete-all'),
    optimize: () => both('optimize'),
  };
}
