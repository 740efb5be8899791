import { describe, expect, it } from 'vitest';
import { makeFakeHid, reportsOf } from './emulator-hid.ts';
import { type HidDevice, openHidLink } from './hid-link.ts';
import { scannerOver } from './serial-scanner.ts';
import type { Scanned } from './port.ts';

// Against a typed fake of a USB device: no real one can be plugged in here.
const identity = { vendorId: 0x0c2e, productId: 0x0b81, serial: null };
const framing = { by: 'end', tabEnds: true, silenceMs: 500, prefixes: [], suffix: '', encoding: 'utf8' } as const;

const until = async (test: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !test(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
};

function open(list: () => Promise<readonly HidDevice[]>, wanted = identity) {
  const link = openHidLink(wanted, list, 20);
  const scanner = scannerOver(link, framing);
  const scans: Scanned[] = [];
  scanner.onScan((scan) => scans.push(scan));
  return { scanner, scans, codes: () => scans.map((scan) => (scan.kind === 'code' ? scan.code : `!${scan.why}`)) };
}

describe('a HID-POS scanner', () => {
  it('is taken from the system’s driver, its keyboard is left alone, and given back', async () => {
    const fake = makeFakeHid({ hasDriver: true });
    const { scanner, codes } = open(async () => [fake.device]);
    await until(() => scanner.state().isOpen);
    for (const report of reportsOf('8901234567890', ']E0')) fake.send(report);
    for (const report of reportsOf('x'.repeat(100), ']Q3')) fake.send(report);
    await until(() => codes().length === 2);
    expect(codes()).toEqual([']E08901234567890', `]Q3${'x'.repeat(100)}`]);
    await scanner.close();
    expect(fake.asked).toEqual(['open', 'detach 1', 'claim 1', 'release 1', 'attach 1', 'close']);
  });
  it('that is pulled out is told and found again when it is back', async () => {
    const first = makeFakeHid();
    const second = makeFakeHid();
    let here: readonly HidDevice[] = [first.device];
    const { scanner, codes } = open(async () => here);
    await until(() => scanner.state().isOpen);
    here = [];
    first.unplug();
    await until(() => scanner.state().trouble === 'absent');
    here = [second.device];
    await until(() => scanner.state().isOpen);
    for (const report of reportsOf('77', ']C0')) second.send(report);
    await until(() => codes().length === 1);
    await scanner.close();
  });
  it('is known by its serial number where one is set', async () => {
    const fake = makeFakeHid({ serialNumber: 'B2' });
    const { scanner } = open(async () => [fake.device], { ...identity, serial: 'A1' as never });
    await until(() => scanner.state().trouble === 'absent');
    await scanner.close();
  });
  it('without the right to open it says so', async () => {
    const fake = makeFakeHid();
    const denied = { ...fake.device, open: () => Promise.reject(new Error('permission denied (errno 13)')) };
    const { scanner } = open(async () => [denied]);
    await until(() => scanner.state().trouble === 'noPermission');
    await scanner.close();
  });
  it('on a PC without USB says so instead of failing', async () => {
    const { scanner } = open(() => Promise.reject(new Error('/sys/bus/usb/devices/ not found (errno 2)')));
    await until(() => scanner.state().trouble === 'unsupported');
    await scanner.close();
  });
});
