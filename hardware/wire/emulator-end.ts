/**
 * The device's end of a cable, for emulators: a TCP port that tills connect to, or a serial port (one end of a pty
 * pair, or a real null-modem cable). Rule kept: an emulator hears and says bytes and knows no cable; a till that
 * comes and goes changes nothing for it.
 */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ok, type Result } from '#core/result.ts';
import { openWire } from './open-wire.ts';
import type { Wire, WireTarget, WireTrouble } from './wire.ts';

export type EmulatorEnd = {
  /** To every till that is connected; forgotten when none is. */
  readonly write: (bytes: Uint8Array) => void;
  readonly onData: (listener: (bytes: Uint8Array) => void) => () => void;
};

export type OpenEnd = {
  readonly end: EmulatorEnd;
  /** Pulls the plug: every till's connection breaks; it may come again. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

const stallMs = 2_000;

function listeners(): EmulatorEnd['onData'] & { readonly tell: (bytes: Uint8Array) => void } {
  const all = new Set<(bytes: Uint8Array) => void>();
  const onData = (listener: (bytes: Uint8Array) => void) => {
    all.add(listener);
    return () => void all.delete(listener);
  };
  const tell = (bytes: Uint8Array): void => {
    for (const listener of all) listener(bytes);
  };
  return Object.assign(onData, { tell });
}

/** `port` 0: one that is free. */
export async function listenAsDevice(port: number): Promise<OpenEnd & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const onData = listeners();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', onData.tell);
    socket.on('error', () => sockets.delete(socket));
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    end: {
      write: (bytes) => {
        for (const socket of sockets) socket.write(bytes);
      },
      onData,
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

/** The device's end on a port of this PC. */
export async function openDeviceEnd(target: WireTarget): Promise<Result<OpenEnd, WireTrouble>> {
  const opened = await openWire(target);
  if (!opened.ok) return opened;
  const wire: Wire = opened.value;
  return ok({
    end: { write: (bytes) => void wire.write(bytes, stallMs), onData: wire.onData },
    cut: () => void wire.close(0),
    close: () => wire.close(0),
  });
}
