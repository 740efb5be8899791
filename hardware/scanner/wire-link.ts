/**
 * A scanner on a wire: serial, Bluetooth serial, TCP or a device file. Rule kept: bytes pass as they come; the
 * wire is looked for again by itself after a break. It knows neither codes nor their ends.
 */
import { keepWire, type KeepOptions } from '../wire/keep-wire.ts';
import type { WireTarget } from '../wire/wire.ts';
import { makeLinkEars } from './link-ears.ts';
import { lookingFor, noTrouble, type ScanLink, troubled } from './serial-scanner.ts';

export function openWireLink(target: WireTarget, options: Pick<KeepOptions, 'openWire' | 'backOff'> = {}): ScanLink {
  const { hear, tell, ...ears } = makeLinkEars(lookingFor);
  const wire = keepWire(target, {
    ...options,
    onData: hear,
    onState: (kept) =>
      tell(kept.kind === 'up' ? noTrouble : kept.trouble === null ? lookingFor : troubled(kept.trouble)),
  });
  return { ...ears, layout: () => null, close: wire.close };
}
