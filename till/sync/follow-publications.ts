/**
 * Follows the two shapes of publications with Electric's own client. Rule kept: from the start of the shape each time
 * the till opens (they are small and putting a row twice changes nothing), so no place is kept; what comes is stored
 * and judged elsewhere.
 */
import type { Message } from '@electric-sql/client';
import type { Uuid } from '#core/ids.ts';
import { type Instant, instant } from '#core/time.ts';
import type { PublicationPiece } from './apply-publications.ts';
import type { SyncServer } from './till-access.ts';

type ShapeRow = Readonly<Record<string, string>>;
const againMs = 5_000;

export type FollowPublicationsDeps = {
  readonly server: SyncServer;
  readonly take: (pieces: readonly PublicationPiece[]) => void;
  readonly onFault: (error: unknown) => void;
  readonly later: (work: () => void, ms: number) => () => void;
};

const timeOf = (text: string | undefined): Instant => instant(Number(text ?? 0));

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
  const stops = [follow(deps, 'publicationRows', rowOf), follow(deps, 'publications', headOf)];
  return () => {
    for (const stop of stops) stop();
  };
}

function follow(deps: FollowPublicationsDeps, shape: string, read: (row: ShapeRow) => PublicationPiece): () => void {
  let stopping = new AbortController();
  let forget: (() => void) | null = null;
  let isStopped = false;
  const again = (): void => {
    stopping.abort();
    forget?.();
    if (!isStopped) forget = deps.later(start, againMs);
  };
  const start = (): void => void open().catch(fail);
  const fail = (error: unknown): void => {
    deps.onFault(error);
    again();
  };

  async function open(): Promise<void> {
    const { FetchError, isChangeMessage, ShapeStream } = await import('@electric-sql/client');
    if (isStopped) return;
    const mine = new AbortController();
    stopping = mine;
    const asText = (text: string): string => text;
    const stream = new ShapeStream<ShapeRow>({
      url: new URL(`/v1/sync/shape/${shape}`, deps.server.url).href,
      // Adds the access token to each call, and renews it in mid-stream.
      fetchClient: deps.server.fetch,
      parser: { uuid: asText, int8: asText, int4: asText },
      signal: mine.signal,
      onError: (error) => {
        // A till that is no longer enrolled hears so where it pushes.
        if (!(error instanceof FetchError && (error.status === 401 || error.status === 403))) again();
      },
    });
    stream.subscribe((messages: Message<ShapeRow>[]) => {
      if (mine.signal.aborted) return;
      const pieces: PublicationPiece[] = [];
      for (const message of messages) {
        if (isChangeMessage(message) && message.headers.operation === 'insert') pieces.push(read(message.value));
      }
      try {
        if (pieces.length > 0) deps.take(pieces);
      } catch (error) {
        fail(error);
      }
    });
  }

  start();
  return () => {
    isStopped = true;
    forget?.();
    stopping.abort();
  };
}
