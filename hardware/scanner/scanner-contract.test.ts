/**
 * The scanner's promises over serial ports and sockets against the emulator, over USB against a typed fake, and
 * against a real scanner where BILLMITRA_SCANNER names it, as '{"target":{"kind":"serial",…},"framing":{…}}': then
 * somebody scans one code three times within a minute.
 */
import { describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { listenAsDevice, openDeviceEnd } from '../wire/emulator-end.ts';
import type { SerialFormat, WireTarget } from '../wire/wire.ts';
import { scanBytes, type ScannerEnds } from './emulator.ts';
import { makeFakeHid, reportsOf } from './emulator-hid.ts';
import { openHidLink } from './hid-link.ts';
import { openScanLink } from './open-scanner.ts';
import type { Framing } from './port.ts';
import { hearCodes, type ScannerPair, testScanner, until } from './scanner.contract.ts';
import { scannerOver } from './serial-scanner.ts';

const byEnd: Framing = { by: 'end', tabEnds: true, silenceMs: 150, prefixes: [], suffix: '', encoding: 'utf8' };
const byStx: Framing = { ...byEnd, by: 'stxEtx' };
const format: SerialFormat = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const serial = (path: string): WireTarget => ({ kind: 'serial', path, format, identity: null });
const begin = (ends: ScannerEnds): string => (ends === 'stxEtx' ? '\u0002' : '');
const garbage = Uint8Array.of(0xff, 0x81, 0x00, 0xfe);

function sender(ends: ScannerEnds, write: (bytes: Uint8Array) => void) {
  return {
    scan: (code: string) => write(scanBytes(code, ends)),
    scanHalf: (code: string) => write(new TextEncoder().encode(begin(ends) + code)),
    sendGarbage: () =>
      write(Buffer.concat([Buffer.from(begin(ends)), garbage, scanBytes('', ends).subarray(begin(ends).length)])),
  };
}

async function tcpPair(ends: ScannerEnds, framing: Framing): Promise<ScannerPair> {
  const device = await listenAsDevice(0);
  const scanner = scannerOver(await openScanLink({ kind: 'tcp', host: '127.0.0.1', port: device.port }), framing);
  return {
    scanner,
    ...sender(ends, device.end.write),
    cut: device.cut,
    replug: () => {},
    tidy: async () => {
      await scanner.close();
      await device.close();
    },
  };
}

async function ptyPair(ends: ScannerEnds, framing: Framing): Promise<ScannerPair> {
  const pair = await openPtyPair();
  const plug = async () => {
    const opened = await openDeviceEnd(serial(pair.right));
    if (!opened.ok) throw new Error(opened.error);
    return opened.value;
  };
  let device = await plug();
  const scanner = scannerOver(await openScanLink(serial(pair.left)), framing);
  return {
    scanner,
    ...sender(ends, (bytes) => device.end.write(bytes)),
    cut: () => pair.cut(),
    replug: async () => {
      await device.close();
      await pair.replug();
      device = await plug();
    },
    tidy: async () => {
      await scanner.close();
      await device.close();
      await pair.close();
    },
  };
}

async function hidPair(): Promise<ScannerPair> {
  let fake = makeFakeHid();
  let isHere = true;
  const identity = { vendorId: fake.device.vendorId, productId: fake.device.productId, serial: null };
  const scanner = scannerOver(
    openHidLink(identity, async () => (isHere ? [fake.device] : []), 20),
    byEnd,
  );
  return {
    scanner,
    scan: (code) => reportsOf(code, ']E0').forEach((report) => fake.send(report)),
    scanHalf: (code) =>
      reportsOf(code, ']E0')
        .slice(0, -1)
        .forEach((report) => fake.send(report)),
    sendGarbage: () => fake.send(Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 2 : 0xff))),
    cut: () => {
      isHere = false;
      fake.unplug();
    },
    replug: () => {
      fake = makeFakeHid();
      isHere = true;
    },
    tidy: () => scanner.close(),
  };
}

testScanner('CR and LF over TCP', () => tcpPair('crlf', byEnd), 1_200);
testScanner('STX and ETX over TCP', () => tcpPair('stxEtx', byStx), 200);
testScanner('HID-POS over a fake of USB', hidPair, 200);
if (hasPty) {
  testScanner('CR over a serial port', () => ptyPair('cr', byEnd), 1_200);
  testScanner('STX and ETX over a serial port', () => ptyPair('stxEtx', byStx), 200);
}
it.skipIf(hasPty)(`scanner over a serial port: ${noPty}`, () => {});

const named = process.env['BILLMITRA_SCANNER'];
describe.skipIf(named === undefined)('the scanner that BILLMITRA_SCANNER names', () => {
  it('delivers one code three times', async () => {
    const { target, framing } = JSON.parse(named ?? '{}') as { target: WireTarget; framing: Framing };
    const scanner = scannerOver(await openScanLink(target), { ...byEnd, ...framing });
    const codes = hearCodes(scanner);
    const end = Date.now() + 60_000;
    while (codes.length < 3 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    await scanner.close();
    expect(codes.slice(0, 3)).toEqual([codes[0], codes[0], codes[0]]);
    expect(codes[0]).toMatch(/^[^!]/);
  }, 65_000);
});

it('a scanner that is not there says so', async () => {
  const device = await listenAsDevice(0);
  await device.close();
  const scanner = scannerOver(await openScanLink({ kind: 'tcp', host: '127.0.0.1', port: device.port }), byEnd);
  await until(() => scanner.state().trouble !== null);
  expect(scanner.state()).toEqual({ isOpen: false, trouble: 'refused' });
  await scanner.close();
});
