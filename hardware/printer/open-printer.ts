/**
 * Opens the printer that a till's settings name. Rule kept: it never fails: a target that can't be reached is a
 * printer whose state says so. No printer at all is a printer too, one that takes nothing.
 */
import { ok, type Result } from '#core/result.ts';
import { openWire as openAnyWire } from '../wire/open-wire.ts';
import type { OpenWire, SerialFormat, WireTarget, WireTrouble } from '../wire/wire.ts';
import { openFileSink } from './file-sink.ts';
import type { PrinterModel } from './models.ts';
import { type Printer, type PrinterTarget, statusOf } from './port.ts';
import type { StatusReading } from './status.ts';
import { openWirePrinter, type PrinterTimes } from './wire-printer.ts';

const noPrinter: Printer = {
  name: '',
  write: () => Promise.resolve({ kind: 'notStarted', reason: 'offline' }),
  status: () => Promise.resolve('notSet'),
  look: () => Promise.resolve(statusOf('notSet')),
  onNews: () => () => undefined,
  canTell: () => false,
  close: () => Promise.resolve(),
};

/** Where a wire hangs, as a person would say it. */
export function placeOf(target: WireTarget): string {
  switch (target.kind) {
    case 'tcp':
      return `${target.host}:${target.port}`;
    case 'serial':
      return `${target.path}, ${target.format.baud} baud`;
    case 'usb': {
      const hex = (n: number): string => n.toString(16).padStart(4, '0');
      return `USB ${hex(target.identity.vendorId)}:${hex(target.identity.productId)}`;
    }
    case 'deviceFile':
      return target.path;
    case 'windowsQueue':
      return target.name;
    default:
      return target satisfies never;
  }
}

/** Bits a byte takes on a serial line: start, data, parity, stop. */
const bitsOf = ({ dataBits, parity, stopBits }: SerialFormat): number =>
  1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits;

/** Loaded with the first queue: it brings Windows' own library. */
async function askWindowsQueue(name: string): Promise<Result<StatusReading['state'], WireTrouble>> {
  const { readQueue } = await import('../wire/windows-queue-wire.ts');
  const read = await readQueue(name);
  if (!read.ok) return read;
  const { condition } = read.value;
  return ok(condition === 'paused' ? 'offline' : condition);
}

export function openPrinter(
  target: PrinterTarget,
  model: PrinterModel,
  times: Partial<PrinterTimes> = {},
  openWire: OpenWire = openAnyWire,
  askQueue = askWindowsQueue,
): Printer {
  if (target.kind === 'none') return noPrinter;
  if (target.kind === 'file') return openFileSink(target.path, target.mode);
  return openWirePrinter({
    name: placeOf(target),
    open: (connectMs) => openWire(target, connectMs),
    model,
    askQueue: target.kind === 'windowsQueue' ? () => askQueue(target.name) : null,
    // A network printer is shared by tills, a queue by programs.
    isHeld: target.kind !== 'tcp' && target.kind !== 'windowsQueue',
    bytesPerSecond: target.kind === 'serial' ? target.format.baud / bitsOf(target.format) : null,
    times,
  });
}
