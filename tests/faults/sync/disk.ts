/**
 * A till's disk as the simulator uses it. Rule kept: what one call writes is there whole or not at all (a publication
 * arrives in one transaction and takes effect in another); what is only in a till's memory is not here. The store in
 * memory is memory-disk.ts, the real one sqlite-disk.ts.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { CommittedDocument, CreditNoteLine } from '#core/documents.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import { milli, type Milli, multiplyQty } from '#core/quantity.ts';
import type { KeyRing } from '#till/sync/key-ring.ts';
import type { Refused } from '#till/sync/push-steps.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import type { PublicationPiece } from '#till/sync/apply-publications.ts';
import type { ShelfChange } from './sim-goods.ts';
import type { SentDisk } from './sent-rows.ts';

/** Goods in or out, in base units. */
export type Move = { readonly itemId: Uuid; readonly qtyMilli: Milli };
/** One thing that a till does: a document, or an entry that says all itself. */
export type Fact = {
  readonly kind: string;
  readonly id: Uuid;
  /** What it is about: for a document itself. */
  readonly refId: Uuid;
  readonly atMs: number;
  readonly document: CommittedDocument | null;
  readonly payload: string;
  readonly moves: readonly Move[];
  /** What was decided of an entry that was kept aside, by its place in the journal. */
  readonly settles: { readonly seq: number; readonly state: 'accepted' | 'sentAgain' } | null;
};
/** A copy of a disk: only whoever made it can read it. */
export type Image = { readonly image: unknown };

/** What a till's journal says of a publication, under kind and id. */
export type Word = { readonly key: string; readonly publicationId: string };

export type Disk = {
  /** `dies`: the power goes while it writes. Answers kind and id under which the entry goes to the server. */
  readonly commit: (fact: Fact, dies: boolean) => string;
  readonly nextSequence: (series: string, year: string) => number;
  readonly unsent: (limit: number) => readonly PushEntry[];
  readonly sentThrough: () => number;
  readonly markSent: (seq: number) => void;
  readonly isAllSent: () => boolean;
  /** Everything after it goes once more. */
  readonly sendAgainAfter: (seq: number) => void;
  /** The server's, as last heard. */
  readonly epoch: () => string | null;
  readonly keepEpoch: (epoch: string) => void;
  readonly headSeq: () => number;
  /** Kind and id of each entry, in order. */
  readonly everything: () => readonly string[];
  readonly keepAside: (refused: readonly Refused[]) => void;
  /** Ids of all that was ever kept aside. */
  readonly refused: () => ReadonlySet<string>;
  /** Places in the journal of what nobody has decided about. */
  readonly keptOpen: () => readonly number[];
  readonly entryAt: (seq: number) => PushEntry | null;
  readonly keyRing: () => KeyRing | null;
  readonly keepKeyRing: (ring: KeyRing) => void;
  readonly sent: SentDisk;
  readonly place: () => ShapePlace | null;
  /** Changes of the shelf and the place; `isWhole`: all that there is. */
  readonly applyShape: (changes: readonly ShelfChange[], place: ShapePlace, isWhole: boolean, dies: boolean) => void;
  readonly takePieces: (pieces: readonly PublicationPiece[], dies: boolean) => void;
  /**
   * What is whole and due takes effect; `diesAt`: the power goes instead of that commit, from 0. Answers the
   * entries that say so.
   */
  readonly applyDue: (at: {
    readonly nowMs: number;
    readonly newId: NewId;
    readonly diesAt: number;
  }) => readonly Word[];
  /** Idle work on publications: what is replaced is forgotten. */
  readonly forgetReplaced: (dies: boolean) => void;
  /** Rows kept of publications in effect that say nothing any more, of goods that are there. */
  readonly replacedRows: () => number;
  /** Publications that are whole, those in effect too. */
  readonly arrived: () => ReadonlySet<string>;
  /** Publications in effect, by id. */
  readonly applied: () => ReadonlySet<string>;
  /** Head office's goods as the counter sees them: item → price. */
  readonly shelf: () => ReadonlyMap<string, number>;
  /** Null: not for sale. */
  readonly priceOf: (itemId: Uuid) => number | null;
  /** Without what stands at zero. */
  readonly onHand: () => ReadonlyMap<string, number>;
  /** Idle work on the ledger. */
  readonly fold: (limit: number, dies: boolean) => void;
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

/** As till/use-cases: a sale takes, a return gives back, what can't be sold again leaves at once. */
export const movesOf = (document: CommittedDocument): readonly Move[] =>
  document.lines.flatMap((line): readonly Move[] => {
    const { itemId } = line;
    if (itemId === null) return [];
    const qty = multiplyQty(line.qtyMilli, line.packQtyMilli);
    if (document.type === 'bill') return [{ itemId, qtyMilli: milli(-qty) }];
    const back = { itemId, qtyMilli: qty };
    return (line as CreditNoteLine).isRestocked ? [back] : [back, { itemId, qtyMilli: milli(-qty) }];
  });

export function addMoves(to: Map<string, number>, moves: readonly Move[]): void {
  for (const { itemId, qtyMilli } of moves) {
    const now = (to.get(itemId) ?? 0) + qtyMilli;
    if (now === 0) to.delete(itemId);
    else to.set(itemId, now);
  }
}
