/**
 * A store: one value, who listens, and a hook that reads a part of it. Rule kept: a component is drawn anew
 * only when the part it reads has changed; a store never asks the till for anything itself.
 */
import { useRef, useSyncExternalStore } from 'react';

export type Store<T> = {
  readonly get: () => T;
  readonly set: (next: T | ((now: T) => T)) => void;
  /** Changes some fields of an object value. */
  readonly patch: (some: Partial<T>) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

export function makeStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T | ((now: T) => T)): void => {
    const made = typeof next === 'function' ? (next as (now: T) => T)(value) : next;
    if (Object.is(made, value)) return;
    value = made;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    patch: (some) => set((now) => ({ ...now, ...some })),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const shallowEqual = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keysA = Object.keys(a);
  return (
    keysA.length === Object.keys(b).length &&
    keysA.every((key) => Object.is((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
};

/** Reads a part of a store; an object made anew with equal fields counts as unchanged. */
export function useStore<T, P>(store: Store<T>, pick: (value: T) => P): P {
  const last = useRef<{ readonly part: P } | null>(null);
  const read = (): P => {
    const part = pick(store.get());
    if (last.current !== null && shallowEqual(last.current.part, part)) return last.current.part;
    last.current = { part };
    return part;
  };
  return useSyncExternalStore(store.subscribe, read, read);
}
