/**
 * What came of comparing the till's shapes with head office's, for the beat. Rule kept: a shape that was not compared yet
 * is not said to agree; nothing of it outlives the till's run.
 */
import type { TillBeat } from '#contract/sync.ts';
import type { Clock } from '#core/time.ts';

export type AuditBook = {
  readonly note: (shape: string, isEqual: boolean, count: number | null) => void;
  /** undefined: nothing was compared yet. */
  readonly says: () => TillBeat['audit'];
};

export function makeAuditBook(clock: Clock): AuditBook {
  const found = new Map<string, boolean>();
  let items: number | null = null;
  let atMs: number | null = null;
  return {
    note: (shape, isEqual, count) => {
      found.set(shape, isEqual);
      if (count !== null) items = count;
      atMs = clock.now();
    },
    says: () =>
      atMs === null
        ? undefined
        : { atMs, items, differing: [...found].flatMap(([shape, isEqual]) => (isEqual ? [] : [shape])).sort() },
  };
}
