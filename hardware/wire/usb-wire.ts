/**
 * A printer on USB without the system's driver: its printer interface's bulk endpoints. Rule kept: what a driver holds
 * is left to it and said to be busy; nothing is detached or reset behind the system's back. Untried on real USB
 * until docs/hardware.md says so: its logic is tested against a fake of WebUSB's device.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '#core/result.ts';
import { type Link, makeWire, type Reports, within } from './make-wire.ts';
import {
  findUsbHost,
  identityOf,
  type PrinterInterface,
  printerInterface,
  type UsbDevice,
  type UsbHost,
} from './usb-devices.ts';
import type { DeviceIdentity, Wire, WireTrouble } from './wire.ts';

/** Eight full-speed packets: a slow head takes them well within a second. A multiple of every packet size. */
const chunkBytes = 512;
/** How long one question for bytes may hang; closing waits for it. */
const listenMs = 200;
/** A printer that answers "nothing" at once is not asked in a tight loop. */
const restMs = 20;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The package (3.1, on nusb) tells trouble in words only. */
export function usbTrouble(message: string): WireTrouble {
  if (/permission|denied|not permitted/i.test(message)) return 'noPermission';
  // Linux: usblp has the interface. Windows: usbprint.sys or a maker's driver instead of WinUSB.
  if (/busy|in use|driver|not supported|unsupported/i.test(message)) return 'busy';
  if (/timed? ?out/i.test(message)) return 'timeout';
  return 'absent';
}
const isLate = (error: unknown): boolean => /cancel|timed? ?out/i.test(messageOf(error));

function linkOf(device: UsbDevice, face: PrinterInterface, reports: Reports): Link {
  let isFreed = false;
  let sending: Promise<unknown> = Promise.resolve();

  const sendNow = async (chunk: Uint8Array, ms: number): Promise<WireTrouble | null> => {
    const bytes = new Uint8Array(chunk);
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await device.transferOut(face.out, bytes.slice(at), Math.max(1, Math.floor(ms)));
        if (bytesWritten <= 0) return 'broken';
        at += bytesWritten;
      }
      return null;
    } catch (error) {
      return isLate(error) ? 'timeout' : 'broken';
    }
  };

  const listen = async (endpoint: number): Promise<void> => {
    let stalls = 0;
    while (!isFreed) {
      try {
        // One packet at a time: what came before a time limit is never thrown away with the rest of a longer one.
        const { data } = await device.transferIn(endpoint, face.inPacket, listenMs);
        stalls = 0;
        if (data === undefined || data.byteLength === 0) await sleep(restMs);
        else reports.heard(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
      } catch (error) {
        if (isFreed || isLate(error)) continue;
        stalls += 1;
        if (!/stall/i.test(messageOf(error)) || stalls > 3) return reports.broke('broken');
        await device.clearHalt('in', endpoint).catch(() => reports.broke('broken'));
      }
    }
  };
  const listening = face.in === null ? Promise.resolve() : listen(face.in);

  return {
    chunkBytes,
    send: (chunk, ms) => {
      const done = sendNow(chunk, ms);
      sending = done;
      return done;
    },
    // A bulk transfer is done when the device has it.
    drain: () => Promise.resolve(),
    free: async () => {
      isFreed = true;
      // The package may not close a device while a transfer of it hangs.
      await within(Promise.all([sending, listening]), 2 * listenMs, null);
      await device.releaseInterface(face.interfaceNumber).catch(() => undefined);
      await device.close().catch(() => undefined);
    },
  };
}

async function openDevice(device: UsbDevice): Promise<Result<Wire, WireTrouble>> {
  try {
    await device.open();
  } catch (error) {
    return err(usbTrouble(messageOf(error)));
  }
  try {
    const face = printerInterface(device.configuration?.interfaces ?? []);
    if (face === null) {
      await device.close();
      return err('unsupported');
    }
    await device.claimInterface(face.interfaceNumber);
    if (face.alternateSetting !== 0) await device.selectAlternateInterface(face.interfaceNumber, face.alternateSetting);
    return ok(makeWire((reports) => linkOf(device, face, reports)));
  } catch (error) {
    await device.close().catch(() => undefined);
    return err(usbTrouble(messageOf(error)));
  }
}

/**
 * Opens the printer with this identity, wherever it is plugged in. Of several alike without serial numbers the
 * first: nothing on the bus tells them apart. `host`: null says "no USB on this machine" (unsupported).
 */
export async function openUsbWire(
  identity: DeviceIdentity,
  connectMs: number,
  findHost: () => Promise<UsbHost | null> = findUsbHost,
): Promise<Result<Wire, WireTrouble>> {
  const host = await findHost();
  if (host === null) return err('unsupported');
  const devices = await host.getDevices().catch(() => []);
  const device = devices
    .filter((one) => one.vendorId === identity.vendorId && one.productId === identity.productId)
    .find((one) => identity.serial === null || identityOf(one).serial === identity.serial);
  if (device === undefined) return err('absent');
  const opening = openDevice(device);
  const opened = await within<Result<Wire, WireTrouble>, null>(opening, connectMs, null);
  if (opened !== null) return opened;
  void opening.then((late) => (late.ok ? late.value.close(0) : undefined));
  return err('timeout');
}
