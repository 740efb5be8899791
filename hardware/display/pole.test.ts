/** A pole on its wire, over sockets and serial ports, with the emulator at the other end. */
import { describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { listenAsDevice, openDeviceEnd } from '../wire/emulator-end.ts';
import type { SerialFormat, WireTarget } from '../wire/wire.ts';
import { startDisplayEmulator } from './emulator.ts';
import { type PoleLines, poleLine } from './encode.ts';
import { poleModels } from './models.ts';
import { openPole } from './open-pole.ts';

const format: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const lines = (first: string, second: string): PoleLines => [poleLine(first), poleLine(second)];

type Ends = {
  readonly target: WireTarget;
  readonly hear: (listener: (bytes: Uint8Array) => void) => void;
  readonly cut: () => Promise<void>;
  readonly replug: () => Promise<void>;
  readonly tidy: () => Promise<void>;
};

async function sockets(): Promise<Ends> {
  const device = await listenAsDevice(0);
  return {
    target: { kind: 'tcp', host: '127.0.0.1', port: device.port },
    hear: device.end.onData,
    cut: async () => device.cut(),
    replug: async () => {},
    tidy: device.close,
  };
}

async function ports(): Promise<Ends> {
  const pair = await openPtyPair();
  const plug = async () => {
    const opened = await openDeviceEnd({ kind: 'serial', path: pair.right, format, identity: null });
    if (!opened.ok) throw new Error(opened.error);
    return opened.value;
  };
  let device = await plug();
  let listener: (bytes: Uint8Array) => void = () => {};
  return {
    target: { kind: 'serial', path: pair.left, format, identity: null },
    hear: (heard) => {
      listener = heard;
      device.end.onData(heard);
    },
    cut: pair.cut,
    replug: async () => {
      await device.close();
      await pair.replug();
      device = await plug();
      device.end.onData(listener);
    },
    tidy: async () => {
      await device.close();
      await pair.close();
    },
  };
}

function testPole(name: string, makeEnds: () => Promise<Ends>): void {
  describe.each(poleModels.map((model) => model.id))(`pole over ${name}: %s`, (id) => {
    it('shows the newest lines, and all of them again after its cable was out', async () => {
      const ends = await makeEnds();
      const display = startDisplayEmulator();
      ends.hear(display.take);
      const states: string[] = [];
      const { pole } = openPole(ends.target, id, (state) => states.push(state));
      try {
        // A scanner is quicker than a display: only the last must be there in the end.
        for (let n = 1; n <= 50; n += 1) pole.show(lines(`Item ${n}`, `TOTAL ${n * 45}.00`));
        await expect.poll(display.lines, { timeout: 4_000 }).toEqual(lines('Item 50', 'TOTAL 2250.00'));
        await ends.cut();
        await expect.poll(() => states.length, { timeout: 4_000 }).toBeGreaterThan(1);
        pole.show(lines('Sugar', 'TOTAL 2296.00'));
        // The display lost its power with its cable.
        display.take(Uint8Array.of(0x0c));
        await ends.replug();
        await expect.poll(display.lines, { timeout: 8_000 }).toEqual(lines('Sugar', 'TOTAL 2296.00'));
        expect(pole.state()).toBe('works');
        expect(display.unknown()).toEqual([]);
      } finally {
        await pole.close();
        await ends.tidy();
      }
    });
  });
}

testPole('sockets', sockets);
describe.skipIf(!hasPty)(`with serial ports ${noPty}`, () => {
  testPole('serial ports', ports);
});
