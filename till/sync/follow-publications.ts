/**
 * Reads the two shapes of publications into pieces. Rule kept: a publication's rows are never changed after they were
 * sent, so only whole ones are taken; what comes is stored and judged elsewhere (apply-publications.ts). One that stays
 * in pieces while nothing more comes is damaged: it is forgotten and all is read again, later and later.
 */
import type { Uuid } from '#core/ids.ts';
import { type Instant, instant } from '#core/time.ts';
import type { PublicationPiece } from './apply-publications.ts';
import { askDiffers } from './audit-http.ts';
import { type FollowRowsDeps, followRows, type ShapeRow } from './follow-rows.ts';

export type FollowPublicationsDeps = FollowRowsDeps & {
  readonly take: (pieces: readonly PublicationPiece[]) => void;
  /** All that was published so far has been taken; called again when more has come. */
  readonly onAllRead?: (() => void) | undefined;
  readonly notWhole: () => readonly Uuid[];
  readonly forget: (ids: readonly Uuid[]) => void;
  readonly onDamaged: (publications: number) => void;
  readonly lookEveryMs?: number | undefined;
};

const minuteMs = 60_000;
/** Head and rows come by two streams: one may be ahead of the other for a while. */
const timesToBeSure = 3;
const mostPatience = 64;

const timeOf = (text: string | null | undefined): Instant => instant(Number(text ?? 0));

const headOf = (row: ShapeRow): PublicationPiece => ({
  kind: 'head',
  head: {
    id: row['publication_id'] as Uuid,
    publishedAtMs: timeOf(row['published_at_ms']),
    effectiveAtMs: timeOf(row['effective_at_ms']),
    rowCount: Number(row['row_count']),
    hash: row['hash'] ?? '',
  },
});
const rowOf = (row: ShapeRow): PublicationPiece => ({
  kind: 'row',
  publicationId: row['publication_id'] as Uuid,
  row: { itemId: row['item_id'] as Uuid, change: row['change'] ?? '' },
});

/** Answers how to stop. */
export function followPublications(deps: FollowPublicationsDeps): () => void {
  const { lookEveryMs = minuteMs } = deps;
  let read = new Set<string>();
  let pieces = 0;
  let patience = 1;
  const wasRead = (shape: string): void => {
    read.add(shape);
    if (read.size === 2) deps.onAllRead?.();
  };
  const follow = (shape: string, wholeBy: string, pieceOf: (row: ShapeRow) => PublicationPiece): (() => void) =>
    followRows({ ...deps, onUpToDate: () => wasRead(shape) }, shape, ['insert', 'update'], (all) => {
      // A changed one is what head office says once more, whole, where it had been sent wrong.
      const rows = all.filter((row) => row[wholeBy] !== undefined);
      pieces += rows.length;
      deps.take(rows.map(pieceOf));
    });
  const start = (): readonly (() => void)[] => {
    read = new Set();
    return [follow('publicationRows', 'change', rowOf), follow('publications', 'hash', headOf)];
  };
  let stops = start();

  let seen = '';
  let times = 0;
  let unlook: () => void = () => undefined;
  const stopping = new AbortController();
  const look = (): void => {
    const ids = read.size === 2 ? deps.notWhole() : [];
    const now = `${pieces} ${ids.join(' ')}`;
    times = ids.length > 0 && now === seen ? times + 1 : 1;
    seen = now;
    if (ids.length > 0 && times >= timesToBeSure) {
      deps.forget(ids);
      deps.onDamaged(ids.length);
      // Should it be head office that sends it in pieces, it mends that, and what was missing comes by the shapes.
      for (const shape of ['publicationRows', 'publications']) void askDiffers(deps.server, shape, stopping.signal);
      for (const stop of stops) stop();
      // What head office itself has in pieces is not asked for every few minutes for ever.
      patience = Math.min(mostPatience, patience * 2);
      times = 0;
      stops = start();
    }
    unlook = deps.later(lookAgain, lookEveryMs * patience);
  };
  const lookAgain = (): void => {
    try {
      look();
    } catch (error) {
      deps.onFault(error);
      unlook = deps.later(lookAgain, lookEveryMs * patience);
    }
  };
  unlook = deps.later(lookAgain, lookEveryMs);
  return () => {
    stopping.abort();
    unlook();
    for (const stop of stops) stop();
  };
}
