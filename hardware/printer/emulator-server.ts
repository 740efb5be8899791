/**
 * The emulator behind TCP 9100: a network printer for tests, demos and `npm run emulate`. Rule kept: it fails as real
 * ones do: no paper, cover open, a link cut after any byte, a slow head that stops taking bytes, silence when
 * asked. It listens on loopback unless told otherwise.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { canPrint, type Emulator, type EmulatorState, makeEmulator } from './emulator.ts';
import type { PrintedReceipt } from './emulator-paper.ts';

export type EmulatorServerOptions = {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly widthDots?: number | undefined;
  /** false: a printer that never answers a status question. */
  readonly hasStatus?: boolean | undefined;
  /** Bytes it takes in a second; unlimited unless told. */
  readonly bytesPerSecond?: number | undefined;
  readonly onReceipt?: ((receipt: PrintedReceipt) => void) | undefined;
};

export type EmulatorServer = {
  readonly port: number;
  readonly emulator: Emulator;
  readonly setState: (change: Partial<EmulatorState>) => void;
  /** Cuts the link once `bytes` more bytes came on the next connection, answers to questions included. null: never. */
  readonly cutAfter: (bytes: number | null) => void;
  /** The roll ends once `bytes` more bytes were printed. null: never. */
  readonly paperOutAfter: (bytes: number | null) => void;
  /** Bytes read from all connections so far. */
  readonly receivedBytes: () => number;
  readonly close: () => Promise<void>;
};

/** A receive buffer of 4 KB: while nothing prints, the link stands still once it is full. */
const bufferBytes = 4_096;

export async function startEmulatorServer(options: EmulatorServerOptions = {}): Promise<EmulatorServer> {
  const sockets = new Set<Socket>();
  let talking: Socket | null = null;
  let cutLeft: number | null = null;
  let paperLeft: number | null = null;
  let received = 0;
  let state: EmulatorState = { isOnline: true, isCoverOpen: false, hasError: false, paper: 'ok' };

  const emulator = makeEmulator({
    widthDots: options.widthDots ?? 576,
    onReceipt: options.onReceipt,
    onReply: (bytes) => {
      if (options.hasStatus !== false && talking?.writable) talking.write(bytes);
    },
  });
  const setState = (change: Partial<EmulatorState>): void => {
    state = { ...state, ...change };
    emulator.setState(change);
    if (canPrint(state)) for (const socket of sockets) socket.resume();
  };
  const print = (bytes: Uint8Array): void => {
    if (paperLeft === null || bytes.length < paperLeft) {
      if (paperLeft !== null) paperLeft -= bytes.length;
      emulator.feed(bytes);
      return;
    }
    const last = paperLeft;
    paperLeft = null;
    emulator.feed(bytes.subarray(0, last));
    setState({ paper: 'out' });
    emulator.feed(bytes.subarray(last));
  };
  const take = (socket: Socket, bytes: Buffer): void => {
    talking = socket;
    const isCut = cutLeft !== null && bytes.length >= cutLeft;
    const taken = isCut ? bytes.subarray(0, cutLeft ?? 0) : bytes;
    if (cutLeft !== null) cutLeft -= taken.length;
    received += taken.length;
    print(taken);
    if (isCut) {
      cutLeft = null;
      emulator.dropLink();
      socket.resetAndDestroy();
      return;
    }
    // A question alone is still taken, as real printers read them past a full buffer.
    const isFull = !canPrint(state) && emulator.heldBytes() > bufferBytes && taken.length > 3;
    if (isFull) socket.pause();
    else if (options.bytesPerSecond !== undefined) {
      socket.pause();
      setTimeout(() => socket.resume(), (taken.length / options.bytesPerSecond) * 1_000);
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    // A reset by the other side is a cut cable: the half command is forgotten, the paper stays.
    socket.on('error', () => emulator.dropLink());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => take(socket, bytes));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    emulator,
    setState,
    cutAfter: (bytes) => {
      cutLeft = bytes;
    },
    paperOutAfter: (bytes) => {
      paperLeft = bytes;
    },
    receivedBytes: () => received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
