/**
 * The cable of an emulated device: a TCP port, or a serial port out of nothing (a pty pair by socat). Rule kept: the
 * till's end is told as the till's settings want it; where there are no pty pairs it says what to use instead.
 */
import { type EmulatorEnd, listenAsDevice, openDeviceEnd } from '#hardware/wire/emulator-end.ts';
import type { WireTarget } from '#hardware/wire/wire.ts';
import { ensureSocat, openPtyPair, type PtyPair } from '../socat.ts';

/** null: a serial port of its own. */
export type Place = { readonly tcpPort: number } | null;

/** What a person can act on. */
export class NoCable extends Error {}

export type DeviceCable = {
  readonly end: EmulatorEnd;
  readonly place: string;
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

export const portTarget = (path: string): WireTarget => ({
  kind: 'serial',
  path,
  format: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
  identity: null,
});

export async function openPair(): Promise<PtyPair> {
  const socat = ensureSocat();
  if (!socat.ok) throw new NoCable(`No serial ports out of nothing here (${socat.error}). Use --tcp PORT.`);
  return openPtyPair();
}

export async function openCable(place: Place): Promise<DeviceCable> {
  if (place !== null) {
    const { end, cut, close, port } = await listenAsDevice(place.tcpPort);
    return { end, cut, close, place: `127.0.0.1:${port}` };
  }
  const pair = await openPair();
  const opened = await openDeviceEnd(portTarget(pair.left));
  if (!opened.ok) throw new NoCable(`${pair.left}: ${opened.error}`);
  const { end, cut, close } = opened.value;
  return {
    end,
    cut,
    place: pair.right,
    close: async () => {
      await close();
      await pair.close();
    },
  };
}
