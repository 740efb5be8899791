/**
 * A wire that is looked for until it is closed: opened, and opened again when it ended or isn't there yet. Rule kept:
 * nothing waits for it; what is sent while it is gone is forgotten, since what is old is of no use to a scale or a
 * display. It knows bytes only.
 */
import { openWire } from '../wire/open-wire.ts';
import type { Wire, WireTarget, WireTrouble } from '../wire/wire.ts';

export type KeptLinkEvents = {
  readonly opened: () => void;
  readonly data?: (bytes: Uint8Array) => void;
  readonly troubled: (trouble: WireTrouble) => void;
};
export type KeptLink = {
  readonly send: (bytes: Uint8Array) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

const firstAgainMs = 250;
const lastAgainMs = 5_000;
const stallMs = 1_000;

export function keptLink(target: WireTarget, events: KeptLinkEvents): KeptLink {
  let wire: Wire | null = null;
  let isClosed = false;
  let wake: (() => void) | null = null;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const keep = async (): Promise<void> => {
    let againMs = firstAgainMs;
    // The caller has its link before the first event.
    await Promise.resolve();
    while (!isClosed) {
      const opened = await openWire(target);
      if (opened.ok) {
        if (isClosed) return opened.value.close();
        wire = opened.value;
        againMs = firstAgainMs;
        if (events.data !== undefined) wire.onData(events.data);
        events.opened();
        const trouble = await wire.ended;
        wire = null;
        if (isClosed) return;
        events.troubled(trouble ?? 'broken');
      } else {
        events.troubled(opened.error);
      }
      if (isClosed) return;
      await pause(againMs);
      againMs = Math.min(againMs * 2, lastAgainMs);
    }
  };
  const kept = keep();
  return {
    send: async (bytes) => (wire === null ? false : (await wire.write(bytes, stallMs)).kind === 'sent'),
    close: async () => {
      isClosed = true;
      wake?.();
      await wire?.close();
      await kept;
    },
  };
}
