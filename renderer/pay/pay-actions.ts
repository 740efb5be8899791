/**
 * Taking money: tenders, taking back, settling later, the commit. Rule kept: a UPI payment is confirmed by a
 * person, never by a timer; a second Enter while saving is harmless; what is due is the till's number.
 */
import type { CartTender } from '#core/billing/cart.ts';
import { type Paise, paiseToDecimal, parsePaise } from '#core/money.ts';
import { cartStore } from '../counter/cart-store.ts';
import { command, tellRefusal } from '../counter/till-calls.ts';
import { type PayTender, tell, uiStore } from '../counter/ui-store.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';

const header = () => cartStore.get().header;
const isCollected = (): boolean => (header()?.totals.stillToCollectPaise ?? 1) <= 0;
export const waitingUpi = (): CartTender | null =>
  header()?.tenders.findLast((tender) => tender.kind === 'upi' && tender.status === 'waiting') ?? null;

/** The amount typed; undefined when it is no amount. null: nothing typed, all of it. */
function typedAmount(): Paise | null | undefined {
  const { payAmount } = uiStore.get();
  if (payAmount.trim() === '') return null;
  const amountPaise = parsePaise(payAmount);
  return amountPaise === null || amountPaise <= 0 ? undefined : amountPaise;
}

function badAmount(): void {
  play('refused');
  tell(() => say('amountBad'), 'bad');
}

/** `C`, `U`, `D`: choose the tender, or, with an amount typed before it, take that amount by it. */
export async function addTender(kind: PayTender): Promise<void> {
  const amountPaise = typedAmount();
  if (amountPaise === undefined) return badAmount();
  if (kind === 'card') return uiStore.patch({ payTender: 'card' });
  if (kind === 'cash' && amountPaise === null) return uiStore.patch({ payTender: 'cash' });
  if (kind === 'upi' && amountPaise === null && (waitingUpi() !== null || isCollected())) {
    return uiStore.patch({ payTender: 'upi' });
  }
  await take(kind, amountPaise);
}

/** The answer may come before the feed: what is still to collect is known when the cart has moved on. */
function cartMoved(from: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (header()?.version !== from) done();
    };
    const stop = cartStore.subscribe(look);
    const timer = setTimeout(() => done(), 1_000);
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    look();
  });
}

async function take(kind: PayTender, amountPaise: Paise | null): Promise<boolean> {
  const before = header()?.version;
  const reference = kind === 'card' ? uiStore.get().payReference.trim() || null : null;
  const answer = await command((till, key) =>
    till.cart.addTender({ key, kind, amountPaise, reference, status: kind === 'upi' ? 'waiting' : 'received' }),
  );
  if (!answer.ok) return false;
  await cartMoved(before);
  uiStore.patch({ payAmount: '', payReference: '', payTender: kind });
  return true;
}

/** Enter: takes what the active tender shows, and finishes when everything is collected. */
export async function payEnter(): Promise<void> {
  const { payTender, isSaving } = uiStore.get();
  if (isSaving) return;
  const waiting = waitingUpi();
  if (payTender === 'upi' && waiting !== null) return confirmUpi(waiting);
  if (!isCollected()) {
    const amountPaise = typedAmount();
    if (amountPaise === undefined) return badAmount();
    if (!(await take(payTender, amountPaise))) return;
    if (payTender === 'upi') return;
  }
  if (isCollected()) await finishBill();
}

async function confirmUpi(tender: CartTender): Promise<void> {
  const before = header()?.version;
  const answer = await command((till, key) => till.cart.confirmTender({ key, tenderId: tender.id }));
  if (!answer.ok) return;
  await cartMoved(before);
  if (isCollected()) await finishBill();
}

/** F9 in pay: finishes if nothing is open. */
export async function finishBill(): Promise<void> {
  if (waitingUpi() !== null) {
    play('refused');
    uiStore.patch({ payTender: 'upi' });
    return tell(() => say('finishesUpi'), 'quiet');
  }
  await commit();
}

/** `L`: the bill is made now, the UPI marked waiting until the shift closes. */
export async function settleLater(): Promise<void> {
  if (waitingUpi() === null && !isCollected() && uiStore.get().payTender === 'upi') {
    if (!(await take('upi', typedAmount() ?? null))) return;
  }
  if (waitingUpi() === null) {
    play('refused');
    return tell(() => say('whyPay', { key: 'L' }), 'quiet');
  }
  await commit();
}

async function commit(): Promise<void> {
  const now = header();
  if (now === null || uiStore.get().isSaving) return;
  const slow = setTimeout(() => uiStore.patch({ isSaving: true }), 300);
  const answer = await command((till) => till.bill.commit({ cartId: now.cartId }), { isQuiet: true });
  clearTimeout(slow);
  uiStore.patch({ isSaving: false });
  if (!answer.ok) return tellRefusal(answer.error);
  uiStore.patch({
    isPaying: false,
    payAmount: '',
    payReference: '',
    payTender: 'cash',
    chosen: null,
    lineError: null,
    notice: null,
    savedNumber: answer.value.bill.number,
  });
  setTimeout(() => {
    if (uiStore.get().savedNumber === answer.value.bill.number) uiStore.patch({ savedNumber: null });
  }, 1_200);
}

/** Del: takes back the last payment. */
export async function takeBack(): Promise<void> {
  if (uiStore.get().payAmount !== '') return uiStore.patch({ payAmount: '' });
  const last = header()?.tenders.at(-1);
  const answer = await command((till, key) => till.cart.takeBackTender({ key }));
  if (answer.ok && last !== undefined && last.kind !== 'creditNote') uiStore.patch({ payTender: last.kind });
}

/** `+` and `−`: the next likely note the customer hands over. */
export function nextNote(by: 1 | -1): void {
  const notes = header()?.likelyCash ?? [];
  if (notes.length === 0) return;
  const typed = typedAmount();
  const at = notes.findIndex((note) => note.amountPaise === typed);
  const next = notes[(at + by + notes.length) % notes.length] ?? notes[0];
  if (next !== undefined)
    uiStore.patch({ payTender: 'cash', payAmount: paiseToDecimal(next.amountPaise).replace(/\.00$/, '') });
}
