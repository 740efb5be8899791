/**
 * The USB side of this PC: the little of WebUSB's `USBDevice` that we use, and which printer interface of a device to
 * take. Rule kept: "no USB here" is an answer, never a throw, and the package is not even loaded where Linux has no
 * USB bus. Nothing is opened by listing.
 */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guessOf, printerClass } from './known-devices.ts';
import type { DeviceIdentity } from './wire.ts';

type UsbAlternate = {
  readonly alternateSetting: number;
  readonly interfaceClass: number;
  readonly interfaceProtocol: number;
  readonly endpoints: readonly {
    readonly endpointNumber: number;
    readonly direction: 'in' | 'out';
    readonly type: string;
    readonly packetSize: number;
  }[];
};
type UsbInterface = { readonly interfaceNumber: number; readonly alternates: readonly UsbAlternate[] };

/** As package usb 3 gives it: WebUSB with a time limit (ms) on transfers. Getters may throw where a right is missing. */
export type UsbDevice = {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string | null | undefined;
  readonly manufacturerName?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly configuration?: { readonly interfaces: readonly UsbInterface[] } | null | undefined;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly claimInterface: (interfaceNumber: number) => Promise<void>;
  readonly releaseInterface: (interfaceNumber: number) => Promise<void>;
  readonly selectAlternateInterface: (interfaceNumber: number, alternateSetting: number) => Promise<void>;
  readonly clearHalt: (direction: 'in' | 'out', endpointNumber: number) => Promise<void>;
  readonly transferIn: (
    endpointNumber: number,
    length: number,
    timeout?: number,
  ) => Promise<{ readonly data?: DataView | undefined }>;
  readonly transferOut: (
    endpointNumber: number,
    data: Uint8Array<ArrayBuffer>,
    timeout?: number,
  ) => Promise<{ readonly bytesWritten: number }>;
};

export type UsbHost = { readonly getDevices: () => Promise<readonly UsbDevice[]> };

const linuxBus = '/sys/bus/usb/devices';

/** Null: this PC has no USB, or what there is can't be reached by us. */
export async function findUsbHost(): Promise<UsbHost | null> {
  try {
    if (process.platform === 'linux') await access(linuxBus);
    const { usb } = await import('usb');
    // The package's own types lean on a global WebUSB that Node has not; the transfers are there (its dist/index.js).
    const getDevices = async () => (await usb.getDevices()) as unknown as readonly UsbDevice[];
    await getDevices();
    // Its connect events are left alone: an error of theirs is thrown where nobody can catch it.
    return { getDevices };
  } catch {
    // ENOENT of the bus, a system the package has no build for: "no USB on this machine".
    return null;
  }
}

/** A getter that needs the device opened and may not be: nothing known. */
function read<T>(get: () => T): T | null {
  try {
    return get();
  } catch {
    return null;
  }
}

export const identityOf = (device: UsbDevice): DeviceIdentity => ({
  vendorId: device.vendorId,
  productId: device.productId,
  serial: read(() => device.serialNumber)?.trim() || null,
});

export type PrinterInterface = {
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
  readonly out: number;
  /** Null: a printer that says nothing (protocol 1, unidirectional). */
  readonly in: number | null;
  readonly inPacket: number;
};

/** What makers write who give no class. */
const vendorClass = 0xff;

/**
 * The interface to print through: class 7, two-way before one-way (USB Printer Class 1.1 §4.2.1: protocol 1
 * unidirectional, 2 bidirectional, 3 IEEE 1284.4; 4 is IPP and no raw bytes), else a maker's own with bulk out.
 */
export function printerInterface(interfaces: readonly UsbInterface[]): PrinterInterface | null {
  const candidates = interfaces.flatMap(({ interfaceNumber, alternates }) =>
    alternates.flatMap((alternate) => {
      const { alternateSetting, interfaceClass, interfaceProtocol } = alternate;
      const end = (direction: 'in' | 'out') =>
        alternate.endpoints.find((point) => point.type === 'bulk' && point.direction === direction);
      const [out, back] = [end('out'), end('in')];
      const isPrinter = interfaceClass === printerClass && interfaceProtocol < 4;
      if (out === undefined || !(isPrinter || interfaceClass === vendorClass)) return [];
      const rank = (isPrinter ? 10 : 0) + (back === undefined ? 0 : 5) - (interfaceProtocol === 3 ? 1 : 0);
      const found: PrinterInterface = {
        interfaceNumber,
        alternateSetting,
        out: out.endpointNumber,
        in: back?.endpointNumber ?? null,
        inPacket: back?.packetSize ?? 64,
      };
      return [{ rank, found }];
    }),
  );
  return candidates.sort((a, b) => b.rank - a.rank)[0]?.found ?? null;
}

export type UsbFound = {
  readonly identity: DeviceIdentity;
  readonly maker: string | null;
  readonly product: string | null;
  /** Classes of its interfaces; null where the system tells none without opening it. */
  readonly classes: readonly number[] | null;
};

const wordOf = (text: string): string | null => text.trim() || null;
const readWord = (path: string): Promise<string | null> => readFile(path, 'utf8').then(wordOf, () => null);

/** From /sys: a folder per device ("1-2") and per interface ("1-2:1.0"). Hubs (class 9) are left out. */
export async function listLinuxUsb(bus = linuxBus): Promise<readonly UsbFound[]> {
  const names = await readdir(bus).catch(() => []);
  const devices = await Promise.all(
    names
      .filter((name) => !name.includes(':'))
      .map(async (name): Promise<UsbFound | null> => {
        const word = (file: string, of = name): Promise<string | null> => readWord(join(bus, of, file));
        const [vendor, productId, deviceClass] = [
          await word('idVendor'),
          await word('idProduct'),
          await word('bDeviceClass'),
        ];
        if (vendor === null || productId === null || deviceClass === '09') return null;
        const parts = names.filter((part) => part.startsWith(`${name}:`));
        const classes = await Promise.all(parts.map((part) => word('bInterfaceClass', part)));
        return {
          identity: {
            vendorId: Number.parseInt(vendor, 16),
            productId: Number.parseInt(productId, 16),
            serial: await word('serial'),
          },
          maker: await word('manufacturer'),
          product: await word('product'),
          classes: classes.filter((text) => text !== null).map((text) => Number.parseInt(text, 16)),
        };
      }),
  );
  return devices.filter((device) => device !== null);
}

const guessedPrinter = ({ vendorId, productId }: UsbDevice): boolean =>
  ['printer', 'label'].includes(guessOf({ vendorId, productId, serial: null }, null) ?? '');

/** Elsewhere than on Linux only makers of printers are listed: asking a device for its names may open it. */
export async function listUsb(host: UsbHost | null): Promise<readonly UsbFound[]> {
  if (process.platform === 'linux') return listLinuxUsb();
  const devices = host === null ? [] : await host.getDevices().catch(() => []);
  return devices.filter(guessedPrinter).map((device) => ({
    identity: identityOf(device),
    maker: read(() => device.manufacturerName) ?? null,
    product: read(() => device.productName) ?? null,
    classes: null,
  }));
}
