/**
 * One schedule: a world, some dozens of random steps, then the check. Rule kept: schedule n of seed s is the same for
 * ever, on every store; which faults it has at all is drawn too, as a fault that is everywhere hides others.
 */
import { seededRandom } from '../seeded-random.ts';
import { attack, backUp, crashTill, note, publish, restore, sell, stepClock, takeBack } from './actions.ts';
import { check } from './check.ts';
import { deliver, follow, giveUp, send } from './network.ts';
import type { Protocol } from './protocol.ts';
import { makeWorld, type Findings, type SimTill, type Steps, type World } from './world.ts';

type Parts = Parameters<typeof makeWorld>[2];
export type ScheduleResult = { readonly found: Findings; readonly why: readonly string[]; readonly trace: string };

type Action = (world: World, till: SimTill) => Steps<void> | void;
const drop = (world: World): void => void world.packets.splice(world.random(Math.max(1, world.packets.length)), 1);
const double = (world: World): void => {
  const packet = world.packets[world.random(Math.max(1, world.packets.length))];
  if (packet !== undefined && world.packets.length < 60) world.packets.push(packet);
};
function* revoke(world: World, till: SimTill): Steps<void> {
  const isRevoked = !world.revoked.has(till.no);
  if (isRevoked) world.revoked.add(till.no);
  else world.revoked.delete(till.no);
  yield () => world.server.setRevoked(till, isRevoked);
}
function restartServer(world: World): void {
  // What was on its way to it, or from it, was on its connections.
  world.packets = [];
  for (const shape of world.shapes.values()) shape.restart();
  world.trace.add('restart');
}

function* backUpServer(world: World): Steps<void> {
  yield () => world.server.backUp();
}
/** The server's copy is of the till before its disk died: both count their entries otherwise from here on. */
function* badNight(world: World, till: SimTill): Steps<void> {
  if (till.backup === null) return;
  yield () => world.server.backUp();
  restore(world, till);
}
/** An older copy: what came since is to come again. */
function* restoreServer(world: World): Steps<void> {
  const isDone = (yield () => world.server.restore()) as boolean;
  if (!isDone) return;
  world.serverRestores += 1;
  world.acked.clear();
  restartServer(world);
}

const always: readonly (readonly [weight: number, Action])[] = [
  [26, sell],
  [5, takeBack],
  [6, note],
  [22, send],
  [38, (world) => deliver(world, world.random(Math.max(1, world.packets.length)))],
  [12, follow],
  [8, publish],
  [5, giveUp],
];
const faults: readonly (readonly [weight: number, Action])[] = [
  [5, drop],
  [5, double],
  [4, (_, till) => crashTill(till)],
  [3, (_, till) => backUp(till)],
  [3, restore],
  [2, stepClock],
  [4, (_, till) => void (till.isCutOff = !till.isCutOff)],
  [2, revoke],
  [4, attack],
  [3, restartServer],
  [3, backUpServer],
  [5, restoreServer],
  [4, badNight],
];

/** Each is in about two of three schedules, in some of them often. */
function drawWeights(random: World['random']): readonly (readonly [weight: number, Action])[] {
  const drawn = faults.map(([weight, action]) => [weight * ([0, 0, 1, 1, 1, 4][random(6)] ?? 1), action] as const);
  return [...always, ...drawn.filter(([weight]) => weight > 0)];
}

export function* runSteps(seed: number, n: number, protocol: Protocol, parts: Parts): Steps<ScheduleResult> {
  const { below } = seededRandom(Math.imul(seed, 1_000_003) + n);
  const world = makeWorld(protocol, below, parts);
  const weights = drawWeights(below);
  const sum = weights.reduce((all, [weight]) => all + weight, 0);
  for (let i = 20 + below(70); i > 0; i -= 1) {
    world.nowMs += below(7_200_000);
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
