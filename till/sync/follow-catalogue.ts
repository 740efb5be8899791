/**
 * Follows the catalogue's shape with Electric's own client and hands each batch to the applier. Rule kept: the
 * place that is kept is the one whose rows are kept; when applying fails the stream is thrown away and begun again
 * from there, since it would go on without the lost rows (the client's `#publish`).
 */
import type { Message, Offset } from '@electric-sql/client';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { CatalogueApplier, ShapeChange } from './apply-catalogue.ts';
import type { SyncServer } from './send-http.ts';

export type FollowDeps = {
  readonly server: SyncServer;
  readonly applier: CatalogueApplier;
  readonly onApplied: (changes: number) => void;
  readonly onFault: (error: unknown) => void;
  /** Refused by the server: a code is needed again. */
  readonly onNotEnrolled: () => void;
  readonly later: (work: () => void, ms: number) => () => void;
};

type ShapeRow = Readonly<Record<string, string>>;
const againMs = 5_000;

/** Answers how to stop. */
export function followCatalogue(deps: FollowDeps): () => void {
  const { applier, server } = deps;
  let stopping = new AbortController();
  let forget: (() => void) | null = null;
  let isStopped = false;

  const again = (): void => {
    stopping.abort();
    if (!isStopped) forget = deps.later(() => void open(), againMs);
  };

  async function open(): Promise<void> {
    const { FetchError, isChangeMessage, isControlMessage, ShapeStream } = await import('@electric-sql/client');
    if (isStopped) return;
    const mine = new AbortController();
    stopping = mine;
    const place = applier.place();
    /** Gathered from the start of the shape; null while changes come one after the other. */
    let whole: Map<string, Item> | null = place === null ? new Map() : null;
    const stream = new ShapeStream<ShapeRow>({
      url: new URL('/v1/sync/shape/catalogue', server.url).href,
      headers: { authorization: `Bearer ${server.tillId}.${server.secret}` },
      // Everything stays the text that Postgres wrote but the item itself, which is JSON.
      parser: { uuid: (text: string) => text },
      signal: mine.signal,
      ...(place === null ? {} : { handle: place.handle, offset: place.offset as Offset }),
      onError: (error) => {
        if (error instanceof FetchError && (error.status === 401 || error.status === 403)) deps.onNotEnrolled();
        else again();
      },
    });
    stream.subscribe((messages: Message<ShapeRow>[]) => {
      if (mine.signal.aborted) return;
      try {
        take(messages);
      } catch (error) {
        deps.onFault(error);
        again();
      }
    });

    const take = (messages: readonly Message<ShapeRow>[]): void => {
      const changes: ShapeChange[] = [];
      let isUpToDate = false;
      for (const message of messages) {
        if (isControlMessage(message)) {
          if (message.headers.control === 'must-refetch') {
            whole = new Map();
            changes.length = 0;
          } else if (message.headers.control === 'up-to-date') isUpToDate = true;
        } else if (isChangeMessage(message)) {
          const id = message.value['item_id'] as Uuid;
          const item = message.value['item'] as unknown as Item | undefined;
          if (message.headers.operation === 'delete') changes.push({ kind: 'drop', id });
          else if (item !== undefined) changes.push({ kind: 'put', id, item });
        }
      }
      const now = { handle: stream.shapeHandle ?? '', offset: stream.lastOffset };
      if (whole === null) {
        if (changes.length > 0) applier.apply(changes, now);
        if (changes.length > 0) deps.onApplied(changes.length);
        return;
      }
      for (const change of changes) {
        if (change.kind === 'put') whole.set(change.id, change.item);
        else whole.delete(change.id);
      }
      if (!isUpToDate) return;
      applier.replace([...whole.values()], now);
      deps.onApplied(whole.size);
      whole = null;
    };
  }

  void open().catch((error: unknown) => {
    deps.onFault(error);
    again();
  });
  return () => {
    isStopped = true;
    forget?.();
    stopping.abort();
  };
}
