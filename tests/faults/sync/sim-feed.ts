/**
 * What head office sends to one store's tills, as a model: the catalogue's shape and the two of publications, each what
 * there was at the start, then a log, under a handle; a client has a place in it. Rule kept: it answers as Electric
 * does (a part of the log, up to date or not, fetch anew when the handle is gone) and knows nothing of tills.
 */
import type { PublicationPiece } from '#till/sync/apply-publications.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import { simSentFeed } from './sent-feed.ts';
import { fetchFrom, type Reply } from './shape-log.ts';
import type { ShelfChange, SimPublication } from './sim-goods.ts';
import type { Protocol } from './protocol.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { SentFeed } from './sent-rows.ts';

export type Maybe<T> = T | Promise<T>;
export type ShapeReply = Reply<ShelfChange>;
export type PieceStream = 'heads' | 'rows';

export type SimFeed = {
  readonly sellGoods: (changes: readonly ShelfChange[]) => Maybe<void>;
  readonly publish: (publication: SimPublication) => Maybe<void>;
  /** Who is shut out hears nothing. */
  readonly fetchGoods: (till: SimTillIds, place: ShapePlace | null) => Maybe<ShapeReply | 'turnedAway'>;
  readonly fetchPieces: (
    stream: PieceStream,
    till: SimTillIds,
    place: ShapePlace | null,
  ) => Maybe<Reply<PublicationPiece> | 'turnedAway'>;
  readonly sent: SentFeed;
  /** Logs don't outlive the server: everybody fetches anew. */
  readonly restart: () => Maybe<void>;
  /** Until what was written is in the log. */
  readonly rest: (till: SimTillIds) => Maybe<void>;
  /** All that there was at some moment is in it. */
  readonly isWhole: (place: ShapePlace) => boolean;
  /** Head office's catalogue at this store: item → price. */
  readonly goods: () => ReadonlyMap<string, number>;
};

type FeedMistake =
  | 'mendingOf'
  | 'mendsInPlace'
  | 'mendKeepsHandle'
  | 'handleOutlives'
  | 'logHasAGap'
  | 'snapshotTooOld'
  | 'logRepeats'
  | 'feedsWhoIsShutOut';

export const piecesOf = ({ head, rows }: SimPublication): readonly PublicationPiece[] => [
  ...rows.map((row): PublicationPiece => ({ kind: 'row', publicationId: head.id, row })),
  { kind: 'head', head },
];

export function simFeed(protocol: Pick<Protocol, FeedMistake>, isShutOut: (till: SimTillIds) => boolean): SimFeed {
  const goods = new Map<string, number>();
  /** Before the last transaction, and what that was. */
  let before = new Map<string, number>();
  let lastChanges: readonly ShelfChange[] = [];
  let log: ShelfChange[] = [];
  let restarts = 0;
  let snapshot = 0;
  const pieces: Record<PieceStream, PublicationPiece[]> = { heads: [], rows: [] };
  const isTurnedAway = (till: SimTillIds): boolean => isShutOut(till) && !protocol.feedsWhoIsShutOut;
  const handle = (): string => `h${protocol.handleOutlives ? 0 : restarts}`;
  const sent = simSentFeed(protocol, handle, isTurnedAway);
  return {
    sent,
    sellGoods: (changes) => {
      before = new Map(goods);
      lastChanges = [...before].map(([id, pricePaise]) => ({ id, pricePaise }));
      for (const [i, change] of changes.entries()) {
        if (change.pricePaise === null) {
          if (!goods.delete(change.id)) continue;
        } else goods.set(change.id, change.pricePaise);
        if (protocol.logHasAGap && i === 3) continue;
        log.push(change);
      }
    },
    publish: (publication) => {
      for (const one of piecesOf(publication)) pieces[one.kind === 'head' ? 'heads' : 'rows'].push(one);
    },
    fetchGoods: (till, place) =>
      isTurnedAway(till) ? 'turnedAway' : fetchFrom({ entries: log, handle: handle() }, place),
    fetchPieces: (stream, till, place) =>
      isTurnedAway(till) ? 'turnedAway' : fetchFrom({ entries: pieces[stream], handle: handle() }, place),
    rest: () => undefined,
    restart: () => {
      restarts += 1;
      sent.restart();
      // What was committed while it was taken is in neither.
      log = [...(protocol.snapshotTooOld ? before : goods)].map(([id, pricePaise]) => ({ id, pricePaise }));
      snapshot = log.length;
      // What the snapshot holds already comes once more, as it was.
      if (protocol.logRepeats) log.push(...lastChanges);
      // A snapshot is in no order that a log had.
      for (const stream of ['heads', 'rows'] as const) pieces[stream].reverse();
    },
    isWhole: ({ handle: of, offset }) => of !== handle() || Number(offset) >= snapshot,
    goods: () => goods,
  };
}
