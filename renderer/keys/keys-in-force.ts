/**
 * The map in force in this window, as the till keeps it. Rule kept: keys, caps and sentences change together, so
 * that the screen never names a key that does something else.
 */
import type { KeysView } from '#contract/till-keys.ts';
import { makeStore } from '../state/store.ts';
import { sayKeys } from '../words/words.ts';
import { type Chord, choiceOf, isCommandKey, type KeyChoice, keyNameOf, keysByChord, sentenceFor } from './chords.ts';
import type { KeyName, KeyPress } from './key-map.ts';

type InForce = {
  readonly keys: KeysView;
  readonly choice: KeyChoice;
  readonly byChord: ReadonlyMap<Chord, KeyName>;
};
const inForceOf = (keys: KeysView): InForce => {
  const choice = choiceOf(keys);
  return { keys, choice, byChord: keysByChord(choice) };
};
export const keysStore = makeStore<InForce>(inForceOf({ preset: 'billmitra', own: {} }));

export function adoptKeys(keys: KeysView): void {
  const before = keysStore.get();
  if (JSON.stringify(before.keys) === JSON.stringify(keys)) return;
  const next = inForceOf(keys);
  keysStore.set(next);
  sayKeys((text) => sentenceFor(text, next.choice));
}

/** Which command a key press is now. */
export const keyOf = (press: KeyPress): KeyName | null => keyNameOf(press, keysStore.get().byChord);

const groundCaps: Readonly<Partial<Record<KeyName, string>>> = {
  Up: '↑',
  Down: '↓',
  Star: '*',
  Slash: '/',
  Plus: '+',
  Minus: '−',
  Delete: 'Del',
  Escape: 'Esc',
};
/** The cap of a command, as the map in force has it. */
export const capOf = (key: KeyName): string =>
  isCommandKey(key) ? keysStore.get().choice[key] : (groundCaps[key] ?? key);
