/** Where a device hangs, as a person would say it. Rule kept: the system's own names (COM3, /dev/ttyUSB0) are
 * shown as they are; nothing is translated and nothing is hidden. */
import type { SerialFormatInput, WireTargetInput } from '#contract/wire-target.ts';

type Target = WireTargetInput | { readonly kind: 'none' } | { readonly kind: 'file'; readonly path: string };

const hex = (n: number): string => n.toString(16).padStart(4, '0').toUpperCase();

export function placeText(target: Target): string {
  switch (target.kind) {
    case 'tcp':
      return `${target.host}:${target.port}`;
    case 'serial':
      return `${target.path}, ${target.format.baud} baud`;
    case 'usb':
      return `USB ${hex(target.identity.vendorId)}:${hex(target.identity.productId)}`;
    case 'deviceFile':
    case 'file':
      return target.path;
    case 'windowsQueue':
      return target.name;
    case 'none':
      return '';
  }
}

/** The same port, whatever its speed. */
export function isSamePlace(a: WireTargetInput, b: WireTargetInput): boolean {
  if (a.kind === 'serial') return b.kind === 'serial' && a.path === b.path;
  return a.kind === b.kind && placeText(a) === placeText(b);
}

const hostAndPort = /^([^\s:/\\]+):(\d{1,5})$/;
const serialName = /^(com\d+|\/dev\/(tty|rfcomm|cu\.)|\\\\\.\\)/i;

/** What a person typed: "COM3", "/dev/ttyUSB0", or "192.168.1.60:4001"; null while it is nothing yet. */
export function readTarget(text: string, format: SerialFormatInput): WireTargetInput | null {
  const typed = text.trim();
  if (typed === '') return null;
  const [, host, port] = hostAndPort.exec(typed) ?? [];
  if (host !== undefined && port !== undefined) return { kind: 'tcp', host, port: Number(port) };
  return { kind: 'serial', path: typed, format, identity: null };
}

export const usualFormat: SerialFormatInput = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

/** The same where the kind of device helps: a printer's bare address is one of the network, a path its device file. */
export function readAddress(text: string, prints: boolean): WireTargetInput | null {
  const typed = text.trim();
  const target = readTarget(typed, usualFormat);
  if (target === null || target.kind === 'tcp' || !prints || serialName.test(typed)) return target;
  if (typed.startsWith('/')) return { kind: 'deviceFile', path: typed };
  return /^[\w.-]+$/.test(typed) ? { kind: 'tcp', host: typed, port: 9100 } : null;
}
