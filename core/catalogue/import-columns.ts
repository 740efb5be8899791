/**
 * Guesses which column of a stranger's file fills which field: headings as Vyapar, Marg, Tally, Busy, web
 * shops and shopkeepers write them, in English and Hindi. Rule kept: a guess is only a proposal that a
 * person sees and changes; one column fills one field. Never reads more than the heading and a few samples.
 */
import { headings, misleading, wholeOnly } from './import-headings.ts';
import type { ImportField, ImportMapping } from './import-types.ts';
import { importFields } from './import-types.ts';
import { gtinOf } from './ean.ts';

/** The till's own columns in a file of refused rows; passed over when it is imported again. */
export const reasonPrefix = 'BillMitra:';

/** "Item name*" → "item name"; "salePrice (₹)" → "sale price"; "HSN/SAC" → "hsn sac". */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKC')
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replaceAll(/\((?:x|y|n|₹|rs\.?|inr|%|in rs\.?)\)/g, ' ')
    .replaceAll('%', ' percent ')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** 0 = no hit; sure hits from 1000 down by place in the list, weaker ones from 500 down. */
function scoreOf(key: string, field: ImportField): number {
  const forms = [key, key.replace(/ percent$/, '')];
  let best = 0;
  for (const [place, known] of headings[field].entries()) {
    if (forms.includes(known)) return 1000 - place;
    if (best > 0 || wholeOnly.has(known) || misleading.test(key)) continue;
    if (` ${key} `.includes(` ${known} `)) best = 500 - place;
  }
  return best;
}

const samplesOf = (rows: readonly (readonly string[])[], column: number): readonly string[] =>
  rows.map((row) => (row[column] ?? '').trim()).filter((text) => text !== '');

const holdsGtins = (samples: readonly string[]): boolean =>
  samples.filter((text) => text.length >= 12 && gtinOf(text) !== null).length * 2 > samples.length;

/**
 * A proposal: field → heading. Best hits first, each column and each field once. Where no heading says barcode,
 * a column of item codes, or a free one, that holds trade item numbers is it (Vyapar's "Item code").
 * @param rows a few rows below the heading, to look at; may be empty.
 */
export function guessMapping(columns: readonly string[], rows: readonly (readonly string[])[]): ImportMapping {
  const hits: { readonly field: ImportField; readonly column: number; readonly score: number }[] = [];
  for (const [column, heading] of columns.entries()) {
    if (heading.startsWith(reasonPrefix)) continue;
    const key = headingKey(heading);
    for (const field of importFields) {
      const score = scoreOf(key, field);
      if (score > 0) hits.push({ field, column, score });
    }
  }
  hits.sort((a, b) => b.score - a.score || a.column - b.column);
  const chosen = new Map<ImportField, number>();
  const taken = new Set<number>();
  for (const { field, column } of hits) {
    if (chosen.has(field) || taken.has(column)) continue;
    chosen.set(field, column);
    taken.add(column);
  }
  if (!chosen.has('barcode')) {
    const free = columns.findIndex(
      (heading, column) =>
        !heading.startsWith(reasonPrefix) &&
        (!taken.has(column) || chosen.get('code') === column) &&
        holdsGtins(samplesOf(rows, column)),
    );
    if (free >= 0) {
      if (chosen.get('code') === free) chosen.delete('code');
      chosen.set('barcode', free);
    }
  }
  const mapping: Partial<Record<ImportField, string>> = {};
  for (const field of importFields) {
    const column = chosen.get(field);
    const heading = column === undefined ? undefined : columns[column];
    if (heading !== undefined) mapping[field] = heading;
  }
  return mapping;
}

/** How many fields a row of texts would name if it were the heading; to find the heading below a title. */
export const countHeadings = (cells: readonly string[]): number =>
  importFields.filter((field) => cells.some((cell) => scoreOf(headingKey(cell), field) > 500)).length;

/** Fields without which nothing can be imported: a name, and a selling price or an MRP to sell at. */
export const missingFields = (mapping: ImportMapping): readonly ImportField[] => [
  ...(mapping.name === undefined ? (['name'] as const) : []),
  ...(mapping.sellingPrice === undefined && mapping.mrp === undefined ? (['sellingPrice'] as const) : []),
];
