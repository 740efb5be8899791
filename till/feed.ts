/**
 * Feeds: how the till tells screens that something changed. Rule kept: a slow screen never holds the till
 * back; one that falls behind gets a fresh snapshot instead of a backlog. A feed only broadcasts state, it
 * never decides anything.
 */
export type Feed<T> = {
  readonly publish: (event: T) => void;
  /** Yields `first()` and then everything published, until the signal aborts. */
  readonly subscribe: (first: () => T, signal?: AbortSignal) => AsyncGenerator<T, void, void>;
  /** Is called at each publishing, in the same turn. Returns how to stop. */
  readonly listen: (listener: () => void) => () => void;
  readonly subscribers: () => number;
};

const backlogLimit = 200;

type Subscriber<T> = { queue: T[]; wake: (() => void) | null; isBehind: boolean };

export function makeFeed<T>(): Feed<T> {
  const subscribers = new Set<Subscriber<T>>();
  const listeners = new Set<() => void>();
  return {
    publish: (event) => {
      for (const s of subscribers) {
        if (s.queue.length >= backlogLimit) {
          s.queue = [];
          s.isBehind = true;
        } else if (!s.isBehind) {
          s.queue.push(event);
        }
        s.wake?.();
      }
      for (const listener of [...listeners]) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    subscribers: () => subscribers.size,
    subscribe: async function* (first, signal) {
      const me: Subscriber<T> = { queue: [], wake: null, isBehind: false };
      subscribers.add(me);
      const wake = (): void => me.wake?.();
      signal?.addEventListener('abort', wake);
      try {
        yield first();
        while (!signal?.aborted) {
          if (me.isBehind) {
            me.isBehind = false;
            yield first();
            continue;
          }
          const event = me.queue.shift();
          if (event !== undefined) {
            yield event;
            continue;
          }
          await new Promise<void>((resolve) => {
            me.wake = resolve;
          });
          me.wake = null;
        }
      } finally {
        signal?.removeEventListener('abort', wake);
        subscribers.delete(me);
      }
    },
  };
}
