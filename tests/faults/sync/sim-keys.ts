/**
 * Tills' keys in the simulator: turned every hour, copied by a thief, old after a backup, lapsed after a month away, asked
 * for anew by a person's code. Rule kept: it follows till/sync/till-access.ts step by step; a request whose connection
 * was closed arrives before the next of its kind or never, as HTTP's do; everything else may come late or twice.
 */
import { firstRing, hashOfKey, type KeyRing } from '#till/sync/key-ring.ts';
import { crashTill } from './actions.ts';
import type { Crash, Turned, WorldKeys } from './key-server.ts';
import { blame, isCut, type Packet, type SimTill, type Steps, type World } from './world.ts';

const hourMs = 3_600_000;
const marginMs = 5 * 60_000;
const monthMs = 30 * 24 * hourMs;

/** As long as those of the product. */
const makeSecret = (keys: WorldKeys): string => `s${++keys.secrets}`.padStart(43, '0');

function issue(world: World, keys: WorldKeys, till: SimTill, access: string): void {
  keys.issued.set(access, { till: till.no, enrolment: till.keys.enrolments, atMs: world.nowMs });
}

/** A person brings a code: the till comes back under its old ids with everything that waited. */
export function* enrol(world: World, till: SimTill, isWished = false): Steps<void> {
  const { keys } = world;
  if (keys === null || (till.keys.enrolments > 0 && till.keys.shutOut === null && !isWished)) return;
  const secret = makeSecret(keys);
  const access = (yield () => world.server.keys.enrol(till, hashOfKey(secret), world.nowMs)) as string;
  till.disk.keepKeyRing(firstRing(secret));
  till.keys.enrolments += 1;
  till.keys.causes.clear();
  // Enrolling lets in whom somebody has shut out.
  world.revoked.delete(till.no);
  keys.twoHeld.delete(till.no);
  Object.assign(till.keys, { access: { token: access, atMs: world.nowMs }, waitsFor: null, shutOut: null });
  till.keys.turnedAtMs = world.nowMs;
  keys.drawn.set(secret, { enrolment: till.keys.enrolments, atMs: world.nowMs });
  issue(world, keys, till, access);
  world.trace.add('enrol', till.no);
}

/** What it calls with; null: it must turn its key first. A PC that slept hears from the server that the hour is over. */
export function accessOf(world: World, till: SimTill): string | null {
  const { access } = till.keys;
  if (access === null) return null;
  const isOver = world.nowMs >= access.atMs + hourMs - marginMs;
  return isOver && world.random(3) > 0 ? null : access.token;
}

/** Of a request whose connection was closed: it is there now, or never. */
function* endOldTurns(world: World, till: SimTill): Steps<void> {
  for (;;) {
    const at = world.packets.findIndex((one) => one.kind === 'turn' && one.till === till.no);
    const packet = world.packets[at];
    if (packet?.kind !== 'turn') return;
    world.packets.splice(at, 1);
    if (world.random(2) === 0) yield* answerTurn(world, till, packet);
  }
}

export function* turnKey(world: World, till: SimTill): Steps<void> {
  const { keys, protocol } = world;
  if (keys === null || till.keys.waitsFor !== null || till.keys.enrolments === 0) return;
  const kept = till.disk.keyRing();
  if (kept === null) return;
  yield* endOldTurns(world, till);
  const ring = protocol.withSuccessor(kept, () => makeSecret(keys));
  if (ring.next !== kept.next && !protocol.successorInMemory) {
    till.disk.keepKeyRing(ring);
    if (isCut(world, 12)) return crashTill(world, till);
  }
  askTurn(world, till, ring, []);
}

function askTurn(world: World, till: SimTill, ring: KeyRing & { readonly next: string }, earlier: readonly string[]) {
  const id = world.nextId++;
  till.keys.waitsFor = id;
  world.packets.push({ kind: 'turn', id, till: till.no, ring, earlier });
  world.trace.add('turn', till.no, earlier.length);
}

/** The server's part. */
export function* answerTurn(world: World, till: SimTill, packet: Packet & { readonly kind: 'turn' }): Steps<void> {
  const { id, ring, earlier } = packet;
  const die = world.isCalm ? 2 : world.random(8);
  const crash: Crash = die === 0 ? 'early' : die === 1 ? 'late' : null;
  const answer = yield* showKey(world, till, ring, earlier, crash);
  if (answer !== null) world.packets.push({ kind: 'turnedKey', id, till: till.no, ring, earlier, answer });
}

/** Whoever shows it. Two with one key never both go on. */
function* showKey(
  world: World,
  till: SimTill,
  { refresh, next }: KeyRing & { readonly next: string },
  earlier: readonly string[],
  crash: Crash,
): Steps<Turned | null> {
  const { keys, server, nowMs } = world;
  if (keys === null) return null;
  const asked = { refresh, nextHash: hashOfKey(next), earlier };
  const { enrolments } = till.keys;
  const turnedAtMs = Math.max(till.keys.turnedAtMs, till.keys.mayHaveTurnedMs);
  // Who was enrolled anew is known by other keys.
  const drawn = keys.drawn.get(refresh);
  if (enrolments !== drawn?.enrolment) keys.successors.delete(refresh);
  const answer = (yield () => server.keys.turn(till, asked, nowMs, crash)) as Turned | null;
  world.trace.add('key', till.no, answer === null ? null : answer.ok ? 1 : answer.reason);
  // It may have been done though nobody hears of it.
  if (answer === null) {
    if (crash === 'late') till.keys.mayHaveTurnedMs = nowMs;
    return null;
  }
  if (!answer.ok) {
    if (answer.reason === 'reused') keys.twoHeld.add(till.no);
    const before = keys.successors.get(refresh);
    const isFound = before === undefined || before === next || answer.reason !== 'unknown';
    // Of one from more than a month ago nothing is kept; a server that was restored turns away what it does not know.
    if (!isFound && world.serverRestores === 0 && nowMs - (drawn?.atMs ?? 0) < monthMs)
      blame(world, 'oneHolder', `nobody is told that two hold a key`);
    return answer;
  }
  if (world.revoked.has(till.no)) blame(world, 'shutOut', `till ${till.no} turned its key after it was shut out`);
  if (keys.twoHeld.has(till.no)) blame(world, 'oneHolder', `the key of till ${till.no} opens though two hold it`);
  const before = keys.successors.get(refresh);
  if (before !== undefined && before !== next) blame(world, 'oneHolder', `two successors of a key of till ${till.no}`);
  if (keys.successors.has(next)) blame(world, 'oneHolder', `till ${till.no} goes back to a key that was used up`);
  if (world.serverRestores === 0 && nowMs - turnedAtMs > monthMs) {
    blame(world, 'shutOut', `till ${till.no} was away for more than a month and its key opens`);
  }
  if (till.keys.enrolments !== enrolments) return answer;
  keys.successors.set(refresh, next);
  keys.drawn.set(next, { enrolment: enrolments, atMs: nowMs });
  till.keys.turnedAtMs = nowMs;
  issue(world, keys, till, answer.access);
  return answer;
}

export function takeTurned(world: World, till: SimTill, packet: Packet & { readonly kind: 'turnedKey' }): void {
  const { protocol } = world;
  if (till.keys.waitsFor !== packet.id) return;
  till.keys.waitsFor = null;
  const { answer, ring, earlier } = packet;
  if (!answer.ok) {
    const asksEarlier = answer.reason === 'unknown' && ring.earlier.length > 0 && earlier.length === 0;
    if (asksEarlier && !protocol.asksNoEarlier) return askTurn(world, till, ring, ring.earlier);
    till.keys.shutOut = answer.reason;
    const { turnedAtMs, turnedInCopyMs } = till.keys;
    const knownMs = world.serverRestores > 0 ? Math.min(turnedAtMs, turnedInCopyMs) : turnedAtMs;
    const isAway = world.nowMs - knownMs > monthMs;
    if (till.keys.causes.size === 0 && !isAway) {
      blame(world, 'notLockedOut', `till ${till.no}: ${answer.reason}, and nobody has copied or shut it out`);
    }
    return;
  }
  till.keys.access = { token: answer.access, atMs: world.nowMs };
  till.keys.shutOut = null;
  if (isCut(world, 12)) return crashTill(world, till);
  till.disk.keepKeyRing(protocol.turned(ring));
}

/** Somebody copies the disk. */
export function steal(world: World, till: SimTill): void {
  const ring = till.disk.keyRing();
  if (world.keys === null || ring === null) return;
  till.keys.causes.add('copied');
  world.keys.thief = { till: till.no, ring, enrolment: till.keys.enrolments };
}

/** And uses it, on a good line. */
export function* useStolen(world: World): Steps<void> {
  const { keys } = world;
  const thief = keys?.thief ?? null;
  const till = thief === null ? undefined : world.tills[thief.till];
  if (keys === null || thief === null || till === undefined) return;
  const ring = world.protocol.withSuccessor(thief.ring, () => makeSecret(keys));
  const answer = yield* showKey(world, till, ring, [], null);
  const isOfBefore = thief.enrolment !== till.keys.enrolments && world.serverRestores === 0;
  if (answer?.ok === true && isOfBefore) {
    blame(world, 'oneHolder', `a key of till ${till.no} of before its code opens`);
  }
  keys.thief = answer?.ok === true ? { ...thief, ring: world.protocol.turned(ring) } : null;
}

/** So long that no key opens any more; bills go on. */
export const goAway = (world: World): void => void (world.nowMs += 31 * 24 * hourMs);

/** What was served with it: the till's own of the last hour. */
export function checkAccess(world: World, till: SimTill, access: string | null): void {
  const of = access === null ? undefined : world.keys?.issued.get(access);
  if (world.keys === null) return;
  if (of === undefined) return blame(world, 'shutOut', `till ${till.no} was served without a token`);
  if (world.nowMs >= of.atMs + hourMs) blame(world, 'shutOut', `till ${till.no} was served with a token of before`);
  if (of.enrolment !== till.keys.enrolments) {
    blame(world, 'oneHolder', `till ${till.no} was served with a token of before its code`);
  }
  if (world.keys.twoHeld.has(till.no)) blame(world, 'oneHolder', `till ${till.no} was served though two hold its key`);
}

export function keysInCopy(world: World): void {
  for (const { keys } of world.tills) {
    keys.enrolmentsInCopy = keys.enrolments;
    keys.turnedInCopyMs = keys.turnedAtMs;
  }
}
/** It waits for what it waited for then. */
export function keysForgotten(world: World): void {
  if (world.keys === null) return;
  world.keys.successors.clear();
  world.keys.twoHeld.clear();
  for (const { keys } of world.tills) if (keys.enrolments !== keys.enrolmentsInCopy) keys.causes.add('forgotten');
}
