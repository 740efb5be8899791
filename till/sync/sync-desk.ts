/**
 * The till's side of head office: joins with a code, then keeps pushing the journal. Rule kept: it reads what is
 * committed and writes only what was sent and what was refused; a shop that never joined pays nothing for it.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { SyncView } from '#contract/till-sync.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import { type Clock, instant } from '#core/time.ts';
import type { JournalEntry } from '#db/journal.ts';
import { type Feed, makeFeed } from '../feed.ts';
import { logEvent, logFault } from '../log.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { Tables } from '../tables.ts';
import { tillVersion } from '../version.ts';
import { makeCatalogueApplier } from './apply-catalogue.ts';
import { followCatalogue } from './follow-catalogue.ts';
import { makePublicationDesk } from './apply-publications.ts';
import { followPublications } from './follow-publications.ts';
import { growSearch } from './grow-search.ts';
import { makeAuditBook } from './audit-book.ts';
import { startBeat } from './beat.ts';
import { makePushLoop, type PushLoop, type PushState, type SendOutcome } from './push-loop.ts';
import { type ItemDesk, makeItemDesk } from './ask-item.ts';
import { makeKeptKey } from './kept-key.ts';
import { tellOwnGoods } from './tell-goods.ts';
import { makeTransferDesk, type TransferDesk } from './transfer-desk.ts';
import { makeSentDesk } from './sent-desk.ts';
import { fitting, type ToldPlace } from './push-steps.ts';
import { sendOverHttp } from './send-http.ts';
import { type Access, makeTillAccess, type SyncServer, type TillAccess } from './till-access.ts';

/** A till that was away so long goes on billing and is asked to be connected once. */
const longAwayMs = 30 * 24 * 60 * 60_000;
/** However far away a publication's time is, the clock is looked at so often: it may be set. */
const lookAgainMs = 60_000;
/** How often a screen hears how many goods search is yet to learn. */
const tellGrowthMs = 1_000;
/** Between two pieces of tidying. */
const forgetMs = 100;
const heardKey = 'syncHeardMs';
const epochKey = 'syncEpoch';

export type SyncDesk = {
  readonly view: () => SyncView;
  readonly feed: Feed<SyncView>;
  readonly transfers: TransferDesk;
  readonly items: ItemDesk;
  /** Something was committed. */
  readonly kick: () => void;
  /** Puts into effect what head office published and is due; a test that moves its clock calls it. */
  readonly applyDue: () => void;
  /** One entry that head office refused, to be judged anew; null: a shop by itself, or no such entry. Writes nothing. */
  readonly pushAgain: (seq: number) => Promise<SendOutcome | null>;
  /** The settings changed; `access`: what joining gave, so that the key is not turned at once. */
  readonly reopen: (access?: Access) => Promise<void>;
  /** Head office as it is called; null: a shop by itself. */
  readonly server: () => SyncServer | null;
  readonly close: () => Promise<void>;
};

export type SyncDeskDeps = {
  readonly tables: Tables;
  readonly settings: ShopSettings;
  readonly random: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly uptimeMs: () => number;
  /** How many entries wait has changed. */
  readonly onSent: () => void;
  /** Head office released or withdrew a model. */
  readonly onReleases?: (() => void) | undefined;
  /** How often an idle till says that it is there and compares what it has; a minute and an hour where nothing is said. */
  readonly beatMs?: number | undefined;
};

const nothingWaits = { billsToSend: 0, waitsSinceMs: null } as const;

/** Bills and credit notes travel whole; everything else as its journal entry says it. */
function contentOf(tables: Tables, entry: JournalEntry): string | null {
  if (entry.payload !== null) return entry.payload;
  const document = tables.bills.bill(entry.refId) ?? tables.bills.creditNote(entry.refId);
  return document === null ? null : JSON.stringify(document);
}

const pushEntryOf = (tables: Tables, entry: JournalEntry): PushEntry => ({
  seq: entry.seq,
  kind: entry.kind,
  id: entry.entryId,
  atMs: entry.atMs,
  content: contentOf(tables, entry) ?? '{}',
});

export function makeSyncDesk(deps: SyncDeskDeps): SyncDesk {
  const { tables, settings } = deps;
  const feed = makeFeed<SyncView>();
  let state: PushState | 'notJoined' = 'notJoined';
  let loop: PushLoop | null = null;
  let access: TillAccess | null = null;
  let stopping = new AbortController();
  let unfollow: () => void = () => undefined;
  const later = (work: () => void, ms: number): (() => void) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  };

  const publications = makePublicationDesk({ tables, clock: deps.clock, newId: deps.newId });
  const applier = makeCatalogueApplier(tables, publications.withChanges);
  let grownToldMs = 0;
  const growth = growSearch({
    queue: tables.searchQueue,
    later,
    onPiece: (isWhole) => {
      const toldMs = deps.uptimeMs();
      if (!isWhole && toldMs - grownToldMs < tellGrowthMs) return;
      grownToldMs = toldMs;
      feed.publish(view());
    },
    onFault: (error) => logFault('sync', 'search', error),
  });
  const transfers = makeTransferDesk(deps);
  const audits = makeAuditBook(deps.clock);
  const sent = makeSentDesk({
    tables,
    later,
    onApplied: (shape) => {
      feed.publish(view());
      if (shape === 'modelReleases') deps.onReleases?.();
    },
    onAudited: (shape, isEqual) => audits.note(shape, isEqual, null),
    auditEveryMs: deps.beatMs,
  });
  let unlook: () => void = () => undefined;
  let unforget: () => void = () => undefined;
  const applyDue = (): void => {
    unlook();
    const { applied, nextAtMs } = publications.applyDue();
    if (applied > 0) logEvent('info', 'publicationsApplied', { applied });
    if (nextAtMs !== null)
      unlook = later(lookAndApply, Math.min(lookAgainMs, Math.max(50, nextAtMs - deps.clock.now())));
    loop?.kick();
  };
  /** What a version of before kept: a piece at a time, billing gets in between. */
  const forgetReplaced = (after: Uuid | null): void => {
    unforget = later(() => {
      try {
        const next = publications.forgetSome(after);
        if (next !== null) forgetReplaced(next);
      } catch (error) {
        logFault('sync', 'publications', error);
      }
    }, forgetMs);
  };
  const lookAndApply = (): void => {
    try {
      applyDue();
    } catch (error) {
      logFault('sync', 'publications', error);
    }
  };
  const lastHeardMs = (): number | null => {
    const kept = tables.settings.get(heardKey);
    return kept === null ? null : Number(kept);
  };
  const view = (): SyncView => {
    const joined = settings.get().headOffice;
    return {
      state,
      serverUrl: joined?.url ?? null,
      storeName: joined?.storeName ?? null,
      toSend: tables.journal.unsentCount(),
      // It reads all that was never sent: in a shop by itself that is every entry there ever was, and nobody asks.
      ...(joined === null ? nothingWaits : tables.journal.waiting()),
      lastHeardMs: lastHeardMs(),
      isLongAway: joined !== null && deps.clock.now() - (lastHeardMs() ?? deps.clock.now()) > longAwayMs,
      refused: tables.keptAside.openCount(),
      shutOut: state === 'notEnrolled' ? (access?.shutOut() ?? 'unknown') : null,
      isCatalogueComing: joined !== null && applier.place() === null,
      searchWaits: tables.searchQueue.waiting(),
    };
  };
  const tell = (to: PushState | 'notJoined'): void => {
    if (to === state) return;
    state = to;
    feed.publish(view());
  };

  const unsent = (limit: number): readonly PushEntry[] =>
    fitting(tables.journal.unsent(limit).map((entry) => pushEntryOf(tables, entry)));

  function open(given: Access | null): void {
    const joined = settings.get().headOffice;
    // Of a catalogue that was cut off, whoever it came from.
    growth.look();
    if (joined === null) return tell('notJoined');
    stopping = new AbortController();
    const server = makeTillAccess({
      url: joined.url,
      tillId: joined.tillId,
      key: makeKeptKey(tables),
      makeSecret: () => Buffer.from(deps.randomBytes(32)).toString('base64url'),
      uptimeMs: deps.uptimeMs,
      access: given,
    });
    access = server;
    const place = {
      sendAgainAfter: (seq: number): void => {
        logEvent('warn', 'syncSendsAgain', { after: seq });
        tables.transact(() => tables.journal.sendAgainAfter(seq));
        deps.onSent();
        feed.publish(view());
      },
      keptEpoch: () => tables.settings.get(epochKey),
      heard: (told: ToldPlace | null): void => {
        tables.settings.set(heardKey, String(deps.clock.now()));
        if (told === null) return;
        const before = tables.settings.get(epochKey);
        if (before !== null && before !== told.epoch) logEvent('warn', 'serverRestored', { ...told });
        if (before !== told.epoch) tables.settings.set(epochKey, told.epoch);
      },
    };
    loop = makePushLoop({
      ...place,
      unsent,
      markSent: (seq) => {
        tables.transact(() => tables.journal.markSent(seq));
        deps.onSent();
        feed.publish(view());
      },
      uptimeMs: deps.uptimeMs,
      keepAside: (refused) => {
        for (const answer of refused) logEvent('warn', 'syncRefused', { ...answer });
        const toldAtMs = instant(deps.clock.now());
        tables.transact(() => {
          for (const { seq, id, reason, detail } of refused) {
            const kind = tables.journal.kindOf(seq) ?? '';
            tables.keptAside.add({ seq, refId: id as Uuid, kind, reason, detail: String(detail), toldAtMs });
          }
        });
      },
      send: (entries) => sendOverHttp(server, entries, tables.journal.sentThrough(), stopping.signal),
      onState: tell,
      onFault: (error) => logFault('sync', 'push', error),
      later,
      random: deps.random,
    });
    transfers.tellShop();
    loop.kick();
    const unbeat = startBeat({
      ...place,
      server,
      says: () => {
        const { waitsSinceMs } = tables.journal.waiting();
        return { backlog: tables.journal.unsentCount(), version: tillVersion, waitsSinceMs, audit: audits.says() };
      },
      isQuiet: () => state !== 'sending',
      sentThrough: tables.journal.sentThrough,
      heard: (told) => {
        place.heard(told);
        feed.publish(view());
        loop?.kick();
      },
      later,
      random: deps.random,
      onFault: (error) => logFault('sync', 'beat', error),
      everyMs: deps.beatMs,
    });
    const unfollowTransfers = transfers.follow({
      server,
      onFault: (error) => logFault('sync', 'transfers', error),
      later,
    });
    // A catalogue is switched on with the prices that are in effect on top of it.
    const priceKnown = Promise.withResolvers<void>();
    const unfollowCatalogue = followCatalogue({
      server,
      applier,
      mayFinish: () => priceKnown.promise,
      onApplied: (changes) => {
        logEvent('info', 'catalogueApplied', { changes });
        feed.publish(view());
        growth.look();
        // A publication may have waited for its goods.
        lookAndApply();
      },
      onFault: (error) => logFault('sync', 'catalogue', error),
      onNotEnrolled: () => tell('notEnrolled'),
      onAudited: (isEqual, count) => audits.note('catalogue', isEqual, count),
      auditEveryMs: deps.beatMs,
      onDiverged: (ours, theirs) => logEvent('warn', 'catalogueDiverged', { ours: ours.count, theirs: theirs.count }),
      later,
    });
    const unfollowPublications = followPublications({
      server,
      onAllRead: priceKnown.resolve,
      take: (pieces) => {
        publications.take(pieces);
        lookAndApply();
      },
      notWhole: publications.notWhole,
      forget: publications.forget,
      onDamaged: (count) => logEvent('warn', 'publicationsDamaged', { count }),
      onFault: (error) => logFault('sync', 'publications', error),
      later,
    });
    const unfollowSent = sent.follow(server);
    const untellGoods = tellOwnGoods({
      tables,
      clock: deps.clock,
      newId: deps.newId,
      storeId: settings.get().storeId,
      later,
      onTold: () => loop?.kick(),
      onFault: (error) => logFault('sync', 'goods', error),
    });
    unfollow = () => {
      untellGoods();
      unbeat();
      unfollowSent();
      unfollowCatalogue();
      unfollowPublications();
      unfollowTransfers();
    };
    lookAndApply();
    forgetReplaced(null);
  }

  const close = async (): Promise<void> => {
    stopping.abort();
    unlook();
    unforget();
    unfollow();
    growth.stop();
    await loop?.stop();
    loop = null;
  };

  open(null);
  return {
    view,
    feed,
    transfers,
    items: makeItemDesk({
      applier,
      server: () => access,
      onFault: (error) => logFault('sync', 'item', error),
    }),
    kick: () => loop?.kick(),
    applyDue: lookAndApply,
    pushAgain: async (seq) => {
      const entry = tables.journal.entryAt(seq);
      if (access === null || entry === null) return null;
      return sendOverHttp(access, [pushEntryOf(tables, entry)], seq - 1, stopping.signal, true);
    },
    server: () => access,
    reopen: async (given) => {
      await close();
      open(given ?? null);
    },
    close,
  };
}
