/**
 * One small shape into the till: rows and the place in the shape in ONE transaction. Rule kept: the till reads either
 * the rows of before or all of the new ones; billing never waits for them (a fetch from the start is gathered in pieces
 * beside what is read). Who keeps a table of its own from a shape is told, in the same transaction, each key that
 * changed and what counts of it now.
 */
import { readSentContent, type SentContent, type SentShape } from '#contract/sent-shapes.ts';
import type { SentAudit, SentPlace, SentRow } from '#db/sent-rows.ts';
import type { Tables } from '../tables.ts';

export type RowChange =
  | { readonly kind: 'put'; readonly row: SentRow }
  | { readonly kind: 'drop'; readonly row: Pick<SentRow, 'key' | 'isOwn'> };

/** Null: there is no such row any more. Told twice the same it changes nothing. */
export type TakeRow<S extends SentShape> = (key: string, content: SentContent<S> | null) => void;

const gatheredAtOnce = 500;

export type RowApplier = {
  readonly place: () => SentPlace | null;
  readonly forgetPlace: () => void;
  readonly apply: (changes: readonly RowChange[], place: SentPlace) => void;
  /** Begins a fetch from the start; what an earlier one had gathered is thrown away. */
  readonly beginStaging: () => void;
  readonly stage: (changes: readonly RowChange[], pause: () => Promise<void>) => Promise<void>;
  readonly finishStaging: (place: SentPlace, pause: () => Promise<void>) => Promise<void>;
  readonly audit: () => SentAudit;
};

export function makeRowApplier<S extends SentShape>(
  tables: Pick<Tables, 'sentRows' | 'transact'>,
  shape: S,
  take: TakeRow<S> | null,
): RowApplier {
  const { sentRows, transact } = tables;
  let next = 0;

  function write(generation: number, change: RowChange): void {
    if (change.kind === 'put') sentRows.put(shape, generation, change.row);
    else sentRows.drop(shape, generation, change.row);
  }

  /** What this version can't read is as if it were not there; its row stays for the audit and a later version. */
  function tell(keys: Iterable<string>): void {
    if (take === null) return;
    for (const key of keys) {
      const content = sentRows.content(shape, key);
      take(key, content === null ? null : readSentContent(shape, content));
    }
  }

  /** A piece at a time: a shape may hold more than one transaction should. */
  async function clearOthers(pause: () => Promise<void>): Promise<void> {
    const now = sentRows.generation(shape);
    while (transact(() => sentRows.clearOthers(shape, now, gatheredAtOnce)) === gatheredAtOnce) await pause();
  }

  return {
    place: () => sentRows.place(shape),
    forgetPlace: () => transact(() => sentRows.forgetPlace(shape)),
    apply: (changes, place) =>
      transact(() => {
        const now = sentRows.generation(shape);
        for (const change of changes) write(now, change);
        sentRows.keepPlace(shape, place);
        tell(new Set(changes.map((change) => change.row.key)));
      }),
    beginStaging: () => {
      next = 0;
    },
    stage: async (changes, pause) => {
      if (next === 0) {
        await clearOthers(pause);
        next = sentRows.generation(shape) + 1;
      }
      for (let from = 0; from < changes.length; from += gatheredAtOnce) {
        const piece = changes.slice(from, from + gatheredAtOnce);
        transact(() => {
          for (const change of piece) write(next, change);
        });
        await pause();
      }
    },
    finishStaging: async (place, pause) => {
      const before = sentRows.generation(shape);
      transact(() => {
        const keys = take === null ? [] : sentRows.differing(shape, before, next);
        sentRows.switchTo(shape, next, place);
        tell(keys);
      });
      next = 0;
      await clearOthers(pause);
    },
    audit: () => sentRows.audit(shape),
  };
}
