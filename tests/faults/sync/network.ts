/**
 * What goes from tills to head office: a till sends, a packet arrives, an answer is taken. Rule kept: the till's part
 * follows till/sync/push-loop.ts step by step (a place where a program can die is a step's end); any packet may arrive
 * at any time, again, or never. The other direction is follow.ts.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { ToldPlace } from '#till/sync/push-steps.ts';
import { crashTill, isBeyond } from './actions.ts';
import { localKind } from './disk.ts';
import { answerFetch, takePieces, takeShape } from './follow.ts';
import { takeAgain } from './sim-again.ts';
import { accessOf, answerTurn, checkAccess, takeTurned, turnKey } from './sim-keys.ts';
import { answerSent, takeSent } from './sim-sent.ts';
import type { Crash } from './key-server.ts';
import type { PushOutcome, Served } from './sim-server.ts';
import { blame, isCut, type Packet, type SimTill, type Steps, type World } from './world.ts';

export function* send(world: World, till: SimTill): Steps<void> {
  if (till.waitsFor !== null) return;
  const access = world.keys === null ? null : accessOf(world, till);
  if (world.keys !== null && access === null) return yield* turnKey(world, till);
  const { protocol } = world;
  let entries = till.disk.unsent(till.progress.batch);
  if (protocol.sendsBackwards) entries = entries.toReversed();
  if (protocol.skipsFirst && entries.length > 3) entries = entries.slice(1);
  const last = entries.at(-1);
  if (last === undefined) return;
  const id = world.nextId++;
  till.waitsFor = id;
  world.packets.push({
    kind: 'push',
    id,
    till: till.no,
    entries,
    afterSeq: till.disk.sentThrough(),
    isAttack: false,
    access,
  });
  world.trace.add('send', till.no, entries.length, last.seq);
  if (protocol.marksWhenSent) till.disk.markSent(last.seq);
}

/** No answer came in time: the request may still arrive. */
export function giveUp(world: World, till: SimTill): void {
  if (till.waitsFor !== null) {
    till.waitsFor = null;
    till.progress = world.protocol.afterFailure(till.progress);
    if (world.protocol.marksWhenLate) till.disk.markSent(till.disk.headSeq());
  }
  for (const stream of [till.pieces.heads, till.pieces.rows, ...till.sent.values()]) stream.waitsFor = null;
  till.asksAgain = null;
  till.keys.waitsFor = null;
  if (till.stream.waitsFor === null) return;
  const place = till.disk.place();
  till.stream = { waitsFor: null, place, whole: place === null ? new Map() : null };
}

/** How far it counts as sent, then what the server says of itself: died between, it only asks again. */
function settle(world: World, till: SimTill, lastSeq: number, told: ToldPlace): void {
  const { disk } = till;
  const kept = disk.epoch();
  const reached = world.protocol.placeAfter(lastSeq, told, kept);
  const dies = kept !== told.epoch && isCut(world, 3);
  const isAgain = reached < lastSeq;
  const keep = (): void => {
    if (kept !== told.epoch) disk.keepEpoch(told.epoch);
  };
  const count = (): void => (isAgain ? disk.sendAgainAfter(reached) : disk.markSent(reached));
  const isEpochLast = world.protocol.epochLast || (isAgain && !world.protocol.epochFirst);
  const [first, second] = isEpochLast ? [count, keep] : [keep, count];
  first();
  if (dies) return crashTill(world, till);
  second();
}

function takeAnswers(world: World, till: SimTill, packet: Packet & { readonly kind: 'pushed' }): void {
  const { protocol } = world;
  if (till.waitsFor !== packet.id && !protocol.takesLateAnswers) return;
  till.waitsFor = null;
  const means = protocol.afterAnswer(till.progress, packet.entries, packet.served.answers);
  till.progress = means.next;
  if (means.kind === 'failed') return;
  const dies = isCut(world, 25);
  if (protocol.marksBeforeKeeping) {
    till.disk.markSent(means.throughSeq);
    if (dies) return crashTill(world, till);
    till.disk.keepAside(means.refused);
  } else {
    till.disk.keepAside(means.refused);
    if (dies) return crashTill(world, till);
    settle(world, till, means.throughSeq, packet.served.place);
  }
  world.trace.add('acked', till.no, till.disk.sentThrough());
}

/** What a till was told must be so at head office at that moment: it reads its own writes, in their order. */
function* noteAnswers(
  world: World,
  till: SimTill,
  packet: Packet & { readonly kind: 'push' },
  served: Served,
): Steps<void> {
  const { answers, place } = served;
  if (packet.isAttack) {
    if (answers.some((one) => one.outcome === 'accepted')) blame(world, 'forgersRefused', 'an attack was accepted');
    return;
  }
  const told = new Set(packet.entries.map(({ kind, id }) => `${kind} ${id}`));
  const before = new Set<string>();
  for (const [i, { seq, kind, id, content }] of packet.entries.entries()) {
    const key = `${kind} ${id}`;
    world.acked.add(key);
    if (seq <= (packet.entries[i - 1]?.seq ?? 0)) blame(world, 'monotonicWrites', `till ${till.no} sent out of order`);
    const made = world.made.get(key);
    const answer = answers.find((one) => one.id === id && one.seq === seq);
    // Too far ahead of head office's own day: it is told so, and may be sent again later.
    const isEarly = answer?.outcome === 'rejected' && answer.reason === 'dateOutOfRange' && isBeyond(made?.document);
    if (answer?.outcome === 'rejected' && made?.isForged === false && !isEarly) {
      blame(world, 'judgedRight', `${key}: ${answer.reason}`);
    }
    if (kind === 'publicationApplied') {
      const { publicationId } = JSON.parse(content) as { readonly publicationId: string };
      if (!till.everApplied.has(publicationId)) blame(world, 'acksAreTrue', `till ${till.no} does not sell by it`);
    }
    // What came back with a disk or a server from a copy is another story: it comes once more.
    if (world.serverRestores === 0) for (const earlier of made?.follows ?? []) before.add(earlier);
  }
  const known = (yield () => world.server.knows(till, [...told])) as number;
  if (known !== told.size)
    blame(world, 'readYourWrites', `till ${till.no} was told of ${told.size}, ${known} are there`);
  const followed = before.size === 0 ? 0 : ((yield () => world.server.knows(till, [...before])) as number);
  if (followed !== before.size) blame(world, 'writesFollowReads', `till ${till.no}: what it followed is not there`);
  const heard = till.told;
  if (heard !== null && heard.epoch === place.epoch && place.throughSeq < heard.throughSeq) {
    blame(world, 'monotonicReads', `head office has less of till ${till.no} than it said`);
  }
  till.told = place;
  if (world.serverRestores > 0 || till.restores > 0) return;
  // What it says to have, it has: nothing before it is missing.
  const all = till.disk.everything().slice(0, place.throughSeq);
  const sent = all.filter((key) => !key.startsWith(localKind));
  const there = (yield () => world.server.knows(till, sent)) as number;
  if (there !== sent.length) blame(world, 'monotonicWrites', `till ${till.no}: a gap before ${place.throughSeq}`);
}

function* serve(world: World, till: SimTill, packet: Packet & { readonly kind: 'push' }): Steps<void> {
  const die = world.isCalm ? 2 : world.random(12);
  const crash: Crash = die === 0 ? 'early' : die === 1 ? 'late' : null;
  const door = world.keys === null ? null : { access: packet.access ?? '', nowMs: world.nowMs };
  const { entries: sent, afterSeq } = packet;
  const outcome = (yield () => world.server.push(till, { entries: sent, afterSeq, crash, door })) as PushOutcome;
  if (outcome === null) return world.trace.add('no answer', packet.id);
  if (outcome === 'notEnrolled') {
    world.packets.push({ kind: 'turnedAway', id: packet.id, till: till.no });
    return world.trace.add('turned away', packet.id);
  }
  if (world.revoked.has(till.no)) blame(world, 'shutOut', `till ${till.no} was served after it was shut out`);
  checkAccess(world, till, packet.access);
  for (const answer of outcome.answers) world.trace.add(answer.seq, answer.outcome === 'accepted' ? 1 : answer.reason);
  yield* noteAnswers(world, till, packet, outcome);
  world.trace.add(outcome.place.throughSeq);
  const { id, entries } = packet;
  world.packets.push({ kind: 'pushed', id, till: till.no, entries, served: outcome });
}

function* serveAgain(world: World, till: SimTill, packet: Packet & { readonly kind: 'again' }): Steps<void> {
  const { id, entry } = packet;
  const die = world.isCalm ? 2 : world.random(8);
  const crash: Crash = die === 0 ? 'early' : die === 1 ? 'late' : null;
  const door = world.keys === null ? null : { access: packet.access ?? '', nowMs: world.nowMs };
  const order = { entries: [entry], afterSeq: entry.seq - 1, crash, door, isAgain: true } as const;
  const outcome = (yield () => world.server.push(till, order)) as PushOutcome;
  if (outcome === null || outcome === 'notEnrolled') return world.trace.add('not again', id);
  const [answer] = outcome.answers;
  world.trace.add('again', answer?.outcome === 'accepted' ? 1 : (answer?.reason ?? null));
  if (!packet.isAttack) noteAgain(world, till, entry, outcome);
  else if (answer?.outcome === 'accepted')
    blame(world, 'forgersRefused', 'another text was taken for what was refused');
  world.packets.push({ kind: 'pushedAgain', id, till: till.no, entry, answers: outcome.answers });
}

function noteAgain(world: World, till: SimTill, entry: PushEntry, { answers }: Served): void {
  const key = `${entry.kind} ${entry.id}`;
  const made = world.made.get(key);
  world.acked.add(key);
  const isRight = answers[0]?.outcome === 'rejected' || made?.isForged === false;
  if (!isRight) blame(world, 'judgedRight', `${key} of till ${till.no} was taken when it was sent again`);
}

/** `at`: which of the packets under way arrives now. */
export function* deliver(world: World, at: number): Steps<void> {
  const packet = world.packets[at];
  const till = packet === undefined ? undefined : world.tills[packet.till];
  if (packet === undefined || till === undefined || till.isCutOff) return;
  world.packets.splice(at, 1);
  if (packet.kind === 'push') yield* serve(world, till, packet);
  else if (packet.kind === 'pushed') takeAnswers(world, till, packet);
  else if (packet.kind === 'turnedAway') {
    if (till.waitsFor !== packet.id) return;
    till.waitsFor = null;
    till.keys.access = null;
    if (world.protocol.dropsWhenRevoked) till.disk.markSent(till.disk.headSeq());
  } else if (packet.kind === 'again') yield* serveAgain(world, till, packet);
  else if (packet.kind === 'pushedAgain') takeAgain(world, till, packet);
  else if (packet.kind === 'askSent') yield* answerSent(world, till, packet);
  else if (packet.kind === 'sentRows') yield* takeSent(world, till, packet);
  else if (packet.kind === 'turn') yield* answerTurn(world, till, packet);
  else if (packet.kind === 'turnedKey') takeTurned(world, till, packet);
  else if (packet.kind === 'fetch' || packet.kind === 'ask') yield* answerFetch(world, till, packet);
  else if (packet.kind === 'pieces') takePieces(world, till, packet);
  else takeShape(world, till, packet.id, packet.reply);
}
