/**
 * What goes between tills and head office: a till sends and asks, a packet arrives, an answer is taken. Rule kept: the
 * till's part follows till/sync/push-loop.ts and follow-catalogue.ts step by step (a place where a program can die is a
 * step's end); any packet may arrive at any time, again, or never.
 */
import type { PushAnswer } from '#contract/sync.ts';
import type { ToldPlace } from '#till/sync/push-steps.ts';
import { crashTill } from './actions.ts';
import type { ShelfChange } from './disk.ts';
import type { Crash, PushOutcome } from './sim-server.ts';
import type { ShapeReply } from './sim-shape.ts';
import { blame, type Packet, type SimTill, type Steps, type World } from './world.ts';

export function send(world: World, till: SimTill): void {
  if (till.waitsFor !== null) return;
  const { protocol } = world;
  let entries = till.disk.unsent(till.progress.batch);
  if (protocol.sendsBackwards) entries = entries.toReversed();
  if (protocol.skipsFirst && entries.length > 3) entries = entries.slice(1);
  const last = entries.at(-1);
  if (last === undefined) return;
  const id = world.nextId++;
  till.waitsFor = id;
  world.packets.push({ kind: 'push', id, till: till.no, entries, afterSeq: till.disk.sentThrough(), isAttack: false });
  world.trace.add('send', till.no, entries.length, last.seq);
  if (protocol.marksWhenSent) till.disk.markSent(last.seq);
}

/** Asks for what is new in the catalogue. */
export function follow(world: World, till: SimTill): void {
  const { stream } = till;
  if (stream.waitsFor !== null) return;
  const id = world.nextId++;
  stream.waitsFor = id;
  world.packets.push({ kind: 'fetch', id, till: till.no, place: stream.place });
}

/** No answer came in time: the request may still arrive. */
export function giveUp(world: World, till: SimTill): void {
  if (till.waitsFor !== null) {
    till.waitsFor = null;
    till.progress = world.protocol.afterFailure(till.progress);
    if (world.protocol.marksWhenLate) till.disk.markSent(till.disk.headSeq());
  }
  if (till.stream.waitsFor === null) return;
  const place = till.disk.place();
  till.stream = { waitsFor: null, place, whole: place === null ? new Map() : null };
}

/** How far it counts as sent, then what the server says of itself: died between, it only asks again. */
function settle(world: World, till: SimTill, lastSeq: number, told: ToldPlace): void {
  const { disk } = till;
  const kept = disk.epoch();
  const reached = world.protocol.placeAfter(lastSeq, told, kept);
  const dies = kept !== told.epoch && world.random(3) === 0;
  const isAgain = reached < lastSeq;
  const keep = (): void => {
    if (kept !== told.epoch) disk.keepEpoch(told.epoch);
  };
  const count = (): void => (isAgain ? disk.sendAgainAfter(reached) : disk.markSent(reached));
  const isEpochLast = world.protocol.epochLast || (isAgain && !world.protocol.epochFirst);
  const [first, second] = isEpochLast ? [count, keep] : [keep, count];
  first();
  if (dies) return crashTill(till);
  second();
}

function takeAnswers(world: World, till: SimTill, packet: Packet & { readonly kind: 'pushed' }): void {
  const { protocol } = world;
  if (till.waitsFor !== packet.id && !protocol.takesLateAnswers) return;
  till.waitsFor = null;
  const means = protocol.afterAnswer(till.progress, packet.entries, packet.served.answers);
  till.progress = means.next;
  if (means.kind === 'failed') return;
  const dies = world.random(25) === 0;
  const refused = means.refused.map((one) => one.id);
  if (protocol.marksBeforeKeeping) {
    till.disk.markSent(means.throughSeq);
    if (dies) return crashTill(till);
    till.disk.keepAside(refused);
  } else {
    till.disk.keepAside(refused);
    if (dies) return crashTill(till);
    settle(world, till, means.throughSeq, packet.served.place);
  }
  world.trace.add('acked', till.no, till.disk.sentThrough());
}

/** As follow-catalogue's `take`: from the start it is gathered aside and put in place whole. */
function takeShape(world: World, till: SimTill, id: number, reply: ShapeReply): void {
  const { protocol } = world;
  const { stream } = till;
  if (stream.waitsFor !== id && !protocol.takesLateShapes) return;
  stream.waitsFor = null;
  if (reply.mustRefetch) {
    if (protocol.ignoresRefetch) {
      till.stream = { waitsFor: null, place: reply.place, whole: null };
      return;
    }
    till.stream = { waitsFor: null, place: reply.place, whole: new Map() };
    return;
  }
  const dies = world.random(20) === 0;
  const place = protocol.placeOfServer
    ? { ...reply.place, offset: String(Number(reply.place.offset) + (reply.isUpToDate ? 0 : 1)) }
    : reply.place;
  const before = new Map(till.disk.shelf());
  const put = (changes: readonly ShelfChange[], isWhole: boolean): boolean => {
    till.disk.applyShape(changes, place, isWhole, dies);
    world.trace.add('shape', till.no, changes.length, dies ? 1 : 0);
    for (const [item, price] of till.disk.shelf()) {
      if (price < (before.get(item) ?? 0)) blame(world, 'diverged', `till ${till.no} went back to an older price`);
    }
    if (isWhole && !dies && world.shapes.get(till.storeId)?.isWhole(place) === false) {
      blame(world, 'diverged', `till ${till.no} sells from part of a catalogue`);
    }
    if (dies) crashTill(till);
    return !dies;
  };
  if (stream.whole === null) {
    if (reply.changes.length > 0 && !put(reply.changes, false)) return;
    till.stream.place = place;
    return;
  }
  for (const { id: item, pricePaise } of reply.changes) {
    if (pricePaise === null) stream.whole.delete(item);
    else stream.whole.set(item, pricePaise);
  }
  stream.place = place;
  if (!reply.isUpToDate && !protocol.wholeTooEarly) return;
  const all = [...stream.whole].map(([item, pricePaise]) => ({ id: item, pricePaise }));
  if (put(all, true)) stream.whole = null;
}

/** What a till was told must be so at head office at that moment: it reads its own writes, in their order. */
function* noteAnswers(
  world: World,
  till: SimTill,
  packet: Packet & { readonly kind: 'push' },
  answers: readonly PushAnswer[],
): Steps<void> {
  if (packet.isAttack) {
    if (answers.some((one) => one.outcome === 'accepted')) blame(world, 'diverged', 'an attack was accepted');
    return;
  }
  const keys = new Set(packet.entries.map(({ kind, id }) => `${kind} ${id}`));
  for (const [i, { seq, kind, id }] of packet.entries.entries()) {
    const key = `${kind} ${id}`;
    world.acked.add(key);
    if (seq <= (packet.entries[i - 1]?.seq ?? 0)) blame(world, 'diverged', `till ${till.no} sent out of order`);
    const made = world.made.get(key);
    const answer = answers.find((one) => one.id === id && one.seq === seq);
    if (answer?.outcome === 'rejected' && made?.isForged === false) blame(world, 'lost', `${key}: ${answer.reason}`);
    const note = made?.document;
    if (note?.type === 'creditNote' && world.serverRestores === 0) keys.add(`bill ${note.billId}`);
  }
  const known = (yield () => world.server.knows(till, [...keys])) as number;
  if (known !== keys.size) blame(world, 'lost', `till ${till.no} was told of ${keys.size}, ${known} are there`);
}

function* serve(world: World, till: SimTill, packet: Packet & { readonly kind: 'push' }): Steps<void> {
  const die = world.random(12);
  const crash: Crash = die === 0 ? 'early' : die === 1 ? 'late' : null;
  const outcome = (yield () => world.server.push(till, packet.entries, packet.afterSeq, crash)) as PushOutcome;
  if (outcome === null) return world.trace.add('no answer', packet.id);
  if (outcome === 'notEnrolled') {
    world.packets.push({ kind: 'turnedAway', id: packet.id, till: till.no });
    return world.trace.add('turned away', packet.id);
  }
  if (world.revoked.has(till.no)) blame(world, 'diverged', `till ${till.no} was served after it was shut out`);
  for (const answer of outcome.answers) world.trace.add(answer.seq, answer.outcome === 'accepted' ? 1 : answer.reason);
  yield* noteAnswers(world, till, packet, outcome.answers);
  world.trace.add(outcome.place.throughSeq);
  const { id, entries } = packet;
  world.packets.push({ kind: 'pushed', id, till: till.no, entries, served: outcome });
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
    if (world.protocol.dropsWhenRevoked) till.disk.markSent(till.disk.headSeq());
  } else if (packet.kind === 'fetch') {
    const shape = world.shapes.get(till.storeId);
    if (shape === undefined || world.revoked.has(till.no)) return;
    const reply = shape.fetch(packet.place);
    world.packets.push({ kind: 'fetched', id: packet.id, till: till.no, reply });
  } else takeShape(world, till, packet.id, packet.reply);
}
