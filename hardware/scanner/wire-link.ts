/**
 * A scanner on a wire: serial, Bluetooth serial, TCP or a device file. Rule kept: bytes pass as they come; the
 * wire is looked for again by itself after a break. It knows neither codes nor their ends.
 */
import { keepWire, type KeepOptions } from '../wire/keep-wire.ts';
import type { WireTarget } from '../wire/wire.ts';
import type { ScannerState } from './port.ts';
import { lookingFor, noTrouble, type ScanLink, troubled } from './serial-scanner.ts';

export function openWireLink(target: WireTarget, options: Pick<KeepOptions, 'openWire' | 'backOff'> = {}): ScanLink {
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const stateListeners = new Set<(state: ScannerState) => void>();
  let unheard: Uint8Array[] = [];
  let state: ScannerState = lookingFor;
  const wire = keepWire(target, {
    ...options,
    onData: (bytes) => {
      if (dataListeners.size === 0) unheard.push(bytes);
      for (const listener of dataListeners) listener(bytes);
    },
    onState: (kept) => {
      state = kept.kind === 'up' ? noTrouble : kept.trouble === null ? lookingFor : troubled(kept.trouble);
      for (const listener of stateListeners) listener(state);
    },
  });
  return {
    layout: () => null,
    onData: (listener) => {
      const before = unheard;
      unheard = [];
      dataListeners.add(listener);
      for (const bytes of before) listener(bytes);
      return () => dataListeners.delete(listener);
    },
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    state: () => state,
    close: wire.close,
  };
}
