/**
 * From a person's key to its action: finds the state the counter is in and reads the table. Rule kept: a key
 * without meaning ticks softly and says why; it never does something else.
 */
import { defaultField, focusedField, hasNoCaret, isInForm, typeInto } from '../keys/field.ts';
import { topForm } from '../keys/form-stack.ts';
import { actionFor, type KeyName, type KeyPress, type KeyState } from '../keys/key-map.ts';
import type { KeyListener } from '../keys/keyboard.ts';
import { capOf, keyOf } from '../keys/keys-in-force.ts';
import { claimCounter, sessionStore } from '../state/session.ts';
import { faultStore } from '../link/till-link.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { actions, settleChosen } from './actions.ts';
import { cartStore } from './cart-store.ts';
import { refuse } from './chosen-line.ts';
import { takeScan, tellBrokenScan } from './scan-flow.ts';
import { isNumberText } from './scan-text.ts';
import { tell, tellPendingText, textNow, uiStore } from './ui-store.ts';

export function keyState(): KeyState {
  const form = topForm();
  if (sessionStore.get().staff === null && form?.name !== 'setup') return 'locked';
  if (form !== null) return 'form';
  const ui = uiStore.get();
  if (ui.isPaying) return 'pay';
  if (textNow() !== '') return 'text';
  return cartStore.get().order.length > 0 ? 'cart' : 'empty';
}

const isButton = (node: Element | null): boolean =>
  node instanceof HTMLButtonElement ||
  node instanceof HTMLAnchorElement ||
  (node instanceof HTMLInputElement && node.type === 'checkbox');

/** Would the key, pressed now, write into a field (or do what fields and lists do by themselves)? */
function writes(press: KeyPress): boolean {
  if (faultStore.get() !== null || sessionStore.get().hasCounter === false) return false;
  if (topForm()?.hears !== undefined || topForm()?.takes?.(press) != null) return false;
  if (press.ctrl) return keyOf(press) === null;
  const state = keyState();
  const field = focusedField();
  if (press.code === 'Tab') return topForm()?.tab === undefined;
  if (press.char === null) return writesNothing(press, state, field !== null);
  if (isButton(document.activeElement) && press.code === 'Space') return false;
  switch (state) {
    case 'locked':
      return true;
    case 'form':
      return (
        isInForm(field ?? (hasNoCaret() ? defaultField() : null)) || document.activeElement instanceof HTMLSelectElement
      );
    case 'pay':
      return /^[0-9. ]$/.test(press.char);
    case 'text':
      return !(/^[*/]$/.test(press.char) && isNumberText(textNow().trim()));
    case 'cart':
    case 'empty':
      return !/^[*/+-]$/.test(press.char);
  }
}

/** Keys without a sign: those that move inside a text or a list are the field's own. */
function writesNothing(press: KeyPress, state: KeyState, inField: boolean): boolean {
  if (keyOf(press) === null) return true;
  if (document.activeElement instanceof HTMLSelectElement) return /^(Arrow|Page|Home|End)/.test(press.code);
  return inField && (state === 'form' || state === 'locked') && /^(Home|End)$/.test(press.code);
}

const later: ReadonlySet<KeyName> = new Set(['LetterK', 'LetterN', 'LetterP', 'LetterW']);

function tick(key: KeyName, state: KeyState): void {
  if (state === 'pay' && later.has(key)) return refuse('whyLater', capOf(key));
  const why = (
    {
      empty: 'whyEmpty',
      cart: 'whyCart',
      text: 'whyText',
      pay: 'whyPay',
      form: 'whyForm',
      locked: 'whyLocked',
    } as const
  )[state];
  play('refused');
  if (key === 'Enter' && (state === 'empty' || state === 'cart'))
    return tell(() => say('enterNothing'), 'quiet', 2_500);
  tell(() => say(why, { key: capOf(key) }), 'quiet', 3_000);
}

function commandForm(press: KeyPress): boolean {
  const form = topForm();
  if (form === null) return false;
  const taken = form.takes?.(press) ?? null;
  if (taken !== null) {
    taken();
    return true;
  }
  const key = keyOf(press);
  const same = key === null ? undefined : form.same?.[key];
  if (same !== undefined) {
    same();
    return true;
  }
  if (press.code === 'Tab' && form.tab !== undefined) {
    form.tab();
    return true;
  }
  if (press.ctrl || press.char === null) return false;
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const byLetter = letter === undefined ? undefined : form.letters?.[letter];
  if (byLetter !== undefined) {
    byLetter();
    return true;
  }
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1];
  if (digit !== undefined && form.choose !== undefined) {
    form.choose(Number(digit));
    return true;
  }
  return false;
}

function command(press: KeyPress): void {
  if (faultStore.get() !== null) {
    if (press.code === 'KeyR') location.reload();
    return;
  }
  if (sessionStore.get().hasCounter === false) {
    if (press.code === 'Enter' || press.code === 'NumpadEnter') void claimCounter();
    return;
  }
  tellPendingText();
  if (topForm()?.hears?.(press) === true) return;
  const { keysFor } = uiStore.get();
  const state = keysFor ?? keyState();
  const key = keyOf(press);
  if (keysFor !== null || key === 'F1') {
    uiStore.patch({ keysFor: keysFor === null ? state : null });
    if (key === 'F1' || key === 'Escape') return;
  }
  if (keysFor === null && (state === 'form' || state === 'locked') && commandForm(press)) return;
  const focus = document.activeElement;
  if (press.code === 'Space' && focus instanceof HTMLElement && isButton(focus)) return focus.click();
  if (keysFor !== null && key === null && press.char !== null) {
    // The map was open; what was typed belongs to the scan field under it.
    const { char } = press;
    requestAnimationFrame(() => {
      const field = defaultField();
      field?.focus();
      if (field !== null) typeInto(field, char);
    });
  }
  if (key === null) return;
  if (key === 'Enter' && state !== 'text' && focus instanceof HTMLButtonElement) return focus.click();
  if (key === 'Enter' && state === 'cart' && settleChosen()) return;
  // The last line was removed: the cart is empty, and "Ctrl Z brings it back" still holds.
  const isUndo = key === 'CtrlZ' && state === 'empty' && cartStore.get().header?.canUndo === true;
  const action = actionFor(key, isUndo ? 'cart' : state);
  if (action === null) tick(key, state);
  else actions[action](key);
}

export const counterKeys: KeyListener = { writes, command, scan: (code) => takeScan(code), brokenScan: tellBrokenScan };
