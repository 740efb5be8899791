/**
 * What head office sends, at the till: the catalogue by its shape, publications in pieces, and their coming into
 * effect. Rule kept: it follows till/sync/follow-catalogue.ts and follow-publications.ts step by step; a place where a
 * program can die is a step's end; any piece may arrive at any time, again, or never.
 */
import type { PublicationPiece } from '#till/sync/apply-publications.ts';
import { crashTill } from './actions.ts';
import { lookAtShelf } from './shelf.ts';
import type { Reply } from './shape-log.ts';
import type { PieceStream, ShapeReply } from './sim-feed.ts';
import { type ShelfChange, simId } from './sim-goods.ts';
import { blame, isCut, type Packet, type SimTill, type Steps, type World } from './world.ts';

/** Asks for what is new: in the catalogue, or of publications. */
export function follow(world: World, till: SimTill, what: 'goods' | PieceStream): void {
  const stream = what === 'goods' ? till.stream : till.pieces[what];
  if (stream.waitsFor !== null) return;
  const id = world.nextId++;
  stream.waitsFor = id;
  const { place } = stream;
  world.packets.push(
    what === 'goods'
      ? { kind: 'fetch', id, till: till.no, place }
      : { kind: 'ask', id, till: till.no, stream: what, place },
  );
}

/** The server's part. A till that is shut out is told nothing. */
export function* answerFetch(
  world: World,
  till: SimTill,
  packet: Packet & { readonly kind: 'fetch' | 'ask' },
): Steps<void> {
  const feed = world.feeds.get(till.storeId);
  if (feed === undefined) return;
  const { id, place } = packet;
  const isFetch = packet.kind === 'fetch';
  const reply = yield () => (isFetch ? feed.fetchGoods(till, place) : feed.fetchPieces(packet.stream, till, place));
  if (reply === 'turnedAway') return;
  if (world.revoked.has(till.no)) blame(world, 'shutOut', `till ${till.no} reads shapes after it was shut out`);
  if (isFetch) world.packets.push({ kind: 'fetched', id, till: till.no, reply: reply as ShapeReply });
  else {
    const { stream } = packet;
    world.packets.push({ kind: 'pieces', id, till: till.no, stream, reply: reply as Reply<PublicationPiece> });
  }
}

/** From the start it is gathered aside and put in place whole. */
export function takeShape(world: World, till: SimTill, id: number, reply: ShapeReply): void {
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
  const dies = isCut(world, 20);
  const place = protocol.placeOfServer
    ? { ...reply.place, offset: String(Number(reply.place.offset) + (reply.isUpToDate ? 0 : 1)) }
    : reply.place;
  const before = new Map(till.disk.shelf());
  const put = (changes: readonly ShelfChange[], isWhole: boolean): boolean => {
    till.disk.applyShape(changes, place, isWhole, dies);
    world.trace.add('shape', till.no, changes.length, dies ? 1 : 0);
    if (!dies) {
      const base = new Map(isWhole ? [] : till.heard.base);
      for (const { id: item, pricePaise } of changes) {
        if (pricePaise === null) base.delete(item);
        else base.set(item, pricePaise);
      }
      till.heard = { ...till.heard, base };
    }
    lookAtShelf(world, till, before);
    if (isWhole && !dies && world.feeds.get(till.storeId)?.isWhole(place) === false) {
      blame(world, 'atomicTransactions', `till ${till.no} sells from part of a catalogue`);
    }
    if (dies) crashTill(world, till);
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

/** Publications are only added to: what comes twice changes nothing, and the place is not kept. */
export function takePieces(world: World, till: SimTill, packet: Packet & { readonly kind: 'pieces' }): void {
  const { protocol } = world;
  const stream = till.pieces[packet.stream];
  if (stream.waitsFor !== packet.id && !protocol.takesLateShapes) return;
  const { reply } = packet;
  stream.waitsFor = null;
  if (reply.mustRefetch) {
    stream.place = protocol.ignoresNewLog ? { ...reply.place, offset: stream.place?.offset ?? '0' } : null;
    return;
  }
  if (reply.changes.length > 0) {
    const dies = isCut(world, 20);
    const before = till.disk.shelf();
    till.disk.takePieces(reply.changes, dies);
    world.trace.add('pieces', till.no, reply.changes.length, dies ? 1 : 0);
    // The mutant believes its place though what came before it died with it.
    const place = protocol.piecesApart ? reply.place : null;
    lookAtShelf(world, till, before);
    if (dies) {
      crashTill(world, till);
      if (place !== null) till.pieces[packet.stream].place = place;
      return;
    }
  }
  stream.place = reply.place;
  if (!protocol.piecesLate) applyDue(world, till);
}

/** The till's own clock wakes it, or something that came. */
export function applyDue(world: World, till: SimTill): void {
  const diesAt = isCut(world, 12) ? world.random(3) : 1_000_000;
  const before = till.disk.shelf();
  const words = new Map(till.heard.words);
  // Ids that a dead transaction has drawn are drawn again on one store and not on another.
  let nextId = world.nextId;
  world.nextId += 40;
  const newId = () => simId('e', nextId++);
  const said = till.disk.applyDue({ nowMs: world.nowMs + till.clockOffMs, newId, diesAt });
  if (said.length > 0) world.trace.add('due', till.no, said.length);
  for (const { key, publicationId } of said) {
    const kind = key.slice(0, key.indexOf(' '));
    world.made.set(key, {
      till: till.no,
      kind,
      document: null,
      isForged: false,
      follows: [],
      moves: [],
      transfer: null,
    });
    if (kind === 'publicationApplied') words.set(publicationId, key);
  }
  till.heard = { ...till.heard, words };
  lookAtShelf(world, till, before);
  if (diesAt < 1_000_000) crashTill(world, till);
}
