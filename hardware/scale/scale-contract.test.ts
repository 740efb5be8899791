/**
 * The scale's promises over sockets and serial ports against the emulator, and against real iron where
 * BILLMITRA_SCALE names it: "continuous serial:/dev/ttyUSB0" (a stable weight must lie on it).
 */
import { describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { listenAsDevice, openDeviceEnd } from '../wire/emulator-end.ts';
import type { SerialFormat, WireTarget } from '../wire/wire.ts';
import { startScaleEmulator } from './emulator.ts';
import { type EmulatedScaleId, emulatedScales } from './emulator-replies.ts';
import { openScale } from './open-scale.ts';
import { patternPresets } from './pattern.ts';
import type { Scale } from './port.ts';
import { scaleKinds } from './protocols.ts';
import { type ScalePair, stateWhere, testScale } from './scale.contract.ts';

const raw: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
// Swinging is short here: how long goods swing is no promise of ours.
const settleMs = 150;

function open(id: EmulatedScaleId, target: WireTarget): Scale {
  const opened = openScale({ target, protocol: id, pattern: patternPresets[0]?.pattern ?? null });
  if (!opened.ok) throw new Error(opened.error.reason);
  return opened.value;
}

async function tcpPair(id: EmulatedScaleId): Promise<ScalePair> {
  const device = await listenAsDevice(0);
  const emulator = startScaleEmulator({ protocol: id, wire: device.end, settleMs });
  const scale = open(id, { kind: 'tcp', host: '127.0.0.1', port: device.port });
  return {
    scale,
    emulator,
    cut: device.cut,
    replug: () => {},
    tidy: async () => {
      emulator.close();
      await scale.close();
      await device.close();
    },
  };
}
/** One that says when it is stable, one that is asked, one that says nothing of it. */
const wholeKinds: readonly EmulatedScaleId[] = ['continuous', 'toledo8217', 'casEcr2'];
for (const id of Object.keys(emulatedScales) as EmulatedScaleId[])
  testScale(`${id} over TCP`, () => tcpPair(id), !wholeKinds.includes(id));

async function ptyPair(id: EmulatedScaleId): Promise<ScalePair> {
  const ports = await openPtyPair();
  const plug = async () => {
    const opened = await openDeviceEnd({ kind: 'serial', path: ports.right, format: raw, identity: null });
    if (!opened.ok) throw new Error(opened.error);
    return opened.value;
  };
  let device = await plug();
  let hear: (bytes: Uint8Array) => void = () => {};
  // The emulator goes on while its cable is out.
  const emulator = startScaleEmulator({
    protocol: id,
    wire: {
      write: (bytes) => device.end.write(bytes),
      onData: (listener) => {
        hear = listener;
        device.end.onData(listener);
        return () => {};
      },
    },
    settleMs,
  });
  const { format } = scaleKinds().find((kind) => kind.id === id) ?? { format: raw };
  const scale = open(id, { kind: 'serial', path: ports.left, format, identity: null });
  return {
    scale,
    emulator,
    cut: ports.cut,
    replug: async () => {
      await device.close();
      await ports.replug();
      device = await plug();
      device.end.onData((bytes) => hear(bytes));
    },
    tidy: async () => {
      emulator.close();
      await scale.close();
      await device.close();
      await ports.close();
    },
  };
}
describe.skipIf(!hasPty)(`over serial ports ${noPty}`, () => {
  testScale('continuous over a serial port', () => ptyPair('continuous'));
  testScale('toledo8217 over a serial port', () => ptyPair('toledo8217'));
});

const named = process.env['BILLMITRA_SCALE'] ?? '';
const [id = '', where = ''] = named.split(' ');
describe.skipIf(named === '')(`the scale that BILLMITRA_SCALE names (${named || 'none'})`, () => {
  it('speaks, and gives a stable weight', async () => {
    const kind = scaleKinds().find((one) => one.id === id);
    if (kind === undefined || kind.id === 'pattern') throw new Error(`no such kind of scale: ${id}`);
    const target: WireTarget = where.startsWith('tcp:')
      ? { kind: 'tcp', host: where.split(':')[1] ?? '', port: Number(where.split(':')[2]) }
      : { kind: 'serial', path: where.replace(/^serial:/, ''), format: kind.format, identity: null };
    const scale = open(kind.id, target);
    try {
      expect(await stateWhere(scale, (state) => state.kind === 'stable', 10_000)).toMatchObject({ kind: 'stable' });
    } finally {
      await scale.close();
    }
  });
});
