/**
 * What each action of the keyboard map does on the counter. Rule kept: an action asks the till and opens
 * forms; it computes no amount and decides no rule. The keys that lead here are data in keys/key-map.ts.
 */
import type { ItemLineView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { focusedField, setFieldText, walkToNextField } from '../keys/field.ts';
import { type MoveKey, topForm } from '../keys/form-stack.ts';
import type { ActionId, KeyName } from '../keys/key-map.ts';
import { signOut } from '../state/session.ts';
import { say } from '../words/words.ts';
import { addTender, finishBill, nextNote, payEnter, settleLater, takeBack } from '../pay/pay-actions.ts';
import { cartStore } from './cart-store.ts';
import { chosenLine, refuse, startPay } from './chosen-line.ts';
import { command } from './till-calls.ts';
import { clearText, goTo, openPanel, tell, uiStore } from './ui-store.ts';
import { moveResult, pickOrCode, startTimes, startWorth } from './scan-text.ts';

function withItemLine(work: (line: ItemLineView) => void): void {
  const line = chosenLine();
  if (line === null) refuse('whyNoLine');
  else if (line.kind === 'unknown') refuse('whyNoItemLine');
  else work(line);
}

const page = 10;
function chooseLine(key: MoveKey): void {
  const { order } = cartStore.get();
  const { chosen } = uiStore.get();
  const at = chosen === null ? order.length - 1 : Math.max(0, order.indexOf(chosen));
  const wanted = {
    Up: at - 1,
    Down: at + 1,
    PageUp: at - page,
    PageDown: at + page,
    Home: 0,
    End: order.length - 1,
  }[key];
  const next = order[Math.max(0, Math.min(order.length - 1, wanted))];
  uiStore.patch({ chosen: next ?? null, lineError: null });
}

function step(by: 1 | -1): void {
  withItemLine((line) => {
    void command((till, key) => till.cart.stepQty({ key, lineId: line.id, by }), { lineId: line.id });
  });
}

function removeLine(): void {
  const line = chosenLine();
  if (line === null) return refuse('whyNoLine');
  const { order } = cartStore.get();
  const at = order.indexOf(line.id);
  const next = order[at + 1] ?? order[at - 1] ?? null;
  void command((till, key) =>
    line.kind === 'unknown'
      ? till.cart.settleUnknown({ key, lineId: line.id, as: { kind: 'leaveOut' } })
      : till.cart.removeLine({ key, lineId: line.id }),
  ).then((answer) => {
    // Where a scan has chosen another line meanwhile, that one stays.
    if (answer.ok && uiStore.get().chosen === line.id) uiStore.patch({ chosen: next as Uuid | null });
  });
}

async function hold(): Promise<void> {
  if (uiStore.get().isPaying && (cartStore.get().header?.tenders.length ?? 0) > 0) return refuse('whyPayStarted');
  const answer = await command((till, key) => till.cart.hold({ key }));
  if (answer.ok) {
    uiStore.patch({ isPaying: false, chosen: null });
    tell(() => say('heldNow'), 'good');
  }
}

async function recall(): Promise<void> {
  const { header, order } = cartStore.get();
  if (header === null || order.length === 0) return openPanel({ kind: 'held', putAside: null });
  const answer = await command((till, key) => till.cart.hold({ key }));
  if (answer.ok) openPanel({ kind: 'held', putAside: header.cartId });
}

export async function reprintLast(): Promise<void> {
  const answer = await command((till, key) => till.bill.reprint({ key, id: null }));
  if (answer.ok) tell(() => say('reprinted', { number: answer.value.number }), 'good');
}

export async function lockTill(): Promise<void> {
  clearText();
  uiStore.patch({ panel: null, isPaying: false, screen: 'counter', under: null });
  await signOut();
}

function notInShop(): void {
  const { text } = uiStore.get();
  const line = chosenLine();
  if (text === '' && line?.kind === 'unknown') {
    void command((till, key) => till.cart.settleUnknown({ key, lineId: line.id, as: { kind: 'notInShop' } })).then(
      (answer) => {
        if (answer.ok) tell(() => say('notInShopDone', { text: line.code }), 'good');
      },
    );
    return;
  }
  if (text === '') return openPanel({ kind: 'notInShop', text: '' });
  recordEnquiry(text);
  clearText();
}

export function recordEnquiry(text: string): void {
  void command((till, key) => till.enquiry.record({ key, text: text.slice(0, 120) })).then((answer) => {
    if (answer.ok) tell(() => say('notInShopDone', { text }), 'good');
  });
}

const moveKeys: ReadonlySet<string> = new Set(['Up', 'Down', 'PageUp', 'PageDown', 'Home', 'End']);
const asMove = (key: KeyName): MoveKey => (moveKeys.has(key) ? (key as MoveKey) : 'Down');

function formEnter(): void {
  const form = topForm();
  const focus = document.activeElement;
  if (focus instanceof HTMLButtonElement || focus instanceof HTMLAnchorElement) return focus.click();
  if (form?.enter !== undefined) return form.enter();
  if (!walkToNextField()) form?.accept?.();
}

function editLine(kind: 'qty' | 'discount' | 'price'): void {
  withItemLine((line) => openPanel({ kind, lineId: line.id }));
}

/** Every action by its name; the type demands all of them. */
export const actions: Readonly<Record<ActionId, (key: KeyName) => void>> = {
  pickOrCode: () => void pickOrCode(false),
  pickThenPay: () => void pickOrCode(true),
  payEnter: () => void payEnter(),
  formEnter,
  signIn: formEnter,
  chooseLine: (key) => chooseLine(asMove(key)),
  chooseResult: (key) => moveResult(asMove(key)),
  chooseTender: (key) => {
    const order = ['cash', 'upi', 'card'] as const;
    const at = order.indexOf(uiStore.get().payTender);
    const next = order[Math.max(0, Math.min(2, at + (asMove(key) === 'Up' ? -1 : 1)))] ?? 'cash';
    uiStore.patch({ payTender: next });
  },
  formMove: (key) => topForm()?.move?.(asMove(key)),
  nextTimes: () => startTimes(),
  lineQtyStart: () => uiStore.patch({ text: '*' }),
  nextWorth: () => startWorth(),
  stepUp: () => step(1),
  stepDown: () => step(-1),
  nextNote: () => nextNote(1),
  previousNote: () => nextNote(-1),
  removeLine,
  clearText: () => {
    clearText();
  },
  takeBackTender: () => void takeBack(),
  clearField: () => {
    const form = topForm();
    const field = focusedField();
    if (form?.del !== undefined) form.del();
    else if (field !== null) setFieldText(field, '');
  },
  undo: () => {
    void command((till, key) => till.cart.undo({ key })).then((answer) => {
      if (answer.ok) tell(() => say('undone'), 'quiet');
    });
  },
  undoTyping: () => document.execCommand('undo'),
  clearChip: () => uiStore.patch({ chip: null, chosen: null, lineError: null, notice: null }),
  backToItems: () => uiStore.patch({ isPaying: false }),
  formBack: () => topForm()?.back?.(),
  /** Which state's map is shown is known where the key was read: counter/dispatch.ts. */
  showKeys: () => uiStore.patch({ keysFor: 'cart' }),
  editQty: () => editLine('qty'),
  countAgain: () => topForm()?.again?.(),
  editDiscount: () => editLine('discount'),
  editPrice: () => editLine('price'),
  hold: () => void hold(),
  recall: () => void recall(),
  customer: () => openPanel({ kind: 'customer' }),
  returnGoods: () => goTo('return'),
  pay: startPay,
  finish: () => void finishBill(),
  looseBoard: () => openPanel({ kind: 'loose' }),
  notInShop,
  more: () => openPanel({ kind: 'more' }),
  palette: () => openPanel({ kind: 'palette' }),
  reprint: () => void reprintLast(),
  printReport: () => topForm()?.print?.(),
  lock: () => void lockTill(),
  dropBill: () => openPanel({ kind: 'drop' }),
  formAccept: () => topForm()?.accept?.(),
  tenderCash: () => void addTender('cash'),
  tenderUpi: () => void addTender('upi'),
  tenderCard: () => void addTender('card'),
  settleLater: () => void settleLater(),
};

/** Enter on a red line: it becomes an item of the catalogue. */
export function settleChosen(): boolean {
  const line = chosenLine();
  if (line?.kind !== 'unknown') return false;
  openPanel({ kind: 'newItem', lineId: line.id, code: line.code });
  return true;
}
