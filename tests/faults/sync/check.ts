/**
 * What must hold when the network works again: safety, then liveness. Rule kept: it looks at what was done and at what
 * head office and the tills have, never at how it came there.
 */
import { addSums, type DaySums, type ItemSums, type ServerView, storedKey } from './sim-server.ts';
import { openShift } from './actions.ts';
import { deliver, follow, giveUp, send } from './network.ts';
import { blame, type SimTill, type Steps, type World } from './world.ts';

/** Everything arrives from here on. False when the queues don't empty in as many rounds as there could be need of. */
export function* heal(world: World): Steps<boolean> {
  world.packets = [];
  for (const till of world.tills) {
    till.isCutOff = false;
    if (world.revoked.delete(till.no)) yield () => world.server.setRevoked(till, false);
    openShift(world, till);
  }
  const isSettled = (till: SimTill): boolean => {
    const rows = world.shapes.get(till.storeId)?.fetch(till.stream.place);
    return (
      till.disk.unsent(1).length === 0 &&
      till.stream.whole === null &&
      rows?.isUpToDate === true &&
      rows.changes.length === 0
    );
  };
  for (let round = 0; round < 200; round += 1) {
    for (const till of world.tills) {
      giveUp(world, till);
      send(world, till);
      follow(world, till);
    }
    while (world.packets.length > 0) yield* deliver(world, 0);
    if (world.tills.every(isSettled)) return true;
  }
  return false;
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Each thing that was done is at head office once; a refused one is told. Answers what its sums should be. */
function checkDocuments(world: World, view: ServerView): { days: Map<string, DaySums>; items: Map<string, ItemSums> } {
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
      if (numbers.has(document.sequence)) blame(world, 'doubled', `number ${document.number}`);
      series.set(of, numbers.add(document.sequence));
    }
    const stored = view.stored.get(storedKey(till.storeId, key));
    if (stored === undefined) {
      if (!isGone) blame(world, 'lost', `${key} of till ${made.till}`);
      continue;
    }
    if ((stored.rejection !== null) !== made.isForged && !isGone) blame(world, 'lost', `${key}: wrongly judged`);
    const id = key.slice(made.kind.length + 1);
    if (made.isForged && !isGone && !till.disk.refused().has(id)) blame(world, 'diverged', `${key}: not told`);
    if (stored.rejection === null && document !== null) addSums(days, items, document);
  }
  for (const [of, numbers] of series) {
    if (Math.max(...numbers) !== numbers.size) blame(world, 'lost', `a number is missing in ${of}`);
  }
  return { days, items };
}

function checkSums(world: World, view: ServerView): void {
  const should = checkDocuments(world, view);
  for (const key of new Set([...should.days.keys(), ...view.days.keys()])) {
    const is = view.days.get(key) ?? { bills: 0, notes: 0, sales: 0, refunds: 0 };
    const wanted = should.days.get(key) ?? { bills: 0, notes: 0, sales: 0, refunds: 0 };
    if (is.bills > wanted.bills) blame(world, 'doubled', `${key}: ${is.bills} bills, not ${wanted.bills}`);
    else if (!same(is, wanted)) blame(world, 'diverged', `sums of ${key}`);
  }
  for (const key of new Set([...should.items.keys(), ...view.items.keys()])) {
    const none = { qty: 0, net: 0 };
    if (!same(view.items.get(key) ?? none, should.items.get(key) ?? none)) blame(world, 'diverged', `goods ${key}`);
  }
}

function checkTills(world: World): void {
  for (const till of world.tills) {
    if (!till.disk.isSound()) blame(world, 'diverged', `the journal of till ${till.no}`);
    const rows = [...(world.shapes.get(till.storeId)?.rows() ?? [])].toSorted();
    if (!same(rows, [...till.disk.shelf()].toSorted())) blame(world, 'diverged', `the catalogue of till ${till.no}`);
    world.trace.add('end', till.no, till.disk.headSeq(), JSON.stringify(rows));
  }
}

/** First all is let through, then what is there is looked at. */
export function* check(world: World): Steps<void> {
  if (!(yield* heal(world))) blame(world, 'stuck', 'queues that do not empty');
  const view = (yield () => world.server.view()) as ServerView;
  checkSums(world, view);
  checkTills(world);
  const { lost, doubled, stuck, diverged } = world.found;
  world.trace.add('stored', view.stored.size, lost, doubled, stuck, diverged);
}
