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

/** What a person typed: "COM3", "/dev/ttyUSB0", or "192.168.1.60:4001"; null while it is nothing yet. */
export function readTarget(text: string, format: SerialFormatInput): WireTargetInput | null {
  const typed = text.trim();
  if (typed === '') return null;
  const [, host, port] = /^([^\s:/\\]+):(\d{1,5})$/.exec(typed) ?? [];
  if (host !== undefined && port !== undefined) return { kind: 'tcp', host, port: Number(port) };
  return { kind: 'serial', path: typed, format, identity: null };
}
