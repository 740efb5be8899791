/**
 * A wire that stays: opened, watched, and opened again whenever it ends, for scanners, scales and displays that are
 * plugged and unplugged while a bill is made. Rule kept: it never gives up and never hurries: tries come further
 * and further apart, with chance in them, so that ten devices on one hub don't knock together. Nothing here
 * throws for a device; what is written while it is down is answered at once.
 */
import { openWire as openAnyWire } from './open-wire.ts';
import type { OpenWire, Wire, WireTarget, WireTrouble, WriteOutcome } from './wire.ts';

export type KeptState =
  | { readonly kind: 'up' }
  /** Not open. `trouble`: why the last try failed or how the wire ended; null before the first answer. */
  | { readonly kind: 'looking'; readonly trouble: WireTrouble | null; readonly tries: number };

export type BackOff = {
  /** Before the first try after an end, and the most between two. */
  readonly firstMs: number;
  readonly mostMs: number;
};
/** A plug that was put in again is found within a second or two, a device that is off costs a try every 5 s. */
const usualBackOff: BackOff = { firstMs: 250, mostMs: 5_000 };

export type KeepTimers = {
  /** Calls once after `ms`; returns how to forget it. */
  readonly after: (ms: number, call: () => void) => () => void;
};
const realTimers: KeepTimers = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export type KeepOptions = {
  readonly onUp?: (wire: Wire) => void;
  /** Called once for each end and each failed first try; not when we close it. */
  readonly onDown?: (trouble: WireTrouble) => void;
  readonly onData?: (bytes: Uint8Array) => void;
  /** Called on each change of state, also from one trouble to another. */
  readonly onState?: (state: KeptState) => void;
  readonly connectMs?: number;
  readonly backOff?: BackOff;
  readonly openWire?: OpenWire;
  readonly timers?: KeepTimers;
  /** 0 ≤ n < 1; spreads the tries. */
  readonly random?: () => number;
};

export type KeptWire = {
  readonly state: () => KeptState;
  /** As Wire.write; while it is down: failed with 0 bytes and the trouble it is in. */
  readonly write: (bytes: Uint8Array, stallMs: number) => Promise<WriteOutcome>;
  /** Tries now instead of at the next turn: for a plug event or a person who asks. */
  readonly tryNow: () => void;
  /** Stops trying and closes. Idempotent; no call of the options comes after it resolved. */
  readonly close: () => Promise<void>;
};

/** Milliseconds until try number `tries` (1, 2, …): doubling, and between half and all of it by chance. */
export function delayBefore(tries: number, backOff: BackOff, random: () => number): number {
  const whole = Math.min(backOff.mostMs, backOff.firstMs * 2 ** Math.min(tries - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random());
}

/** Starts at once. By identity where the target has one: openWire finds where the device hangs now. */
export function keepWire(target: WireTarget, options: KeepOptions = {}): KeptWire {
  const { openWire = openAnyWire, timers = realTimers, backOff = usualBackOff, random = Math.random } = options;
  let state: KeptState = { kind: 'looking', trouble: null, tries: 0 };
  let wire: Wire | null = null;
  let trying: Promise<void> | null = null;
  let forget: () => void = () => {};
  let isClosed = false;
  /** Failed tries since it was last up; and when it was up too shortly, those before. */
  let tries = 0;

  const show = (next: KeptState): void => {
    const isNews =
      state.kind !== next.kind ||
      (state.kind === 'looking' && next.kind === 'looking' && state.trouble !== next.trouble);
    state = next;
    if (isNews) options.onState?.(next);
  };
  const down = (trouble: WireTrouble): void => {
    wire = null;
    tries += 1;
    const wasKnown = state.kind === 'looking' && state.trouble !== null;
    show({ kind: 'looking', trouble, tries });
    if (!wasKnown) options.onDown?.(trouble);
    forget();
    forget = timers.after(delayBefore(tries, backOff, random), look);
  };
  const up = (opened: Wire): void => {
    wire = opened;
    show({ kind: 'up' });
    // One that opens and breaks at once (a loose plug, a program that resets it) is not hammered.
    const settle = timers.after(backOff.mostMs, () => {
      tries = 0;
    });
    opened.onData((bytes) => {
      if (!isClosed) options.onData?.(bytes);
    });
    void opened.ended.then((trouble) => {
      settle();
      if (!isClosed && wire === opened) down(trouble ?? 'broken');
    });
    options.onUp?.(opened);
  };
  const attempt = async (): Promise<void> => {
    const opened = await openWire(target, options.connectMs);
    if (isClosed) {
      if (opened.ok) await opened.value.close(0);
    } else if (opened.ok) up(opened.value);
    else down(opened.error);
  };
  function look(): void {
    if (isClosed || wire !== null || trying !== null) return;
    forget();
    trying = attempt().finally(() => {
      trying = null;
    });
  }
  look();

  return {
    state: () => state,
    write: async (bytes, stallMs) =>
      wire === null
        ? {
            kind: 'failed',
            sentBytes: 0,
            trouble: (state.kind === 'looking' ? state.trouble : null) ?? 'absent',
          }
        : wire.write(bytes, stallMs),
    tryNow: look,
    close: async () => {
      isClosed = true;
      forget();
      await trying;
      await wire?.close();
    },
  };
}
