/**
 * A till's disk as maps. Rule kept: what the product does in one transaction happens whole or not at all, unless a
 * mutant's protocol takes it apart; whether a publication is whole and due is judged by the till's own steps.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import type { SentShape } from '#contract/sent-shapes.ts';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import type { ArrivedPublication, ArrivedRow, PublicationHead } from '#db/publications.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import { addMoves, type Disk, type Fact, localKind, type Move, type Word } from './disk.ts';
import type { KeyRing } from '#till/sync/key-ring.ts';
import { copyOfSent, memorySent, type SentState } from './memory-sent.ts';
import type { Protocol } from './protocol.ts';
import { itemOf, type ShelfChange } from './sim-goods.ts';

type State = {
  journal: PushEntry[];
  sequences: Map<string, number>;
  through: number;
  epoch: string | null;
  /** By place in the journal. */
  kept: Map<number, { readonly id: string; readonly state: 'open' | 'accepted' | 'sentAgain' }>;
  keyRing: KeyRing | null;
  sent: SentState;
  /** Up to here a mutant has tidied away what was sent. */
  tidied: number;
  place: ShapePlace | null;
  /** Head office's items, those that it has no more too. */
  goods: Map<string, Item>;
  /** What its catalogue has. */
  listed: Set<string>;
  heads: Map<string, ArrivedPublication>;
  /** By publication and item; the inner map is never changed. */
  rows: Map<string, ReadonlyMap<Uuid, string>>;
  ledger: Move[];
  folded: number;
  balances: Map<string, number>;
};
const copyOf = (s: State): State => ({
  ...s,
  journal: [...s.journal],
  sequences: new Map(s.sequences),
  kept: new Map(s.kept),
  sent: copyOfSent(s.sent),
  goods: new Map(s.goods),
  listed: new Set(s.listed),
  heads: new Map(s.heads),
  rows: new Map(s.rows),
  ledger: [...s.ledger],
  balances: new Map(s.balances),
});

export function memoryDisk(protocol: Protocol): Disk {
  let s: State = {
    journal: [],
    sequences: new Map(),
    through: 0,
    epoch: null,
    kept: new Map(),
    keyRing: null,
    sent: new Map(),
    tidied: 0,
    place: null,
    goods: new Map(),
    listed: new Set(),
    heads: new Map(),
    rows: new Map(),
    ledger: [],
    folded: 0,
    balances: new Map(),
  };
  /** What the mutant that writes it late has not written. */
  let throughInMemory: number | null = null;
  const through = (): number => throughInMemory ?? s.through;

  let gathering = new Set<SentShape>();
  const sent = memorySent(
    protocol,
    () => s.sent,
    () => gathering,
  );
  const decide = ({ settles }: Fact): void => {
    const kept = settles === null ? undefined : s.kept.get(settles.seq);
    if (settles !== null && kept !== undefined) s.kept.set(settles.seq, { ...kept, state: settles.state });
  };
  const tidy = (nowMs: number): void => {
    const weekMs = 7 * 86_400_000;
    for (const { seq, atMs } of s.journal) if (seq <= s.through && atMs < nowMs - weekMs) s.tidied = seq;
  };

  const draw = (fact: Fact): void => {
    if (fact.document === null) return;
    const { series, financialYear, sequence } = fact.document;
    s.sequences.set(`${series} ${financialYear}`, sequence);
  };
  const idOf = (fact: Pick<Fact, 'id' | 'refId'>): Uuid => (protocol.idsOfSubjects ? fact.refId : fact.id);
  const append = (fact: Pick<Fact, 'kind' | 'id' | 'refId' | 'atMs'>, content: string): void => {
    const { kind, atMs } = fact;
    s.journal.push({ seq: s.journal.length + 1, kind, id: idOf(fact), atMs, content });
  };
  const contentOf = (fact: Fact): string => (fact.document === null ? fact.payload : JSON.stringify(fact.document));

  const rowsOf = (id: string): readonly ArrivedRow[] =>
    [...(s.rows.get(id) ?? [])].map(([itemId, change]) => ({ itemId, change }));
  const isWhole = (head: PublicationHead): boolean =>
    protocol.isWholePublication(head, s.rows.get(head.id)?.size ?? 0, () => rowsOf(head.id));
  const inOrder = (): ArrivedPublication[] => [...s.heads.values()].toSorted(protocol.publicationOrder);
  const published = (itemId: Uuid, before: Item | null): Item | null => {
    if (s.heads.size === 0) return before;
    const changes = inOrder().flatMap((head) => {
      const change = head.appliedAtMs === null ? undefined : s.rows.get(head.id)?.get(itemId);
      return change === undefined ? [] : [change];
    });
    return protocol.withPublished(itemId, before, changes);
  };
  const putPublished = (itemId: Uuid): void => {
    const after = published(itemId, s.goods.get(itemId) ?? null);
    if (after !== null) s.goods.set(itemId, after);
    forgetReplaced(itemId);
  };
  const appliedRows = (itemId: Uuid): readonly { readonly head: string; readonly change: string }[] =>
    inOrder().flatMap((head) => {
      const change = head.appliedAtMs === null ? undefined : s.rows.get(head.id)?.get(itemId);
      return change === undefined ? [] : [{ head: head.id, change }];
    });
  const replacedOf = (itemId: Uuid): readonly string[] => {
    const all = s.goods.has(itemId) ? appliedRows(itemId) : [];
    const places = protocol.replacedIn(all.map(({ change }) => JSON.parse(change) as ItemChange));
    return places.flatMap((at) => all[at]?.head ?? []);
  };
  const forgetReplaced = (itemId: Uuid): void => {
    for (const id of replacedOf(itemId)) {
      const rows = new Map(s.rows.get(id));
      rows.delete(itemId);
      s.rows.set(id, rows);
    }
  };
  const drop = (id: string): void => {
    const item = s.goods.get(id);
    s.listed.delete(id);
    if (item !== undefined) s.goods.set(id, { ...item, isActive: false });
  };
  const putListed = (change: ShelfChange): void => {
    const item = itemOf(change);
    s.listed.add(change.id);
    s.goods.set(change.id, protocol.catalogueWins ? item : (published(item.id, item) ?? item));
  };

  const having = (when: 'arrivedAtMs' | 'appliedAtMs'): ReadonlySet<string> =>
    new Set([...s.heads.values()].flatMap((head) => (head[when] === null ? [] : [head.id])));

  const applyDue: Disk['applyDue'] = ({ nowMs, newId, diesAt }) => {
    const words: Word[] = [];
    let commits = 0;
    /** Its parts together, or none; of one that is taken apart the first. */
    const transact = (isApart: boolean, ...parts: (() => void)[]): boolean => {
      const dies = commits === diesAt;
      commits += 1;
      for (const part of dies ? (isApart ? parts.slice(0, 1) : []) : parts) part();
      return !dies;
    };
    const tell = (kind: string, id: string): void => {
      const fact = { kind, id: newId(), refId: id as Uuid, atMs: nowMs };
      append(fact, JSON.stringify({ publicationId: id }));
      words.push({ key: `${kind} ${idOf(fact)}`, publicationId: id });
    };
    const mark = (id: string, more: Partial<ArrivedPublication>): void => {
      const head = s.heads.get(id);
      if (head !== undefined) s.heads.set(id, { ...head, ...more });
    };
    for (const publication of inOrder()) {
      const { id } = publication;
      if (publication.appliedAtMs !== null) continue;
      const { arrives, takesEffect } = protocol.publicationStep(publication, nowMs, isWhole);
      const arrive = (): void => mark(id, { arrivedAtMs: instant(nowMs) });
      const tellArrived = (): void => tell('publicationArrived', id);
      if (arrives && !transact(protocol.tellsArrivalApart, arrive, tellArrived)) return words;
      if (!takesEffect) continue;
      const begin = (): void => mark(id, { appliedAtMs: instant(nowMs) });
      const put = rowsOf(id).map(
        ({ itemId }) =>
          () =>
            putPublished(itemId),
      );
      const tellApplied = (): void => tell('publicationApplied', id);
      const putFirst = (): void => {
        for (const { itemId, change } of rowsOf(id).slice(0, 1)) {
          const after = protocol.withPublished(itemId, s.goods.get(itemId) ?? null, [change]);
          if (after !== null) s.goods.set(itemId, after);
        }
      };
      const isApart =
        protocol.appliedBeforeRows ||
        protocol.rowsOneByOne ||
        protocol.tellsBeforeApplying ||
        protocol.tellsAppliedApart;
      const parts = protocol.rowsOneByOne
        ? [putFirst, begin, ...put, tellApplied]
        : protocol.tellsBeforeApplying
          ? [tellApplied, begin, ...put]
          : protocol.tellsAppliedApart
            ? [
                () => {
                  for (const one of [begin, ...put]) one();
                },
                tellApplied,
              ]
            : [begin, ...put, tellApplied];
      if (!transact(isApart, ...parts)) return words;
    }
    return words;
  };

  return {
    commit: (fact, dies) => {
      if (!dies) {
        draw(fact);
        s.ledger.push(...fact.moves);
        decide(fact);
        append(fact, contentOf(fact));
        if (protocol.tidiesSent) tidy(fact.atMs);
      } else if (protocol.noteApart && fact.settles !== null) decide(fact);
      else if (protocol.movesApart) s.ledger.push(...fact.moves);
      else if (protocol.journalApart || protocol.numberApart) draw(fact);
      else if (protocol.journalFirst) append(fact, '{}');
      return `${fact.kind} ${idOf(fact)}`;
    },
    nextSequence: (series, year) => (s.sequences.get(`${series} ${year}`) ?? 0) + 1,
    unsent: (limit) => {
      const found: PushEntry[] = [];
      for (let i = through(); i < s.journal.length && found.length < limit; i += 1) {
        const entry = s.journal[i];
        if (entry !== undefined && entry.kind !== localKind && entry.seq > s.tidied) found.push(entry);
      }
      return found;
    },
    sentThrough: through,
    isAllSent: () => s.journal.slice(Math.max(through(), s.tidied)).every((entry) => entry.kind === localKind),
    markSent: (seq) => {
      if (seq <= through()) return;
      if (protocol.forgetsSent) throughInMemory = seq;
      else s.through = seq;
    },
    sendAgainAfter: (seq) => {
      throughInMemory = null;
      s.through = Math.min(s.through, seq);
    },
    epoch: () => s.epoch,
    keepEpoch: (epoch) => {
      s.epoch = epoch;
    },
    headSeq: () => s.journal.length,
    everything: () => s.journal.map((entry) => `${entry.kind} ${entry.id}`),
    keepAside: (refused) => {
      for (const { id, seq } of refused) {
        const state = s.kept.get(seq)?.state ?? 'open';
        s.kept.set(seq, { id, state: state === 'sentAgain' ? 'open' : state });
      }
    },
    refused: () => new Set([...s.kept.values()].map((one) => one.id)),
    keptOpen: () =>
      [...s.kept].flatMap(([seq, { state }]) => (state === 'open' ? [seq] : [])).toSorted((a, b) => a - b),
    entryAt: (seq) => s.journal[seq - 1] ?? null,
    keyRing: () => s.keyRing,
    keepKeyRing: (ring) => {
      s.keyRing = ring;
    },
    sent,
    place: () => s.place,
    applyShape: (changes, place, isWhole, dies) => {
      const rows = (): void => {
        const here = new Set(changes.map((change) => change.id));
        if (isWhole && !protocol.keepsDropped) for (const id of [...s.listed]) if (!here.has(id)) drop(id);
        for (const change of changes) {
          if (change.pricePaise === null) drop(change.id);
          else putListed(change);
        }
      };
      if (!dies) {
        rows();
        s.place = place;
      } else if (protocol.placeFirst) s.place = place;
      else if (protocol.rowsFirst) rows();
    },
    takePieces: (pieces, dies) => {
      for (const one of dies ? (protocol.piecesApart ? pieces.slice(0, 1) : []) : pieces) {
        if (one.kind === 'row') {
          const { itemId, change } = one.row;
          // Some of it may have been forgotten.
          if (s.heads.get(one.publicationId)?.arrivedAtMs != null) continue;
          s.rows.set(one.publicationId, new Map(s.rows.get(one.publicationId)).set(itemId, change));
        } else if (s.heads.get(one.head.id)?.arrivedAtMs == null || protocol.headsAnew) {
          s.heads.set(one.head.id, { ...one.head, arrivedAtMs: null, appliedAtMs: null });
        }
      }
    },
    applyDue,
    forgetReplaced: (dies) => {
      if (!dies) for (const id of s.goods.keys()) forgetReplaced(id as Uuid);
    },
    replacedRows: () =>
      [...s.goods.keys()].reduce((sum, id) => sum + Math.max(0, appliedRows(id as Uuid).length - 1), 0),
    arrived: () => having('arrivedAtMs'),
    applied: () => having('appliedAtMs'),
    shelf: () =>
      new Map([...s.goods].flatMap(([id, item]) => (item.isActive ? [[id, item.sellingPricePaise] as const] : []))),
    priceOf: (itemId) => {
      const item = s.goods.get(itemId);
      return item?.isActive === true ? item.sellingPricePaise : null;
    },
    onHand: () => {
      const sums = new Map(s.balances);
      addMoves(sums, s.ledger.slice(s.folded));
      return sums;
    },
    fold: (limit, dies) => {
      const next = s.ledger.slice(s.folded, s.folded + limit);
      if (!dies || protocol.foldsApart) addMoves(s.balances, next);
      if (!dies) s.folded += next.length;
    },
    isSound: () => s.journal.every((entry) => entry.content !== '{}'),
    reopen: () => {
      throughInMemory = null;
      gathering = new Set();
    },
    image: () => ({ image: copyOf(s) }),
    load: ({ image }) => {
      throughInMemory = null;
      gathering = new Set();
      s = copyOf(image as State);
    },
    close: () => undefined,
  };
}
