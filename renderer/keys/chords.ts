/**
 * Which key of the keyboard stands for which name of the map: the presets, a shop's own choice, and why a key can't
 * be chosen (screens.md §4.1). Rule kept: one key, one command; the ground (Enter, Esc, arrows, Del, the number pad)
 * never changes. Pure: it holds no state.
 */
import type { KeysView } from '#contract/till-keys.ts';
import type { KeyName, KeyPress } from './key-map.ts';

/** As a key cap says it: "F9", "Ctrl G", "Ctrl Del", "C". */
export type Chord = string;

/** The map BillMitra comes with: the commands that may be given another key. */
const billMitra = {
  F1: 'F1',
  F2: 'F2',
  F3: 'F3',
  F4: 'F4',
  F5: 'F5',
  F6: 'F6',
  F7: 'F7',
  F8: 'F8',
  F9: 'F9',
  F10: 'F10',
  F11: 'F11',
  F12: 'F12',
  CtrlZ: 'Ctrl Z',
  CtrlK: 'Ctrl K',
  CtrlP: 'Ctrl P',
  CtrlL: 'Ctrl L',
  CtrlA: 'Ctrl A',
  CtrlDelete: 'Ctrl Del',
  LetterC: 'C',
  LetterU: 'U',
  LetterD: 'D',
  LetterK: 'K',
  LetterN: 'N',
  LetterP: 'P',
  LetterL: 'L',
  LetterW: 'W',
} as const satisfies Partial<Record<KeyName, Chord>>;
export type CommandKey = keyof typeof billMitra;
export const commandKeys = Object.keys(billMitra) as readonly CommandKey[];
export const isCommandKey = (key: string): key is CommandKey => Object.hasOwn(billMitra, key);

/** The key a command came with. */
export const usualChord = (key: CommandKey): Chord => billMitra[key];

export type KeyChoice = Readonly<Record<CommandKey, Chord>>;

/**
 * For hands that know Tally: F8 is Sales there, so it makes the sale; the return takes F9. "Go to" is Alt G there; Alt
 * belongs to Windows, so it is Ctrl G. F1 help, Ctrl A accept and Esc back are the same in both.
 */
const tallyLike: KeyChoice = { ...billMitra, F9: 'F8', F8: 'F9', CtrlK: 'Ctrl G' };

/** The choice in force. A stored one of another version keeps what still fits; what doesn't has its own key back. */
export function choiceOf(keys: KeysView): KeyChoice {
  if (keys.preset === 'tally') return tallyLike;
  if (keys.preset === 'billmitra') return billMitra;
  const made = { ...billMitra, ...Object.fromEntries(Object.entries(keys.own).filter(([key]) => isCommandKey(key))) };
  return new Set(Object.values(made)).size === commandKeys.length ? made : billMitra;
}

export const keysByChord = (choice: KeyChoice): ReadonlyMap<Chord, KeyName> =>
  new Map(commandKeys.map((key) => [choice[key], key]));
const defaultKeys = keysByChord(billMitra);

/** The cap of a key that can be chosen; null for one of the ground. */
function chordOf(press: KeyPress): Chord | null {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  if (press.ctrl) {
    if (press.code === 'Delete') return 'Ctrl Del';
    return letter === undefined ? null : `Ctrl ${letter}`;
  }
  return letter ?? (/^F([1-9]|1[0-2])$/.test(press.code) ? press.code : null);
}

const byCode: Readonly<Record<string, KeyName>> = {
  Enter: 'Enter',
  NumpadEnter: 'Enter',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Home: 'Home',
  End: 'End',
  Delete: 'Delete',
  Escape: 'Escape',
  NumpadMultiply: 'Star',
  NumpadDivide: 'Slash',
  NumpadAdd: 'Plus',
  NumpadSubtract: 'Minus',
};
const byChar: Readonly<Record<string, KeyName>> = { '*': 'Star', '/': 'Slash', '+': 'Plus', '-': 'Minus' };

/** Which row of the map a key press is; by its physical place, so that a Hindi layout changes nothing. */
export function keyNameOf(press: KeyPress, inForce: ReadonlyMap<Chord, KeyName> = defaultKeys): KeyName | null {
  if (press.alt) return null;
  const chord = chordOf(press);
  if (chord !== null) return inForce.get(chord) ?? null;
  // Ctrl Enter accepts whatever else does.
  if (press.ctrl) return /^(Numpad)?Enter$/.test(press.code) ? 'CtrlA' : null;
  return byCode[press.code] ?? (press.char === null ? null : (byChar[press.char] ?? null));
}

/** Why a key can't be given to a command. */
export type ChordRefusal =
  | { readonly why: 'taken'; readonly by: CommandKey }
  /** Enter, Esc, arrows, Del, digits, the number pad. */
  | { readonly why: 'ground' }
  /** Ctrl Shift switches the keyboard's layout. */
  | { readonly why: 'system' }
  | { readonly why: 'browser' }
  /** What a wedge scanner sends for control characters. */
  | { readonly why: 'scanner' }
  | { readonly why: 'clipboard' }
  /** A tender is a single letter, another command never is: letters are typed into the scan field. */
  | { readonly why: 'letterOnly' }
  | { readonly why: 'noLetter' };

const never: Readonly<Record<string, ChordRefusal['why'] & ('browser' | 'scanner' | 'clipboard')>> = {
  ...Object.fromEntries([...'WNT'].map((letter) => [`Ctrl ${letter}`, 'browser' as const])),
  ...Object.fromEntries([...'BCDIJM'].map((letter) => [`Ctrl ${letter}`, 'scanner' as const])),
  'Ctrl V': 'clipboard',
  'Ctrl X': 'clipboard',
};

const isTender = (key: CommandKey): boolean => key.startsWith('Letter');

/** The choice with `press` for `key`, or why not. */
export function giveKey(choice: KeyChoice, key: CommandKey, press: KeyPress): KeyChoice | ChordRefusal {
  const chord = chordOf(press);
  if (press.ctrl && press.shift) return { why: 'system' };
  if (chord === null) return { why: press.ctrl && press.code.startsWith('Digit') ? 'browser' : 'ground' };
  const banned = never[chord];
  if (banned !== undefined) return { why: banned };
  if (isTender(key) !== (chord.length === 1)) return { why: isTender(key) ? 'letterOnly' : 'noLetter' };
  const by = commandKeys.find((other) => other !== key && choice[other] === chord);
  return by === undefined ? { ...choice, [key]: chord } : { why: 'taken', by };
}

/** The key BillMitra comes with, or why it can't be had back. */
export function giveBackKey(choice: KeyChoice, key: CommandKey): KeyChoice | ChordRefusal {
  const by = commandKeys.find((other) => other !== key && choice[other] === billMitra[key]);
  return by === undefined ? { ...choice, [key]: billMitra[key] } : { why: 'taken', by };
}

/** The command whose usual cap this is: sentences and caps name commands by it. */
const byUsualCap = new Map<Chord, CommandKey>(commandKeys.map((key) => [billMitra[key], key]));
export const capFor = (usualCap: string, choice: KeyChoice): string => {
  const key = usualCap.length === 1 ? undefined : byUsualCap.get(usualCap);
  return key === undefined ? usualCap : choice[key];
};
/** A sentence that names keys, with those in force. */
export const sentenceFor = (text: string, choice: KeyChoice): string =>
  text.replace(/\b(?:F(?:1[0-2]|[1-9])|Ctrl (?:Del|[A-Z]))\b/g, (cap) => capFor(cap, choice));
