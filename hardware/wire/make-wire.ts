/**
 * The half of every wire that is the same for all cables: turns, chunks, stall limit, bytes heard before anybody
 * listens, one end. Rule kept: a byte counts as sent only when the cable's own half said that it was taken, so the
 * count of a failed write never flatters. It knows no cable and never opens anything.
 */
import type { Wire, WireTrouble, WriteOutcome } from './wire.ts';

/** A cable's own half. */
export type Link = {
  /** Bytes handed over at once: the grain of `sentBytes`. Small enough that a slow cable takes one within the stall limit. */
  readonly chunkBytes: number;
  /** Resolves when the system took the whole chunk (null), or with why not. `ms`: it is of no use after that. */
  readonly send: (chunk: Uint8Array, ms: number) => Promise<WireTrouble | null>;
  /** Resolves when what was taken has left, as far as this cable can tell. */
  readonly drain: () => Promise<void>;
  /** Frees the device; called once. `isMidway`: a chunk was on its way when it ended. */
  readonly free: (isMidway: boolean) => Promise<void>;
};

/** What a cable's half reports. Both may be called at any time, also after the end. */
export type Reports = {
  readonly heard: (bytes: Uint8Array) => void;
  readonly broke: (trouble: WireTrouble) => void;
};

/** Bytes kept for the first listener; of more, the oldest go. */
const keptBytes = 65_536;
/** A device that won't be freed doesn't hold its caller. */
const freeMs = 500;

/** Resolves to `late` when the promise has not settled within `ms`. A rejection counts as settled, with `late`. */
export function within<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      () => {
        clearTimeout(timer);
        resolve(late);
      },
    );
  });
}

/** Puts the common half on a cable's own. `connect` is called at once, with where to report. */
export function makeWire(connect: (reports: Reports) => Link): Wire {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const kept: Uint8Array[] = [];
  let keptSize = 0;
  let hadListener = false;
  let last: Promise<unknown> = Promise.resolve();
  let isMidway = false;
  let isClosing = false;
  let over: { readonly trouble: WireTrouble | null } | null = null;
  let freed: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | null = null;
  let tellEnded: (trouble: WireTrouble | null) => void = () => {};
  const ended = new Promise<WireTrouble | null>((resolve) => {
    tellEnded = resolve;
  });
  const stops = new Set<(trouble: WireTrouble) => void>();

  const finish = (trouble: WireTrouble | null): void => {
    if (over !== null) return;
    over = { trouble };
    for (const stop of stops) stop(trouble ?? 'broken');
    // A cable that broke while it was being connected has no link yet: freed on the next turn.
    freed = within(
      Promise.resolve().then(() => link.free(isMidway)),
      freeMs,
      null,
    );
    void freed.then(() => tellEnded(trouble));
  };

  const heard = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    if (hadListener) {
      for (const listener of listeners) listener(bytes);
      return;
    }
    kept.push(bytes);
    keptSize += bytes.length;
    while (keptSize > keptBytes && kept.length > 1) keptSize -= kept.shift()?.length ?? 0;
  };

  const link: Link = connect({ heard, broke: finish });

  const sendAll = async (bytes: Uint8Array, stallMs: number): Promise<WriteOutcome> => {
    let sentBytes = 0;
    for (let at = 0; at < bytes.length && over === null; at += link.chunkBytes) {
      const chunk = bytes.subarray(at, at + link.chunkBytes);
      isMidway = true;
      let stop: (trouble: WireTrouble) => void = () => {};
      const stopped = new Promise<WireTrouble>((resolve) => {
        stop = resolve;
      });
      stops.add(stop);
      const answer = await within(Promise.race([link.send(chunk, stallMs), stopped]), stallMs, 'timeout' as const);
      stops.delete(stop);
      if (answer !== null) {
        finish(answer);
        break;
      }
      isMidway = false;
      sentBytes += chunk.length;
    }
    if (over === null || sentBytes === bytes.length) return { kind: 'sent' };
    await freed;
    return { kind: 'failed', sentBytes, trouble: over.trouble ?? 'broken' };
  };

  const refused = async (): Promise<WriteOutcome> => ({
    kind: 'failed',
    sentBytes: 0,
    trouble: over?.trouble ?? 'broken',
  });

  return {
    write: (bytes, stallMs) => {
      if (isClosing || over !== null) return refused();
      const next = last.then(() => (over === null ? sendAll(bytes, stallMs) : refused()));
      last = next;
      return next;
    },
    onData: (listener) => {
      // A listener of its own for each call: the same function given twice is heard twice, stopped one by one.
      const own = (bytes: Uint8Array): void => listener(bytes);
      listeners.add(own);
      if (!hadListener) {
        queueMicrotask(() => {
          hadListener = listeners.size > 0;
          if (hadListener) for (const bytes of kept.splice(0)) for (const each of listeners) each(bytes);
        });
      }
      return () => void listeners.delete(own);
    },
    ended,
    isOpen: () => !isClosing && over === null,
    close: (drainMs = 1_000) => {
      closing ??= (async () => {
        isClosing = true;
        if (over === null) {
          await within(
            last.then(() => (over === null ? link.drain() : undefined)),
            drainMs,
            undefined,
          );
        }
        finish(null);
        await freed;
      })();
      return closing;
    },
  };
}
