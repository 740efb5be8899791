/**
 * Follows one small shape with Electric's own client and hands what comes to its applier. Rule kept: the place that is
 * kept is the one whose rows are kept; when applying fails the stream is thrown away and begun again from there, since
 * it would go on without the lost rows. Count and hash are compared with the server's from time to time.
 */
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Message, Offset } from '@electric-sql/client';
import { everyStoreId, type SentShape } from '#contract/sent-shapes.ts';
import type { RowApplier, RowChange } from './apply-sent.ts';
import { askDiffers, askRowAudit, isToReadAnew } from './audit-http.ts';
import { startAuditLoop } from './audit-loop.ts';
import type { SyncServer } from './till-access.ts';

export type FollowSentDeps = {
  readonly server: SyncServer;
  readonly shape: SentShape;
  readonly applier: RowApplier;
  readonly onApplied: (shape: SentShape, changes: number) => void;
  readonly onFault: (error: unknown) => void;
  readonly later: (work: () => void, ms: number) => () => void;
  readonly onDiverged: (shape: SentShape) => void;
  readonly onAudited?: ((isEqual: boolean, count: number) => void) | undefined;
  readonly auditEveryMs?: number | undefined;
};

type ShapeRow = Readonly<Record<string, string>>;
const againMs = 5_000;
const asText = (text: string): string => text;

/** A shape that the server does not have (it is older than this till) is asked for again so late. */
const unknownMs = 3_600_000;

function changeOf(operation: string, value: ShapeRow): RowChange | null {
  const { store_id: storeId, row_key: key, content } = value;
  if (storeId === undefined || key === undefined) return null;
  const isOwn = storeId !== everyStoreId;
  if (operation === 'delete') return { kind: 'drop', row: { key, isOwn } };
  return content === undefined ? null : { kind: 'put', row: { storeId, isOwn, key, content } };
}

/** Answers how to stop. */
export function followSent(deps: FollowSentDeps): () => void {
  const { applier, server, shape } = deps;
  let stopping = new AbortController();
  let forget: () => void = () => undefined;
  let forgetAudit: () => void = () => undefined;
  let isStopped = false;
  let timesDiverged = 0;

  const begin = (): void => {
    open().catch((error: unknown) => {
      deps.onFault(error);
      again(stopping);
    });
  };
  const again = (stream: AbortController, afterMs = againMs): void => {
    if (stream !== stopping || isStopped) return;
    stream.abort();
    forget();
    forgetAudit();
    forget = deps.later(begin, afterMs);
  };

  async function open(): Promise<void> {
    const { FetchError, isChangeMessage, isControlMessage, ShapeStream } = await import('@electric-sql/client');
    if (isStopped) return;
    const mine = new AbortController();
    stopping = mine;
    const place = applier.place();
    let isStaging = place === null;
    if (isStaging) applier.beginStaging();
    let isUpToDate = false;
    const stream = new ShapeStream<ShapeRow>({
      url: new URL(`/v1/sync/shape/${shape}`, server.url).href,
      fetchClient: server.fetch,
      parser: { uuid: asText, text: asText },
      signal: mine.signal,
      ...(place === null ? {} : { handle: place.handle, offset: place.offset as Offset }),
      // A till that is no longer enrolled hears so where it pushes.
      onError: (error) => again(mine, error instanceof FetchError && error.status === 404 ? unknownMs : againMs),
    });
    const pause = async (): Promise<void> => {
      await letOthers();
      mine.signal.throwIfAborted();
    };
    const take = async (messages: readonly Message<ShapeRow>[]): Promise<void> => {
      // The place behind these messages; by the end of this it may be further.
      const now = { handle: stream.shapeHandle ?? '', offset: stream.lastOffset };
      let changes: RowChange[] = [];
      isUpToDate = false;
      for (const message of messages) {
        if (isControlMessage(message)) {
          if (message.headers.control === 'must-refetch') {
            isStaging = true;
            applier.beginStaging();
            changes = [];
          } else if (message.headers.control === 'up-to-date') isUpToDate = true;
        } else if (isChangeMessage(message)) {
          const change = changeOf(message.headers.operation, message.value);
          if (change !== null) changes.push(change);
        }
      }
      if (isStaging) {
        await applier.stage(changes, pause);
        if (!isUpToDate) return;
        await applier.finishStaging(now, pause);
        isStaging = false;
        deps.onApplied(shape, changes.length);
      } else if (changes.length > 0) {
        applier.apply(changes, now);
        deps.onApplied(shape, changes.length);
      }
    };
    stream.subscribe(async (messages: Message<ShapeRow>[]) => {
      if (mine.signal.aborted) return;
      try {
        await take(messages);
      } catch (error) {
        if (!mine.signal.aborted) deps.onFault(error);
        again(mine);
      }
    });

    forgetAudit = startAuditLoop({
      place: applier.place,
      ours: applier.audit,
      theirs: async () => (isUpToDate && !isStaging ? askRowAudit(server, shape, mine.signal) : null),
      onDiverged: () => {
        timesDiverged += 1;
        deps.onDiverged(shape);
        void askDiffers(server, shape, mine.signal).then((outcome) => {
          if (mine.signal.aborted) return;
          if (isToReadAnew(outcome)) applier.forgetPlace();
          again(mine);
        });
      },
      onAudited: (isEqual, count) => {
        if (isEqual) timesDiverged = 0;
        deps.onAudited?.(isEqual, count);
      },
      timesDiverged,
      onFault: deps.onFault,
      later: deps.later,
      signal: mine.signal,
      everyMs: deps.auditEveryMs,
    });
  }

  begin();
  return () => {
    isStopped = true;
    forget();
    forgetAudit();
    stopping.abort();
  };
}
