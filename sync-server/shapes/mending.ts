/**
 * What is to be done about a log that does not say what its table says. Rule kept: pure; a key that the log spoke of
 * after it was read is on its way and is left alone; what is told once more is always the table's own row, so that
 * whatever the stream still brings, the last word is right.
 */
export type Mending =
  /** The log says what the table says: whoever has something else lost it by himself. */
  | { readonly kind: 'whole' }
  /** These keys are said once more: as the table has them, or that it has them not. */
  | { readonly kind: 'append'; readonly puts: readonly string[]; readonly drops: readonly string[] }
  /** So much is wrong that a fetch from the start is cheaper, and the log not to be trusted. */
  | { readonly kind: 'beginAnew'; readonly rows: number };

/** What came of it; `rows`: so many were missing, too many, or others than the table's. */
export type MendOutcome =
  /** Nobody follows it from here, it is being made, or the stream is behind: ask again later. */
  | { readonly kind: 'notKnown' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'appended'; readonly rows: number }
  /** null: it could not be read at all. */
  | { readonly kind: 'begunAnew'; readonly rows: number | null };

/** More than so many rows wrong is no single accident. */
export const mostAppended = 200;

/**
 * `logged`: key → row, by the log alone, as it was read. `truth`: the table's rows, read later. `spokenOf`: keys that
 * the log spoke of since it was read, up to a place that is not before the reading of the table.
 */
export function mendingOf<T>(
  logged: ReadonlyMap<string, T>,
  truth: ReadonlyMap<string, T>,
  spokenOf: ReadonlySet<string>,
  isSame: (a: T, b: T) => boolean,
  most: number = mostAppended,
): Mending {
  const puts: string[] = [];
  const drops: string[] = [];
  for (const [key, row] of truth) {
    const said = logged.get(key);
    if ((said === undefined || !isSame(said, row)) && !spokenOf.has(key)) puts.push(key);
  }
  for (const key of logged.keys()) if (!truth.has(key) && !spokenOf.has(key)) drops.push(key);
  const rows = puts.length + drops.length;
  if (rows === 0) return { kind: 'whole' };
  return rows > most ? { kind: 'beginAnew', rows } : { kind: 'append', puts, drops };
}
