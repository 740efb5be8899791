/** The pulse of a drawer on a port of its own, over sockets and serial ports. */
import { describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { listenAsDevice, openDeviceEnd } from '../wire/emulator-end.ts';
import { openWire } from '../wire/open-wire.ts';
import type { SerialFormat } from '../wire/wire.ts';
import { startDrawerEmulator } from './emulator.ts';
import { type DrawerPulse, drawerPulses, pulseDrawer } from './pulse.ts';

const format: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const pulses = Object.keys(drawerPulses) as DrawerPulse[];

describe.each(pulses)('pulse %s', (pulse) => {
  it('opens a drawer over a socket, each time once', async () => {
    const device = await listenAsDevice(0);
    const drawer = startDrawerEmulator(pulse);
    device.end.onData(drawer.take);
    const target = { kind: 'tcp' as const, host: '127.0.0.1', port: device.port };
    for (const times of [1, 2]) {
      expect(await pulseDrawer(openWire, target, pulse)).toBeNull();
      await expect.poll(drawer.opened).toBe(times);
    }
    await device.close();
    expect(await pulseDrawer(openWire, target, pulse)).toBe('refused');
  });

  it.skipIf(!hasPty)(`opens one over a serial port ${noPty}`, async () => {
    const pair = await openPtyPair();
    const device = await openDeviceEnd({ kind: 'serial', path: pair.right, format, identity: null });
    if (!device.ok) throw new Error(device.error);
    const drawer = startDrawerEmulator(pulse);
    device.value.end.onData(drawer.take);
    const target = { kind: 'serial' as const, path: pair.left, format, identity: null };
    expect(await pulseDrawer(openWire, target, pulse)).toBeNull();
    await expect.poll(drawer.opened).toBe(1);
    await device.value.close();
    await pair.close();
    expect(await pulseDrawer(openWire, target, pulse)).toBe('absent');
  });
});

describe('the emulator', () => {
  it('opens at its own pulse only, also in pieces, and not when it is jammed', () => {
    const drawer = startDrawerEmulator('escP');
    drawer.take(Uint8Array.of(0x07, 0x1b, 0x70));
    drawer.take(Uint8Array.of(0x00, 0x19));
    expect(drawer.isOpen()).toBe(false);
    drawer.take(Uint8Array.of(0xfa));
    expect(drawer.isOpen()).toBe(true);
    drawer.shut();
    drawer.jam(true);
    drawer.take(Uint8Array.from(drawerPulses.escP));
    expect(drawer.isOpen()).toBe(false);
    expect(drawer.opened()).toBe(1);
  });
});
