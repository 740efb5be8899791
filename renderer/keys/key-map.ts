/**
 * The keyboard of the counter as data: state × key → action, cell by cell the table of screens.md §4.2.
 * Rule kept: a key has one meaning; null is "–": a soft tick and one line why. Only data: what an action
 * does is in counter/actions.ts, and which key of the keyboard stands for a name is in chords.ts.
 */
export const keyStates = ['empty', 'cart', 'text', 'pay', 'form', 'locked'] as const;
export type KeyState = (typeof keyStates)[number];

export const keyNames = [
  'Enter',
  'Up',
  'Down',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  'Star',
  'Slash',
  'Plus',
  'Minus',
  'Delete',
  'CtrlZ',
  'Escape',
  'F1',
  'F2',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F12',
  'CtrlK',
  'CtrlP',
  'CtrlL',
  'CtrlDelete',
  'CtrlA',
  'LetterC',
  'LetterU',
  'LetterD',
  'LetterK',
  'LetterN',
  'LetterP',
  'LetterL',
  'LetterW',
] as const;
export type KeyName = (typeof keyNames)[number];

export type ActionId =
  | 'pickOrCode'
  | 'payEnter'
  | 'formEnter'
  | 'signIn'
  | 'chooseLine'
  | 'chooseResult'
  | 'chooseTender'
  | 'formMove'
  | 'nextTimes'
  | 'lineQtyStart'
  | 'nextWorth'
  | 'stepUp'
  | 'stepDown'
  | 'nextNote'
  | 'previousNote'
  | 'removeLine'
  | 'clearText'
  | 'takeBackTender'
  | 'clearField'
  | 'undo'
  | 'undoTyping'
  | 'clearChip'
  | 'backToItems'
  | 'formBack'
  | 'showKeys'
  | 'editQty'
  | 'countAgain'
  | 'editDiscount'
  | 'editPrice'
  | 'hold'
  | 'recall'
  | 'customer'
  | 'returnGoods'
  | 'pay'
  | 'pickThenPay'
  | 'finish'
  | 'looseBoard'
  | 'notInShop'
  | 'more'
  | 'palette'
  | 'reprint'
  | 'printReport'
  | 'lock'
  | 'dropBill'
  | 'formAccept'
  | 'tenderCash'
  | 'tenderUpi'
  | 'tenderCard'
  | 'settleLater';

type Row = Readonly<Record<KeyState, ActionId | null>>;
const row = (
  empty: ActionId | null,
  cart: ActionId | null,
  text: ActionId | null,
  pay: ActionId | null,
  form: ActionId | null,
  locked: ActionId | null,
): Row => ({ empty, cart, text, pay, form, locked });
const move = row(null, 'chooseLine', 'chooseResult', 'chooseTender', 'formMove', null);
const payOnly = (action: ActionId | null): Row => row(null, null, null, action, null, null);

export const keyTable: Readonly<Record<KeyName, Row>> = {
  Enter: row(null, null, 'pickOrCode', 'payEnter', 'formEnter', 'signIn'),
  Up: move,
  Down: move,
  PageUp: move,
  PageDown: move,
  Home: move,
  End: move,
  // `5` `*` begins as text in the field; `*` alone begins "chosen line becomes 5".
  Star: row(null, 'lineQtyStart', 'nextTimes', null, null, null),
  Slash: row(null, null, 'nextWorth', null, null, null),
  Plus: row(null, 'stepUp', null, 'nextNote', null, null),
  Minus: row(null, 'stepDown', null, 'previousNote', null, null),
  Delete: row(null, 'removeLine', 'clearText', 'takeBackTender', 'clearField', null),
  CtrlZ: row(null, 'undo', 'undoTyping', null, null, null),
  Escape: row(null, 'clearChip', 'clearText', 'backToItems', 'formBack', null),
  F1: row('showKeys', 'showKeys', 'showKeys', 'showKeys', 'showKeys', 'showKeys'),
  F2: row(null, 'editQty', null, null, 'countAgain', null),
  F3: row(null, 'editDiscount', null, null, null, null),
  F4: row(null, 'editPrice', null, null, null, null),
  F5: row(null, 'hold', null, 'hold', null, null),
  F6: row('recall', 'recall', null, null, null, null),
  F7: row('customer', 'customer', null, 'customer', null, null),
  F8: row('returnGoods', 'returnGoods', null, null, null, null),
  F9: row(null, 'pay', 'pickThenPay', 'finish', null, null),
  F10: row('looseBoard', 'looseBoard', null, null, null, null),
  F11: row('notInShop', 'notInShop', 'notInShop', null, null, null),
  F12: row('more', 'more', null, null, null, null),
  CtrlK: row('palette', 'palette', 'palette', null, null, null),
  CtrlP: row('reprint', 'reprint', null, null, 'printReport', null),
  CtrlL: row('lock', 'lock', null, null, null, null),
  CtrlDelete: row(null, 'dropBill', null, null, null, null),
  CtrlA: row(null, null, null, null, 'formAccept', null),
  LetterC: payOnly('tenderCash'),
  LetterU: payOnly('tenderUpi'),
  LetterD: payOnly('tenderCard'),
  // Khata, credit notes, points and sending come with later features: "–".
  LetterK: payOnly(null),
  LetterN: payOnly(null),
  LetterP: payOnly(null),
  LetterL: payOnly('settleLater'),
  LetterW: payOnly(null),
};

/** What a scan does in each state (the table's first row). */
export type ScanFate = 'add' | 'clearAndAdd' | 'wait' | 'keepForSignIn';
export const scanTable: Readonly<Record<KeyState, ScanFate>> = {
  empty: 'add',
  cart: 'add',
  text: 'clearAndAdd',
  pay: 'add',
  form: 'wait',
  locked: 'keepForSignIn',
};

export type KeyPress = {
  readonly code: string;
  readonly char: string | null;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
};

export const actionFor = (key: KeyName, state: KeyState): ActionId | null => keyTable[key][state];
