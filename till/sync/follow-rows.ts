/**
 * Follows one small shape with Electric's own client. Rule kept: from the start of the shape each time the till opens
 * (such shapes are small and putting a row twice changes nothing), so no place is kept; what comes is stored and judged
 * elsewhere. A row that leaves the shape is not told: nothing that these tell is ever taken back.
 */
import type { Message } from '@electric-sql/client';
import type { SyncServer } from './till-access.ts';

/** Values as the text that Postgres wrote; of a changed row its key and what changed, unless the shape is whole rows. */
export type ShapeRow = Readonly<Record<string, string | null>>;
export type FollowRowsDeps = {
  readonly server: SyncServer;
  readonly onFault: (error: unknown) => void;
  readonly later: (work: () => void, ms: number) => () => void;
  /** All that there is so far has been taken. */
  readonly onUpToDate?: (() => void) | undefined;
};

const againMs = 5_000;
const asText = (text: string): string => text;

/** Answers how to stop. */
export function followRows(
  deps: FollowRowsDeps,
  shape: string,
  operations: readonly string[],
  take: (rows: readonly ShapeRow[]) => void,
): () => void {
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
    const { FetchError, isChangeMessage, isControlMessage, ShapeStream } = await import('@electric-sql/client');
    if (isStopped) return;
    const mine = new AbortController();
    stopping = mine;
    const stream = new ShapeStream<Record<string, string>>({
      url: new URL(`/v1/sync/shape/${shape}`, deps.server.url).href,
      // Adds the access token to each call, and renews it in mid-stream.
      fetchClient: deps.server.fetch,
      parser: { uuid: asText, int8: asText, int4: asText, jsonb: asText },
      signal: mine.signal,
      onError: (error) => {
        // A till that is no longer enrolled hears so where it pushes.
        if (!(error instanceof FetchError && (error.status === 401 || error.status === 403))) again();
      },
    });
    stream.subscribe((messages: Message<Record<string, string>>[]) => {
      if (mine.signal.aborted) return;
      const rows = messages.flatMap((message): ShapeRow[] =>
        isChangeMessage(message) && operations.includes(message.headers.operation) ? [message.value] : [],
      );
      try {
        if (rows.length > 0) take(rows);
        const isAll = messages.some((one) => isControlMessage(one) && one.headers.control === 'up-to-date');
        if (isAll) deps.onUpToDate?.();
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
