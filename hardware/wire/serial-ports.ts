/**
 * The serial ports of this PC and which of them a known device hangs on now. Rule kept: a list that can't be had is
 * an empty list, never a throw; an identity never matches a port that is known to be another device's. On Linux
 * it is read from /sys, for `udevadm` is missing on small systems; elsewhere serialport lists them.
 */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeviceIdentity } from './wire.ts';

export type SerialPortFound = {
  readonly path: string;
  /** Null for a port of the main board or of Bluetooth. */
  readonly identity: DeviceIdentity | null;
  readonly maker: string | null;
  readonly product: string | null;
};

/** Null where the device has none: many cheap adapters, and some give spaces. */
const wordOf = (text: string | undefined): string | null => (text?.trim() ? text.trim() : null);

const readWord = (path: string): Promise<string | null> => readFile(path, 'utf8').then(wordOf, () => null);

/** The USB device above a tty in /sys: its folder holds idVendor. Null for what is no USB. */
async function usbAbove(folder: string): Promise<Omit<SerialPortFound, 'path'> | null> {
  for (let at = folder, up = 0; up < 6; at = dirname(at), up += 1) {
    const vendor = await readWord(join(at, 'idVendor'));
    const product = await readWord(join(at, 'idProduct'));
    if (vendor === null || product === null) continue;
    const [maker, name, serial] = await Promise.all(
      ['manufacturer', 'product', 'serial'].map((n) => readWord(join(at, n))),
    );
    return {
      identity: {
        vendorId: Number.parseInt(vendor, 16),
        productId: Number.parseInt(product, 16),
        serial: serial ?? null,
      },
      maker: maker ?? null,
      product: name ?? null,
    };
  }
  return null;
}

/** Ports under /sys/class/tty that have hardware: USB, ACM, Bluetooth, and board ports whose UART was found (type not 0). */
export async function listLinuxPorts(sys = '/sys/class/tty', dev = '/dev'): Promise<readonly SerialPortFound[]> {
  const names = await readdir(sys).catch(() => []);
  const ports = await Promise.all(
    names
      .filter((name) => /^(ttyUSB|ttyACM|ttyS|ttyAMA|rfcomm)\d+$/.test(name))
      .map(async (name): Promise<SerialPortFound | null> => {
        const path = join(dev, name);
        const device = await realpath(join(sys, name, 'device')).catch(() => null);
        const usb = device === null ? null : await usbAbove(device);
        if (usb !== null) return { path, ...usb };
        if (name.startsWith('ttyS') && ((await readWord(join(sys, name, 'type'))) ?? '0') === '0') return null;
        return { path, identity: null, maker: null, product: null };
      }),
  );
  return ports.filter((port) => port !== null).sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

type Listed = {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly friendlyName?: string | undefined;
};

/** As serialport lists a port on Windows and macOS: ids in hex, `friendlyName` with the COM number at its end. */
export function listedToFound(port: Listed): SerialPortFound {
  const [vendorId, productId] = [Number.parseInt(port.vendorId ?? '', 16), Number.parseInt(port.productId ?? '', 16)];
  const isUsb = Number.isInteger(vendorId) && Number.isInteger(productId);
  return {
    path: port.path,
    identity: isUsb ? { vendorId, productId, serial: wordOf(port.serialNumber) } : null,
    maker: wordOf(port.manufacturer),
    product: wordOf(port.friendlyName?.replace(/\s*\(COM\d+\)$/i, '')),
  };
}

export async function listSerialPorts(): Promise<readonly SerialPortFound[]> {
  if (process.platform === 'linux') return listLinuxPorts();
  const { SerialPort } = await import('serialport');
  const ports: readonly Listed[] = await SerialPort.list().catch(() => []);
  return ports.map(listedToFound);
}

const isSame = (a: DeviceIdentity, b: DeviceIdentity): boolean =>
  a.vendorId === b.vendorId && a.productId === b.productId && (a.serial === null || a.serial === b.serial);

/**
 * Where the device hangs now; null when it is not plugged in. One without a serial number is found again only
 * where it is the only one of its kind, else at the path it had; a port nothing is known of is tried.
 */
export function portOf(ports: readonly SerialPortFound[], path: string, identity: DeviceIdentity): string | null {
  const there = ports.find((port) => port.path === path);
  const same = ports.filter((port) => port.identity !== null && isSame(identity, port.identity));
  if (there !== undefined && same.includes(there)) return path;
  if (same.length === 1) return same[0]?.path ?? null;
  if (same.length > 1) return null;
  return there?.identity === null || ports.every((port) => port.identity === null) ? path : null;
}
