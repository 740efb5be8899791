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
import { command } from './till-calls.ts';

type Kept = { readonly code: string; readonly chip: Chip | null };
let kept: readonly Kept[] = [];

const setKept = (next: readonly Kept[]): void => {
  kept = next;
  uiStore.patch({ keptScans: next.length });
};

function send({ code, chip }: Kept): void {
  const asked =
    chip === null ? {} : chip.kind === 'times' ? { qtyMilli: chip.qtyMilli } : { worthPaise: chip.worthPaise };
  void command((till, key) => till.cart.scan({ key, code, ...asked })).then((answer) => {
    if (!answer.ok && answer.error.type === 'NoShift') setKept([...kept, { code, chip }]);
    if (answer.ok && answer.value.outcome === 'waitsForSignIn') {
      play('beep');
      tell(say('signInFirst'), 'warn');
    }
  });
}

/** Where a scan goes now. */
export function takeScan(code: string): void {
  const session = sessionStore.get();
  const form = topForm();
  if (session.staff === null) {
    play('beep');
    send({ code, chip: null });
    return;
  }
  if (form?.scan !== undefined) {
    form.scan(code);
    return;
  }
  const { chip } = uiStore.get();
  const isAsked = cartStore.get().header?.choice != null;
  if (mustWait(form, isAsked)) {
    setKept([...kept, { code, chip: null }]);
    play('choose');
    return;
  }
  clearText();
  if (chip !== null) uiStore.patch({ chip: null });
  send({ code, chip });
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
