/**
 * What happens in shops and at head office: sales, returns, other entries, crashes, disks from a backup, clocks, a till
 * shut out, goods published. Rule kept: an action is one step of one party; what goes over the network is network.ts.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import { addDays, businessDateOf, financialYearOf, instant } from '#core/time.ts';
import { creditNoteSeries } from '#core/billing/bill-number.ts';
import { firstProgress } from '#till/sync/push-steps.ts';
import { type Fact, localKind, movesOf } from './disk.ts';
import { lookAtShelf, priceAtCounter } from './shelf.ts';
import { goods, type Sale, simBill, simCreditNote } from './sim-bill.ts';
import { sentStreams } from './sent-rows.ts';
import { lookAtSent } from './sent-shelf.ts';
import { headOfficeGoods, inEffectOrder, makePublication, simId } from './sim-goods.ts';
import { blame, firstMs, fromTheStart, isCut, type SimTill, type Steps, updatedMs, type World } from './world.ts';

const dayMs = 86_400_000;
/** Without C: that is the series of credit notes. */
const seriesTails = 'ABDEFGHJKLM';
const effectiveIn = [-dayMs, 0, 0, 3_600_000, dayMs / 2, 3 * dayMs];
const clockSteps = [0, 0, -3_600_000, dayMs, -dayMs, 365 * dayMs, -365 * dayMs, 3_652 * dayMs, -3_652 * dayMs];

/** Head office takes no day more than two days ahead of its own, and knows that it is later than this was written. */
const lastDay = '2027-01-02';
export const isBeyond = (document: CommittedDocument | null | undefined): boolean =>
  document != null && document.businessDate > lastDay;
/** None before 2015; after an update, by a later day. */
export const mayStand = ({ businessDate }: CommittedDocument, isUpdated: boolean): boolean =>
  businessDate >= '2015-01-01' &&
  businessDate <= (isUpdated ? addDays(businessDateOf(instant(updatedMs)), 2) : lastDay);

const clockOf = (world: World, till: SimTill): number => world.nowMs + till.clockOffMs;

export function commit(
  world: World,
  till: SimTill,
  fact: Fact,
  isWrong: boolean,
  follows: readonly string[] = [],
  transfer: TransferEvent | null = null,
): string | null {
  const dies = isCut(world, fact.settles === null ? 30 : 6);
  const key = till.disk.commit(fact, dies);
  world.trace.add('commit', till.no, fact.kind, fact.id, fact.document?.payablePaise ?? 0, dies ? 1 : 0);
  if (dies) {
    crashTill(world, till);
    return null;
  }
  world.made.set(key, {
    till: till.no,
    kind: fact.kind,
    document: fact.document,
    isForged: isWrong,
    follows,
    moves: fact.moves,
    transfer,
  });
  if (transfer !== null) world.wires.set(transfer.id, key);
  return key;
}

export const factOf = (kind: string, id: Uuid, atMs: number, payload: string): Fact => ({
  kind,
  id,
  refId: id,
  atMs,
  document: null,
  payload,
  moves: [],
  settles: null,
});

const documentFact = (document: CommittedDocument): Fact => ({
  kind: document.type,
  id: document.id,
  refId: document.id,
  atMs: document.occurredAtMs,
  document,
  payload: '',
  moves: movesOf(document),
  settles: null,
});

/** The shop's own goods at a price that is typed, or head office's at theirs. */
function pickGoods(world: World, till: SimTill) {
  const own = goods[world.random(goods.length)] ?? simId('a', 1);
  const theirs = headOfficeGoods[world.random(2 * headOfficeGoods.length)];
  const typed = 100 * (1 + world.random(500));
  const found = theirs === undefined ? null : priceAtCounter(world, till, theirs);
  if (theirs === undefined || found === null) return { itemId: own, pricePaise: typed, follows: [] };
  return { itemId: theirs, pricePaise: found.pricePaise, follows: found.word === null ? [] : [found.word] };
}

export function sell(world: World, till: SimTill): void {
  const atMs = instant(clockOf(world, till));
  const { itemId, pricePaise, follows } = pickGoods(world, till);
  const bill = simBill({
    storeId: till.storeId,
    tillId: till.tillId,
    id: simId('b', world.nextId++),
    series: till.series,
    sequence: till.disk.nextSequence(till.series, financialYearOf(businessDateOf(atMs))),
    atMs,
    itemId,
    pieces: 1 + world.random(3),
    inPack: world.random(4) === 0 ? 6 : 1,
    pricePaise,
    isForged: world.random(40) === 0,
  });
  const isForged = bill.payablePaise !== bill.itemsPaise;
  const isDone = commit(world, till, documentFact(bill), isForged, follows) !== null;
  if (isDone && !isForged) till.sold.push(bill);
}

export function takeBack(world: World, till: SimTill): void {
  const bill = till.sold[world.random(Math.max(1, till.sold.length))];
  if (bill === undefined) return;
  const atMs = instant(clockOf(world, till));
  const series = creditNoteSeries(till.series);
  const note = simCreditNote(bill, {
    storeId: till.storeId,
    tillId: till.tillId,
    id: simId('d', world.nextId++),
    series,
    sequence: till.disk.nextSequence(series, financialYearOf(businessDateOf(atMs))),
    atMs,
    isRestocked: world.random(3) > 0,
  });
  if (commit(world, till, documentFact(note), false, [`bill ${bill.id}`]) !== null)
    till.sold = till.sold.filter((one) => one.id !== bill.id);
}

/**
 * Shifts, stock by hand, an item that is changed again and again, and what stays in the shop: its place in the journal
 * is a gap to the server.
 */
export function note(world: World, till: SimTill): void {
  const kind = ['stockReceived', 'shiftOpened', 'itemChanged', localKind][world.random(4)] ?? localKind;
  const id = simId('e', world.nextId++);
  const refId = kind === 'itemChanged' ? (goods[world.random(goods.length)] ?? id) : id;
  const qtyMilli = milli(1000 * world.random(9));
  const payload = JSON.stringify({ qtyMilli });
  const moves = kind === 'stockReceived' && qtyMilli > 0 ? [{ itemId: goods[0] ?? id, qtyMilli }] : [];
  const fact = factOf(kind, id, clockOf(world, till), payload);
  commit(world, till, { ...fact, refId, moves }, false);
}

/** Idle work at the till: the ledger's tail goes into balances, rows that say nothing any more go. */
export function tidy(world: World, till: SimTill): void {
  const dies = isCut(world, 4);
  till.disk.fold(1 + world.random(5), dies);
  till.disk.forgetReplaced(dies);
  if (dies) crashTill(world, till);
}

/** Tomorrow's first entry: what makes a till that has sent everything ask again. */
export function openShift(world: World, till: SimTill): void {
  const id = simId('e', world.nextId++);
  const atMs = clockOf(world, till);
  const key = till.disk.commit(factOf('shiftOpened', id, atMs, '{"a":1}'), false);
  world.made.set(key, {
    till: till.no,
    kind: 'shiftOpened',
    document: null,
    isForged: false,
    follows: [],
    moves: [],
    transfer: null,
  });
}

/** What was only in memory is gone; the network still carries what was sent. */
export function crashTill(world: World, till: SimTill): void {
  const before = till.disk.shelf();
  till.disk.reopen();
  till.progress = firstProgress;
  till.waitsFor = null;
  const place = till.disk.place();
  till.stream = { waitsFor: null, place, whole: place === null ? new Map() : null };
  till.pieces = fromTheStart();
  till.sent = sentStreams(world, till.disk.sent);
  till.asksAgain = null;
  Object.assign(till.keys, { access: null, waitsFor: null });
  lookAtShelf(world, till, before);
  for (const shape of world.shapes) lookAtSent(world, till, shape);
  if (world.random(8) === 0 && !till.disk.isSound()) blame(world, 'atomicTransactions', `the books of till ${till.no}`);
}

export function backUp(till: SimTill): void {
  till.backup = { image: till.disk.image(), sold: [...till.sold], heard: till.heard, read: new Map(till.read) };
}

/** The disk died; another one gets the backup, and the till goes on in a new series (design.md, Bill number). */
export function restore(world: World, till: SimTill): void {
  const { backup } = till;
  if (backup === null || till.restores > 8) return;
  const sentBefore = till.disk.sentThrough();
  till.disk.load(backup.image);
  const kept = new Set(till.disk.everything());
  for (const [key, made] of world.made) if (made.till === till.no && !kept.has(key)) world.gone.add(key);
  if (world.protocol.keepsSent) till.disk.markSent(Math.min(sentBefore, 1_000_000));
  till.sold = [...backup.sold];
  till.heard = backup.heard;
  till.read = new Map(backup.read);
  till.keys.causes.add('copied');
  till.told = null;
  till.backup = null;
  till.restores += 1;
  if (!world.protocol.keepsSeries) till.series = `K${till.no + 1}${seriesTails[till.restores - 1] ?? 'Z'}`;
  lookAtShelf(world, till, null);
  crashTill(world, till);
}

export function stepClock(world: World, till: SimTill): void {
  const to = clockSteps[world.random(clockSteps.length)] ?? 0;
  till.clockOffMs = to;
  world.trace.add('clock', till.no, to / 3_600_000);
}

/** A whole list of prices, or some goods withdrawn. */
export function* changeGoods(world: World): Steps<void> {
  const feed = world.feeds.get(simId('5', world.random(2)));
  const version = world.nextId++;
  const isWithdrawn = world.random(4) === 0;
  const count = isWithdrawn ? 1 : 1 + world.random(5);
  const from = world.random(6);
  const changes = Array.from({ length: count }, (_, i) => ({
    id: simId('f', 1 + ((from + i) % 6)),
    pricePaise: isWithdrawn ? null : 100 * version,
  }));
  yield () => feed?.sellGoods(changes);
  world.trace.add('goods', version, count);
}

/** Prices for later, for now, or said too late; new goods among them. */
export function* publish(world: World): Steps<void> {
  const storeId = simId('5', world.random(2));
  const from = world.random(headOfficeGoods.length);
  const count = 1 + world.random(headOfficeGoods.length);
  const inMs = effectiveIn[world.random(effectiveIn.length)] ?? 0;
  const known = world.publications.get(storeId) ?? [];
  // Now and then two for one time.
  const same = world.random(5) === 0 ? known.at(-1)?.head.effectiveAtMs : undefined;
  const twice = [...headOfficeGoods, ...headOfficeGoods];
  world.published += 1;
  const publication = makePublication({
    no: world.published,
    nowMs: world.nowMs,
    effectiveAtMs: same ?? world.nowMs + inMs,
    fromMs: firstMs,
    itemIds: twice.slice(from, from + count),
  });
  world.publications.set(
    storeId,
    [...known, publication].toSorted((a, b) => inEffectOrder(a.head, b.head)),
  );
  yield () => world.server.publish(storeId, publication);
  yield () => world.feeds.get(storeId)?.publish(publication);
  world.trace.add('publish', publication.head.id, count);
}

/** Under the id of what was refused comes another text that adds up, as if it were sent again after an update. */
function mendRefused(world: World, till: SimTill, own: Sale): void {
  // A server that forgot the first text can not know that this is another.
  const seq = world.serverRestores === 0 ? till.disk.keptOpen()[0] : undefined;
  const entry = seq === undefined ? null : till.disk.entryAt(seq);
  if (entry?.kind !== 'bill') return;
  const id = world.nextId++;
  const content = JSON.stringify(simBill({ ...own, id: entry.id, series: `Y${till.no}` }));
  const access = till.keys.access?.token ?? null;
  world.packets.push({ kind: 'again', id, till: till.no, entry: { ...entry, content }, isAttack: true, access });
}

/** Somebody sends what no till made; whatever comes of it must be a refusal. */
export function attack(world: World, till: SimTill): void {
  const what = world.random(4);
  const id = world.nextId++;
  const known = [...world.acked];
  const key = known[world.random(Math.max(1, known.length))];
  const made = key === undefined ? undefined : world.made.get(key);
  const forged = (document: CommittedDocument, seq: number): PushEntry => ({
    seq,
    kind: document.type,
    id: document.id,
    atMs: document.occurredAtMs,
    content: JSON.stringify(document),
  });
  const own = {
    storeId: till.storeId,
    tillId: till.tillId,
    id: simId('9', id),
    series: 'ZZ',
    sequence: id,
    atMs: instant(firstMs),
    itemId: goods[0] ?? simId('a', 1),
    pieces: 1,
    inPack: 1,
    pricePaise: 700,
    isForged: false,
  };
  let entry: PushEntry;
  if (what === 3) return mendRefused(world, till, own);
  if (what === 0 && made?.document?.type === 'bill' && made.till === till.no) {
    entry = forged({ ...made.document, cashierName: `X${id}` }, 1);
  } else if (what === 1) entry = forged(simBill({ ...own, storeId: simId('5', 9) }), 1);
  else entry = { ...forged(simBill(own), 1), content: '{"type":"bill","lines":' };
  const access = till.keys.access?.token ?? null;
  world.packets.push({ kind: 'push', id, till: till.no, entries: [entry], afterSeq: 1e9, isAttack: true, access });
}
