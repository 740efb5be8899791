/**
 * Follows the catalogue's shape with Electric's own client and hands each batch to the applier. Rule kept: the
 * place that is kept is the one whose rows are kept; when applying fails the stream is thrown away and begun again
 * from there, since it would go on without the lost rows (the client's `#publish`).
 */
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Message, Offset } from '@electric-sql/client';
import type { Uuid } from '#core/ids.ts';
import type { HeadOfficeAudit } from '#db/head-office-items.ts';
import type { CatalogueApplier, ShapeChange } from './apply-catalogue.ts';
import { askAudit } from './audit-http.ts';
import type { SyncServer } from './till-access.ts';

export type FollowDeps = {
  readonly server: SyncServer;
  readonly applier: CatalogueApplier;
  /** What is to be known before a catalogue is switched on. */
  readonly mayFinish?: (() => Promise<void>) | undefined;
  readonly onApplied: (changes: number) => void;
  readonly onFault: (error: unknown) => void;
  /** Refused by the server: a code is needed again. */
  readonly onNotEnrolled: () => void;
  readonly later: (work: () => void, ms: number) => () => void;
  /** Count and hash are not the server's, again and again: it is fetched anew. */
  readonly onDiverged?: ((ours: HeadOfficeAudit, theirs: HeadOfficeAudit) => void) | undefined;
  readonly auditEveryMs?: number | undefined;
};

type ShapeRow = Readonly<Record<string, string>>;
const againMs = 5_000;
const hourMs = 3_600_000;

/** Answers how to stop. */
export function followCatalogue(deps: FollowDeps): () => void {
  const { applier, server } = deps;
  let stopping = new AbortController();
  let forget: (() => void) | null = null;
  let isStopped = false;

  let forgetAudit: (() => void) | null = null;

  const begin = (): void => {
    open().catch((error: unknown) => {
      deps.onFault(error);
      again(stopping);
    });
  };
  /** Once for each stream. */
  const again = (stream: AbortController): void => {
    if (stream !== stopping || isStopped) return;
    stream.abort();
    forget?.();
    forgetAudit?.();
    forget = deps.later(begin, againMs);
  };

  async function open(): Promise<void> {
    const { FetchError, isChangeMessage, isControlMessage, ShapeStream } = await import('@electric-sql/client');
    if (isStopped) return;
    const mine = new AbortController();
    stopping = mine;
    const place = applier.place();
    /** The shape is fetched from its start: staged until all of it is here. */
    let isStaging = place === null;
    /** Billing goes on between two pieces. */
    const pause = async (): Promise<void> => {
      await letOthers();
      mine.signal.throwIfAborted();
    };
    await applier.settle(pause);
    if (isStaging) applier.beginStaging();
    let isUpToDate = false;
    const stream = new ShapeStream<ShapeRow>({
      url: new URL('/v1/sync/shape/catalogue', server.url).href,
      // Adds the access token to each call, and renews it in mid-stream.
      fetchClient: server.fetch,
      // Everything stays the text that Postgres wrote: its hash is what the audit compares.
      parser: { uuid: (text: string) => text, jsonb: (text: string) => text },
      signal: mine.signal,
      ...(place === null ? {} : { handle: place.handle, offset: place.offset as Offset }),
      onError: (error) => {
        if (error instanceof FetchError && (error.status === 401 || error.status === 403)) deps.onNotEnrolled();
        else again(mine);
      },
    });
    stream.subscribe(async (messages: Message<ShapeRow>[]) => {
      if (mine.signal.aborted) return;
      try {
        await take(messages);
      } catch (error) {
        if (!mine.signal.aborted) deps.onFault(error);
        again(mine);
      }
    });
    const take = async (messages: readonly Message<ShapeRow>[]): Promise<void> => {
      // The place behind these messages; by the end of this it may be further.
      const now = { handle: stream.shapeHandle ?? '', offset: stream.lastOffset };
      const changes: ShapeChange[] = [];
      isUpToDate = false;
      for (const message of messages) {
        if (isControlMessage(message)) {
          if (message.headers.control === 'must-refetch') {
            isStaging = true;
            await applier.settle(pause);
            applier.beginStaging();
            changes.length = 0;
          } else if (message.headers.control === 'up-to-date') isUpToDate = true;
        } else if (isChangeMessage(message)) {
          const id = message.value['item_id'] as Uuid;
          const content = message.value['item'];
          if (message.headers.operation === 'delete') changes.push({ kind: 'drop', id });
          else if (content !== undefined) changes.push({ kind: 'put', id, content });
        }
      }
      if (isStaging) {
        await applier.stage(changes, pause);
        if (!isUpToDate) return;
        await deps.mayFinish?.();
        mine.signal.throwIfAborted();
        deps.onApplied(applier.finishStaging(now));
        isStaging = false;
        await applier.settle(pause);
      } else if (changes.length > 0) {
        await applier.applySlowly(changes, now, pause);
        deps.onApplied(changes.length);
      }
    };

    /** What differs once may be on its way; what differs three times while nothing came is lost. */
    let differed = 0;
    let differedAt = '';
    const audit = async (): Promise<void> => {
      const at = JSON.stringify(applier.place());
      const theirs = isUpToDate && !isStaging && !applier.isUnsettled() ? await askAudit(server, mine.signal) : null;
      if (mine.signal.aborted) return;
      const ours = applier.audit();
      const isEqual = theirs === null || (theirs.count === ours.count && theirs.hash === ours.hash);
      differed = isEqual ? 0 : at === differedAt ? differed + 1 : 1;
      differedAt = at;
      if (theirs !== null && differed >= 3) {
        deps.onDiverged?.(ours, theirs);
        applier.forgetPlace();
        again(mine);
        return;
      }
      auditLater(differed === 0 ? (deps.auditEveryMs ?? hourMs) : Math.min(againMs, deps.auditEveryMs ?? againMs));
    };
    const auditLater = (ms: number): void => {
      forgetAudit = deps.later(
        () =>
          void audit().catch((error: unknown) => {
            deps.onFault(error);
            auditLater(deps.auditEveryMs ?? hourMs);
          }),
        ms,
      );
    };
    auditLater(deps.auditEveryMs ?? hourMs);
  }

  begin();
  return () => {
    isStopped = true;
    forget?.();
    forgetAudit?.();
    stopping.abort();
  };
}
