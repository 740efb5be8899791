/**
 * The forms and choosers that are open, topmost last. Rule kept: only the topmost one hears keys; a scan
 * waits while one is open unless it takes scans itself. A form says what it does per key, nothing more.
 */
import { useLayoutEffect, useRef, useState } from 'react';
import { makeStore } from '../state/store.ts';
import type { KeyPress } from './key-map.ts';

export type FormKeys = {
  readonly name: string;
  /** Esc: back, nothing changed. */
  readonly back?: (() => void) | undefined;
  /** Enter when not in a field that has a next one; without it Enter walks on and accepts at the end. */
  readonly enter?: (() => void) | undefined;
  readonly accept?: (() => void) | undefined;
  /** A digit pressed outside a text field. */
  readonly choose?: ((digit: number) => void) | undefined;
  readonly move?: ((key: MoveKey) => void) | undefined;
  readonly letters?: Readonly<Record<string, () => void>> | undefined;
  readonly tab?: (() => void) | undefined;
  readonly del?: (() => void) | undefined;
  readonly again?: (() => void) | undefined;
  readonly print?: (() => void) | undefined;
  /** A key that opened the form, pressed again: F10 turns the board's page, F12 closes the menu. */
  readonly same?: Readonly<Partial<Record<string, () => void>>> | undefined;
  /** Hears each key first, whatever it is; true: it was for this. While it is there nothing is typed. */
  readonly hears?: ((press: KeyPress) => boolean) | undefined;
  /** A key that is this form's own (arrows that move a thing): what it does, or null. Asked before anything is done. */
  readonly takes?: ((press: KeyPress) => (() => void) | null) | undefined;
  /** Takes a scan; without it scans wait until the form is answered. */
  readonly scan?: ((code: string) => void) | undefined;
  /** The till itself queues scans behind its question. */
  readonly letsScansThrough?: boolean | undefined;
};
export type MoveKey = 'Up' | 'Down' | 'PageUp' | 'PageDown' | 'Home' | 'End';

type Entry = { readonly id: number; readonly keys: () => FormKeys };
export const formStore = makeStore<readonly Entry[]>([]);
let lastId = 0;

export const topForm = (): FormKeys | null => formStore.get().at(-1)?.keys() ?? null;

/** Opens the form for keys while the component lives. */
export function useForm(keys: FormKeys): void {
  const latest = useRef(keys);
  // Taken while rendering, where a parent comes before its child: a form within a form lies on top of it.
  const [id] = useState(() => {
    lastId += 1;
    return lastId;
  });
  // Before paint, so that the next key meets what is drawn.
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    const entry: Entry = { id, keys: () => latest.current };
    formStore.set((open) => [...open, entry].sort((a, b) => a.id - b.id));
    return () => formStore.set((open) => open.filter((one) => one.id !== id));
  }, [id]);
}
