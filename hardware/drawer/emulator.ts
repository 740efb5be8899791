/**
 * A cash drawer behind a trigger box: opens at its pulse, and may be jammed. Rule kept: it opens at the whole pulse of
 * its kind and at nothing else; it never says anything, as the boxes don't.
 */
import { type DrawerPulse, drawerPulses } from './pulse.ts';

export type DrawerEmulator = {
  readonly take: (bytes: Uint8Array) => void;
  readonly opened: () => number;
  readonly isOpen: () => boolean;
  readonly shut: () => void;
  /** A jammed drawer hears its pulse and stays shut. */
  readonly jam: (isJammed: boolean) => void;
};

export function startDrawerEmulator(pulse: DrawerPulse, onOpen: (times: number) => void = () => {}): DrawerEmulator {
  const wanted: readonly number[] = drawerPulses[pulse];
  let last: number[] = [];
  let times = 0;
  let isOpen = false;
  let isJammed = false;
  return {
    take: (bytes) => {
      for (const byte of bytes) {
        last = [...last, byte].slice(-wanted.length);
        if (last.length < wanted.length || last.some((one, at) => one !== wanted[at])) continue;
        last = [];
        if (isJammed) continue;
        times += 1;
        isOpen = true;
        onOpen(times);
      }
    },
    opened: () => times,
    isOpen: () => isOpen,
    shut: () => {
      isOpen = false;
    },
    jam: (is) => {
      isJammed = is;
    },
  };
}
