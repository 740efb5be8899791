/**
 * What must hold when the network works again: safety, then liveness. Rule kept: it looks at what was done and at what
 * head office and the tills have, never at how it came there.
 */
import { flowsOf } from '#core/stock/transfer.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import { isBeyond, mayStand, openShift } from './actions.ts';
import { addMoves, movesOf } from './disk.ts';
import { applyDue, follow } from './follow.ts';
import { deliver, giveUp, send } from './network.ts';
import { lookAtShelf } from './shelf.ts';
import { sendKeptAgain } from './sim-again.ts';
import { enrol, turnKey } from './sim-keys.ts';
import { auditSent, checkSent, followSent, isSentSettled } from './sim-sent.ts';
import type { ShapeReply } from './sim-feed.ts';
import { addSums, type DaySums, type ItemSums, type ServerView, storedKey } from './sim-server.ts';
import { blame, fromTheStart, type SimTill, type Steps, type World } from './world.ts';

const publicationsAt = (world: World, till: SimTill) => world.publications.get(till.storeId) ?? [];

/** Asks, lets all arrive, again and again. False when the queues don't empty in as many rounds as there could be need of. */
function* settle(world: World, rounds: number): Steps<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    world.isCalm = round > 8;
    if (round < 2) for (const till of world.tills) yield () => world.feeds.get(till.storeId)?.rest(till);
    for (const till of world.tills) {
      giveUp(world, till);
      if (world.keys !== null && till.keys.shutOut !== null) yield* enrol(world, till);
      if (world.keys !== null && till.keys.access === null) yield* turnKey(world, till);
      yield* send(world, till);
      if (world.isUpdated) sendKeptAgain(world, till, round);
      for (const at of world.shapes.keys()) {
        followSent(world, till, at);
        yield* auditSent(world, till, at);
      }
      for (const what of ['goods', 'heads', 'rows'] as const) follow(world, till, what);
      applyDue(world, till);
    }
    while (world.packets.length > 0) yield* deliver(world, 0);
    let isSettled = true;
    for (const till of world.tills) {
      const feed = world.feeds.get(till.storeId);
      const { place } = till.stream;
      const rows = (yield () => feed?.fetchGoods(till, place)) as ShapeReply;
      const due = publicationsAt(world, till).filter(({ head }) => head.effectiveAtMs <= world.nowMs);
      isSettled &&=
        till.disk.isAllSent() &&
        (yield* isSentSettled(world, till)) &&
        !(world.isUpdated && hasOneToSendAgain(world, till)) &&
        till.stream.whole === null &&
        rows.isUpToDate &&
        rows.changes.length === 0 &&
        till.disk.arrived().size === publicationsAt(world, till).length &&
        due.every(({ head }) => till.disk.applied().has(head.id));
    }
    if (isSettled) return true;
  }
  return false;
}

/** Everything arrives from here on, clocks are right. */
export function* heal(world: World): Steps<boolean> {
  world.packets = [];
  if (world.keys !== null) world.keys.thief = null;
  for (const till of world.tills) {
    till.isCutOff = false;
    till.clockOffMs = 0;
    if (world.revoked.delete(till.no)) yield () => world.server.setRevoked(till, false);
    if (world.isDamaged) till.pieces = fromTheStart();
    openShift(world, till);
  }
  return yield* settle(world, 200);
}

/** Each that is open has been sent again, and head office takes no more of them. */
const hasOneToSendAgain = (world: World, till: SimTill): boolean =>
  till.disk.keptOpen().some((seq) => {
    const entry = till.disk.entryAt(seq);
    const made = entry === null ? undefined : world.made.get(`${entry.kind} ${entry.id}`);
    return made?.isForged === false && made.document !== null && mayStand(made.document, true);
  });

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

type Should = {
  readonly days: Map<string, DaySums>;
  readonly items: Map<string, ItemSums>;
  readonly stock: Map<string, number>;
  readonly facts: readonly TransferEvent[];
};

/** It waits for a person, or one has let it be and written why. */
function isTold(world: World, till: SimTill, key: string, id: string): boolean {
  if (till.disk.keptOpen().some((seq) => till.disk.entryAt(seq)?.id === id)) return true;
  return [...world.notes].some(([note, { about }]) => about === key && !world.gone.has(note));
}

/** Each thing that was done is at head office once; a refused one is told. Answers what its sums should be. */
function checkDocuments(world: World, view: ServerView): Should {
  const stock = new Map<string, number>();
  const facts: TransferEvent[] = [];
  const days = new Map<string, DaySums>();
  const items = new Map<string, ItemSums>();
  const series = new Map<string, Set<number>>();
  for (const [key, made] of world.made) {
    const till = world.tills[made.till];
    if (till === undefined || made.kind === 'signIn') continue;
    const isGone = world.gone.has(key);
    const { document } = made;
    if (document !== null) {
      const of = `${document.storeId} ${document.series} ${document.financialYear}`;
      const numbers = series.get(of) ?? new Set<number>();
      if (numbers.has(document.sequence)) blame(world, 'numbersOnce', document.number);
      series.set(of, numbers.add(document.sequence));
    }
    const stored = view.stored.get(storedKey(till.storeId, key));
    if (made.transfer !== null && stored?.rejection === null) facts.push(made.transfer);
    if (stored === undefined) {
      if (!isGone) blame(world, 'nothingLost', `${key} of till ${made.till}`);
      continue;
    }
    const isRefused = stored.rejection !== null;
    const mayBe = !made.isForged && (document === null || mayStand(document, world.isUpdated));
    const id = key.slice(made.kind.length + 1);
    // A supervisor has let it be; or head office forgot that it had refused it, and was updated.
    const isEither =
      isBeyond(document) && mayBe && !till.disk.keptOpen().some((seq) => till.disk.entryAt(seq)?.id === id);
    if (isRefused === mayBe && !isGone && !(isEither && isRefused))
      blame(world, 'judgedRight', `${key}: wrongly judged`);
    if (isRefused && !isGone && !isTold(world, till, key, id)) blame(world, 'refusalsTold', `${key}: not told`);
    if (stored.rejection === null && document !== null) {
      addSums(days, items, document);
      for (const { itemId, qtyMilli } of movesOf(document)) {
        const key = `${document.storeId} ${itemId}`;
        stock.set(key, (stock.get(key) ?? 0) + qtyMilli);
      }
    }
  }
  for (const [of, numbers] of series) {
    if (Math.max(...numbers) !== numbers.size) blame(world, 'gaplessNumbers', `a number is missing in ${of}`);
  }
  return { days, items, stock, facts };
}

const sumOf = (sums: ReadonlyMap<string, number>): number => [...sums.values()].reduce((sum, one) => sum + one, 0);

/** From all the facts at once, whatever order they came in; adds what they move to what stock should be. */
function checkTransfers(world: World, view: ServerView, { facts, stock }: Should): void {
  const sold = sumOf(stock);
  const transit = new Map<string, number>();
  const lost = new Map<string, number>();
  for (const id of new Set(facts.map((fact) => fact.transferId))) {
    for (const { kind, storeId, itemId, qtyMilli } of flowsOf(facts.filter((fact) => fact.transferId === id))) {
      const sums = kind === 'stock' ? stock : kind === 'transit' ? transit : lost;
      sums.set(`${storeId} ${itemId}`, (sums.get(`${storeId} ${itemId}`) ?? 0) + qtyMilli);
    }
  }
  if (!same(withoutZeros(transit), withoutZeros(view.transit)) || !same(withoutZeros(lost), withoutZeros(view.lost))) {
    blame(world, 'goodsAreSomewhere', `on the way ${withoutZeros(view.transit)}, lost ${withoutZeros(view.lost)}`);
  }
  if (sumOf(view.stock) + sumOf(view.transit) + sumOf(view.lost) !== sold) {
    blame(world, 'goodsAreSomewhere', 'goods of the chain that are nowhere, or twice');
  }
}

function checkSums(world: World, view: ServerView): void {
  const should = checkDocuments(world, view);
  for (const key of new Set([...should.days.keys(), ...view.days.keys()])) {
    const is = view.days.get(key) ?? { bills: 0, notes: 0, sales: 0, refunds: 0 };
    const wanted = should.days.get(key) ?? { bills: 0, notes: 0, sales: 0, refunds: 0 };
    if (is.bills > wanted.bills) blame(world, 'countedOnce', `${key}: ${is.bills} bills, not ${wanted.bills}`);
    else if (!same(is, wanted)) blame(world, 'rollupIsSum', `sums of ${key}`);
  }
  for (const key of new Set([...should.items.keys(), ...view.items.keys()])) {
    const none = { qty: 0, net: 0 };
    if (!same(view.items.get(key) ?? none, should.items.get(key) ?? none)) blame(world, 'rollupIsSum', `goods ${key}`);
  }
  checkTransfers(world, view, should);
  const stock = withoutZeros(should.stock);
  if (!same(stock, withoutZeros(view.stock))) blame(world, 'stockIsLedger', `head office: ${withoutZeros(view.stock)}`);
}

const withoutZeros = (sums: ReadonlyMap<string, number>): string[] =>
  [...sums].flatMap(([key, qty]) => (qty === 0 ? [] : [`${key} ${qty}`])).toSorted();

/** What is on its disk says what is in the shop. */
function checkStock(world: World, till: SimTill): void {
  const should = new Map<string, number>();
  for (const [key, made] of world.made) {
    if (made.till !== till.no || world.gone.has(key)) continue;
    addMoves(should, made.moves);
  }
  if (!same(withoutZeros(should), withoutZeros(till.disk.onHand()))) {
    blame(world, 'stockIsLedger', `till ${till.no}: ${withoutZeros(till.disk.onHand())}`);
  }
}

function checkTills(world: World): void {
  const shelves = new Map<string, string>();
  for (const till of world.tills) {
    if (!till.disk.isSound()) blame(world, 'journalWhole', `the journal of till ${till.no}`);
    const rows = [...(world.feeds.get(till.storeId)?.goods() ?? [])].toSorted();
    if (!same(rows, [...till.heard.base].toSorted())) {
      blame(world, 'strongConvergence', `the catalogue of till ${till.no}`);
    }
    till.disk.forgetReplaced(false);
    const kept = till.disk.replacedRows();
    if (kept > 0) blame(world, 'replacedForgotten', `till ${till.no} keeps ${kept} rows that are replaced`);
    lookAtShelf(world, till, null);
    const shelf = JSON.stringify([...till.disk.shelf()].toSorted());
    const others = shelves.get(till.storeId) ?? shelf;
    if (others !== shelf)
      blame(world, 'strongConvergence', `till ${till.no} sells otherwise than another of its store`);
    shelves.set(till.storeId, shelf);
    checkStock(world, till);
    checkSent(world, till);
    world.trace.add('end', till.no, till.disk.headSeq(), shelf);
  }
}

/** Who is said to have each publication, and to sell by it. */
function checkAcks(world: World, view: ServerView, word: 'arrived' | 'applied'): void {
  for (const till of world.tills) {
    for (const { head } of publicationsAt(world, till)) {
      const said = view.acks.get(`${till.tillId} ${head.id}`);
      const isRight = word === 'applied' ? said === 'applied' : said !== undefined;
      if (!isRight) blame(world, 'acksAreTrue', `till ${till.no}: ${head.id.slice(-2)} is ${said ?? 'nothing'}`);
    }
  }
}

/** Each note whose document is there. */
function checkNotes(world: World, view: ServerView): void {
  for (const [key, { till: no, about }] of world.notes) {
    const till = world.tills[no];
    if (till === undefined || world.gone.has(key) || !view.stored.has(storedKey(till.storeId, about))) continue;
    if (!view.notes.has(key)) blame(world, 'notesTold', `${key} of till ${no}`);
  }
}

/** First all is let through, then what is there is looked at; publications for later take effect last. */
export function* check(world: World): Steps<void> {
  if (!(yield* heal(world))) blame(world, 'liveness', 'queues that do not empty');
  const later = [...world.publications.values()].flat().map(({ head }) => head.effectiveAtMs);
  if (Math.max(0, ...later) > world.nowMs) {
    checkAcks(world, (yield () => world.server.view()) as ServerView, 'arrived');
    world.nowMs = Math.max(...later) + 1;
    if (!(yield* settle(world, 200))) blame(world, 'liveness', 'publications that are not sold by');
  }
  const view = (yield () => world.server.view()) as ServerView;
  checkSums(world, view);
  checkAcks(world, view, 'applied');
  checkNotes(world, view);
  checkTills(world);
  const { lost, doubled, stuck, diverged } = world.found;
  world.trace.add('stored', view.stored.size, lost, doubled, stuck, diverged);
}
