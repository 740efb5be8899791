/**
 * A device on the network: TCP, as 9100 of receipt and label printers, or a serial-to-LAN converter. Rule kept: an
 * address that nobody answers at, one that refuses and one that is slow are told apart. What the system took
 * may still lie in this PC: closing waits until the other side hung up too, or its time is over.
 */
import { connect, type Socket } from 'node:net';
import { err, ok, type Result } from '#core/result.ts';
import { type Link, makeWire, type Reports, within } from './make-wire.ts';
import type { Wire, WireTrouble } from './wire.ts';

/** Small enough that a cut is known to within a few lines, large enough not to matter. */
const chunkBytes = 2_048;
/** One that was switched off says nothing: asked after this silence, given up some 10 s later (libuv's probes). */
const silenceMs = 10_000;

/** Error codes of connect(2), as Node names them on every system. */
export function tcpTrouble(code: string | undefined): WireTrouble {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ETIMEDOUT':
      return 'timeout';
    case 'EACCES':
    case 'EPERM':
      return 'noPermission';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broken';
    default:
      // EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ENOTFOUND, EAI_AGAIN: nobody there.
      return 'absent';
  }
}

function linkOf(socket: Socket, reports: Reports): Link {
  // Our hanging up is answered by the other side's: that is no break.
  let isLeaving = false;
  const hungUp = (): void => {
    if (!isLeaving) reports.broke('broken');
  };
  socket.on('data', (bytes: Buffer) => reports.heard(new Uint8Array(bytes)));
  socket.on('error', () => reports.broke('broken'));
  socket.on('end', hungUp);
  socket.on('close', hungUp);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    chunkBytes,
    send: (chunk) =>
      new Promise((resolve) => {
        socket.write(chunk, (error) => resolve(error ? 'broken' : null));
      }),
    drain: async () => {
      isLeaving = true;
      socket.end();
      await closed;
    },
    free: async () => {
      socket.destroy();
      await within(closed, 200, undefined);
    },
  };
}

export function openTcpWire(host: string, port: number, connectMs: number): Promise<Result<Wire, WireTrouble>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: silenceMs });
    const fail = (trouble: WireTrouble): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(err(trouble));
    };
    const timer = setTimeout(() => fail('timeout'), connectMs);
    const onError = (error: NodeJS.ErrnoException): void => fail(tcpTrouble(error.code));
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve(ok(makeWire((reports) => linkOf(socket, reports))));
    });
  });
}
