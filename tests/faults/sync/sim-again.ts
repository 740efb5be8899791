/**
 * What was refused, afterwards: an update of head office, sent again by hand, accepted with a note. Rule kept: it follows
 * till/use-cases/kept-aside.ts step by step; a decision is written with its word in one transaction, and what head
 * office answers is believed only by the program that asked.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import { commit, factOf } from './actions.ts';
import { simId } from './sim-goods.ts';
import { type Packet, type SimTill, updatedMs, type World } from './world.ts';

/** Judges by a later day from here on: what was too far ahead of it may be taken. */
export function updateServer(world: World): void {
  world.isUpdated = true;
  world.server.setClock(updatedMs);
  world.trace.add('update');
}

export function sendKeptAgain(world: World, till: SimTill, at?: number): void {
  const open = till.disk.keptOpen();
  const seq = open[at === undefined ? world.random(Math.max(1, open.length)) : at % Math.max(1, open.length)];
  const entry = seq === undefined ? null : till.disk.entryAt(seq);
  if (entry === null || till.asksAgain !== null) return;
  const id = world.nextId++;
  till.asksAgain = id;
  world.packets.push({
    kind: 'again',
    id,
    till: till.no,
    entry,
    isAttack: false,
    access: till.keys.access?.token ?? null,
  });
  world.trace.add('again', till.no, entry.seq);
  if (world.protocol.settlesWhenSent) settle(world, till, entry, null);
}

function settle(world: World, till: SimTill, entry: PushEntry, note: string | null): void {
  const state = note === null ? 'sentAgain' : 'accepted';
  const told = { seq: entry.seq, by: 'sim', byName: 'Sim', kind: entry.kind, documentId: entry.id };
  const fact = factOf(
    note === null ? 'keptAsideTaken' : 'keptAsideAccepted',
    simId('e', world.nextId++),
    world.nowMs + till.clockOffMs,
    JSON.stringify(note === null ? told : { ...told, note }),
  );
  const isNote = note !== null;
  const key = commit(world, till, { ...fact, settles: { seq: entry.seq, state } }, false);
  if (key !== null && isNote) world.notes.set(key, { till: till.no, about: `${entry.kind} ${entry.id}` });
}

export function takeAgain(world: World, till: SimTill, packet: Packet & { readonly kind: 'pushedAgain' }): void {
  if (till.asksAgain !== packet.id) return;
  till.asksAgain = null;
  const { entry } = packet;
  const answer = packet.answers.find((one: PushAnswer) => one.seq === entry.seq && one.id === entry.id);
  if (answer === undefined) return;
  if (answer.outcome === 'rejected' && !world.protocol.settlesAnyway) till.disk.keepAside([answer]);
  else if (till.disk.keptOpen().includes(entry.seq)) settle(world, till, entry, null);
}

/** A supervisor lets it be, and says why. */
export function acceptKept(world: World, till: SimTill): void {
  const open = till.disk.keptOpen();
  const seq = open[world.random(Math.max(1, open.length))];
  const entry = seq === undefined ? null : till.disk.entryAt(seq);
  if (entry !== null) settle(world, till, entry, 'counted by hand');
}
