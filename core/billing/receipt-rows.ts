/**
 * Rows of a receipt: wrapping, columns, label-and-amount pairs. Rule kept: nothing is ever cut off or pushed
 * over the paper's edge: what is too wide for its column goes to a row of its own, what is too wide for the
 * paper is wrapped between words, else between graphemes (a conjunct is never split). It knows no bill.
 */
import {
  type MeasureText,
  plainStyle,
  type ReceiptAlign,
  type ReceiptBlock,
  type ReceiptCell,
  type ReceiptStyle,
} from './receipt-layout.ts';

export type Paper = {
  readonly widthMm: 58 | 80;
  readonly widthDots: number;
  readonly widthChars: number;
  readonly measure: MeasureText;
};

/** Dots of a character cell of font A. */
const cellDots = 12;
/**
 * 58 mm = 384 dots, 80 mm = 576 dots at 203 dpi (8 dots a mm) unless the printer's head is another: 420, or 512 at
 * 180 dpi. What is left beside whole characters stays blank.
 */
export const paperOf = (widthMm: 58 | 80, measure: MeasureText, headDots?: number): Paper => {
  const widthDots = headDots ?? (widthMm === 58 ? 384 : 576);
  return { widthMm, widthDots, widthChars: Math.floor(widthDots / cellDots), measure };
};

export const boldStyle: ReceiptStyle = { bold: true, width: 1, height: 1 };
export const bigStyle: ReceiptStyle = { bold: true, width: 2, height: 2 };
export const tallStyle: ReceiptStyle = { bold: true, width: 1, height: 2 };

/** Character cells of the plain style that `text` takes, rounded up. */
export const charsOf = (paper: Paper, text: string, style: ReceiptStyle = plainStyle): number =>
  Math.ceil(paper.measure(text, style) / cellDots);

const graphemes = new Intl.Segmenter('hi', { granularity: 'grapheme' });

/** Control characters and runs of blanks become one space: a name from a file can't move the print head. */
const tidied = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\s\p{Cc}\u200B\u2028\u2029\uFEFF]+/gu, ' ')
    .trim();

function breakWord(paper: Paper, word: string, chars: number, style: ReceiptStyle): string[] {
  const parts: string[] = [];
  let part = '';
  for (const { segment } of graphemes.segment(word)) {
    if (part !== '' && charsOf(paper, part + segment, style) > chars) {
      parts.push(part);
      part = segment;
    } else part += segment;
  }
  return part === '' ? parts : [...parts, part];
}

/** `text` in lines of at most `chars` plain character cells; at least one line, '' for an empty text. */
export function wrapText(paper: Paper, text: string, chars: number, style: ReceiptStyle = plainStyle): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of tidied(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (charsOf(paper, longer, style) <= chars) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = charsOf(paper, word, style) <= chars ? [word] : breakWord(paper, word, chars, style);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

const rowOf = (...cells: readonly ReceiptCell[]): ReceiptBlock => ({ kind: 'row', cells });

/** Whole-width text, wrapped; nothing for a blank text. */
export function textRows(
  paper: Paper,
  text: string,
  align: ReceiptAlign = 'left',
  style: ReceiptStyle = plainStyle,
): ReceiptBlock[] {
  if (tidied(text) === '') return [];
  return wrapText(paper, text, paper.widthChars, style).map((line) =>
    rowOf({ text: line, chars: paper.widthChars, align, style }),
  );
}

const indentChars = 2;
/** A note under a row, set in by two cells. */
export const indentedRows = (paper: Paper, text: string): ReceiptBlock[] =>
  wrapText(paper, text, paper.widthChars - indentChars).map((line) =>
    rowOf(
      { text: '', chars: indentChars, align: 'left', style: plainStyle },
      { text: line, chars: paper.widthChars - indentChars, align: 'left', style: plainStyle },
    ),
  );

/**
 * A label at the left edge and its amount at the right one. The label wraps beside the amount; where less than a
 * third of the paper is left for it, the amount gets a row of its own.
 */
export function pairRows(
  paper: Paper,
  label: string,
  amount: string,
  style: ReceiptStyle = plainStyle,
  labelStyle: ReceiptStyle = style,
): ReceiptBlock[] {
  const amountChars = charsOf(paper, amount, style);
  const labelChars = paper.widthChars - amountChars - 1;
  if (labelChars < paper.widthChars / 3 && charsOf(paper, label, labelStyle) > labelChars) {
    return [...textRows(paper, label, 'left', labelStyle), ...textRows(paper, amount, 'right', style)];
  }
  const lines = wrapText(paper, label, labelChars, labelStyle);
  return lines.map((line, i) =>
    rowOf(
      { text: line, chars: labelChars + 1, align: 'left', style: labelStyle },
      { text: i === lines.length - 1 ? amount : '', chars: amountChars, align: 'right', style },
    ),
  );
}

export type Column = { readonly chars: number; readonly align: ReceiptAlign };

/**
 * One row of a table; null when a text is wider than its column (a space between columns counted), for the
 * caller to set it another way.
 */
export function columnsRow(
  paper: Paper,
  columns: readonly Column[],
  texts: readonly string[],
  style: ReceiptStyle = plainStyle,
): ReceiptBlock | null {
  const cells = columns.map(({ chars, align }, i): ReceiptCell => ({ text: texts[i] ?? '', chars, align, style }));
  const fits = cells.every((cell, i) => charsOf(paper, cell.text, style) <= cell.chars - (i === 0 ? 0 : 1));
  return fits ? rowOf(...cells) : null;
}

export const ruleBlock: ReceiptBlock = { kind: 'rule', double: false };
export const doubleRuleBlock: ReceiptBlock = { kind: 'rule', double: true };
export const feed = (rows: number): ReceiptBlock => ({ kind: 'feed', rows });
