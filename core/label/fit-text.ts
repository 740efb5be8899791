/**
 * Fits a text into its room on a label: wraps at spaces, then shrinks, then cuts with "…" and says so. Rule kept:
 * what comes out is never wider than its room, by the measure that will draw it. It knows no field and no paper.
 */

/** Dots that `text` takes at a font size of `emDots`; handed in because shaping needs fonts, which core has not. */
export type MeasureLabelText = (text: string, emDots: number, isBold: boolean) => number;

export type FitRoom = {
  readonly widthDots: number;
  readonly emDots: number;
  readonly minEmDots: number;
  readonly maxLines: number;
  readonly isBold: boolean;
};
export type FittedText = {
  readonly lines: readonly string[];
  readonly emDots: number;
  readonly isCut: boolean;
};

/** No label holds more; measured before anything else so that a text of any length is quick. */
const longest = 400;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Letters as a reader sees them: a consonant with its signs is one, and is never split. */
const lettersOf = (text: string): readonly string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/** Words into lines no wider than the room; null when more than maxLines are needed or a word is too wide. */
function wrap(words: readonly string[], room: FitRoom, emDots: number, measure: MeasureLabelText): string[] | null {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer, emDots, room.isBold) <= room.widthDots) {
      line = longer;
      continue;
    }
    if (line === '' || measure(word, emDots, room.isBold) > room.widthDots) return null;
    lines.push(line);
    if (lines.length >= room.maxLines) return null;
    line = word;
  }
  lines.push(line);
  return lines;
}

/** As many letters as fit, with "…" after them when `isCut`. */
function letters(text: string, room: FitRoom, emDots: number, measure: MeasureLabelText, end: string): string {
  const all = lettersOf(text);
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const tried = all.slice(0, middle).join('').trimEnd() + end;
    if (measure(tried, emDots, room.isBold) <= room.widthDots) low = middle;
    else high = middle - 1;
  }
  const kept = all.slice(0, low).join('').trimEnd();
  if (kept !== '') return kept + end;
  return end !== '' && measure(end, emDots, room.isBold) <= room.widthDots ? end : '';
}

/** Lines of letters where words don't help, the last with "…". */
function cut(text: string, room: FitRoom, measure: MeasureLabelText): string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < room.maxLines - 1) {
    const whole = letters(rest, room, room.minEmDots, measure, '');
    if (whole.length >= rest.length || whole === '') break;
    // At a space where there is one in the second half of the line.
    const space = whole.lastIndexOf(' ');
    const taken = space > whole.length / 2 && rest.charAt(whole.length) !== ' ' ? whole.slice(0, space) : whole;
    lines.push(taken);
    rest = rest.slice(taken.length).trimStart();
  }
  const isRestWhole = measure(rest, room.minEmDots, room.isBold) <= room.widthDots;
  return [...lines, isRestWhole ? rest : letters(rest, room, room.minEmDots, measure, '…')];
}

/** A figure and its unit stay together: "5 kg" is one word. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/(^| )(\d[\d.,]*) (?=\S)/g, '$1$2\u00a0')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('\u00a0', ' '));

/** `isCut`: not all of the text is there. Sizes go down in steps of one dot. */
export function fitText(text: string, room: FitRoom, measure: MeasureLabelText): FittedText {
  const short =
    text.length > longest
      ? lettersOf(text.slice(0, longest * 4))
          .slice(0, longest)
          .join('')
      : text;
  const words = wordsOf(short);
  if (words.length === 0) return { lines: [], emDots: room.emDots, isCut: false };
  if (short === text) {
    for (let emDots = room.emDots; emDots >= room.minEmDots; emDots -= 1) {
      const lines = wrap(words, room, emDots, measure);
      if (lines !== null) return { lines, emDots, isCut: false };
    }
  }
  const lines = cut(short, room, measure);
  const isWhole = short === text && lines.join('').replaceAll(' ', '') === short.replaceAll(' ', '');
  return { lines: lines.filter((line) => line !== ''), emDots: room.minEmDots, isCut: !isWhole };
}
