import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair, type PtyPair } from '#tests/fixtures/pty-pair.ts';
import { openDeviceEnd } from './emulator-end.ts';
import { openSerialWire } from './serial-wire.ts';
import type { SerialFormat } from './wire.ts';

const format: SerialFormat = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

describe.skipIf(!hasPty)(`a serial port ${noPty}`, () => {
  let pair: PtyPair;
  beforeAll(async () => {
    pair = await openPtyPair();
  });
  afterAll(() => pair.close());

  // macOS can't ask the open port: there only a name that is gone for a whole look is noticed.
  it.skipIf(process.platform !== 'linux')(
    'that is out for a moment in the middle of a read has ended, though its name is there again',
    async () => {
      const device = await openDeviceEnd({ kind: 'serial', path: pair.right, format, identity: null });
      const wire = await openSerialWire({ path: pair.left, format, identity: null }, 2_000);
      if (!device.ok || !wire.ok) throw new Error('no port');
      const pulled = new Promise<void>((resolve) => {
        const stop = wire.value.onData(() => {
          stop();
          // This thread stands still until the port is hung up: the next read, which follows at once, meets it so.
          void pair.cut();
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
          resolve();
        });
      });
      device.value.end.write(Buffer.from('1'));
      await pulled;
      await pair.replug();
      expect(await wire.value.ended).toBe('broken');
      await device.value.close();
    },
  );
});
