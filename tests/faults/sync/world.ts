/**
 * Tills, a server and the network between them as one state that steps change: loss, doubling, reordering, crashes,
 * a disk that comes back from a backup. Rule kept: all chance comes from one seed, no clock and no promise, so that a
 * seed replays bit for bit. It judges nothing: that is check.ts.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import type { Uuid } from '#core/ids.ts';
import { type Paise, paise } from '#core/money.ts';
import { entryKey, type StoredEntry } from '#sync-server/ingest/decide-batch.ts';
import { firstProgress, type PushProgress } from '#till/sync/push-steps.ts';
import type { Protocol } from './protocol.ts';
import { simBill, simEntry, type SimTillIds } from './sim-bill.ts';

export type Disk = {
  readonly journal: readonly PushEntry[];
  readonly sentThrough: number;
  readonly sequence: number;
  readonly series: string;
};
export type SimTill = SimTillIds & {
  readonly no: number;
  disk: Disk;
  backup: Disk | null;
  restores: number;
  progress: PushProgress;
  /** The request it waits for. */
  waitsFor: number | null;
  /** Only in memory, for the mutant that writes it late. */
  sentInMemory: number | null;
  refused: Set<string>;
};
export type Sold = {
  readonly till: number;
  readonly amountPaise: Paise;
  readonly isForged: boolean;
  readonly day: number;
};
type Packet =
  | { readonly kind: 'request'; readonly id: number; readonly till: number; readonly entries: readonly PushEntry[] }
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly till: number;
      readonly entries: readonly PushEntry[];
      readonly answers: readonly PushAnswer[];
    };
export type SimServer = {
  readonly stored: Map<string, StoredEntry>;
  /** Given numbers, by store. */
  readonly numbers: Map<string, Set<string>>;
  /** By store and day: how many bills, how much. */
  readonly days: Map<string, { bills: number; paise: number }>;
};
export type World = {
  readonly protocol: Protocol;
  readonly random: (below: number) => number;
  readonly tills: readonly SimTill[];
  readonly server: SimServer;
  packets: Packet[];
  /** Every bill that was answered to a cashier. */
  readonly sold: Map<string, Sold>;
  /** Sold on a disk that is gone and was not in the backup. */
  readonly gone: Set<string>;
  nextId: number;
};

const uuid = (kind: string, n: number): Uuid =>
  `00000000-0000-7000-8000-${kind}${n.toString(16).padStart(11, '0')}` as Uuid;

export function makeWorld(protocol: Protocol, random: (below: number) => number): World {
  const tills = Array.from({ length: 1 + random(3) }, (_, no): SimTill => {
    const series = `K${no + 1}`;
    return {
      no,
      storeId: uuid('5', random(2)),
      tillId: uuid('7', no),
      disk: { journal: [], sentThrough: 0, sequence: 0, series },
      backup: null,
      restores: 0,
      progress: firstProgress,
      waitsFor: null,
      sentInMemory: null,
      refused: new Set(),
    };
  });
  return {
    protocol,
    random,
    tills,
    server: { stored: new Map(), numbers: new Map(), days: new Map() },
    packets: [],
    sold: new Map(),
    gone: new Set(),
    nextId: 1,
  };
}

export function sell(world: World, till: SimTill): void {
  const id = uuid('b', world.nextId++);
  const amountPaise = paise(100 * (1 + world.random(500)));
  const isForged = world.random(40) === 0;
  const day = 1 + world.random(3);
  const { series, sequence, journal } = till.disk;
  const bill = simBill(
    { storeId: till.storeId, tillId: till.tillId },
    series,
    sequence + 1,
    id,
    day,
    amountPaise,
    isForged,
  );
  till.disk = { ...till.disk, journal: [...journal, simEntry(bill, journal.length + 1)], sequence: sequence + 1 };
  world.sold.set(id, { till: till.no, amountPaise, isForged, day });
}

const sentThrough = (till: SimTill): number => till.sentInMemory ?? till.disk.sentThrough;

function markSent(world: World, till: SimTill, through: number): void {
  if (through <= sentThrough(till)) return;
  if (world.protocol.forgetsSent) till.sentInMemory = through;
  else till.disk = { ...till.disk, sentThrough: through };
}

export function send(world: World, till: SimTill): void {
  if (till.waitsFor !== null) return;
  const entries = till.disk.journal.filter((entry) => entry.seq > sentThrough(till)).slice(0, till.progress.batch);
  const last = entries.at(-1);
  if (last === undefined) return;
  const id = world.nextId++;
  till.waitsFor = id;
  world.packets.push({ kind: 'request', id, till: till.no, entries });
  if (world.protocol.marksWhenSent) markSent(world, till, last.seq);
}

/** No answer came in time: the request may still arrive. */
export function giveUp(world: World, till: SimTill): void {
  if (till.waitsFor === null) return;
  till.waitsFor = null;
  till.progress = world.protocol.afterFailure(till.progress);
  if (world.protocol.marksWhenLate) markSent(world, till, till.disk.journal.length);
}

/** `at`: which of the packets under way arrives now. */
export function deliver(world: World, at: number): void {
  const packet = world.packets[at];
  if (packet === undefined) return;
  world.packets.splice(at, 1);
  const till = world.tills[packet.till];
  if (till === undefined) return;
  if (packet.kind === 'reply') {
    if (till.waitsFor !== packet.id && !world.protocol.takesLateAnswers) return;
    till.waitsFor = null;
    const means = world.protocol.afterAnswer(till.progress, packet.entries, packet.answers);
    till.progress = means.next;
    if (means.kind === 'failed') return;
    for (const refused of means.refused) till.refused.add(refused.id);
    markSent(world, till, means.throughSeq);
    return;
  }
  const crash = world.random(12);
  const answers = ingest(world, till, packet.entries, crash);
  if (answers !== null) {
    world.packets.push({ kind: 'reply', id: packet.id, till: till.no, entries: packet.entries, answers });
  }
}

function numbersOf(server: SimServer, storeId: string): Set<string> {
  const numbers = server.numbers.get(storeId) ?? new Set<string>();
  server.numbers.set(storeId, numbers);
  return numbers;
}

/** One batch at the server. `crash` 0: it dies before the commit, 1: right after it. null: no answer leaves. */
function ingest(
  world: World,
  till: SimTill,
  entries: readonly PushEntry[],
  crash: number,
): readonly PushAnswer[] | null {
  const { protocol, server } = world;
  const judged = entries.map((entry) => protocol.judgeEntry(entry, till));
  const { answers, fresh } = protocol.decideBatch(judged, server.stored, server.numbers.get(till.storeId) ?? new Set());
  if (crash === 0) return protocol.acksBeforeCommit ? answers : null;
  for (const { judged: one, rejection } of fresh) {
    server.stored.set(entryKey(one.entry.kind, one.entry.id), { hash: one.hash, rejection });
    if (one.document === null) continue;
    if (rejection === null) numbersOf(server, till.storeId).add(one.document.number);
  }
  if (crash === 1 && protocol.sumsApart) return null;
  for (const { judged: one, rejection } of fresh) {
    const document =
      one.document ?? (protocol.countsRefused ? (JSON.parse(one.entry.content) as typeof one.document) : null);
    if (document === null || (rejection !== null && !protocol.countsRefused)) continue;
    const key = `${document.storeId} ${document.businessDate}`;
    const day = server.days.get(key) ?? { bills: 0, paise: 0 };
    server.days.set(key, { bills: day.bills + 1, paise: day.paise + document.payablePaise });
  }
  return crash === 1 ? null : answers;
}

/** What was only in memory is gone; the network still carries what was sent. */
export function crashTill(till: SimTill): void {
  till.progress = firstProgress;
  till.waitsFor = null;
  till.sentInMemory = null;
}

export function backUp(till: SimTill): void {
  till.backup = till.disk;
}

/** The disk died; another one gets the backup, and the till goes on in a new series (design.md, Bill number). */
export function restore(world: World, till: SimTill): void {
  if (till.backup === null) return;
  const kept = new Set(till.backup.journal.map((entry) => entry.id));
  for (const entry of till.disk.journal) if (!kept.has(entry.id)) world.gone.add(entry.id);
  crashTill(till);
  till.restores += 1;
  const series = `${till.disk.series.slice(0, 2)}${String.fromCharCode(64 + till.restores)}`;
  till.disk = world.protocol.keepsSeries ? till.backup : { ...till.backup, series, sequence: 0 };
  till.backup = null;
}
