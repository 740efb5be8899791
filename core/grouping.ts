/**
 * Commas in a typed number: 1,23,456.50 and 123,456.50 group thousands. Rule kept: a comma that groups nothing is
 * no comma of ours: "1,5" may mean one and a half, and read as 15 it would be ten times too much. It never guesses.
 */
const grouped = /^-?[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$/;

/** The digits without their grouping; null where a comma stands in another place. */
export function withoutGrouping(text: string): string | null {
  if (!text.includes(',')) return text;
  return grouped.test(text) ? text.replaceAll(',', '') : null;
}
