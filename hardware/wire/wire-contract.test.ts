import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

const hasFifo = process.platform !== 'win32' && spawnSync('mkfifo', ['--version']).error === undefined;

async function fifoPair(): Promise<WirePair> {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-fifo-'));
  const path = join(dir, 'lp0');
  spawnSync('mkfifo', [path]);
  // Opening to read and write waits for nobody; we only read.
  const far = createReadStream(path, { flags: 'r+' });
  await once(far, 'open');
  const parts: Buffer[] = [];
  far.on('data', (bytes: string | Buffer) => parts.push(Buffer.from(bytes)));
  const wire = await opened({ kind: 'deviceFile', path });
  const end = (): void => {
    far.destroy();
    // A read that waits in the system keeps the file open until it gets something.
    const waker = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      writeSync(waker, ' ');
    } catch (error) {
      // Full: nobody waits to read then.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    closeSync(waker);
  };
  return {
    wire,
    far: {
      received: () => flat(parts),
      send: () => {},
      hold: () => void far.pause(),
      go: () => void far.resume(),
      cut: async () => {
        const closed = once(far, 'close');
        end();
        await closed;
      },
    },
    tidy: () => {
      if (!far.destroyed) end();
      rmSync(dir, { recursive: true });
    },
  };
}
describe.skipIf(!hasFifo)('over a FIFO (not run where there is no mkfifo)', () => {
  testWire('device file, a FIFO', fifoPair, { reads: false, feelsCut: false, flood: 1_000_000 });
});

it('a plain file takes all, appended, and is never made', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-file-'));
  const path = join(dir, 'spool');
  writeFileSync(path, 'before ');
  for (const word of ['one ', 'two']) {
    const wire = await opened({ kind: 'deviceFile', path });
    expect(await wire.write(new TextEncoder().encode(word), 1_000)).toEqual({ kind: 'sent' });
    await wire.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('before one two');
  rmSync(dir, { recursive: true });
});

describe('a real device', () => {
  const named = process.env['BILLMITRA_WIRE'];
  it.skipIf(named === undefined)('opens, closes and opens again (BILLMITRA_WIRE: a wire target as JSON)', async () => {
    const target = JSON.parse(named ?? '') as WireTarget;
    for (const _ of [0, 1]) await (await opened(target)).close();
  });
});
