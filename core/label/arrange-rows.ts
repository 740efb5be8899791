/**
 * From "3 of this, 5 of that" to rows of the roll, one to three labels side by side. Rule kept: labels come out in
 * the order asked, none more and none fewer; only the last row may have an empty place. It knows no printer.
 */

/** Labels beside each other, by index of the line asked for; null is an empty place. `copies` rows alike. */
export type LabelRow = { readonly lines: readonly (number | null)[]; readonly copies: number };

const isSame = (a: readonly (number | null)[], b: readonly (number | null)[]): boolean =>
  a.length === b.length && a.every((line, i) => line === b[i]);

/**
 * Rows for these counts, the first `skip` labels left out (they are printed already). Rows alike are put together
 * up to `maxLabels` labels, so that a printer is never given more than that at a time.
 */
export function arrangeRows(
  counts: readonly number[],
  across: 1 | 2 | 3,
  skip: number,
  maxLabels: number,
): readonly LabelRow[] {
  const order: number[] = [];
  counts.forEach((count, line) => {
    for (let i = 0; i < count; i += 1) order.push(line);
  });
  const rows: LabelRow[] = [];
  for (let at = skip; at < order.length; at += across) {
    const lines = Array.from({ length: across }, (_, column) => order[at + column] ?? null);
    const last = rows.at(-1);
    const isMore = last !== undefined && isSame(last.lines, lines) && (last.copies + 1) * across <= maxLabels;
    if (isMore) rows[rows.length - 1] = { lines, copies: last.copies + 1 };
    else rows.push({ lines, copies: 1 });
  }
  return rows;
}

/** Labels on a row, empty places not counted. */
export const labelsOn = (row: LabelRow): number =>
  row.lines.reduce<number>((sum, line) => sum + (line === null ? 0 : 1), 0) * row.copies;
