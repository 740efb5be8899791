/**
 * Reads the two shapes of publications into pieces. Rule kept: a publication's rows are never changed after they were
 * sent, so only new ones are taken; what comes is stored and judged elsewhere (apply-publications.ts).
 */
import type { Uuid } from '#core/ids.ts';
import { type Instant, instant } from '#core/time.ts';
import type { PublicationPiece } from './apply-publications.ts';
import { type FollowRowsDeps, followRows, type ShapeRow } from './follow-rows.ts';

export type FollowPublicationsDeps = FollowRowsDeps & {
  readonly take: (pieces: readonly PublicationPiece[]) => void;
  /** All that was published so far has been taken; called again when more has come. */
  readonly onAllRead?: (() => void) | undefined;
};

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
  const read = new Set<string>();
  const wasRead = (shape: string): void => {
    read.add(shape);
    if (read.size === 2) deps.onAllRead?.();
  };
  const follow = (shape: string, pieceOf: (row: ShapeRow) => PublicationPiece): (() => void) =>
    followRows({ ...deps, onUpToDate: () => wasRead(shape) }, shape, ['insert'], (rows) =>
      deps.take(rows.map(pieceOf)),
    );
  const stops = [follow('publicationRows', rowOf), follow('publications', headOf)];
  return () => {
    for (const stop of stops) stop();
  };
}
