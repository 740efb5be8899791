/**
 * The bill series of a till that was brought back from a backup. Rule kept: never a code that was used: bills that died
 * with the disk can't be known, so the old series is closed (CGST Rule 46(b): numbers are unique within the year).
 */
import { creditNoteSeries, isSeriesCode } from './bill-number.ts';

/** No C: a code and C is its credit notes' series. No I, O: read as digits. */
const letters = 'ABDEFGHJKLMNPQRSTUVWXYZ';

/** T1 → T1A, T1B…; K3T1 → K3TA…: the candidates in order, without those that were used. */
export function seriesAfter(series: string, used: ReadonlySet<string>): readonly string[] {
  const isRestored = series.length === 3 && /[A-Z]$/.test(series);
  const stem = series.length === 4 || isRestored ? series.slice(0, -1) : series;
  // As credit notes' series the used ones bar their own; a new one must not be one of those either.
  const barred = new Set([...used, series].flatMap((code) => [code, creditNoteSeries(code)]));
  const last = series.length > stem.length ? letters.indexOf(series.at(-1) ?? '') : -1;
  const ordered = [...letters.slice(last + 1), ...letters.slice(0, last + 1)];
  return ordered.map((letter) => stem + letter).filter((code) => isSeriesCode(code) && !barred.has(code));
}
