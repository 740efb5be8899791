/**
 * Tills, a head office and the network between them as one state that steps change (actions.ts, network.ts). Rule kept:
 * all chance comes from one seed, no clock and no promise, so that a seed replays bit for bit whatever the store is.
 * It judges nothing: that is check.ts.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { Bill, CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import { firstProgress, type PushProgress } from '#till/sync/push-steps.ts';
import type { Disk, Image } from './disk.ts';
import type { Protocol } from './protocol.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { ShapeReply, SimShape } from './sim-shape.ts';
import type { Served, SimServer } from './sim-server.ts';
import { makeTrace, type Trace } from './trace.ts';

export type Stream = {
  /** The request it waits for. */
  waitsFor: number | null;
  place: ShapePlace | null;
  /** Gathered from the start; null while changes come one after the other. */
  whole: Map<string, number> | null;
};
export type SimTill = SimTillIds & {
  readonly no: number;
  readonly disk: Disk;
  series: string;
  restores: number;
  /** Beside the true time. */
  clockOffMs: number;
  backup: { readonly image: Image; readonly sold: readonly Bill[] } | null;
  isCutOff: boolean;
  progress: PushProgress;
  waitsFor: number | null;
  stream: Stream;
  /** Bills on this disk that may come back. */
  sold: Bill[];
};
export type Made = {
  readonly till: number;
  readonly kind: string;
  readonly document: CommittedDocument | null;
  readonly isForged: boolean;
};
export type Packet = { readonly id: number; readonly till: number } & (
  | {
      readonly kind: 'push';
      readonly entries: readonly PushEntry[];
      readonly afterSeq: number;
      readonly isAttack: boolean;
    }
  | { readonly kind: 'pushed'; readonly entries: readonly PushEntry[]; readonly served: Served }
  | { readonly kind: 'turnedAway' }
  | { readonly kind: 'fetch'; readonly place: ShapePlace | null }
  | { readonly kind: 'fetched'; readonly reply: ShapeReply }
);
export type Findings = { lost: number; doubled: number; stuck: number; diverged: number };

export type World = {
  readonly protocol: Protocol;
  readonly random: (below: number) => number;
  readonly tills: readonly SimTill[];
  readonly server: SimServer;
  /** By store. */
  readonly shapes: ReadonlyMap<string, SimShape>;
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
};

/** A process of the world: what it yields is asked of a store, at once or after a while, and comes back to it. */
export type Steps<T> = Generator<() => unknown, T, unknown>;

export const simId = (kind: string, n: number): Uuid =>
  `00000000-0000-7000-8000-${kind}${n.toString(16).padStart(11, '0')}` as Uuid;

export const firstMs = Date.parse('2026-11-20T06:00:00Z');

export function blame(world: World, what: keyof Findings, why: string): void {
  world.found[what] += 1;
  if (world.why.length < 20) world.why.push(`${what}: ${why}`);
}

export function makeWorld(
  protocol: Protocol,
  random: (below: number) => number,
  parts: { readonly disk: () => Disk; readonly server: SimServer; readonly shape: () => SimShape },
): World {
  const tills = Array.from({ length: 1 + random(3) }, (_, no): SimTill => {
    return {
      no,
      storeId: simId('5', random(2)),
      tillId: simId('7', no),
      disk: parts.disk(),
      series: `K${no + 1}`,
      restores: 0,
      clockOffMs: 0,
      backup: null,
      isCutOff: false,
      progress: firstProgress,
      waitsFor: null,
      stream: { waitsFor: null, place: null, whole: new Map() },
      sold: [],
    };
  });
  return {
    protocol,
    random,
    tills,
    server: parts.server,
    shapes: new Map([0, 1].map((n) => [simId('5', n), parts.shape()])),
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
  };
}
