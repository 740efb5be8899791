/** Pole display and drawer of a real till over real sockets, with their emulators at the other end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDisplayEmulator } from '#hardware/display/emulator.ts';
import { startDrawerEmulator } from '#hardware/drawer/emulator.ts';
import { listenAsDevice } from '#hardware/wire/emulator-end.ts';
import {
  cash,
  codes,
  type Desk,
  newKey,
  openCounter,
  openDesk,
  refusalOf,
  rupees,
  scan,
  sell,
} from '#tests/fixtures/till-desk.ts';

let desk: Desk;
let device: Awaited<ReturnType<typeof listenAsDevice>>;
beforeEach(async () => {
  desk = await openDesk();
  device = await listenAsDevice(0);
  await openCounter(desk);
  await desk.signIn('owner');
});
afterEach(async () => {
  await desk.close();
  await device.close();
});
const target = () => ({ kind: 'tcp' as const, host: '127.0.0.1', port: device.port });
const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 300) throw new Error('it never came');
    await sleep(10);
  }
};

describe('the pole', () => {
  const openPole = async () => {
    const pole = startDisplayEmulator();
    device.end.onData(pole.take);
    await desk.rpc.pole.set({ target: target(), model: 'cd5220' });
    await until(() => pole.lines()[0].includes('Sharma Kirana'));
    return pole;
  };

  it('follows the bill from the first item to the change', async () => {
    const pole = await openPole();
    expect(pole.lines()).toEqual(['   Sharma Kirana    ', '       10:00        ']);
    await scan(desk.rpc, codes.soap);
    await until(() => pole.lines()[0].startsWith('Soap'));
    expect(pole.lines()).toEqual(['Soap           45.00', 'TOTAL          45.00']);
    await scan(desk.rpc, codes.salt);
    await until(() => pole.lines()[0].startsWith('Salt'));
    expect(pole.lines()[1]).toBe('TOTAL          73.00');
    await cash(desk.rpc, rupees(100));
    const { header } = await desk.rpc.cart.get();
    await desk.rpc.bill.commit({ cartId: header.cartId });
    await until(() => pole.lines()[1].startsWith('CHANGE'));
    expect(pole.lines()).toEqual(['TOTAL          73.00', 'CHANGE         27.00']);
    expect(pole.unknown()).toEqual([]);
    expect((await desk.rpc.pole.state()).lines).toEqual(pole.lines());
  });

  it('is drawn whole again after its cable was pulled, and holds no bill up meanwhile', async () => {
    const pole = await openPole();
    device.cut();
    await scan(desk.rpc, codes.soap);
    pole.take(Uint8Array.of(0x0c));
    await until(() => pole.lines()[0].startsWith('Soap'));
    expect(pole.lines()[1]).toBe('TOTAL          45.00');
  });

  it('is a display of the device list, and can be shown and taken off', async () => {
    expect(await refusalOf(desk.rpc.pole.test())).toEqual({ type: 'PoleNotSet' });
    const pole = await openPole();
    await desk.rpc.pole.test();
    await until(() => pole.lines()[1] === 'ABCDEFGHIJKLMNOPQRST');
    expect((await desk.rpc.device.state()).all.find((one) => one.kind === 'display')).toMatchObject({ state: 'works' });
    expect(await desk.rpc.pole.set(null)).toEqual({ lines: ['', ''] });
  });
});

describe('a drawer on a port of its own', () => {
  const openDrawer = async () => {
    const drawer = startDrawerEmulator('bel');
    device.end.onData(drawer.take);
    await desk.rpc.drawer.set({ via: 'wire', target: target(), pulse: 'bel' });
    return drawer;
  };

  it('opens for cash and not for UPI, without any printer', async () => {
    const drawer = await openDrawer();
    await sell(desk.rpc, codes.soap);
    await until(() => drawer.opened() === 1);
    await scan(desk.rpc, codes.soap);
    await desk.rpc.cart.addTender({ key: newKey(), kind: 'upi', amountPaise: null, status: 'received' });
    const { header } = await desk.rpc.cart.get();
    await desk.rpc.bill.commit({ cartId: header.cartId });
    await sleep(150);
    expect(drawer.opened()).toBe(1);
  });

  it('opens once for a bill that was committed twice', async () => {
    const drawer = await openDrawer();
    await scan(desk.rpc, codes.soap);
    await cash(desk.rpc);
    const { header } = await desk.rpc.cart.get();
    await desk.rpc.bill.commit({ cartId: header.cartId });
    await desk.rpc.bill.commit({ cartId: header.cartId });
    await until(() => drawer.opened() === 1);
    await sleep(150);
    expect(drawer.opened()).toBe(1);
  });

  it('opens without a sale only for a reason, which is written down', async () => {
    const drawer = await openDrawer();
    expect(await refusalOf(desk.rpc.device.openDrawer({ reason: ' ' }))).toEqual({ type: 'ReasonNeeded' });
    const before = desk.till().context.tables.journal.unsentCount();
    await desk.rpc.device.openDrawer({ reason: 'change for the tea stall' });
    await until(() => drawer.opened() === 1);
    expect(desk.till().context.tables.journal.unsentCount()).toBe(before + 1);
  });

  it('that is not there, or does not open, holds no bill up', async () => {
    const drawer = await openDrawer();
    drawer.jam(true);
    expect((await sell(desk.rpc, codes.soap)).payablePaise).toBe(rupees(45));
    await device.close();
    expect((await sell(desk.rpc, codes.soap)).payablePaise).toBe(rupees(45));
    for (let tries = 0; tries < 300; tries += 1) {
      const view = (await desk.rpc.device.state()).all.find((one) => one.kind === 'drawer');
      if (view?.state === 'trouble') break;
      await sleep(10);
    }
    expect((await desk.rpc.device.state()).all.find((one) => one.kind === 'drawer')).toMatchObject({
      state: 'trouble',
      trouble: 'refused',
    });
    expect(drawer.opened()).toBe(0);
    device = await listenAsDevice(0);
  });
});
