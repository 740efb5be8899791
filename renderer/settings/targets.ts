/** Where a device hangs, as a person would say it. Rule kept: the system's own names (COM3, /dev/ttyUSB0) are
 * shown as they are; nothing is translated and nothing is hidden. */
import type { WireTargetInput } from '#contract/wire-target.ts';

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
