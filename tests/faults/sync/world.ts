/**
 * Tills, a head office and the network between them as one state that steps change (actions.ts, network.ts). Rule kept:
 * all chance comes from one seed, no clock and no promise, so that a seed replays bit for bit whatever the store is.
 * It judges nothing: that is check.ts.
 */
import type { SentShape } from '#contract/sent-shapes.ts';
import { sentShapeNames } from '#contract/sent-shapes.ts';
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import type { Bill, CommittedDocument } from '#core/documents.ts';
import type { TransferDispatched, TransferEvent } from '#core/stock/transfer-events.ts';
import type { Uuid } from '#core/ids.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import type { KeyRing } from '#till/sync/key-ring.ts';
import type { PublicationPiece } from '#till/sync/apply-publications.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import { firstProgress, type PushProgress } from '#till/sync/push-steps.ts';
import { type Checker, checkers, type Findings } from './checkers.ts';
import type { Disk, Image, Move } from './disk.ts';
import type { Protocol } from './protocol.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { Reply } from './shape-log.ts';
import type { PieceStream, ShapeReply, SimFeed } from './sim-feed.ts';
import { simId, type SimPublication } from './sim-goods.ts';
import { firstKeys, noKeys, type TillKeys, type Turned, type WorldKeys } from './key-server.ts';
import { type SentRows, type SentStream, sentStreams } from './sent-rows.ts';
import type { Served, SimServer } from './sim-server.ts';
import { makeTrace, type Trace } from './trace.ts';

export type Stream = {
  /** The request it waits for. */
  waitsFor: number | null;
  place: ShapePlace | null;
  /** Gathered from the start; null while changes come one after the other. */
  whole: Map<string, number> | null;
};
/** Of what only its memory knows: begun anew when it starts. */
export type Pieces = { waitsFor: number | null; place: ShapePlace | null };
/** What a till must sell by, as far as the world can know it from what its disk has taken. */
export type Heard = {
  /** Head office's catalogue as of the place on the disk: item → price. */
  readonly base: ReadonlyMap<string, number>;
  /** Publications in effect when it was last looked at. */
  readonly applied: ReadonlySet<string>;
  /** By publication: the entry that says it is sold by. */
  readonly words: ReadonlyMap<string, string>;
};
export type SimTill = SimTillIds & {
  readonly no: number;
  readonly disk: Disk;
  series: string;
  restores: number;
  /** Beside the true time. */
  clockOffMs: number;
  backup: {
    readonly image: Image;
    readonly sold: readonly Bill[];
    readonly heard: Heard;
    readonly read: ReadonlyMap<SentShape, SentRows>;
  } | null;
  isCutOff: boolean;
  progress: PushProgress;
  waitsFor: number | null;
  stream: Stream;
  pieces: Record<PieceStream, Pieces>;
  heard: Heard;
  /** Publications that any of its disks has sold by. */
  readonly everApplied: Set<string>;
  /** The furthest that the server has said to have, in an epoch. */
  told: { readonly epoch: string; readonly throughSeq: number } | null;
  /** By challan: the entry that says what arrived of it. */
  readonly received: Map<string, string>;
  /** Bills on this disk that may come back. */
  sold: Bill[];
  sent: Map<SentShape, SentStream>;
  /** Of small shapes: what its disk has taken. */
  read: Map<SentShape, SentRows>;
  readonly keys: TillKeys;
  /** The request by which it sends one entry again. */
  asksAgain: number | null;
};
export type Made = {
  readonly till: number;
  readonly kind: string;
  readonly document: CommittedDocument | null;
  readonly isForged: boolean;
  /** What was known when it was made: it is at head office before. */
  readonly follows: readonly string[];
  readonly moves: readonly Move[];
  readonly transfer: TransferEvent | null;
};
export type Packet = { readonly id: number; readonly till: number } & (
  | {
      readonly kind: 'push';
      readonly entries: readonly PushEntry[];
      readonly afterSeq: number;
      readonly isAttack: boolean;
      readonly access: string | null;
    }
  | { readonly kind: 'again'; readonly entry: PushEntry; readonly isAttack: boolean; readonly access: string | null }
  | { readonly kind: 'pushedAgain'; readonly entry: PushEntry; readonly answers: readonly PushAnswer[] }
  | { readonly kind: 'pushed'; readonly entries: readonly PushEntry[]; readonly served: Served }
  | { readonly kind: 'turnedAway' }
  | { readonly kind: 'fetch'; readonly place: ShapePlace | null }
  | { readonly kind: 'fetched'; readonly reply: ShapeReply }
  | { readonly kind: 'ask'; readonly stream: PieceStream; readonly place: ShapePlace | null }
  | { readonly kind: 'askSent'; readonly shape: SentShape; readonly place: ShapePlace | null }
  | { readonly kind: 'sentRows'; readonly shape: SentShape; readonly reply: Reply<RowChange> }
  | { readonly kind: 'turn'; readonly ring: KeyRing & { readonly next: string }; readonly earlier: readonly string[] }
  | {
      readonly kind: 'turnedKey';
      readonly ring: KeyRing & { readonly next: string };
      readonly earlier: readonly string[];
      readonly answer: Turned;
    }
  | { readonly kind: 'pieces'; readonly stream: PieceStream; readonly reply: Reply<PublicationPiece> }
);

export type World = {
  readonly protocol: Protocol;
  readonly random: (below: number) => number;
  readonly tills: readonly SimTill[];
  readonly server: SimServer;
  /** By store. */
  readonly feeds: ReadonlyMap<string, SimFeed>;
  /** By store, in the order in which they take effect. */
  readonly publications: Map<string, SimPublication[]>;
  readonly revoked: Set<number>;
  packets: Packet[];
  /** Every document and entry that is on a disk, or was. */
  readonly made: Map<string, Made>;
  /** On a disk that is gone, and not in its backup. */
  readonly gone: Set<string>;
  serverRestores: number;
  /** Answered as stored, to its till. */
  readonly acked: Set<string>;
  /** What was wrong on the way. */
  readonly found: Findings;
  readonly why: string[];
  readonly trace: Trace;
  nowMs: number;
  nextId: number;
  published: number;
  /** Goods that left a store, in the order in which they did. */
  readonly challans: TransferDispatched[];
  /** Of facts of transfers: under which kind and id they go. */
  readonly wires: Map<string, string>;
  /** A piece came otherwise than it was sent: only a program that starts again asks for it again. */
  isDamaged: boolean;
  /** Which small shapes are played. */
  readonly shapes: readonly SentShape[];
  /** Shapes of which a row was lost on the way. */
  readonly lostRows: Set<SentShape>;
  /** null: every till is let in. */
  readonly keys: WorldKeys | null;
  /** Head office judges by `updatedMs`. */
  isUpdated: boolean;
  /** Words of supervisors, by kind and id: what they are about. */
  readonly notes: Map<string, { readonly till: number; readonly about: string }>;
  /** From here on no power goes: what is left must come to an end. */
  isCalm: boolean;
};

/** A process of the world: what it yields is asked of a store, at once or after a while, and comes back to it. */
export type Steps<T> = Generator<() => unknown, T, unknown>;

export const firstMs = Date.parse('2026-11-20T06:00:00Z');
/** By what head office judges after an update: more than a year later. */
export const updatedMs = firstMs + 400 * 86_400_000;

export function blame(world: World, checker: Checker, why: string): void {
  world.found[checkers[checker]] += 1;
  if (world.why.length < 20) world.why.push(`${checker}: ${why}`);
}

/** Whether the power goes here, in one of so many. */
export const isCut = (world: World, oneIn: number): boolean => world.random(oneIn) === 0 && !world.isCalm;

export const nothingHeard: Heard = { base: new Map(), applied: new Set(), words: new Map() };
export const fromTheStart = (): Record<PieceStream, Pieces> => ({
  heads: { waitsFor: null, place: null },
  rows: { waitsFor: null, place: null },
});

export type Parts = {
  readonly disk: () => Disk;
  readonly server: SimServer;
  readonly feed: (storeId: string) => SimFeed;
  /** Where many worlds share one head office. */
  readonly tillId?: (no: number) => Uuid;
};
/** What a schedule is about. */
export type About = { readonly hasSent: boolean; readonly hasKeys: boolean };

export function makeWorld(protocol: Protocol, random: (below: number) => number, parts: Parts, about: About): World {
  const first = random(sentShapeNames.length);
  const shapes = about.hasSent
    ? [0, 3].slice(random(2)).map((more) => sentShapeNames[(first + more) % sentShapeNames.length] ?? 'staff')
    : [];
  const tills = Array.from({ length: 1 + random(3) }, (_, no): SimTill => {
    const disk = parts.disk();
    return {
      no,
      storeId: simId('5', random(2)),
      tillId: parts.tillId?.(no) ?? simId('7', no),
      disk,
      sent: sentStreams({ shapes }, disk.sent),
      read: new Map(),
      keys: noKeys(),
      asksAgain: null,
      series: `K${no + 1}`,
      restores: 0,
      clockOffMs: 0,
      backup: null,
      isCutOff: false,
      progress: firstProgress,
      waitsFor: null,
      stream: { waitsFor: null, place: null, whole: new Map() },
      pieces: fromTheStart(),
      heard: nothingHeard,
      everApplied: new Set(),
      told: null,
      received: new Map(),
      sold: [],
    };
  });
  return {
    protocol,
    random,
    tills,
    server: parts.server,
    feeds: new Map([0, 1].map((n) => [simId('5', n), parts.feed(simId('5', n))])),
    publications: new Map(),
    revoked: new Set(),
    packets: [],
    made: new Map(),
    gone: new Set(),
    serverRestores: 0,
    acked: new Set(),
    found: { lost: 0, doubled: 0, stuck: 0, diverged: 0 },
    why: [],
    trace: makeTrace(),
    nowMs: firstMs,
    nextId: 1,
    published: 0,
    challans: [],
    wires: new Map(),
    shapes,
    lostRows: new Set(),
    keys: about.hasKeys ? firstKeys() : null,
    isUpdated: false,
    notes: new Map(),
    isDamaged: false,
    isCalm: false,
  };
}
