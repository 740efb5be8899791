/**
 * The words by which an item is found. Rule kept: what is indexed and what is typed go through the same
 * folding, so a match never depends on case, punctuation, nukta or the way a nasal is written. Scripts other
 * than Latin and Devanagari stay as they are and are searched natively. Never ranks: the index does.
 */
import { foldRoman, romanKeys } from './roman-key.ts';

/** Words with spaces between: NFKC, lower case, Latin accents off, Indic digits as 0–9, punctuation to spaces. */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u200b-\u200d\u2060\ufeff'’]/g, '')
    // Devanagari is written with and without nukta, with ँ or ं, with ण्ड or ंड: one way for all.
    .replace(/\u093c/g, '')
    .replace(/ँ/g, 'ं')
    .replace(/[ङञणनम]्(?=[क-नप-म])/g, 'ं')
    .replace(/\p{Nd}/gu, (digit) => {
      const point = digit.codePointAt(0) ?? 0;
      return point >= 0x900 && point < 0xd80 ? String((point & 0xf) - 6) : digit;
    })
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

export type Searchable = {
  readonly name: string;
  readonly nameHi: string | null;
  readonly brand: string | null;
  readonly code: string;
};

/** Three texts to index: Latin words with the code, the name in its own script, and the Roman keys of all. */
export type SearchTerms = { readonly folded: string; readonly native: string; readonly roman: string };

export function searchTerms(item: Searchable): SearchTerms {
  const named = [item.name, item.brand ?? ''].join(' ');
  return {
    folded: foldText(`${named} ${item.code}`),
    native: foldText(item.nameHi ?? ''),
    roman: [...new Set([...romanKeys(item.nameHi ?? ''), ...romanKeys(named)])].join(' '),
  };
}

/** What was typed, as words to look for: `folded` in folded and native, `roman` in roman. Every word must be found. */
export type SearchQuery = { readonly folded: readonly string[]; readonly roman: readonly string[] };

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
export const searchQuery = (typed: string): SearchQuery => ({
  folded: words(foldText(typed)),
  roman: words(foldRoman(typed)),
});

/**
 * Whether terms answer a query: each typed word begins a word, or, from three letters, lies inside one (as the
 * trigram index does). The meaning the index has to keep; it is not the index.
 */
export function isFoundBy(terms: SearchTerms, query: SearchQuery): boolean {
  const inText = (text: string, word: string): boolean =>
    ` ${text}`.includes(` ${word}`) || ([...word].length >= 3 && text.includes(word));
  const all = (list: readonly string[], texts: readonly string[]): boolean =>
    list.length > 0 && list.every((word) => texts.some((text) => inText(text, word)));
  return all(query.folded, [terms.folded, terms.native]) || all(query.roman, [terms.roman]);
}
