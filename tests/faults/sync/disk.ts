/**
 * A till's disk as the simulator uses it, with the store in memory. Rule kept: what `commit` and the applier write is
 * there whole or not at all, unless a mutant's protocol takes it apart; what is only in a till's memory is not here.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import type { Protocol } from './protocol.ts';

/** One thing that a till does: a document, or an entry that says all itself. */
export type Fact = {
  readonly kind: string;
  readonly id: Uuid;
  /** What it is about: for a document itself. */
  readonly refId: Uuid;
  readonly atMs: number;
  readonly document: CommittedDocument | null;
  readonly payload: string;
};
export type ShelfChange = {
  readonly id: string /** null: head office has it no more. */;
  readonly pricePaise: number | null;
};
/** A copy of a disk: only whoever made it can read it. */
export type Image = { readonly image: unknown };

export type Disk = {
  /** `dies`: the power goes while it writes. Answers kind and id under which the entry goes to the server. */
  readonly commit: (fact: Fact, dies: boolean) => string;
  readonly nextSequence: (series: string, year: string) => number;
  readonly unsent: (limit: number) => readonly PushEntry[];
  readonly sentThrough: () => number;
  readonly markSent: (seq: number) => void;
  /** Everything after it goes once more. */
  readonly sendAgainAfter: (seq: number) => void;
  /** The server's, as last heard. */
  readonly epoch: () => string | null;
  readonly keepEpoch: (epoch: string) => void;
  readonly headSeq: () => number;
  /** Kind and id of each entry. */
  readonly everything: () => readonly string[];
  readonly keepAside: (ids: readonly string[]) => void;
  readonly refused: () => ReadonlySet<string>;
  readonly place: () => ShapePlace | null;
  /** Changes of the shelf and the place; `isWhole`: all that there is. */
  readonly applyShape: (changes: readonly ShelfChange[], place: ShapePlace, isWhole: boolean, dies: boolean) => void;
  /** Head office's goods as the counter sees them: item → price. */
  readonly shelf: () => ReadonlyMap<string, number>;
  /** False: what is there does not belong together. */
  readonly isSound: () => boolean;
  /** The program died and starts again. */
  readonly reopen: () => void;
  readonly image: () => Image;
  readonly load: (image: Image) => void;
  readonly close: () => void;
};

/** Stay in the shop: the journal's own list is db/journal.ts. */
export const localKind = 'signIn';

type State = {
  journal: PushEntry[];
  sequences: Map<string, number>;
  through: number;
  epoch: string | null;
  refused: Set<string>;
  place: ShapePlace | null;
  shelf: Map<string, number>;
};
const copyOf = (s: State): State => ({
  ...s,
  journal: [...s.journal],
  sequences: new Map(s.sequences),
  refused: new Set(s.refused),
  shelf: new Map(s.shelf),
});

export function memoryDisk(protocol: Protocol): Disk {
  let s: State = {
    journal: [],
    sequences: new Map(),
    through: 0,
    epoch: null,
    refused: new Set(),
    place: null,
    shelf: new Map(),
  };
  /** What the mutant that writes it late has not written. */
  let throughInMemory: number | null = null;
  const through = (): number => throughInMemory ?? s.through;

  const draw = (fact: Fact): void => {
    if (fact.document === null) return;
    const { series, financialYear, sequence } = fact.document;
    s.sequences.set(`${series} ${financialYear}`, sequence);
  };
  const idOf = (fact: Fact): Uuid => (protocol.idsOfSubjects ? fact.refId : fact.id);
  const append = (fact: Fact, content: string): void => {
    const { kind, atMs } = fact;
    s.journal.push({ seq: s.journal.length + 1, kind, id: idOf(fact), atMs, content });
  };
  const contentOf = (fact: Fact): string => (fact.document === null ? fact.payload : JSON.stringify(fact.document));

  return {
    commit: (fact, dies) => {
      if (!dies) {
        draw(fact);
        append(fact, contentOf(fact));
      } else if (protocol.journalApart || protocol.numberApart) draw(fact);
      else if (protocol.journalFirst) append(fact, '{}');
      return `${fact.kind} ${idOf(fact)}`;
    },
    nextSequence: (series, year) => (s.sequences.get(`${series} ${year}`) ?? 0) + 1,
    unsent: (limit) => {
      const found: PushEntry[] = [];
      for (let i = through(); i < s.journal.length && found.length < limit; i += 1) {
        const entry = s.journal[i];
        if (entry !== undefined && entry.kind !== localKind) found.push(entry);
      }
      return found;
    },
    sentThrough: through,
    markSent: (seq) => {
      if (seq <= through()) return;
      if (protocol.forgetsSent) throughInMemory = seq;
      else s.through = seq;
    },
    sendAgainAfter: (seq) => {
      throughInMemory = null;
      s.through = Math.min(s.through, seq);
    },
    epoch: () => s.epoch,
    keepEpoch: (epoch) => {
      s.epoch = epoch;
    },
    headSeq: () => s.journal.length,
    everything: () => s.journal.map((entry) => `${entry.kind} ${entry.id}`),
    keepAside: (ids) => {
      for (const id of ids) s.refused.add(id);
    },
    refused: () => s.refused,
    place: () => s.place,
    applyShape: (changes, place, isWhole, dies) => {
      const rows = (): void => {
        if (isWhole && !protocol.keepsDropped) s.shelf.clear();
        for (const { id, pricePaise } of changes) {
          if (pricePaise === null) s.shelf.delete(id);
          else s.shelf.set(id, pricePaise);
        }
      };
      if (!dies) {
        rows();
        s.place = place;
      } else if (protocol.placeFirst) s.place = place;
      else if (protocol.rowsFirst) rows();
    },
    shelf: () => s.shelf,
    isSound: () => s.journal.every((entry) => entry.content !== '{}'),
    reopen: () => {
      throughInMemory = null;
    },
    image: () => ({ image: copyOf(s) }),
    load: ({ image }) => {
      throughInMemory = null;
      s = copyOf(image as State);
    },
    close: () => undefined,
  };
}
