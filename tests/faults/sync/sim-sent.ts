/**
 * Small shapes in the simulator: what head office writes, how a till follows it, how both compare what they have. Rule
 * kept: it follows till/sync/follow-sent.ts and audit-loop.ts step by step; what a till must read is reckoned beside it
 * from what its disk has taken, and compared after each step.
 */
import { everyStoreId, type SentShape } from '#contract/sent-shapes.ts';
import type { SentAudit, SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import type { MendOutcome } from '#sync-server/shapes/mending.ts';
import { crashTill } from './actions.ts';
import { counting, sentStream } from './sent-rows.ts';
import { changedRows, hasSame, lookAtSent } from './sent-shelf.ts';
import type { Reply } from './shape-log.ts';
import { simId } from './sim-goods.ts';
import { blame, isCut, type Packet, type SimTill, type Steps, type World } from './world.ts';

const isForAll: ReadonlySet<SentShape> = new Set<SentShape>(['gstRates', 'sisterStock']);
const sha = '0'.repeat(64);

/** A row that this version reads, of the `n`th writing. */
function contentOf(shape: SentShape, n: number): unknown {
  const file = { url: `/m/${n}`, sha256: sha, bytes: n };
  const rate = { rateBp: 500, cess: null, treatment: 'taxable', valuation: 'transactionValue' };
  switch (shape) {
    case 'staff':
      return { name: `P${n}`, role: 'cashier', language: 'en', isActive: n % 3 > 0 };
    case 'settings':
      return { name: 'returnDays', value: n % 3_000 };
    case 'gstRates':
      return {
        classKey: `office-${n}`,
        hsn: '3401',
        description: 'd',
        condition: '',
        from: '2026-11-01',
        to: null,
        rate,
      };
    case 'sisterStock':
      return { qtyMilli: n };
    case 'storeDays':
      return { bills: n, creditNotes: 0, salesPaise: n, refundsPaise: 0 };
    case 'forecasts':
      return { origin: '2026-11-20', days: [], source: 's', modelVersion: null, confidence: 'low', reason: `${n}` };
    case 'modelReleases':
      return {
        kind: 'demand',
        version: `${n}`,
        releasedAtMs: n,
        isWithdrawn: false,
        featureSchema: { id: 'f', sha256: sha },
        manifest: file,
        onnx: file,
      };
    case 'proposals':
      return {
        itemId: simId('f', 1),
        change: {},
        base: null,
        byName: 'S',
        atMs: n,
        state: 'open',
        note: '',
        decidedBy: null,
        decidedAtMs: null,
      };
  }
}

/** Head office writes some rows, takes some away; now and then one that only a later version reads. */
export function* tellRows(world: World): Steps<void> {
  const shape = world.shapes[world.random(Math.max(1, world.shapes.length))];
  if (shape === undefined) return;
  const storeId = simId('5', world.random(2));
  for (let left = 1 + world.random(4); left > 0; left -= 1) {
    const n = world.nextId++;
    const isOwn = world.random(2) === 0 && !isForAll.has(shape);
    const key = `k${world.random(3)}`;
    const kind = world.random(4);
    const row = { storeId: isOwn ? storeId : everyStoreId, isOwn, key };
    const content = kind === 1 ? { later: n } : contentOf(shape, n);
    const change: RowChange =
      kind === 0 ? { kind: 'drop', row } : { kind: 'put', row: { ...row, content: JSON.stringify(content) } };
    for (const [of, { sent }] of world.feeds) {
      const isTheirs = !isOwn || of === storeId;
      if (isTheirs || world.protocol.sendsOthersRows) {
        yield () => sent.send(shape, change, isTheirs);
      }
    }
    world.trace.add('tell', shape, key, kind);
  }
}

/** A row does not come with the others, and nobody says so: the known failures are silent. */
export function loseRow(world: World): void {
  const at = world.packets.findIndex((one) => one.kind === 'sentRows' && one.reply.changes.length > 0);
  const packet = world.packets[at];
  if (packet?.kind !== 'sentRows') return;
  world.lostRows.add(packet.shape);
  const { changes } = packet.reply;
  const lost = world.random(changes.length);
  world.packets[at] = { ...packet, reply: { ...packet.reply, changes: changes.filter((_, i) => i !== lost) } };
}

/** A word of a log is gone on the server's own disk: whoever begins from its start lacks it too, and nobody says so. */
export function* loseFromLog(world: World): Steps<void> {
  const shape = world.shapes[world.random(Math.max(1, world.shapes.length))];
  const feed = world.feeds.get(simId('5', world.random(2)))?.sent;
  const n = world.random(1_000);
  if (shape === undefined || feed === undefined) return;
  const isLost = (yield () => feed.lose(shape, n)) as boolean;
  if (isLost) world.lostRows.add(shape);
  world.trace.add('lose', shape, isLost ? 1 : 0);
}

export function followSent(world: World, till: SimTill, at = world.random(Math.max(1, world.shapes.length))): void {
  const shape = world.shapes[at];
  const stream = shape === undefined ? undefined : till.sent.get(shape);
  if (shape === undefined || stream === undefined || stream.waitsFor !== null) return;
  const id = world.nextId++;
  stream.waitsFor = id;
  world.packets.push({ kind: 'askSent', id, till: till.no, shape, place: stream.place });
}

export function* answerSent(world: World, till: SimTill, packet: Packet & { readonly kind: 'askSent' }): Steps<void> {
  const { id, shape, place } = packet;
  const reply = (yield () => world.feeds.get(till.storeId)?.sent.fetch(shape, till, place)) as
    | Reply<RowChange>
    | 'turnedAway'
    | undefined;
  if (reply === undefined || reply === 'turnedAway') return;
  if (world.revoked.has(till.no)) blame(world, 'shutOut', `till ${till.no} reads ${shape} after it was shut out`);
  world.packets.push({ kind: 'sentRows', id, till: till.no, shape, reply });
}

const never = 1_000_000;

/** As `take` of follow-sent.ts. */
export function* takeSent(world: World, till: SimTill, packet: Packet & { readonly kind: 'sentRows' }): Steps<void> {
  const { protocol } = world;
  const { shape, reply } = packet;
  const stream = till.sent.get(shape);
  if (stream === undefined || (stream.waitsFor !== packet.id && !protocol.takesLateShapes)) return;
  stream.waitsFor = null;
  const { sent } = till.disk;
  if (reply.mustRefetch) {
    if (protocol.ignoresRefetch) {
      stream.place = { ...reply.place, offset: stream.place?.offset ?? '0' };
      return;
    }
    sent.begin(shape);
    Object.assign(stream, { ...sentStream(null), differing: stream.differing });
    return;
  }
  const { changes, place } = reply;
  stream.isUpToDate = reply.isUpToDate;
  const cut = isCut(world, 12) ? world.random(4) : never;
  world.trace.add('rows', till.no, shape, changes.length, cut === never ? 0 : 1);
  if (stream.gathered === null) {
    if (changes.length > 0) {
      sent.apply(shape, changes, place, cut !== never);
      if (cut === never) till.read.set(shape, changedRows(till.read.get(shape), changes));
    }
    lookAtSent(world, till, shape);
    if (cut !== never && changes.length > 0) return crashTill(world, till);
    stream.place = place;
    return;
  }
  const isLast = reply.isUpToDate || protocol.finishesEarly;
  yield () => sent.stage(shape, changes, cut < 2 ? cut : never);
  stream.gathered = changedRows(stream.gathered, changes);
  stream.place = place;
  if (cut < 2) {
    lookAtSent(world, till, shape);
    return crashTill(world, till);
  }
  if (isLast) {
    yield () => sent.finish(shape, place, cut === never ? never : cut - 2);
    // The first commit is the switch.
    if (cut !== 2) till.read.set(shape, stream.gathered);
    stream.gathered = null;
    if (cut !== 2 && world.feeds.get(till.storeId)?.sent.isWhole(shape, place) === false) {
      blame(world, 'smallShapesWhole', `till ${till.no} reads part of ${shape}`);
    }
  }
  lookAtSent(world, till, shape);
  if (cut !== never) crashTill(world, till);
}

/** As audit-loop.ts: three times at one place is lost; head office looks first, as follow-sent.ts has it. */
export function* auditSent(
  world: World,
  till: SimTill,
  at = world.random(Math.max(1, world.shapes.length)),
): Steps<void> {
  const shape = world.shapes[at];
  const stream = shape === undefined ? undefined : till.sent.get(shape);
  const feed = world.feeds.get(till.storeId)?.sent;
  if (shape === undefined || stream === undefined || feed === undefined || till.isCutOff) return;
  if (!stream.isUpToDate || stream.gathered !== null) return;
  const theirs = (yield () => feed.audit(shape, till)) as SentAudit | null;
  if (theirs === null) return;
  const ours = till.disk.sent.audit(shape);
  const place = till.disk.sent.place(shape);
  const { differing, isLost } = world.protocol.afterAudit(stream.differing, JSON.stringify(place), ours, theirs);
  stream.differing = differing;
  if (!isLost) return;
  world.trace.add('audit', till.no, shape);
  const isAtEnd = place !== null && feed.isAtEnd(shape, place) === true;
  if (isAtEnd && !world.lostRows.has(shape)) blame(world, 'strongConvergence', `till ${till.no} has lost of ${shape}`);
  if (world.protocol.auditGoesOn) return;
  const outcome = (yield () => feed.mend(shape, till)) as MendOutcome['kind'];
  world.trace.add('mend', till.no, shape, outcome);
  if (!world.protocol.isToReadAnew(outcome)) {
    stream.differing = null;
    return;
  }
  till.disk.sent.forgetPlace(shape);
  till.disk.sent.begin(shape);
  till.sent.set(shape, sentStream(null));
}

/** The same rows, the same hash, nothing on its way. */
export function* isSentSettled(world: World, till: SimTill): Steps<boolean> {
  for (const shape of world.shapes) {
    const stream = till.sent.get(shape);
    const feed = world.feeds.get(till.storeId)?.sent;
    if (stream === undefined || feed === undefined || stream.gathered !== null || !stream.isUpToDate) return false;
    const theirs = (yield () => feed.audit(shape, till)) as SentAudit | null;
    const ours = till.disk.sent.audit(shape);
    if (theirs === null || theirs.count !== ours.count || theirs.hash !== ours.hash) return false;
  }
  return true;
}

export function checkSent(world: World, till: SimTill): void {
  for (const shape of world.shapes) {
    lookAtSent(world, till, shape);
    const theirs = world.feeds.get(till.storeId)?.sent.rows(shape) ?? new Map<string, SentRow>();
    if (!hasSame(till.disk.sent.read(shape), counting(theirs))) {
      blame(world, 'strongConvergence', `${shape} of till ${till.no}`);
    }
    world.trace.add('sent', till.no, shape, ...[...theirs.keys()].toSorted());
  }
}
