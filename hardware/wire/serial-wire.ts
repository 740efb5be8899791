/**
 * A device on a serial port: a real one, a USB adapter, Bluetooth serial, a pty. Rule kept: a port is opened locked and
 * by identity where one is known, so that a scanner which moved from COM3 to COM7 is found and a scale that took its
 * COM3 is never spoken to. No modem line is set or waited for: many cables carry none, a pty has none.
 */
import { access } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { err, ok, type Result } from '#core/result.ts';
import { type Link, makeWire, type Reports, within } from './make-wire.ts';
import { listSerialPorts, portOf, type SerialPortFound } from './serial-ports.ts';
import type { DeviceIdentity, SerialFormat, Wire, WireTrouble } from './wire.ts';

/**
 * The binding tells trouble in words only: strerror on Linux and macOS, its own on Windows (serialport_unix.cpp,
 * serialport_win.cpp of @serialport/bindings-cpp 13). On Windows a port is exclusive: "Access denied" is another
 * program's.
 */
export function serialTrouble(message: string): WireTrouble {
  if (/cannot lock|busy|access denied/i.test(message)) return 'busy';
  if (/permission denied|not permitted/i.test(message)) return 'noPermission';
  if (/timed out|unknown error code 121\b/i.test(message)) return 'timeout';
  if (/baud rate|parameter is incorrect|inappropriate ioctl/i.test(message)) return 'unsupported';
  // No such file, no such device, I/O error (a port without hardware), File not found, anything new.
  return 'absent';
}

/** Bytes that leave in about a quarter of a second: 8 data bits and 2 for start and stop. */
const chunkOf = (baud: number): number => Math.min(2_048, Math.max(16, Math.floor(baud / 40)));

/**
 * How often it is looked whether the port is still there. The binding reads a hung-up tty again and again when the plug
 * is pulled in the middle of a read (unix-read.js: 0 bytes), and reports nothing.
 */
const lookMs = 1_000;

/**
 * The port's file, and on Linux the open port itself: an adapter that was out for a moment (a loose plug, a hub that
 * resets) is back under its old name before we look, while what we hold is hung up: each question to it is an
 * I/O error then. macOS can't be asked (the binding has no such question there).
 */
async function isThere(port: SerialPort): Promise<boolean> {
  try {
    await access(port.path);
    if (process.platform === 'linux') await port.port?.getBaudRate();
    return true;
  } catch {
    return false;
  }
}

function linkOf(port: SerialPort, baud: number, reports: Reports): Link {
  let isDraining = false;
  const look = async (): Promise<void> => {
    if (!(await isThere(port))) reports.broke('broken');
  };
  const looking = process.platform === 'win32' ? undefined : setInterval(() => void look(), lookMs).unref();
  port.on('data', (bytes: Buffer) => reports.heard(new Uint8Array(bytes)));
  port.on('error', () => reports.broke('broken'));
  port.on('close', () => reports.broke('broken'));
  const write = (chunk: Uint8Array): Promise<WireTrouble | null> =>
    new Promise((resolve) => {
      port.write(chunk, (error) => resolve(error ? 'broken' : null));
    });
  const drain = (): Promise<WireTrouble | null> =>
    new Promise((resolve) => {
      isDraining = true;
      port.drain((error) => {
        isDraining = false;
        resolve(error ? 'broken' : null);
      });
    });
  return {
    chunkBytes: chunkOf(baud),
    // Taken means gone out of this PC's buffer: a flush on the way out can't take back what was counted.
    send: async (chunk) => (await write(chunk)) ?? (await drain()),
    drain: async () => void (await drain()),
    free: async () => {
      clearInterval(looking);
      if (!port.isOpen) return;
      // A device that holds us back (XOFF, CTS) would hold the drain and the close with it.
      if (isDraining) await new Promise<void>((resolve) => port.flush(() => resolve()));
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}

/** Opens one path. Answers within `connectMs`: Bluetooth may take long to say that nobody is there. */
async function openPath(path: string, format: SerialFormat, connectMs: number): Promise<Result<Wire, WireTrouble>> {
  // A system that the package has no build for.
  const driver = await import('serialport').catch(() => null);
  if (driver === null) return err('unsupported');
  const port = new driver.SerialPort({
    path,
    baudRate: format.baud,
    dataBits: format.dataBits,
    parity: format.parity,
    stopBits: format.stopBits,
    rtscts: format.flow === 'rtsCts',
    xon: format.flow === 'xonXoff',
    xoff: format.flow === 'xonXoff',
    lock: true,
    // Linux, macOS: DTR stays as it is when we hang up, so a device isn't reset by every reconnect. On Windows the
    // same switch means "raise DTR on opening", which scales and pole displays need.
    hupcl: process.platform === 'win32',
    autoOpen: false,
  });
  const opened = new Promise<WireTrouble | null>((resolve) => {
    port.open((error) => resolve(error ? serialTrouble(error.message) : null));
  });
  const trouble = await within(opened, connectMs, 'timeout' as const);
  if (trouble === null) return ok(makeWire((reports) => linkOf(port, format.baud, reports)));
  // Should it open after all, nobody wants it any more.
  if (trouble === 'timeout') void opened.then((late) => late === null && port.close(() => {}));
  return err(trouble);
}

/** `list`: the ports of this PC, so that a test can plug and unplug adapters that don't exist. */
export async function openSerialWire(
  target: { readonly path: string; readonly format: SerialFormat; readonly identity: DeviceIdentity | null },
  connectMs: number,
  list: () => Promise<readonly SerialPortFound[]> = listSerialPorts,
): Promise<Result<Wire, WireTrouble>> {
  const path = target.identity === null ? target.path : portOf(await list(), target.path, target.identity);
  return path === null ? err('absent') : openPath(path, target.format, connectMs);
}
