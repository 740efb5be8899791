/**
 * Everything that hangs on this PC and could be one of ours: serial ports, USB printers, device files, HID scanners
 * and scales, Windows queues. Rule kept: nothing is opened by looking, and a list the system won't give is empty.
 * A device the system shows twice (a USB printer and its /dev/usb/lp0) is listed by the way that works.
 */
import { constants } from 'node:fs';
import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { guessOf, makerOf, printerClass, type WireGuess } from './known-devices.ts';
import { listSerialPorts } from './serial-ports.ts';
import { findUsbHost, listUsb, type UsbFound, type UsbHost } from './usb-devices.ts';
import type { DeviceIdentity, SerialFormat, WireTarget, WireTrouble } from './wire.ts';

export type FoundWire = {
  readonly target: WireTarget;
  /** Parts of a title; each null where nobody says. */
  readonly maker: string | null;
  readonly product: string | null;
  readonly guess: WireGuess | null;
  /** Why it can't be opened, where that is known without opening it. */
  readonly trouble: WireTrouble | null;
};

/** Where nothing is known: what most scanners, scales and displays leave the factory with. */
export const usualFormat: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

/** Whether this user may open the file; Windows has no such right on devices. */
async function fileRight(path: string): Promise<WireTrouble | null> {
  if (process.platform === 'win32') return null;
  return access(path, constants.R_OK | constants.W_OK).then(
    () => null,
    () => 'noPermission' as const,
  );
}

async function listSerial(): Promise<readonly FoundWire[]> {
  const ports = await listSerialPorts();
  return Promise.all(
    ports.map(async ({ path, identity, maker, product }) => ({
      target: { kind: 'serial', path, format: usualFormat, identity } as const,
      maker: maker ?? makerOf(identity),
      product,
      guess: guessOf(identity, null),
      trouble: await fileRight(path),
    })),
  );
}

type PrinterFile = { readonly wire: FoundWire; readonly identity: DeviceIdentity | null };

/** Linux's printer driver: /sys/class/usbmisc/lp0 → the interface, its parent the device. */
export async function listPrinterFiles(sys = '/sys/class/usbmisc', dev = '/dev/usb'): Promise<readonly PrinterFile[]> {
  const names = (await readdir(dev).catch(() => [])).filter((name) => /^lp\d+$/.test(name));
  return Promise.all(
    names.map(async (name) => {
      const device = await realpath(join(sys, name, 'device')).then(dirname, () => null);
      const word = (file: string): Promise<string | null> =>
        device === null
          ? Promise.resolve(null)
          : readFile(join(device, file), 'utf8').then(
              (text) => text.trim() || null,
              () => null,
            );
      const [vendor, productId, serial] = [await word('idVendor'), await word('idProduct'), await word('serial')];
      const identity =
        vendor === null || productId === null
          ? null
          : { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(productId, 16), serial };
      const path = join(dev, name);
      const wire: FoundWire = {
        target: { kind: 'deviceFile', path },
        maker: (await word('manufacturer')) ?? makerOf(identity),
        product: await word('product'),
        guess: guessOf(identity, [printerClass]),
        trouble: await fileRight(path),
      };
      return { wire, identity };
    }),
  );
}

/** Usage pages of the HID POS and HID tables: bar code scanner, weighing device. A report descriptor names its page first. */
const hidGuess = (descriptor: Uint8Array): WireGuess | null => {
  for (let at = 0; at + 1 < Math.min(descriptor.length, 16); at += 1) {
    if (descriptor[at] === 0x05 && descriptor[at + 1] === 0x8c) return 'scanner';
    if (descriptor[at] === 0x05 && descriptor[at + 1] === 0x8d) return 'scale';
  }
  return null;
};

/** HID devices that are no keyboard: each read of /dev/hidrawN is one report. Linux only. */
export async function listHid(sys = '/sys/class/hidraw', dev = '/dev'): Promise<readonly FoundWire[]> {
  const names = await readdir(sys).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<FoundWire | null> => {
      const device = join(sys, name, 'device');
      const guess = hidGuess(await readFile(join(device, 'report_descriptor')).catch(() => new Uint8Array()));
      if (guess === null) return null;
      const about = await readFile(join(device, 'uevent'), 'utf8').catch(() => '');
      const product = /^HID_NAME=(.*)$/m.exec(about)?.[1] ?? null;
      const target = { kind: 'deviceFile', path: join(dev, name) } as const;
      return { target, maker: null, product, guess, trouble: await fileRight(target.path) };
    }),
  );
  return found.filter((wire) => wire !== null);
}

const usbWire = ({ identity, maker, product, classes }: UsbFound): FoundWire => ({
  target: { kind: 'usb', identity },
  maker: maker ?? makerOf(identity),
  product,
  guess: guessOf(identity, classes),
  trouble: null,
});

/** A USB device we could print through: by its class, or, where no class is told, by a maker's id. */
const isPrinter = ({ identity, classes }: UsbFound): boolean => {
  const guess = guessOf(identity, classes);
  return classes === null ? guess === 'printer' || guess === 'label' : classes.includes(printerClass);
};

async function listQueues(): Promise<readonly FoundWire[]> {
  if (process.platform !== 'win32') return [];
  const { listWindowsQueues } = await import('./windows-queue-wire.ts');
  return (await listWindowsQueues()).map(({ name, driver }) => ({
    target: { kind: 'windowsQueue', name },
    maker: null,
    product: driver,
    guess: /label|zebra|tsc|zdesigner|godex/i.test(`${name} ${driver ?? ''}`) ? 'label' : 'printer',
    trouble: null,
  }));
}

let host: Promise<UsbHost | null> | undefined;
/** Found once: on Linux the list itself is read from /sys and needs no package. */
const usbHost = (): Promise<UsbHost | null> => {
  host ??= findUsbHost();
  return host;
};

/** Serial ports, then printers, then the rest. Each list is taken at once; a slow one holds no other. */
export async function listWires(): Promise<readonly FoundWire[]> {
  const needsHost = process.platform !== 'linux';
  const [serial, files, usb, hid, queues] = await Promise.all([
    listSerial(),
    process.platform === 'linux' ? listPrinterFiles() : [],
    needsHost ? usbHost().then(listUsb) : listUsb(null),
    process.platform === 'linux' ? listHid() : [],
    listQueues(),
  ]);
  const byDriver = new Set(files.map(({ identity }) => JSON.stringify(identity)));
  const direct = usb.filter(isPrinter).filter((device) => !byDriver.has(JSON.stringify(device.identity)));
  return [...serial, ...files.map(({ wire }) => wire), ...direct.map(usbWire), ...hid, ...queues];
}
