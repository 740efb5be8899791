/**
 * Hears every key of the window before anything else does, asks the burst recogniser, and hands on either a
 * scan or a person's key. Rule kept: a scan never reaches a field or a button; times are the keys' own, not
 * the moment we got round to them. It decides no meaning: that is the listener's work.
 */
import { plainWedge } from '#contract/plain-scanner.ts';
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { type BrokenScan, endsItsCodes, isRest, judgeScan } from './broken-scan.ts';
import { type BurstEffect, type BurstState, hearKey, hearSilence, idleBurst, silenceMs } from './burst.ts';
import { asTextField, defaultField, focusedField, putBack, type Remembered, remember, typeInto } from './field.ts';
import { type KeyPress } from './key-map.ts';
import { bareCode, type LearnKey } from './learn-scanner.ts';
import { controlOf, scannedChar, usChar } from './us-layout.ts';

/** `isText`: it writes into a field; null where that is told only when it runs. */
export type PersonKey = KeyPress & { readonly isText: boolean | null };
export type KeyListener = {
  /** Would this key, pressed by a person now, write into a field? */
  readonly writes: (press: KeyPress) => boolean;
  readonly command: (press: KeyPress) => void;
  readonly scan: (code: string) => void;
  /** The second half of a scan that broke in two: dropped. */
  readonly brokenScan: () => void;
};

let wedge: WedgeSetting = plainWedge;
let gapMs = wedge.gapMs;
export const setScanGap = (ms: number): void => {
  gapMs = Math.max(15, Math.min(100, ms));
};
let isWedgeLearnt = false;
/** What the wizard learnt of the scanner that types; `isLearnt` false: what most do. */
export const setWedge = (learnt: WedgeSetting, isLearnt: boolean): void => {
  wedge = learnt;
  isWedgeLearnt = isLearnt;
  setScanGap(learnt.gapMs);
};

let rawListener: ((key: LearnKey) => void) | null = null;
/**
 * Hands every key to the wizard before anybody else; nothing but Escape reaches the page meanwhile, since an
 * unlearnt scanner may type as slowly as a person. Returns how to stop.
 */
export function watchRawKeys(listener: (key: LearnKey) => void): () => void {
  rawListener = listener;
  return () => {
    if (rawListener === listener) rawListener = null;
  };
}
/** True when the wizard took the key. */
function isLearning(event: KeyboardEvent, altChar: string | null): boolean {
  if (rawListener === null || event.key === 'Escape') return false;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat) return true;
  rawListener({
    atMs: event.timeStamp,
    key: altChar ?? event.key,
    code: altChar === null ? event.code : '',
    shift: event.shiftKey && !event.code.startsWith('Numpad'),
    ctrl: event.ctrlKey,
    capsLock: event.getModifierState('CapsLock'),
    isAltPad: altChar !== null,
  });
  return true;
}

/** In a 2-D code with line breaks only the learnt terminator ends it; a pause always does. */
const endsCode = (key: string): boolean =>
  wedge.lineBreaks === 'end' || (key === 'Tab' ? wedge.terminator === 'tab' : wedge.terminator === 'enter');

/** What a key means inside a burst, by what was learnt of the layout. */
function charOf(event: KeyboardEvent, isGroup: boolean, isPad: boolean): string | null {
  if (event.ctrlKey) return isGroup ? String.fromCharCode(29) : null;
  const shift = event.shiftKey && !isPad;
  if (wedge.readBy === 'place') return usChar(event.code, shift);
  return scannedChar(event.key, event.code, shift, event.getModifierState('CapsLock'));
}

const modifiers = new Set(['Shift', 'Control', 'Meta', 'CapsLock', 'NumLock', 'AltGraph', 'Fn']);
const ourFunctionKeys = /^F([1-9]|1[0-2])$/;

export function listenToKeys(target: Window, listener: KeyListener): () => void {
  let state: BurstState<PersonKey> = idleBurst;
  let before: Remembered | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let altDigits = '';
  let altEndedAt = -1_000;

  let broken: BrokenScan = null;
  /** Keys of the run that is being settled, those that passed included. */
  let runLength = 0;
  const isSure = (): boolean => endsItsCodes(wedge, isWedgeLearnt);
  const hearScan = (scan: { readonly code: string; readonly isEnded: boolean }): void => {
    const code = bareCode(scan.code, wedge);
    const judged = judgeScan(broken, { ...scan, code, atMs: target.performance.now() }, isSure());
    broken = judged.broken;
    if (judged.isWhole) listener.scan(code);
    else listener.brokenScan();
  };
  /** The rest of a broken scan: its text goes back out of the field, its Enter acts on nothing. */
  const dropRest = (keys: readonly PersonKey[]): boolean => {
    const hasEnd = keys.some(({ code }) => code === 'Enter' || code === 'NumpadEnter' || code === 'Tab');
    if (!isRest(broken, { count: runLength, hasEnd, atMs: target.performance.now() }, isSure())) return false;
    if (before !== null) putBack(before);
    before = null;
    broken = null;
    listener.brokenScan();
    return true;
  };
  const runKeys = (keys: readonly PersonKey[]): void => {
    for (const key of keys) {
      if (!(key.isText ?? listener.writes(key))) listener.command(key);
      else if (key.char !== null) {
        const field = focusedField() ?? defaultField();
        if (field !== null) typeInto(field, key.char);
      }
    }
  };
  const apply = (effects: readonly BurstEffect<PersonKey>[]): void => {
    for (const effect of effects) {
      if (effect.do === 'remember') {
        const field = focusedField();
        before = field === null ? null : remember(field);
      } else if (effect.do === 'takeBack') {
        if (before !== null) putBack(before);
        before = null;
      } else if (effect.do === 'scan') hearScan(effect);
      else if (!dropRest(effect.keys)) runKeys(effect.keys);
    }
  };
  const waitForSilence = (): void => {
    clearTimeout(timer);
    if (state.phase === 'idle') return;
    const due = state.lastMs + silenceMs(state, gapMs, wedge.terminator === 'none');
    timer = setTimeout(
      () => {
        // A busy page: keys may stand in the queue behind this timer. Let them in before judging.
        if (target.performance.now() - due > 12) timer = setTimeout(judge, 4);
        else judge();
      },
      Math.max(0, due - target.performance.now()) + 1,
    );
  };
  const judge = (): void => {
    runLength = state.count;
    const quiet = hearSilence(state, Math.max(target.performance.now(), state.lastMs + gapMs), gapMs);
    state = quiet.state;
    apply(quiet.effects);
  };
  const feed = (
    press: PersonKey,
    atMs: number,
    more: { readonly text: string | null; readonly isTerminator: boolean; readonly isRepeat: boolean },
  ) => {
    runLength = state.count;
    const step = hearKey(
      state,
      { atMs, payload: press, kind: press.isText === true ? ('text' as const) : ('command' as const), ...more },
      gapMs,
    );
    state = step.state;
    apply(step.effects);
    waitForSilence();
    return step.verdict;
  };
  const silent: PersonKey = { code: '', char: null, ctrl: false, alt: true, shift: false, isText: false };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.key === 'Process' || event.key === 'Dead' || modifiers.has(event.key)) return;
    if (event.key === 'Alt') {
      altDigits = '';
      return;
    }
    const padDigit = /^Numpad(\d)$/.exec(event.code)?.[1];
    if (event.altKey && padDigit !== undefined) {
      altDigits += padDigit;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.metaKey || event.altKey || isLearning(event, null)) return;
    const control = event.ctrlKey ? controlOf(event.code) : null;
    const isPad = padDigit !== undefined || event.code === 'NumpadDecimal';
    const char = isPad ? usChar(event.code, false) : event.key.length === 1 && !event.ctrlKey ? event.key : null;
    const press: KeyPress = {
      code: event.code,
      char,
      ctrl: event.ctrlKey,
      alt: false,
      shift: event.shiftKey && !isPad,
    };
    // A busy page: the silence after a command was over before this key went down, and its timer has not rung. The command
    // acts now, and this key waits as one does: what it means is told by what the command opened.
    const isLate = state.held.length > 0 && event.timeStamp - state.lastMs >= gapMs;
    if (isLate) judge();
    const isText = isLate && char !== null ? null : listener.writes(press);
    if (
      isText === true &&
      char !== null &&
      focusedField() === null &&
      asTextField(event.target as Element | null) === null
    ) {
      defaultField()?.focus();
    }
    const isEnd = control === 'terminator' || (!event.ctrlKey && (event.key === 'Enter' || event.key === 'Tab'));
    const isTerminator = isEnd && endsCode(event.key);
    const text = isEnd ? (isTerminator ? null : '\n') : charOf(event, control === 'group', isPad);
    const verdict = feed({ ...press, isText }, event.timeStamp, { text, isTerminator, isRepeat: event.repeat });
    const isForeign = control !== null && event.code !== 'KeyC';
    if (verdict !== 'pass' || isForeign || ourFunctionKeys.test(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (isPad && event.key !== char && char !== null) {
      // Num Lock is off: the pad types digits all the same.
      event.preventDefault();
      const field = focusedField();
      if (field !== null) typeInto(field, char);
    }
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key === 'Alt') {
      event.preventDefault();
      if (altDigits !== '') {
        const char = String.fromCharCode(Number(altDigits) % 65_536);
        altDigits = '';
        altEndedAt = event.timeStamp;
        if (isLearning(event, char)) return;
        const isEnd = char === '\r' || char === '\n' || char === '\t';
        feed(silent, event.timeStamp, { text: isEnd ? null : char, isTerminator: isEnd, isRepeat: false });
      }
    } else if (event.code === 'Space' && state.phase !== 'idle' && focusedField() === null) event.preventDefault();
  };
  /** Windows writes the character of an Alt sequence by itself: it is in the scan already. */
  const onBeforeInput = (event: Event): void => {
    if (event.timeStamp - altEndedAt < 30) event.preventDefault();
  };

  target.addEventListener('keydown', onKeyDown, true);
  target.addEventListener('keyup', onKeyUp, true);
  target.addEventListener('beforeinput', onBeforeInput, true);
  return () => {
    clearTimeout(timer);
    target.removeEventListener('keydown', onKeyDown, true);
    target.removeEventListener('keyup', onKeyUp, true);
    target.removeEventListener('beforeinput', onBeforeInput, true);
  };
}
