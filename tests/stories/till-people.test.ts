/** Who is at the counter: PINs and their lock, across restarts and clocks that people set; windows; set-up. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  codes,
  type Desk,
  newKey,
  openCounter,
  openDesk,
  pins,
  refusalOf,
  rupees,
  scan,
} from '../fixtures/till-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const tryPin = (pin: string, staffId: Desk['staff']['cashier'] | null = desk.staff.cashier) =>
  refusalOf(desk.rpc.staff.signIn({ staffId, pin }));
const failFive = async () => {
  const answers = [];
  for (let i = 0; i < 5; i += 1) answers.push(await tryPin('999999'));
  return answers;
};
const day = 86_400_000;

describe('a PIN', () => {
  it('five wrong tries lock for 30 s, then 60 s, then 120 s; the right one frees', async () => {
    expect(await failFive()).toEqual([
      ...[4, 3, 2, 1].map((triesLeft) => ({ type: 'PinWrong', triesLeft })),
      { type: 'PinLocked', at: 'name', waitSeconds: 30 },
    ]);
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 30 });
    desk.pass(29_000);
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 1 });
    desk.pass(1_000);
    expect(await tryPin('999999')).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 60 });
    desk.pass(60_000);
    expect(await tryPin('12')).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 120 });
    desk.pass(120_000);
    expect(await tryPin(pins.cashier)).toBeNull();
    expect(await tryPin('999999')).toEqual({ type: 'PinWrong', triesLeft: 4 });
  });

  it('a clock set on or back does not open the lock, however long the till has run', async () => {
    desk.pass(3 * 3_600_000);
    await failFive();
    desk.moveClock(day);
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 30 });
    desk.moveClock(-2 * day);
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 30 });
    desk.pass(30_000);
    expect(await tryPin(pins.cashier)).toBeNull();
  });

  it('a restart does not open the lock, with the clock set on either', async () => {
    await failFive();
    await desk.reopen();
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 30 });
    desk.moveClock(day);
    await desk.reopen();
    expect(await tryPin(pins.cashier)).toEqual({ type: 'PinLocked', at: 'name', waitSeconds: 30 });
    desk.pass(30_000);
    expect(await tryPin(pins.cashier)).toBeNull();
  });

  it('five without a name lock that way and no name; the lock outlives a restart', async () => {
    for (let i = 0; i < 4; i += 1) expect(await tryPin('999999', null)).toMatchObject({ type: 'PinWrong' });
    const locked = { type: 'PinLocked', at: 'signIn', waitSeconds: 30 };
    expect(await tryPin('999999', null)).toEqual(locked);
    expect(await tryPin(pins.cashier, null)).toEqual(locked);
    for (const who of ['cashier', 'supervisor', 'owner'] as const) {
      await desk.reopen();
      expect(await tryPin(pins[who], null)).toEqual(locked);
      if (who !== 'owner') expect(await tryPin(pins[who], desk.staff[who])).toBeNull();
    }
    // The owner, by name, starts the whole device afresh.
    expect(await tryPin(pins.owner, desk.staff.owner)).toBeNull();
    expect(await tryPin(pins.cashier, null)).toBeNull();
  });

  it('a name that is locked opens without the name, and locks nobody else', async () => {
    await failFive();
    expect(await tryPin(pins.supervisor, desk.staff.supervisor)).toBeNull();
    expect(await tryPin(pins.cashier, null)).toBeNull();
    expect(await tryPin('999999')).toEqual({ type: 'PinWrong', triesLeft: 4 });
  });

  it('one’s own right PIN does not buy more guesses at another’s', async () => {
    for (let i = 0; i < 4; i += 1) await tryPin('999999', null);
    expect(await tryPin(pins.cashier, null)).toBeNull();
    expect(await tryPin(pins.supervisor, null)).toBeNull();
    expect(await tryPin('999998', null)).toEqual({ type: 'PinLocked', at: 'signIn', waitSeconds: 30 });
  });

  it('honest slips are forgiven, one in a quarter of an hour', async () => {
    for (let i = 0; i < 6; i += 1) {
      expect(await tryPin('999999', null)).toEqual({ type: 'PinWrong', triesLeft: 4 });
      desk.pass(60_000);
      expect(await tryPin(pins.cashier, null)).toBeNull();
      desk.pass(14 * 60_000);
    }
  });

  it('wrong approvals lock approvals, not the sign-in; a wrong recovery code locks nothing, nor is it locked', async () => {
    const { recoveryCode } = await desk.rpc.backup.newCode();
    const approve = (ownerPin: string) => refusalOf(desk.rpc.till.acceptClock({ ownerPin }));
    for (let i = 0; i < 4; i += 1) await approve('999999');
    expect(await approve('999999')).toEqual({ type: 'PinLocked', at: 'approval', waitSeconds: 30 });
    expect(await tryPin(pins.cashier, null)).toBeNull();
    for (let i = 0; i < 4; i += 1) await tryPin('999999', desk.staff.owner);
    expect(await tryPin('999999', desk.staff.owner)).toMatchObject({ type: 'PinLocked', at: 'owner' });
    expect(await tryPin(pins.owner, desk.staff.owner)).toMatchObject({ type: 'PinLocked', at: 'owner' });
    await desk.signIn('supervisor');
    const recover = (recoveryCode: string) => refusalOf(desk.rpc.staff.recover({ recoveryCode, newPin: '444444' }));
    for (let i = 0; i < 7; i += 1) expect(await recover('AAAA')).toEqual({ type: 'RecoveryWrong' });
    expect(await recover(recoveryCode)).toBeNull();
    expect(await tryPin('444444', desk.staff.owner)).toBeNull();
    expect(await approve('444444')).toBeNull();
  });

  it('a login is resumed after a reload, not after signing out or a restart', async () => {
    const { loginToken } = await desk.rpc.staff.signIn({ staffId: desk.staff.cashier, pin: pins.cashier });
    const other = desk.other();
    expect((await other.rpc.staff.resume({ loginToken })).name).toBe('Meena');
    await desk.rpc.staff.signOut();
    expect(await refusalOf(desk.other().rpc.staff.resume({ loginToken }))).toEqual({ type: 'SignedOut' });
  });
});

describe('who may do what', () => {
  it('signed out nothing but the sign-in; a cashier no prices, stock or set-up', async () => {
    await openCounter(desk);
    const { rpc } = desk;
    const stranger = desk.other().rpc;
    expect(await refusalOf(stranger.bill.find({ text: '' }))).toEqual({ type: 'SignedOut' });
    expect(await refusalOf(stranger.cart.undo({ key: newKey() }))).toEqual({ type: 'SignedOut' });
    expect(await refusalOf(rpc.staff.add({ name: 'X', role: 'owner', pin: '000000', language: 'en' }))).toEqual({
      type: 'RoleNeeded',
      role: 'owner',
    });
    expect(await refusalOf(rpc.shop.finishSetUp())).toEqual({ type: 'RoleNeeded', role: 'owner' });
    expect(await refusalOf(stranger.shop.saveOwner({ name: 'Thief', pin: '000000', language: 'en' }))).toEqual({
      type: 'SignedOut',
    });
  });

  it('scans while signed out wait and are added after the PIN, in order', async () => {
    await openCounter(desk);
    const { rpc } = desk;
    await rpc.staff.signOut();
    expect(await scan(rpc, codes.salt)).toEqual({ outcome: 'waitsForSignIn' });
    expect(await scan(rpc, codes.soap)).toEqual({ outcome: 'waitsForSignIn' });
    expect((await rpc.cart.get()).header.waitingScans).toBe(2);
    await desk.signIn('cashier');
    const { header, lines } = await rpc.cart.get();
    expect(lines.map((l) => (l.kind === 'item' ? l.name : ''))).toEqual(['Salt', 'Soap']);
    expect(header.waitingScans).toBe(0);
  });
});

describe('two windows on one cart', () => {
  it('the second is told, may take over, and the first then gets OtherWindow', async () => {
    await openCounter(desk);
    const first = desk.rpc;
    const second = desk.other();
    await second.rpc.staff.signIn({ staffId: desk.staff.cashier, pin: pins.cashier });
    expect(await first.till.claim({ windowId: 'one', takeOver: false })).toEqual({ isActive: true });
    expect(await second.rpc.till.claim({ windowId: 'two', takeOver: false })).toEqual({ isActive: false });
    expect(await refusalOf(scan(second.rpc, codes.soap))).toEqual({ type: 'OtherWindow' });
    expect(await second.rpc.till.claim({ windowId: 'two', takeOver: true })).toEqual({ isActive: true });
    expect(await refusalOf(scan(first, codes.soap))).toEqual({ type: 'OtherWindow' });
    const { header } = await first.cart.get();
    expect(await refusalOf(first.bill.commit({ cartId: header.cartId }))).toEqual({ type: 'OtherWindow' });
    expect(await scan(second.rpc, codes.soap)).toEqual({ outcome: 'added' });
    // A window that was closed doesn't block the next one.
    desk.till().disconnect(second.connection);
    expect(await first.till.claim({ windowId: 'one', takeOver: false })).toEqual({ isActive: true });
    expect((await first.cart.get()).lines).toHaveLength(1);
  });
});

describe('the shop’s own details', () => {
  it('a GSTIN of another state, a wrong one, a bad series, UPI address or rounding are refused by field', async () => {
    await desk.signIn('owner');
    const good = {
      name: 'Sharma Kirana',
      address: '',
      phone: '',
      stateCode: '27',
      gstin: '27AAPFU0939F1ZV' as string | null,
      isComposition: false,
      fssai: null,
      upiAddress: null as string | null,
      series: 'K3T1',
      receiptLanguage: 'hi' as const,
      roundStepPaise: rupees(1),
    };
    const field = async (more: Partial<typeof good>) => {
      const refused = await refusalOf(desk.rpc.shop.save({ ...good, ...more }));
      return refused?.type === 'InputInvalid' ? `${refused.field}: ${refused.reason}` : refused;
    };
    expect(await field({})).toBeNull();
    expect(await field({ stateCode: '29' })).toBe('gstin: otherState');
    expect(await field({ gstin: '27AAPFU0939F1ZW' })).toBe('gstin: checkDigit');
    expect(await field({ stateCode: '00', gstin: null })).toBe('stateCode: unknownState');
    expect(await field({ series: '0A' })).toBe('series: notSeries');
    expect(await field({ upiAddress: 'no address' })).toBe('upiAddress: notVpa');
    expect(await field({ roundStepPaise: rupees(10) })).toBe('roundStepPaise: notStep');
  });
});
