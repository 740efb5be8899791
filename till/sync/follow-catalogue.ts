/**
 * Follows the catalogue's shape and hands each batch to the applier: from the start by plain requests
 * (read-from-start.ts), then with Electric's own client from where those ended. Rule kept: the place that is kept is
 * the one whose rows are kept; when applying fails the stream is thrown away and begun again from there, since it would
 * go on without the lost rows (the client's `#publish`).
 */
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Message, Offset } from '@electric-sql/client';
import type { Uuid } from '#core/ids.ts';
import type { HeadOfficeAudit } from '#db/head-office-items.ts';
import type { CatalogueApplier, ShapeChange, ShapePlace } from './apply-catalogue.ts';
import { askAudit, askDiffers, isToReadAnew } from './audit-http.ts';
import { startAuditLoop } from './audit-loop.ts';
import { readFromStart, ShapeRefused, type TextRow } from './read-from-start.ts';
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
  readonly onAudited?: ((isEqual: boolean, count: number) => void) | undefined;
  readonly auditEveryMs?: number | undefined;
};

/**
 * So many items are put in order before they are written: neighbours in the indexes then go into the log with one
 * commit, not each of them with many.
 */
const gatheredRows = 10_000;
const againMs = 5_000;

type Taken = {
  readonly changes: readonly ShapeChange[];
  /** Everything before these is void: it is read from its start. */
  readonly isAnew: boolean;
  readonly isUpToDate: boolean;
};

/** What messages of the shape mean, whoever read them. */
function takenFrom(messages: readonly Message<TextRow>[]): Taken {
  let changes: ShapeChange[] = [];
  let isAnew = false;
  let isUpToDate = false;
  for (const message of messages) {
    if ('control' in message.headers) {
      if (message.headers.control === 'must-refetch') {
        isAnew = true;
        changes = [];
      } else if (message.headers.control === 'up-to-date') isUpToDate = true;
    } else if ('value' in message && 'operation' in message.headers) {
      const id = message.value['item_id'] as Uuid;
      const content = message.value['item'];
      if (message.headers.operation === 'delete') changes.push({ kind: 'drop', id });
      else if (content !== undefined) changes.push({ kind: 'put', id, content });
    }
  }
  return { changes, isAnew, isUpToDate };
}

/** Answers how to stop. */
export function followCatalogue(deps: FollowDeps): () => void {
  const { applier, server } = deps;
  let stopping = new AbortController();
  let forget: (() => void) | null = null;
  let isStopped = false;

  let forgetAudit: (() => void) | null = null;
  let timesDiverged = 0;

  const begin = (isFromStart = false): void => {
    open(isFromStart).catch((error: unknown) => {
      deps.onFault(error);
      again(stopping);
    });
  };
  /** Nothing of this stream is used any more; once for each. */
  const leave = (stream: AbortController): boolean => {
    if (stream !== stopping || isStopped || stream.signal.aborted) return false;
    stream.abort();
    forget?.();
    forgetAudit?.();
    return true;
  };
  const again = (stream: AbortController): void => {
    if (leave(stream)) forget = deps.later(() => begin(), againMs);
  };
  const refused = (stream: AbortController, status: number): void => {
    if (status === 401 || status === 403) deps.onNotEnrolled();
    else again(stream);
  };

  async function open(isFromStart: boolean): Promise<void> {
    const mine = new AbortController();
    stopping = mine;
    /** Billing goes on between two pieces. */
    const pause = async (): Promise<void> => {
      await letOthers();
      mine.signal.throwIfAborted();
    };
    try {
      await applier.settle(pause);
      const kept = isFromStart ? null : applier.place();
      const place = kept ?? (await fetchAll(mine, pause));
      await followFrom(place, mine, pause);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof ShapeRefused) return refused(mine, error.status);
      throw error;
    }
  }

  /** All of it, staged and switched on; answers the place behind it. */
  async function fetchAll(mine: AbortController, pause: () => Promise<void>): Promise<ShapePlace> {
    const { signal } = mine;
    let place: ShapePlace | null = null;
    let gathered: ShapeChange[] = [];
    const write = async (): Promise<void> => {
      // Stable: of one item the last word stays the last.
      const inOrder = gathered.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
      gathered = [];
      await pause();
      if (inOrder.length > 0) await applier.stage(inOrder, pause);
    };
    applier.beginStaging();
    for await (const part of readFromStart({ server, shape: 'catalogue', signal, later: deps.later })) {
      const { changes, isAnew } = takenFrom(part.messages);
      if (isAnew) {
        gathered = [];
        applier.beginStaging();
      }
      gathered.push(...changes);
      if (gathered.length >= gatheredRows) await write();
      place = part.place;
    }
    await write();
    if (place === null) throw new Error('a shape that ended without a place');
    await deps.mayFinish?.();
    signal.throwIfAborted();
    deps.onApplied(applier.finishStaging(place));
    await applier.settle(pause);
    return place;
  }

  async function followFrom(place: ShapePlace, mine: AbortController, pause: () => Promise<void>): Promise<void> {
    const { FetchError, ShapeStream } = await import('@electric-sql/client');
    mine.signal.throwIfAborted();
    let isUpToDate = false;
    const stream = new ShapeStream<TextRow>({
      url: new URL('/v1/sync/shape/catalogue', server.url).href,
      // Adds the access token to each call, and renews it in mid-stream.
      fetchClient: server.fetch,
      // Everything stays the text that Postgres wrote: its hash is what the audit compares.
      parser: { uuid: (text: string) => text, jsonb: (text: string) => text },
      signal: mine.signal,
      handle: place.handle,
      offset: place.offset as Offset,
      onError: (error) => (error instanceof FetchError ? refused(mine, error.status) : again(mine)),
    });
    stream.subscribe(async (messages: Message<TextRow>[]) => {
      if (mine.signal.aborted) return;
      try {
        await take(messages);
      } catch (error) {
        if (!mine.signal.aborted) deps.onFault(error);
        again(mine);
      }
    });
    const take = async (messages: readonly Message<TextRow>[]): Promise<void> => {
      // The place behind these messages; by the end of this it may be further.
      const now = { handle: stream.shapeHandle ?? '', offset: stream.lastOffset };
      const taken = takenFrom(messages);
      if (taken.isAnew) {
        if (leave(mine)) begin(true);
        return;
      }
      isUpToDate = false;
      if (taken.changes.length > 0) {
        await applier.applySlowly(taken.changes, now, pause);
        deps.onApplied(taken.changes.length);
      }
      isUpToDate = taken.isUpToDate;
    };

    forgetAudit = startAuditLoop({
      place: applier.place,
      ours: applier.audit,
      theirs: async () => (isUpToDate && !applier.isUnsettled() ? askAudit(server, mine.signal) : null),
      onDiverged: (ours, theirs) => {
        timesDiverged += 1;
        deps.onDiverged?.(ours, theirs);
        void askDiffers(server, 'catalogue', mine.signal).then((outcome) => {
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
    forget?.();
    forgetAudit?.();
    stopping.abort();
  };
}
