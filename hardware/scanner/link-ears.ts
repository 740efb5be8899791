/**
 * Who listens to a scanner's link: to its bytes and to its state. Rule kept: bytes that came before anybody listened
 * are kept and handed to the first one who does.
 */
import type { ScannerState } from './port.ts';
import type { ScanLink } from './serial-scanner.ts';

export type LinkEars = Pick<ScanLink, 'onData' | 'onState' | 'state'> & {
  readonly hear: (bytes: Uint8Array) => void;
  readonly tell: (state: ScannerState) => void;
};

export function makeLinkEars(first: ScannerState): LinkEars {
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const stateListeners = new Set<(state: ScannerState) => void>();
  let unheard: Uint8Array[] = [];
  let state = first;
  return {
    hear: (bytes) => {
      if (dataListeners.size === 0) unheard.push(bytes);
      for (const listener of dataListeners) listener(bytes);
    },
    tell: (to) => {
      state = to;
      for (const listener of stateListeners) listener(state);
    },
    state: () => state,
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
  };
}
