/**
 * A scanner on a wire: serial, Bluetooth serial, TCP or a device file. Rule kept: bytes pass as they come; the
 * wire is looked for again by itself after a break.
 */
import type { WireTarget } from '../wire/wire.ts';
import { type ScanLink, troubled } from './serial-scanner.ts';

export function openWireLink(_target: WireTarget): ScanLink {
  return {
    layout: () => null,
    onData: () => () => {},
    onState: () => () => {},
    state: () => troubled('unsupported'),
    close: () => Promise.resolve(),
  };
}
