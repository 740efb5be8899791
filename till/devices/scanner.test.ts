import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainFraming, plainWedge } from '#contract/plain-scanner.ts';
import type { ScannerEvent } from '#contract/till-scanner.ts';
import { codes, type Desk, openCounter, openDesk, refusalOf } from '#tests/fixtures/till-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await openCounter(desk);
});
afterEach(() => desk.close());

const arrive = (code: string): void => desk.till().context.scanners.arrive({ kind: 'code', code });
const waiting = () => desk.till().context.scanners.waiting();

/** What a window does: hears the feed, puts each scan in the cart under its id, says it is taken. */
async function takeNext(feed: AsyncIterator<ScannerEvent>, isTaken = true): Promise<ScannerEvent> {
  const { value, done } = await feed.next();
  if (done === true) throw new Error('the feed ended');
  for (const scan of value.scans) {
    if (scan.kind === 'code') await desk.rpc.cart.scan({ key: scan.id, code: scan.code });
    if (isTaken) await desk.rpc.scanner.taken({ id: scan.id });
  }
  return value;
}
const follow = async (): Promise<AsyncIterator<ScannerEvent>> =>
  (await desk.rpc.scanner.feed())[Symbol.asyncIterator]();
const lines = async (): Promise<readonly string[]> =>
  (await desk.rpc.cart.get()).lines.map((line) => (line.kind === 'item' ? `${line.name} ${line.qtyMilli}` : line.code));

describe('a scan that arrives at the till', () => {
  it('is handed to a window that listens, and gone when it was taken', async () => {
    const feed = await follow();
    await takeNext(feed);
    arrive(codes.soap);
    await takeNext(feed);
    expect(await lines()).toEqual(['Soap 1000']);
    expect(waiting()).toEqual([]);
  });
  it('waits while nobody listens, in order', async () => {
    arrive(codes.soap);
    arrive(codes.salt);
    const event = await takeNext(await follow());
    expect(event.scans.map((scan) => scan.kind === 'code' && scan.code)).toEqual([codes.soap, codes.salt]);
  });
  it('is handed out again when it was not said to be taken, and sold once', async () => {
    arrive(codes.soap);
    await takeNext(await follow(), false);
    // The window was reloaded in between.
    await takeNext(await follow());
    await takeNext(await follow());
    expect(await lines()).toEqual(['Soap 1000']);
  });
  it('that is no whole code is told and adds nothing', async () => {
    desk.till().context.scanners.arrive({ kind: 'spoiled', why: 'partial', raw: Uint8Array.of(0x38, 0x39) });
    const event = await takeNext(await follow());
    expect(event.scans).toMatchObject([{ kind: 'spoiled', why: 'partial', raw: '3839' }]);
    expect(await lines()).toEqual([]);
  });
  it('goes to the window that has the counter and to no other', async () => {
    const second = desk.other();
    await desk.rpc.till.claim({ windowId: 'first', takeOver: true });
    await second.rpc.till.claim({ windowId: 'second', takeOver: false });
    arrive(codes.soap);
    const theirs = (await second.rpc.scanner.feed())[Symbol.asyncIterator]();
    expect((await theirs.next()).value).toMatchObject({ scans: [] });
    const [scan] = waiting();
    await second.rpc.scanner.taken({ id: scan?.id ?? (codes.soap as never) });
    expect(waiting()).toHaveLength(1);
    await second.rpc.till.claim({ windowId: 'second', takeOver: true });
    const now = (await second.rpc.scanner.feed())[Symbol.asyncIterator]();
    expect((await now.next()).value).toMatchObject({ scans: [{ code: codes.soap }] });
  });
  it('signed out it is kept and added after the PIN', async () => {
    await desk.rpc.staff.signOut();
    arrive(codes.salt);
    await takeNext(await follow());
    await desk.signIn('cashier');
    expect(await lines()).toEqual(['Salt 1000']);
  });
});

describe('what is learnt', () => {
  it('is kept, told to the windows, and is there after a restart', async () => {
    await desk.signIn('owner');
    const feed = await follow();
    expect((await feed.next()).value).toMatchObject({ wedge: plainWedge });
    const wedge = { ...plainWedge, gapMs: 48, prefixes: ['A'] };
    await desk.rpc.scanner.saveWedge({ wedge });
    expect((await feed.next()).value).toMatchObject({ wedge });
    await desk.reopen();
    await desk.signIn('owner');
    expect(await desk.rpc.scanner.setting()).toEqual({ wedge, isWedgeLearnt: true, serial: null });
    expect((await desk.rpc.shop.get()).scanGapMs).toBe(48);
  });
  it('is the owner’s to change', async () => {
    expect(await refusalOf(desk.rpc.scanner.saveWedge({ wedge: plainWedge }))).toMatchObject({ type: 'RoleNeeded' });
    expect(await refusalOf(desk.rpc.scanner.set({ serial: null }))).toMatchObject({ type: 'RoleNeeded' });
    const target = { kind: 'tcp', host: '127.0.0.1', port: 9 } as const;
    expect(await refusalOf(desk.rpc.scanner.set({ serial: { target, framing: plainFraming } }))).toMatchObject({
      type: 'RoleNeeded',
    });
  });
});
