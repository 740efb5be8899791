import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { openWire } from './open-wire.ts';
import type { SerialFormat, Wire, WireTarget } from './wire.ts';
import { testWire, type WirePair } from '#tests/contracts/wire-promises.ts';

const opened = async (target: WireTarget): Promise<Wire> => {
  const wire = await openWire(target);
  if (!wire.ok) throw new Error(`${JSON.stringify(target)}: ${wire.error}`);
  return wire.value;
};
const flat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

async function tcpPair(): Promise<WirePair> {
  const parts: Buffer[] = [];
  let far: Socket | null = null;
  let isHeld = false;
  const server = createServer((socket) => {
    far = socket;
    if (isHeld) socket.pause();
    socket.on('data', (bytes: Buffer) => parts.push(bytes));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const met = new Promise<void>((resolve) => void server.once('connection', () => resolve()));
  const wire = await opened({ kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  await met;
  return {
    wire,
    far: {
      received: () => flat(parts),
      send: (bytes) => void far?.write(bytes),
      hold: () => {
        isHeld = true;
        far?.pause();
      },
      go: () => void far?.resume(),
      cut: () => void far?.resetAndDestroy(),
    },
    tidy: () => {
      far?.destroy();
      server.close();
    },
  };
}
// Loopback grows its buffers to several megabytes.
testWire('TCP', tcpPair, { reads: true, feelsCut: true, flood: 24_000_000 });

const format: SerialFormat = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

async function ptyPair(target: (path: string) => WireTarget): Promise<WirePair> {
  const { SerialPort } = await import('serialport');
  const pair = await openPtyPair();
  const wire = await opened(target(pair.left));
  const parts: Buffer[] = [];
  const device = new SerialPort({ path: pair.right, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => device.open((error) => (error ? reject(error) : resolve())));
  device.on('data', (bytes: Buffer) => parts.push(bytes));
  device.on('error', () => {});
  return {
    wire,
    far: {
      received: () => flat(parts),
      send: (bytes) => void device.write(Buffer.from(bytes)),
      hold: () => void device.pause(),
      go: () => void device.resume(),
      cut: pair.cut,
    },
    tidy: async () => {
      if (device.isOpen) await new Promise<void>((resolve) => device.close(() => resolve()));
      await pair.close();
    },
  };
}

describe.skipIf(!hasPty)(`over pseudo terminals ${noPty}`, () => {
  const traits = { reads: true, feelsCut: true, flood: 400_000 };
  testWire('serial', () => ptyPair((path) => ({ kind: 'serial', path, format, identity: null })), traits);
  testWire('device file, a tty', () => ptyPair((path) => ({ kind: 'deviceFile', path })), traits);
});

describe('a real device', () => {
  const named = process.env['BILLMITRA_WIRE'];
  it.skipIf(named === undefined)('opens, closes and opens again (BILLMITRA_WIRE: a wire target as JSON)', async () => {
    const target = JSON.parse(named ?? '') as WireTarget;
    for (const _ of [0, 1]) await (await opened(target)).close();
  });
});
