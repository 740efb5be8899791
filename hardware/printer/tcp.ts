/**
 * A receipt printer on the network (TCP 9100, "raw" or JetDirect). Rule kept: one connection a job, so that several
 * tills share a printer. All that a printer does on a wire is wire-printer.ts.
 */
import { connect, type Socket } from 'node:net';
import type { Result } from '#core/result.ts';
import type { Wire, WireTrouble, WriteOutcome } from '../wire/wire.ts';
import type { PrinterModel } from './models.ts';
import { inTurn, type Printer } from './port.ts';
import { openWirePrinter, type PrinterTimes } from './wire-printer.ts';

function wireOn(socket: Socket): Wire {
  const run = inTurn();
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let isOpen = true;
  let isOurs = false;
  socket.on('data', (bytes: Buffer) => listener?.(bytes));
  const ended = new Promise<WireTrouble | null>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('end', () => {
      isOpen = false;
      resolve(isOurs ? null : 'broken');
    });
    socket.on('close', (hadError) => {
      isOpen = false;
      resolve(isOurs && !hadError ? null : 'broken');
    });
  });
  const write = (bytes: Uint8Array, stallMs: number): Promise<WriteOutcome> =>
    new Promise((resolve) => {
      const fail = (trouble: WireTrouble): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve({ kind: 'failed', sentBytes: 0, trouble });
      };
      const timer = setTimeout(() => fail('timeout'), stallMs);
      if (!isOpen) return fail('broken');
      void ended.then(() => fail('broken'));
      socket.write(bytes, (error) => {
        if (error) return fail('broken');
        clearTimeout(timer);
        resolve({ kind: 'sent' });
      });
    });
  return {
    write: (bytes, stallMs) => run(() => write(bytes, stallMs)),
    onData: (hear) => {
      listener = hear;
      return () => {
        listener = null;
      };
    },
    ended,
    isOpen: () => isOpen,
    close: async (drainMs = 1_000) => {
      isOurs = true;
      if (!isOpen) return void socket.destroy();
      const timer = setTimeout(() => socket.destroy(), drainMs);
      socket.end();
      await ended;
      clearTimeout(timer);
    },
  };
}

const openTcpWire = (host: string, port: number, connectMs: number): Promise<Result<Wire, WireTrouble>> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const fail = (error: WireTrouble): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ok: false, error });
    };
    const timer = setTimeout(() => fail('timeout'), connectMs);
    socket.once('error', () => fail('absent'));
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve({ ok: true, value: wireOn(socket) });
    });
  });

/** A printer at host:port. */
export const openTcpPrinter = (
  host: string,
  port: number,
  model: PrinterModel,
  times: Partial<PrinterTimes> = {},
): Printer =>
  openWirePrinter({
    name: `${host}:${port}`,
    open: (connectMs) => openTcpWire(host, port, connectMs),
    model,
    canAsk: true,
    isHeld: false,
    bytesPerSecond: null,
    times,
  });
