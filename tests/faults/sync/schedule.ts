/**
 * One schedule: a world, some dozens of random steps, then the check. Rule kept: schedule n of seed s is the same for
 * ever, on every store; which faults it has at all is drawn too, as a fault that is everywhere hides others.
 */
import { seededRandom } from '../seeded-random.ts';
import {
  attack,
  backUp,
  changeGoods,
  crashTill,
  note,
  publish,
  restore,
  sell,
  stepClock,
  takeBack,
  tidy,
} from './actions.ts';
import { check } from './check.ts';
import type { Findings } from './checkers.ts';
import { applyDue, follow } from './follow.ts';
import { acceptKept, sendKeptAgain, updateServer } from './sim-again.ts';
import { enrol, goAway, keysForgotten, keysInCopy, steal, turnKey, useStolen } from './sim-keys.ts';
import { auditSent, followSent, loseFromLog, loseRow, tellRows } from './sim-sent.ts';
import { deliver, giveUp, send } from './network.ts';
import type { Protocol } from './protocol.ts';
import { dispatch, receive } from './sim-transfer.ts';
import { makeWorld, type Parts, type SimTill, type Steps, type World } from './world.ts';

export type ScheduleResult = { readonly found: Findings; readonly why: readonly string[]; readonly trace: string };

type Action = (world: World, till: SimTill) => Steps<void> | void;
const drop = (world: World): void => void world.packets.splice(world.random(Math.max(1, world.packets.length)), 1);
const double = (world: World): void => {
  const packet = world.packets[world.random(Math.max(1, world.packets.length))];
  // A request is on a connection of its own, which carries it once; a batch may be on two of them.
  const isOnce = packet === undefined || packet.kind === 'turn';
  if (!isOnce && world.packets.length < 60) world.packets.push(packet);
};
function* revoke(world: World, till: SimTill): Steps<void> {
  const isRevoked = !world.revoked.has(till.no);
  till.keys.causes.add('revoked');
  if (isRevoked) world.revoked.add(till.no);
  else world.revoked.delete(till.no);
  yield () => world.server.setRevoked(till, isRevoked);
}
function* restartServer(world: World): Steps<void> {
  // What was on its way to it, or from it, was on its connections.
  world.packets = [];
  for (const feed of world.feeds.values()) yield () => feed.restart();
  world.trace.add('restart');
}
/** A row of a publication comes otherwise than it was sent: a proxy's old copy, a bad disk. */
function damage(world: World): void {
  const at = world.packets.findIndex((one) => one.kind === 'pieces' && one.stream === 'rows');
  const packet = world.packets[at];
  if (packet?.kind !== 'pieces') return;
  world.isDamaged = true;
  const changes = packet.reply.changes.map((one, i) =>
    one.kind === 'row' && i === 0 ? { ...one, row: { ...one.row, change: '{"sellingPricePaise":1}' } } : one,
  );
  world.packets[at] = { ...packet, reply: { ...packet.reply, changes } };
}

function* backUpServer(world: World): Steps<void> {
  keysInCopy(world);
  yield () => world.server.backUp();
}
/** The server's copy is of the till before its disk died: both count their entries otherwise from here on. */
function* badNight(world: World, till: SimTill): Steps<void> {
  if (till.backup === null) return;
  yield* backUpServer(world);
  restore(world, till);
}
/** An older copy: what came since is to come again. */
function* restoreServer(world: World): Steps<void> {
  const isDone = (yield () => world.server.restore()) as boolean;
  if (!isDone) return;
  world.serverRestores += 1;
  keysForgotten(world);
  world.acked.clear();
  for (const one of world.tills) one.told = null;
  yield* restartServer(world);
}

type Weighted = readonly (readonly [weight: number, Action])[];

const deliverAny: Action = (world) => deliver(world, world.random(Math.max(1, world.packets.length)));
const counter: Weighted = [
  [26, sell],
  [5, takeBack],
  [6, note],
  [22, send],
  [5, giveUp],
];
const feeds: Weighted = [
  [12, (world, till) => follow(world, till, 'goods')],
  [6, (world, till) => follow(world, till, 'heads')],
  [8, (world, till) => follow(world, till, 'rows')],
  [6, applyDue],
  [7, changeGoods],
  [5, publish],
];
const between: Weighted = [
  [6, dispatch],
  [8, receive],
];
const faults: Weighted = [
  [5, drop],
  [5, double],
  [4, crashTill],
  [3, (_, till) => backUp(till)],
  [3, restore],
  [2, stepClock],
  [4, (_, till) => void (till.isCutOff = !till.isCutOff)],
  [2, revoke],
  [4, attack],
  [3, restartServer],
  [3, damage],
  [3, tidy],
  [3, backUpServer],
  [5, restoreServer],
  [4, badNight],
];
/** Both sides come back from copies, again and again. */
const copies: Weighted = [
  [6, (_, till) => backUp(till)],
  [8, badNight],
  [6, restoreServer],
  [3, backUpServer],
  [2, crashTill],
  [3, giveUp],
];

/** Only what small shapes are about. */
const small: Weighted = [
  [30, tellRows],
  [60, (world, till) => followSent(world, till)],
  [16, (world, till) => auditSent(world, till)],
  [10, loseRow],
  [8, loseFromLog],
  [3, restartServer],
];
const keys: Weighted = [
  [12, turnKey],
  [6, (world, till) => enrol(world, till, world.random(2) === 0)],
  [3, backUpServer],
  [3, restoreServer],
  [3, steal],
  [5, useStolen],
  [1, goAway],
];
/** What was refused, afterwards. */
const later: Weighted = [
  [12, (world, till) => sendKeptAgain(world, till)],
  [5, acceptKept],
  [6, updateServer],
  [12, stepClock],
];
const weekGoes = (world: World): void => void (world.nowMs += 8 * 86_400_000);

/** Each is in about two of three schedules, in some of them often. */
const drawFaults = (random: World['random']): Weighted =>
  faults.map(([weight, action]) => [weight * ([0, 0, 1, 1, 1, 4][random(6)] ?? 1), action] as const);

/** What a schedule is about: of everything a little finds little of anything. */
function drawWeights(random: World['random'], about: number): Weighted {
  if (about === 0) return [...counter, [38, deliverAny], ...copies, [2, weekGoes]];
  const drawn = drawFaults(random).filter(([weight]) => weight > 0);
  if (about === 1) return [...counter, ...between, [36, deliverAny], ...drawn];
  if (about === 2) return [[6, sell], [5, send], [3, giveUp], [36, deliverAny], ...feeds, ...drawn];
  if (about === 4) return [[4, sell], [4, send], [5, giveUp], [80, deliverAny], ...small, ...drawn];
  if (about === 5) return [...counter, [44, deliverAny], ...keys, ...drawn];
  if (about === 6) return [...counter, [40, deliverAny], ...later, ...drawn];
  return [...counter, ...feeds, ...(about === 3 ? between : []), [42, deliverAny], ...drawn];
}

/** Keys live an hour: where they are played, less of one goes by in a step. */
const stepMs = 7_200_000;
const stepOfKeysMs = 900_000;

export function* runSteps(seed: number, n: number, protocol: Protocol, parts: Parts): Steps<ScheduleResult> {
  const { below } = seededRandom(Math.imul(seed, 1_000_003) + n);
  const about = below(9);
  const hasKeys = about === 5;
  const world = makeWorld(protocol, below, parts, { hasSent: about === 4, hasKeys });
  if (hasKeys) for (const till of world.tills) yield* enrol(world, till);
  const weights = drawWeights(below, about);
  const sum = weights.reduce((all, [weight]) => all + weight, 0);
  for (let i = 20 + below(70); i > 0; i -= 1) {
    world.nowMs += below(hasKeys ? stepOfKeysMs : stepMs);
    const till = world.tills[below(world.tills.length)];
    let at = below(sum);
    const action = weights.find(([weight]) => (at -= weight) < 0)?.[1];
    if (till === undefined || action === undefined) continue;
    const steps = action(world, till);
    if (steps !== undefined) yield* steps;
  }
  yield* check(world);
  for (const till of world.tills) till.disk.close();
  return { found: world.found, why: world.why, trace: world.trace.sum() };
}

/** On stores that answer at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) next = steps.next(next.value());
  return next.value;
}

/** On stores that answer later. */
export async function runAwaited<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (next.done !== true) next = steps.next(await next.value());
  return next.value;
}
