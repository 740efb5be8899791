/**
 * A scan's way from the recogniser to the till. Rule kept: every scan is sent, once, in order: at once, or
 * after the form that is open is answered; signed out, it is sent all the same and the till keeps it. Text
 * in the scan field is cleared, never mixed with a code.
 */
import { cartStore } from './cart-store.ts';
import { type FormKeys, formStore, topForm } from '../keys/form-stack.ts';
import { sessionStore } from '../state/session.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { clearText, tell, type Chip, uiStore } from './ui-store.ts';
import { command, flash } from './till-calls.ts';

/** `id`: the scan arrived at the till itself and waits there until it is said to be taken. */
type Kept = { readonly code: string; readonly chip: Chip | null; readonly id: string | null };
let kept: readonly Kept[] = [];

const setKept = (next: readonly Kept[]): void => {
  kept = next;
  uiStore.patch({ keptScans: next.length });
};

function send({ code, chip, id }: Kept): void {
  const asked =
    chip === null ? {} : chip.kind === 'times' ? { qtyMilli: chip.qtyMilli } : { worthPaise: chip.worthPaise };
  void command((till, key) => till.cart.scan({ key, code, ...asked }), { key: id }).then((answer) => {
    const isKept = !answer.ok && answer.error.type === 'NoShift';
    if (isKept) setKept([...kept, { code, chip, id }]);
    else if (id !== null) dealtWith(id, !answer.ok && answer.error.type === 'OtherWindow');
    if (answer.ok && answer.value.outcome === 'waitsForSignIn') {
      play('beep');
      tell(() => say('signInFirst'), 'warn');
    }
  });
}

/** Says to the till that an arrived scan is dealt with; one that another window must take stays there. */
let dealtWith: (id: string, isAnothers: boolean) => void = () => {};
export const onDealtWith = (listener: (id: string, isAnothers: boolean) => void): void => {
  dealtWith = listener;
};

/** The other half of a code that broke in two. */
export function tellBrokenScan(): void {
  play('refused');
  flash('bad');
  tell(() => say('scanPartial'), 'bad', 6_000);
}

/** Where a scan goes now; `id` when it arrived at the till itself. */
export function takeScan(code: string, id: string | null = null): void {
  const session = sessionStore.get();
  const form = topForm();
  if (session.staff === null) {
    play('beep');
    send({ code, chip: null, id });
    return;
  }
  if (form?.scan !== undefined) {
    form.scan(code);
    if (id !== null) dealtWith(id, false);
    return;
  }
  const { chip } = uiStore.get();
  const isAsked = cartStore.get().header?.choice != null;
  if (mustWait(form, isAsked)) {
    setKept([...kept, { code, chip: null, id }]);
    play('choose');
    return;
  }
  clearText();
  if (chip !== null) uiStore.patch({ chip: null });
  send({ code, chip, id });
}

const mustWait = (form: FormKeys | null, isAsked: boolean): boolean =>
  form !== null && !(isAsked && form.letsScansThrough === true);

/** Scans that waited go out as soon as nothing is open any more. */
export function watchKeptScans(): () => void {
  const look = (): void => {
    if (kept.length === 0 || formStore.get().length > 0) return;
    const { staff, shift } = sessionStore.get();
    if (staff === null || shift?.shift == null) return;
    const waiting = kept;
    setKept([]);
    for (const scan of waiting) send(scan);
  };
  const stops = [formStore.subscribe(look), sessionStore.subscribe(look)];
  return () => stops.forEach((stop) => stop());
}
