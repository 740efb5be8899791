/**
 * A USB scanner in HID-POS mode: finds it by what it is, takes its interface from the system's driver and hands
 * over its reports. Rule kept: it never throws for what a cable can do; it looks again for as long as it is open,
 * and a keyboard's interface is never taken. On Windows a HID device belongs to the system and `usb` may not reach
 * it: there a scanner is set to serial or keyboard mode. Untried on real scanners and on Windows.
 */
import type { DeviceIdentity, WireTrouble } from '../wire/wire.ts';
import { type HidPosLayout, layoutOf, usualLayout } from './hid-pos.ts';
import { makeLinkEars } from './link-ears.ts';
import type { ScannerState } from './port.ts';
import { lookingFor, noTrouble, type ScanLink, troubled } from './serial-scanner.ts';

/** What of a WebUSB device is used here (w3c WebUSB §6, and two words of the package `usb`). */
export type HidDevice = {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string | null | undefined;
  readonly configuration?: { readonly interfaces: readonly HidInterface[] } | null | undefined;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly claimInterface: (interfaceNumber: number) => Promise<void>;
  readonly releaseInterface: (interfaceNumber: number) => Promise<void>;
  readonly detachKernelDriver?: (interfaceNumber: number) => Promise<void>;
  readonly attachKernelDriver?: (interfaceNumber: number) => Promise<void>;
  readonly controlTransferIn: (setup: ControlSetup, length: number) => Promise<Transferred>;
  readonly transferIn: (endpointNumber: number, length: number, timeoutMs?: number) => Promise<Transferred>;
};
type ControlSetup = {
  readonly requestType: 'standard';
  readonly recipient: 'interface';
  readonly request: number;
  readonly value: number;
  readonly index: number;
};
type Transferred = { readonly data?: DataView | undefined; readonly status?: string | undefined };
type HidInterface = {
  readonly interfaceNumber: number;
  readonly alternate: {
    readonly interfaceClass: number;
    readonly interfaceProtocol: number;
    readonly endpoints: readonly {
      readonly endpointNumber: number;
      readonly direction: string;
      readonly type: string;
      readonly packetSize: number;
    }[];
  };
};
/** Throws where the PC has no USB at all. */
export type ListHidDevices = () => Promise<readonly HidDevice[]>;

const hidClass = 3;
const keyboardProtocol = 1;
const lookAgainMs = 1_000;
/** A read waits this long for a report; then it is asked again. */
const readMs = 500;

const listReal: ListHidDevices = async () => {
  const { usb } = await import('usb');
  return (await usb.getDevices()) as unknown as readonly HidDevice[];
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isQuiet = (error: unknown): boolean => /time?d? ?out|cancel/i.test(messageOf(error));

function troubleOf(error: unknown): WireTrouble {
  const message = messageOf(error);
  if (/access|permission|EACCES|errno 13/i.test(message)) return 'noPermission';
  if (/busy|EBUSY|in use|errno 16/i.test(message)) return 'busy';
  if (/no device|not found|disconnected|ENODEV|errno 19/i.test(message)) return 'absent';
  return 'broken';
}

type Held = {
  readonly device: HidDevice;
  readonly interfaceNumber: number;
  readonly endpointNumber: number;
  readonly packetSize: number;
  readonly layout: HidPosLayout;
};

/** The report descriptor of an interface (HID 1.11 §7.1.1: GET_DESCRIPTOR, type 0x22); null when it can't be read. */
async function descriptorOf(device: HidDevice, interfaceNumber: number): Promise<Uint8Array | null> {
  try {
    const setup = { requestType: 'standard', recipient: 'interface', request: 6, value: 0x22_00 } as const;
    const { data } = await device.controlTransferIn({ ...setup, index: interfaceNumber }, 4_096);
    return data === undefined ? null : bytesOf(data);
  } catch (error) {
    // A scanner that doesn't describe itself still sends the usual report; one that is gone says so at the next read.
    if (error instanceof TypeError) throw error;
    return null;
  }
}

const bytesOf = (data: DataView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();

/** Takes the interface that sends scans; throws what the device or the system said. */
async function hold(device: HidDevice): Promise<Held | null> {
  await device.open();
  for (const { interfaceNumber, alternate } of device.configuration?.interfaces ?? []) {
    const endpoint = alternate.endpoints.find(({ direction, type }) => direction === 'in' && type === 'interrupt');
    if (alternate.interfaceClass !== hidClass || alternate.interfaceProtocol === keyboardProtocol) continue;
    if (endpoint === undefined) continue;
    await claim(device, interfaceNumber);
    const descriptor = await descriptorOf(device, interfaceNumber);
    const layout = descriptor === null ? usualLayout : layoutOf(descriptor);
    const { endpointNumber, packetSize } = endpoint;
    if (layout !== null) return { device, interfaceNumber, endpointNumber, packetSize, layout };
    await letGo(device, interfaceNumber);
  }
  return null;
}

async function claim(device: HidDevice, interfaceNumber: number): Promise<void> {
  try {
    await device.claimInterface(interfaceNumber);
  } catch (error) {
    // On Linux the kernel's own driver has every HID device until it is asked to let go.
    if (device.detachKernelDriver === undefined || troubleOf(error) === 'absent') throw error;
    await device.detachKernelDriver(interfaceNumber);
    await device.claimInterface(interfaceNumber);
  }
}

/** Best effort: what is gone already can't be let go. */
async function letGo(device: HidDevice, interfaceNumber: number): Promise<void> {
  await Promise.allSettled([device.releaseInterface(interfaceNumber)]);
  await Promise.allSettled([device.attachKernelDriver?.(interfaceNumber)]);
}

export function openHidLink(
  identity: DeviceIdentity,
  list: ListHidDevices = listReal,
  againMs = lookAgainMs,
): ScanLink {
  const { hear, tell, ...ears } = makeLinkEars(lookingFor);
  let layout: HidPosLayout = usualLayout;
  let isClosed = false;
  let wake: (() => void) | null = null;

  const setState = (next: ScannerState): void => {
    const state = ears.state();
    if (next.isOpen !== state.isOpen || next.trouble !== state.trouble) tell(next);
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const isOurs = (device: HidDevice): boolean =>
    device.vendorId === identity.vendorId &&
    device.productId === identity.productId &&
    (identity.serial === null || (device.serialNumber ?? null) === identity.serial);

  const read = async (held: Held): Promise<void> => {
    while (!isClosed) {
      try {
        const { data, status } = await held.device.transferIn(held.endpointNumber, held.packetSize, readMs);
        if (data !== undefined && data.byteLength > 0) hear(bytesOf(data));
        else if (status === 'stall') return setState(troubled('broken'));
      } catch (error) {
        if (!isQuiet(error)) return setState(troubled(troubleOf(error)));
      }
    }
  };
  const listed = async (): Promise<readonly HidDevice[] | null> => {
    try {
      return await list();
    } catch (error) {
      setState(troubled(troubleOf(error) === 'noPermission' ? 'noPermission' : 'unsupported'));
      return null;
    }
  };
  const once = async (): Promise<void> => {
    const found = await listed();
    if (found === null) return;
    const device = found.find(isOurs);
    if (device === undefined) return setState(troubled('absent'));
    let held: Held | null = null;
    try {
      held = await hold(device);
      if (held === null) setState(troubled('unsupported'));
      else {
        ({ layout } = held);
        setState(noTrouble);
        await read(held);
      }
    } catch (error) {
      setState(troubled(troubleOf(error)));
    }
    if (held !== null) await letGo(device, held.interfaceNumber);
    await Promise.allSettled([device.close()]);
  };
  const run = async (): Promise<void> => {
    while (!isClosed) {
      await once();
      if (!isClosed) await pause(againMs);
    }
  };
  const running = run();

  return {
    layout: () => layout,
    ...ears,
    close: async () => {
      isClosed = true;
      wake?.();
      await running;
    },
  };
}
