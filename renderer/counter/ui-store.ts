/**
 * What the counter itself remembers between keys: the text in the scan field, the chip before it, the chosen
 * line, which form is open. Rule kept: nothing of the bill is kept here; a reload may forget all of it.
 */
import type { FoundItem } from '#contract/views.ts';
import type { KeyState } from '../keys/key-map.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import { makeStore, useStore } from '../state/store.ts';

export type Chip =
  | { readonly kind: 'times'; readonly qtyMilli: Milli; readonly text: string }
  | { readonly kind: 'worth'; readonly worthPaise: Paise };

export type Panel =
  | { readonly kind: 'qty'; readonly lineId: Uuid }
  | { readonly kind: 'discount'; readonly lineId: Uuid }
  | { readonly kind: 'price'; readonly lineId: Uuid }
  | { readonly kind: 'customer' }
  /** `putAside`: the cart that F6 held to show the list; Esc brings it back. */
  | { readonly kind: 'held'; readonly putAside: Uuid | null }
  | { readonly kind: 'more' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'loose' }
  | { readonly kind: 'weight'; readonly item: FoundItem }
  | { readonly kind: 'notInShop'; readonly text: string }
  | { readonly kind: 'newItem'; readonly lineId: Uuid; readonly code: string }
  | { readonly kind: 'priceOnly'; readonly name: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'report' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'itemCard' }
  | { readonly kind: 'backup' }
  | { readonly kind: 'clock'; readonly nowMs: number; readonly lastBillMs: number };

export type Screen =
  | 'counter'
  | 'return'
  | 'closeShift'
  | 'devices'
  | 'import'
  | 'labels'
  | 'bills'
  | 'setup'
  | 'keys'
  | 'transfers'
  | 'owner';
export type PayTender = 'cash' | 'upi' | 'card';

/** A sentence, made when it is drawn: what stands on the screen speaks the language in force. */
export type Said = () => string;

export type Notice = {
  readonly said: Said;
  readonly tone: 'good' | 'bad' | 'warn' | 'quiet';
  readonly id: number;
};

export type Ui = {
  readonly screen: Screen;
  /** The screen this one was opened from and goes back to; null: the counter. */
  readonly under: Screen | null;
  readonly panel: Panel | null;
  readonly isPaying: boolean;
  readonly payTender: PayTender;
  readonly payAmount: string;
  readonly payReference: string;
  readonly isSaving: boolean;
  readonly text: string;
  readonly chip: Chip | null;
  readonly results: readonly FoundItem[] | null;
  readonly resultsFor: string;
  readonly resultAt: number;
  /** null: the newest line. */
  readonly chosen: Uuid | null;
  readonly lineError: { readonly lineId: Uuid; readonly said: Said } | null;
  readonly notice: Notice | null;
  /** "Bill … saved", 1.2 s. */
  readonly savedNumber: string | null;
  /** Scans that wait behind an open form. */
  readonly keptScans: number;
  readonly flash: 'good' | 'bad' | null;
  /** F1: the map of this state is shown. */
  readonly keysFor: KeyState | null;
};

const firstUi: Ui = {
  screen: 'counter',
  under: null,
  panel: null,
  isPaying: false,
  payTender: 'cash',
  payAmount: '',
  payReference: '',
  isSaving: false,
  text: '',
  chip: null,
  results: null,
  resultsFor: '',
  resultAt: 0,
  chosen: null,
  lineError: null,
  notice: null,
  savedNumber: null,
  keptScans: 0,
  flash: null,
  keysFor: null,
};

export const uiStore = makeStore<Ui>(firstUi);
export const useUi = <P>(pick: (ui: Ui) => P): P => useStore(uiStore, pick);

/** Typed into the scan field and not yet told: a scanner's gap must pass first. */
type PendingText = { readonly text: () => string; readonly tellNow: () => void };
let pending: PendingText | null = null;
export const setPendingText = (next: PendingText | null): void => {
  pending = next;
};
/** What stands in the scan field at this moment, told or not. */
export const textNow = (): string => pending?.text() ?? uiStore.get().text;
/** Before a command acts: it meets the text as the person sees it, however busy the page was. */
export const tellPendingText = (): void => pending?.tellNow();

let noticeId = 0;
let noticeTimer: ReturnType<typeof setTimeout> | undefined;

/** One line under the scan field; goes by itself. */
export function tell(said: Said, tone: Notice['tone'], ms = 4_000): void {
  if (said() === '') return;
  noticeId += 1;
  const id = noticeId;
  uiStore.patch({ notice: { said, tone, id } });
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    if (uiStore.get().notice?.id === id) uiStore.patch({ notice: null });
  }, ms);
}

export const openPanel = (panel: Panel): void => uiStore.patch({ panel });
export const closePanel = (): void => uiStore.patch({ panel: null });
/** Back to the counter is back to the owner's desk for what was opened from it. */
export const goTo = (screen: Screen): void => {
  const { under, screen: from, notice } = uiStore.get();
  const isLeaving = from === 'counter' && screen !== 'counter';
  const to = screen === 'counter' && under !== null ? under : screen;
  // What was said at the counter is about the bill there, not about the screen that opens.
  uiStore.patch({ screen: to, panel: null, under: null, notice: isLeaving ? null : notice });
};
/** Opens a screen that goes back to this one, not to the counter. */
export const openFrom = (under: Screen, screen: Screen): void => uiStore.patch({ screen, panel: null, under });
export const clearText = (): void => uiStore.patch({ text: '', results: null, resultsFor: '', resultAt: 0 });
