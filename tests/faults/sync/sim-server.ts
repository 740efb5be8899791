/**
 * Head office as the simulator uses it, with the store in memory. Rule kept: judging and deciding is the product's own
 * code; only rows and sums are kept in maps here (the real tables are postgres-server.ts).
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import { businessDateOf, type Instant, instant } from '#core/time.ts';
import { inOrder } from '#core/stock/transfer.ts';
import { claimKey, type Decision, keyOf, numberOf, type StoredEntry } from '#sync-server/ingest/decide-batch.ts';
import type { JudgedEntry } from '#sync-server/ingest/judge-entry.ts';
import type { KnownTransfer } from '#sync-server/transfers/store-transfers.ts';
import { rejectionOf } from '#sync-server/transfers/take-transfers.ts';
import type { Protocol } from './protocol.ts';
import type { ToldPlace } from '#till/sync/push-steps.ts';
import { movesOf } from './disk.ts';
import { memoryKeys } from './memory-keys.ts';
import { type SimTillIds, sumsOf } from './sim-bill.ts';
import type { Crash, KeyServer } from './key-server.ts';
import type { Maybe } from './sim-feed.ts';
import { simId, type SimPublication } from './sim-goods.ts';

export type DaySums = { bills: number; notes: number; sales: number; refunds: number };
export type ItemSums = { qty: number; net: number };
export type ServerView = {
  /** By store, kind and id. */
  readonly stored: ReadonlyMap<string, StoredEntry>;
  /** By store and day. */
  readonly days: ReadonlyMap<string, DaySums>;
  /** By store, day and item. */
  readonly items: ReadonlyMap<string, ItemSums>;
  /** By store and item, in base units. */
  readonly stock: ReadonlyMap<string, number>;
  /** Between stores, by store (where it goes) and item: on the way, and lost. */
  readonly transit: ReadonlyMap<string, number>;
  readonly lost: ReadonlyMap<string, number>;
  /** By till and publication. */
  readonly acks: ReadonlyMap<string, 'arrived' | 'applied'>;
  /** Supervisors' notes: kind and id of the entry that brought each. */
  readonly notes: ReadonlySet<string>;
};
export type Served = { readonly answers: readonly PushAnswer[]; readonly place: ToldPlace };
export type PushOutcome = Served | 'notEnrolled' | null;

export type PushOrder = {
  readonly entries: readonly PushEntry[];
  readonly afterSeq: number;
  readonly crash: Crash;
  /** null: every till is let in. */
  readonly door: { readonly access: string; readonly nowMs: number } | null;
  /** One entry that was refused, by hand. */
  readonly isAgain?: true;
};
export type SimServer = {
  readonly push: (till: SimTillIds, order: PushOrder) => Maybe<PushOutcome>;
  readonly keys: KeyServer;
  /** By what it judges days from now on. */
  readonly setClock: (ms: number) => void;
  /** Head office's own side of a publication; what goes to tills is the feed's. */
  readonly publish: (storeId: string, publication: SimPublication) => Maybe<void>;
  readonly isRevoked: (till: SimTillIds) => boolean;
  readonly setRevoked: (till: SimTillIds, isRevoked: boolean) => Maybe<void>;
  /** How many of these, by kind and id, it has of the till's store. */
  readonly knows: (till: SimTillIds, keys: readonly string[]) => Maybe<number>;
  readonly backUp: () => Maybe<void>;
  /** An older copy of all that it has, under another epoch; answers false when there is none. */
  readonly restore: () => Maybe<boolean>;
  readonly view: () => Maybe<ServerView>;
};

export const storedKey = (storeId: string, key: string): string => `${storeId} ${key}`;

/** Adds a document's share to sums of days and items. */
export function addSums(
  days: Map<string, DaySums>,
  items: Map<string, ItemSums>,
  document: CommittedDocument,
  on: string = document.businessDate,
  noteSign: 1 | -1 = -1,
): void {
  const dayKey = `${document.storeId} ${on}`;
  const day = days.get(dayKey) ?? { bills: 0, notes: 0, sales: 0, refunds: 0 };
  const share = sumsOf(document);
  day.bills += share.bills;
  day.notes += share.notes;
  day.sales += share.sales;
  day.refunds += share.refunds;
  days.set(dayKey, day);
  const sign = document.type === 'bill' ? 1 : noteSign;
  for (const line of document.lines) {
    const key = `${dayKey} ${line.itemId}`;
    const sums = items.get(key) ?? { qty: 0, net: 0 };
    sums.qty += sign * line.qtyMilli;
    sums.net += sign * line.netPaise;
    items.set(key, sums);
  }
}

const bothStores: ReadonlySet<string> = new Set([0, 1].map((n) => simId('5', n)));

/** `series`: whose. */
type StoreRows = {
  readonly stored: Map<string, StoredEntry>;
  readonly numbers: Set<string>;
  readonly series: Map<string, string>;
};

export function memoryServer(protocol: Protocol): SimServer {
  let stores = new Map<string, StoreRows>();
  let days = new Map<string, DaySums>();
  let items = new Map<string, ItemSums>();
  let through = new Map<string, number>();
  let stock = new Map<string, number>();
  let acks = new Map<string, 'arrived' | 'applied'>();
  let transfers = new Map<string, KnownTransfer>();
  let transit = new Map<string, number>();
  let lost = new Map<string, number>();
  let notes = new Map<string, string>();
  const takeCopy = () => ({
    ...structuredClone({ stores, days, items, through, stock, acks, transfers, transit, lost, notes }),
    keys: keys.copy(),
  });
  let copy: ReturnType<typeof takeCopy> | null = null;
  const publications = new Set<string>();
  let restores = 0;
  const revoked = new Set<string>();
  const keys = memoryKeys(protocol, (till) => revoked.has(till.tillId) && !protocol.trustsRevoked);
  let judgesAt: Instant | undefined;
  const storeOf = (id: string) => {
    const found = stores.get(id) ?? { stored: new Map(), numbers: new Set(), series: new Map() };
    stores.set(id, found);
    return found;
  };

  /** What the shelf gains, as write-bills.ts: a return that is not put back gives nothing. */
  function addStock(document: CommittedDocument): void {
    const isReturn = document.type === 'creditNote';
    const moves = protocol.stockOfAllReturns && isReturn ? movesOf(document).slice(0, 1) : movesOf(document);
    for (const [i, { itemId, qtyMilli }] of moves.entries()) {
      const key = `${document.storeId} ${itemId}`;
      const packs = Math.sign(qtyMilli) * (document.lines[i]?.qtyMilli ?? 0);
      stock.set(key, (stock.get(key) ?? 0) + (protocol.stockInPacks ? packs : qtyMilli));
    }
  }

  /** As openTransfers: refused is only what can't be true beside what is known. */
  function compared(one: JudgedEntry): JudgedEntry {
    if (one.transfer === null || one.rejection !== null) return one;
    const rejection = rejectionOf(one.transfer, transfers.get(one.transfer.transferId), bothStores);
    return rejection === null ? one : { ...one, transfer: null, rejection };
  }

  /** As addFacts: what is there already moves nothing. */
  function takeFacts(judged: readonly JudgedEntry[], answers: readonly PushAnswer[], isLate: boolean): void {
    for (const [i, { transfer }] of judged.entries()) {
      if (transfer === null || answers[i]?.outcome !== 'accepted') continue;
      const { transferId, fromStoreId, toStoreId } = transfer;
      const before = transfers.get(transferId)?.events ?? [];
      const isThere = before.some(({ id }) => id === transfer.id);
      if (isThere && !protocol.movesFactsAgain) continue;
      const after = isThere ? before : inOrder([...before, transfer]);
      transfers.set(transferId, { fromStoreId, toStoreId, events: after });
      if (isLate && protocol.movesApartFromFacts) continue;
      const flows = isThere ? protocol.flowsBetween([], [transfer]) : protocol.flowsBetween(before, after);
      for (const { kind, storeId, itemId, qtyMilli } of flows) {
        const sums = kind === 'stock' ? stock : kind === 'transit' ? transit : lost;
        const key = `${storeId} ${itemId}`;
        sums.set(key, (sums.get(key) ?? 0) + qtyMilli);
      }
    }
  }

  /** As takeFromTill: each entry that was accepted, now or before, in the transaction of the batch. */
  function takeWords(
    till: SimTillIds,
    entries: readonly PushEntry[],
    answers: readonly PushAnswer[],
    isTaken: (entry: PushEntry) => boolean,
  ): void {
    for (const [i, entry] of entries.entries()) {
      const { kind, content } = entry;
      if (answers[i]?.outcome !== 'accepted' || !isTaken(entry)) continue;
      if (kind === 'keptAsideAccepted') takeNote(till, entry);
      if (!kind.startsWith('publication')) continue;
      const { publicationId } = JSON.parse(content) as { readonly publicationId: string };
      if (!publications.has(`${till.storeId} ${publicationId}`)) continue;
      const key = `${till.tillId} ${publicationId}`;
      if (kind === 'publicationApplied') acks.set(key, 'applied');
      else if (!acks.has(key) || protocol.arrivalWins) acks.set(key, 'arrived');
    }
  }

  /** As refusal-notes.ts: of its own documents alone. */
  function takeNote({ storeId }: SimTillIds, { kind, id, content }: PushEntry): void {
    const told = JSON.parse(content) as { readonly kind: string; readonly documentId: string };
    const about = `${told.kind} ${told.documentId}`;
    const stored = storeOf(storeId).stored.get(about);
    if (stored === undefined) return;
    if (protocol.noteCounts) storeOf(storeId).stored.set(about, { ...stored, rejection: null });
    notes.set(`${kind} ${id}`, about);
  }

  /** As send-again.ts: only the very text that was refused can become accepted, once. Null: nothing refused is there. */
  function judgeAgain(store: StoreRows, one: JudgedEntry, foreign: ReadonlySet<string>): Decision | null {
    const key = keyOf(one);
    const was = store.stored.get(key);
    if (was === undefined || (was.rejection === null && !protocol.againCountsEach)) return null;
    if (protocol.againStoredAnswer) return null;
    if (was.hash !== one.hash && !protocol.againIgnoresHash) {
      return protocol.decideBatch([one], store.stored, new Set(), foreign);
    }
    const taken = was.rejection === null ? new Set<string>() : store.numbers;
    const decided = protocol.decideBatch([one], new Map(), taken, foreign);
    if (decided.fresh[0]?.rejection !== null)
      store.stored.set(key, { hash: was.hash, rejection: decided.fresh[0]?.rejection ?? null });
    return decided.fresh[0]?.rejection === null ? decided : { ...decided, fresh: [] };
  }

  function push(till: SimTillIds, { entries, afterSeq, crash, door, isAgain }: PushOrder): PushOutcome {
    if (revoked.has(till.tillId) && !protocol.trustsRevoked) return 'notEnrolled';
    if (door !== null && keys.refusal(till, door.access, door.nowMs) !== null) return 'notEnrolled';
    const store = storeOf(till.storeId);
    const judged = entries.map((entry) => compared(protocol.judgeEntry(entry, till, judgesAt)));
    const foreign = new Set(
      judged.flatMap(({ series }) => {
        const owner = series === null ? undefined : store.series.get(series.code);
        return series === null || owner === undefined || owner === series.tillId ? [] : [claimKey(series)];
      }),
    );
    const [only] = judged;
    const again = isAgain === true && only !== undefined && crash !== 'early' ? judgeAgain(store, only, foreign) : null;
    const { answers, fresh } = again ?? protocol.decideBatch(judged, store.stored, store.numbers, foreign);
    const writeSums = (): void => {
      if (again !== null && protocol.againNotCounted) return;
      const counted = protocol.countsAgain ? judged.map((one) => ({ judged: one, rejection: one.rejection })) : fresh;
      for (const { judged: one, rejection } of counted) {
        let { document } = one;
        if (rejection !== null || document === null) {
          const content = entries.find((entry) => entry.id === one.entry.id)?.content ?? '';
          if (!protocol.countsRefused || !content.includes('"payablePaise"')) continue;
          document = JSON.parse(content) as CommittedDocument;
        }
        const on = protocol.daysByArrival ? businessDateOf(instant(1_795_000_000_000)) : document.businessDate;
        addSums(days, items, document, on, protocol.addsRefunds ? 1 : -1);
        addStock(document);
      }
    };
    if (protocol.sumsFirst && crash === 'early') writeSums();
    const before = through.get(till.tillId) ?? 0;
    const last = entries.at(-1)?.seq ?? 0;
    const throughSeq = before >= afterSeq || protocol.throughOverGaps ? Math.max(before, last) : before;
    const served = { answers, place: { epoch: `e${protocol.keepsEpoch ? 0 : restores}`, throughSeq } };
    if (crash === 'early') return protocol.acksBeforeCommit ? served : null;
    through.set(till.tillId, throughSeq);
    for (const { judged: one, rejection } of fresh) {
      store.stored.set(keyOf(one), { hash: one.hash, rejection });
      const number = rejection === null ? numberOf(one) : null;
      if (number !== null) store.numbers.add(number);
      if (one.series !== null && !store.series.has(one.series.code)) {
        store.series.set(one.series.code, one.series.tillId);
      }
    }
    if (!(crash === 'late' && protocol.sumsApart)) writeSums();
    takeFacts(judged, answers, crash === 'late');
    const isFresh = (entry: PushEntry): boolean => fresh.some((one) => one.judged.entry === entry);
    if (!protocol.wordsApart) takeWords(till, entries, answers, () => true);
    else if (crash !== 'late') takeWords(till, entries, answers, isFresh);
    return crash === 'late' ? null : served;
  }

  return {
    push,
    publish: (storeId, publication) => void publications.add(`${storeId} ${publication.head.id}`),
    keys: {
      ...keys,
      enrol: (till, keyHash, nowMs) => {
        revoked.delete(till.tillId);
        return keys.enrol(till, keyHash, nowMs);
      },
    },
    setClock: (ms) => {
      judgesAt = instant(ms);
    },
    isRevoked: (till) => revoked.has(till.tillId) || keys.isReused(till),
    setRevoked: (till, isRevoked) => {
      if (isRevoked) revoked.add(till.tillId);
      else revoked.delete(till.tillId);
    },
    knows: (till, keys) => keys.filter((key) => storeOf(till.storeId).stored.has(key)).length,
    backUp: () => {
      copy = takeCopy();
    },
    restore: () => {
      if (copy === null) return false;
      ({ stores, days, items, through, stock, acks, transfers, transit, lost, notes } = structuredClone(copy));
      keys.load(copy.keys);
      restores += 1;
      return true;
    },
    view: () => {
      const stored = new Map<string, StoredEntry>();
      for (const [storeId, store] of stores) {
        for (const [key, entry] of store.stored) stored.set(storedKey(storeId, key), entry);
      }
      return { stored, days, items, stock, acks, transit, lost, notes: new Set(notes.keys()) };
    },
  };
}
