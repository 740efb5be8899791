/**
 * The till's side of head office: joins with a code, then keeps pushing the journal. Rule kept: it reads what is
 * committed and writes only what was sent and what was refused; a shop that never joined pays nothing for it.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { SyncView } from '#contract/till-sync.ts';
import type { JournalEntry } from '#db/journal.ts';
import { type Feed, makeFeed } from '../feed.ts';
import { logEvent, logFault } from '../log.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { Tables } from '../tables.ts';
import { makeCatalogueApplier } from './apply-catalogue.ts';
import { followCatalogue } from './follow-catalogue.ts';
import { makePushLoop, type PushLoop, type PushState } from './push-loop.ts';
import { sendOverHttp } from './send-http.ts';

export type SyncDesk = {
  readonly view: () => SyncView;
  readonly feed: Feed<SyncView>;
  /** Something was committed. */
  readonly kick: () => void;
  /** The settings changed. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type SyncDeskDeps = {
  readonly tables: Tables;
  readonly settings: ShopSettings;
  readonly random: () => number;
  /** How many entries wait has changed. */
  readonly onSent: () => void;
};

/** Bills and credit notes travel whole; everything else as its journal entry says it. */
function contentOf(tables: Tables, entry: JournalEntry): string | null {
  if (entry.payload !== null) return entry.payload;
  const document = tables.bills.bill(entry.refId) ?? tables.bills.creditNote(entry.refId);
  return document === null ? null : JSON.stringify(document);
}

export function makeSyncDesk(deps: SyncDeskDeps): SyncDesk {
  const { tables, settings } = deps;
  const feed = makeFeed<SyncView>();
  let state: PushState | 'notJoined' = 'notJoined';
  let loop: PushLoop | null = null;
  let stopping = new AbortController();
  let unfollow: () => void = () => undefined;
  const applier = makeCatalogueApplier(tables);
  const later = (work: () => void, ms: number): (() => void) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  };

  const refusedCount = (): number => Number(tables.settings.get('syncRefusedCount') ?? 0);
  const view = (): SyncView => {
    const joined = settings.get().headOffice;
    return {
      state,
      serverUrl: joined?.url ?? null,
      storeName: joined?.storeName ?? null,
      toSend: tables.journal.unsentCount(),
      refused: refusedCount(),
    };
  };
  const tell = (to: PushState | 'notJoined'): void => {
    if (to === state) return;
    state = to;
    feed.publish(view());
  };

  const unsent = (limit: number): readonly PushEntry[] =>
    tables.journal.unsent(limit).map((entry) => ({
      seq: entry.seq,
      kind: entry.kind,
      id: entry.entryId,
      atMs: entry.atMs,
      content: contentOf(tables, entry) ?? '{}',
    }));

  function open(): void {
    const joined = settings.get().headOffice;
    if (joined === null) return tell('notJoined');
    stopping = new AbortController();
    loop = makePushLoop({
      unsent,
      markSent: (seq) => {
        tables.transact(() => tables.journal.markSent(seq));
        deps.onSent();
        feed.publish(view());
      },
      keepAside: (refused) => {
        for (const answer of refused) logEvent('warn', 'syncRefused', { ...answer });
        tables.settings.set('syncRefusedCount', String(refusedCount() + refused.length));
      },
      send: (entries) => sendOverHttp(joined, entries, stopping.signal),
      onState: tell,
      onFault: (error) => logFault('sync', 'push', error),
      later,
      random: deps.random,
    });
    loop.kick();
    unfollow = followCatalogue({
      server: joined,
      applier,
      onApplied: (changes) => logEvent('info', 'catalogueApplied', { changes }),
      onFault: (error) => logFault('sync', 'catalogue', error),
      onNotEnrolled: () => tell('notEnrolled'),
      later,
    });
  }

  const close = async (): Promise<void> => {
    stopping.abort();
    unfollow();
    await loop?.stop();
    loop = null;
  };

  open();
  return {
    view,
    feed,
    kick: () => loop?.kick(),
    reopen: async () => {
      await close();
      open();
    },
    close,
  };
}
