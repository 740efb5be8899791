/**
 * What a HID-POS scanner sends, made for tests: its report descriptor, its reports for a code, and a USB device
 * that holds them. Rule kept: it behaves as the typed interface of hid-link.ts allows and no further: a real USB
 * device can't be made on this machine, and this one says so.
 */
import type { HidDevice } from './hid-link.ts';
import { usualLayout } from './hid-pos.ts';

/** HID 1.11 items, in the order of the sample of the HID Point of Sale Usage Tables §4.6. */
// biome-ignore format: one item a line
export const usualDescriptor: Uint8Array = Uint8Array.of(
  0x05, 0x8c, // usage page: bar code scanner
  0x09, 0x02, // usage: bar code scanner
  0xa1, 0x01, // collection: application
  0x09, 0x12, // usage: scanned data report
  0xa1, 0x02, // collection: logical
  0x85, 0x02, // report id 2
  0x15, 0x00, 0x26, 0xff, 0x00, // 0 … 255
  0x75, 0x08, 0x95, 0x01, // one byte
  0x05, 0x01, 0x09, 0x3b, 0x81, 0x02, // generic desktop: byte count
  0x05, 0x8c, 0x95, 0x03, 0x09, 0xfb, 0x09, 0xfc, 0x09, 0xfd, 0x81, 0x02, // symbology 1, 2, 3
  0x95, 0x38, 0x09, 0xfe, 0x82, 0x02, 0x01, // decoded data, 56 bytes
  0x95, 0x02, 0x81, 0x03, // two more
  0x75, 0x01, 0x95, 0x01, 0x25, 0x01, 0x09, 0xff, 0x81, 0x02, // decode data continued
  0x95, 0x07, 0x81, 0x03,
  0xc0, 0xc0,
);

export function reportsOf(code: string, aim: string): readonly Uint8Array[] {
  const bytes = new TextEncoder().encode(code);
  const { dataAt, dataBytes } = usualLayout;
  const reports: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += dataBytes) {
    const part = bytes.subarray(at, at + dataBytes);
    const report = new Uint8Array(64);
    report[0] = 2;
    report[1] = part.length;
    report.set(new TextEncoder().encode(aim), 2);
    report.set(part, dataAt);
    report[63] = at + dataBytes < bytes.length ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

export type FakeHid = {
  readonly device: HidDevice;
  readonly send: (report: Uint8Array) => void;
  readonly unplug: () => void;
  /** What was asked of it, in order. */
  readonly asked: readonly string[];
};

/** A keyboard interface first, as combined scanners have, then the scanner's. `hasDriver`: the kernel holds it. */
export function makeFakeHid(options: { readonly serialNumber?: string; readonly hasDriver?: boolean } = {}): FakeHid {
  const asked: string[] = [];
  const queue: Uint8Array[] = [];
  let wake: (() => void) | null = null;
  let isGone = false;
  let hasDriver = options.hasDriver ?? false;
  const endpoint = { endpointNumber: 4, direction: 'in', type: 'interrupt', packetSize: 64 } as const;
  const mustBeThere = (): void => {
    if (isGone) throw new Error('the device was disconnected');
  };
  const device: HidDevice = {
    vendorId: 0x0c2e,
    productId: 0x0b81,
    serialNumber: options.serialNumber ?? 'A1',
    configuration: {
      interfaces: [
        { interfaceNumber: 0, alternate: { interfaceClass: 3, interfaceProtocol: 1, endpoints: [endpoint] } },
        { interfaceNumber: 1, alternate: { interfaceClass: 3, interfaceProtocol: 0, endpoints: [endpoint] } },
      ],
    },
    open: async () => {
      mustBeThere();
      asked.push('open');
    },
    close: async () => void asked.push('close'),
    claimInterface: async (n) => {
      mustBeThere();
      if (hasDriver) throw new Error('interface is busy');
      asked.push(`claim ${n}`);
    },
    releaseInterface: async (n) => void asked.push(`release ${n}`),
    detachKernelDriver: async (n) => {
      hasDriver = false;
      asked.push(`detach ${n}`);
    },
    attachKernelDriver: async (n) => void asked.push(`attach ${n}`),
    controlTransferIn: async () => ({ data: new DataView(usualDescriptor.slice().buffer), status: 'ok' }),
    transferIn: async (_endpoint, _length, timeoutMs = 0) => {
      mustBeThere();
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = null;
      }
      mustBeThere();
      const report = queue.shift();
      if (report === undefined) throw new Error('transfer timed out');
      return { data: new DataView(report.slice().buffer), status: 'ok' };
    },
  };
  return {
    device,
    asked,
    send: (report) => {
      queue.push(report);
      wake?.();
    },
    unplug: () => {
      isGone = true;
      wake?.();
    },
  };
}
