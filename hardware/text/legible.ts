/**
 * What can be drawn of a text. Rule kept: a character without a glyph never comes out as a box: its grapheme is left
 * out, and a text of which nothing would be left is told by its code points, so that no line is nameless. Pure.
 */
const graphemes = new Intl.Segmenter('hi', { granularity: 'grapheme' });
/** Joiners, variation selectors and blanks are drawn as nothing, with or without a glyph. */
const drawsNothing = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}]$/u;

/** `covers` says whether a font has a glyph for the character. */
export function makeLegible(covers: (char: string) => boolean): (text: string) => string {
  const known = new Map<string, boolean>();
  const has = (char: string): boolean => {
    let answer = known.get(char);
    if (answer === undefined) {
      answer = drawsNothing.test(char) || covers(char);
      // One shop's characters are a few hundred; a file full of others must not fill the memory.
      if (known.size < 5_000) known.set(char, answer);
    }
    return answer;
  };
  return (text) => {
    if ([...text].every(has)) return text;
    const left = [...graphemes.segment(text)]
      .map(({ segment }) => segment)
      .filter((segment) => [...segment].every(has))
      .join('')
      .replaceAll(/ {2,}/g, ' ')
      .trim();
    return left === '' ? [...text].map(codePoint).join(' ') : left;
  };
}

const codePoint = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
