/**
 * What a person types in the scan field: a search, a code, or a little sum before it (`5*`, `*5`, `20/`).
 * Rule kept: the search follows the typing and never holds it up; an answer to older text is dropped.
 */
import type { FoundItem } from '#contract/views.ts';
import { formatPaise, parsePaise } from '#core/money.ts';
import { isMeasured, parseQty } from '#core/quantity.ts';
import type { MoveKey } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { chosenLine, refuse, startPay } from './chosen-line.ts';
import { isWeighing, openWeight, scaleStore, weighInto } from './scale-store.ts';
import { command, flash, notQty } from './till-calls.ts';
import { type Chip, clearText, openPanel, tell, uiStore } from './ui-store.ts';

const searchAfterMs = 5;
const shownResults = 5;
let timer: ReturnType<typeof setTimeout> | undefined;
let asked: Promise<void> = Promise.resolve();

/** A plain number, so that `*` and `/` after it start a chip. */
export const isNumberText = (text: string): boolean => /^\d{1,6}(\.\d{1,3})?$/.test(text);
const isLineQty = (text: string): boolean => /^\*\d{0,7}(\.\d{0,3})?$/.test(text);
/** Looks like something a shop would call a code. */
const isCodeText = (text: string): boolean => /\d/.test(text) && /^[A-Za-z0-9\-./_]{1,48}$/.test(text);
const isLongNumber = (text: string): boolean => /^\d{8,}$/.test(text);

export function typeText(text: string): void {
  uiStore.patch({ text, keysFor: null, ...(text === '' ? { results: null, resultsFor: '' } : {}) });
  clearTimeout(timer);
  if (text.trim() === '' || isLineQty(text)) return uiStore.patch({ results: null, resultsFor: '' });
  timer = setTimeout(() => {
    asked = search(text);
  }, searchAfterMs);
}

/** "₹20 worth" can only be weighed or poured: those stand first, in their own order. */
const looseFirst = (found: readonly FoundItem[], isWorth: boolean): readonly FoundItem[] =>
  (isWorth
    ? [...found.filter((item) => isMeasured(item.unit)), ...found.filter((item) => !isMeasured(item.unit))]
    : found
  ).slice(0, shownResults);

async function search(text: string): Promise<void> {
  const { chip } = uiStore.get();
  const worthPaise = chip?.kind === 'worth' ? chip.worthPaise : null;
  const limit = worthPaise === null ? shownResults : 4 * shownResults;
  const answer = await ask((till) => till.item.search({ text: text.slice(0, 200), limit, worthPaise }));
  if (!answer.ok || uiStore.get().text !== text) return;
  uiStore.patch({ results: looseFirst(answer.value, worthPaise !== null), resultsFor: text, resultAt: 0 });
}

export function moveResult(key: MoveKey): void {
  const { results, resultAt } = uiStore.get();
  const last = (results?.length ?? 0) - 1;
  const wanted = { Up: resultAt - 1, Down: resultAt + 1, PageUp: 0, PageDown: last, Home: 0, End: last }[key];
  uiStore.patch({ resultAt: Math.max(0, Math.min(last, wanted)) });
}

/** Puts goods into the bill as the chip asks. */
export async function addFound(item: FoundItem, chip: Chip | null): Promise<boolean> {
  const isWeighed = isMeasured(item.unit);
  if (chip === null && isWeighed) {
    uiStore.patch({ text: '', results: null, chip: null });
    return askWeight(item);
  }
  const wanted =
    chip === null ? {} : chip.kind === 'times' ? { qtyMilli: chip.qtyMilli } : { worthPaise: chip.worthPaise };
  clearText();
  uiStore.patch({ chip: null, chosen: null });
  const answer = await command((till, key) =>
    till.cart.addItem({ key, itemId: item.id, ...wanted, measuredBy: chip === null ? 'count' : 'typed' }),
  );
  return answer.ok;
}

/** The scale's weight at once where it stands still; else the question, with the live pan in it. */
async function askWeight(item: FoundItem): Promise<boolean> {
  const scale = scaleStore.get();
  const isOn = isWeighing(item.unit, scale);
  const isAtRest = isOn && scale.state === 'stable' && (scale.weightMilli ?? 0) > 0;
  if (isAtRest && scale.takenFor === null) {
    uiStore.patch({ chosen: null });
    const answer = await weighInto(item, false, () => true);
    if (answer.ok) return true;
  }
  if (isAtRest) play('refused');
  openWeight(item);
  return true;
}

export async function pickOrCode(thenPay: boolean): Promise<void> {
  const { text, chip } = uiStore.get();
  const typed = text.trim();
  if (isLineQty(typed)) return setLineQty(typed.slice(1));
  const isDone = isLongNumber(typed) ? await sendCode(typed, chip) : await pickResult(typed, chip);
  if (isDone && thenPay && uiStore.get().panel === null) startPay();
}

async function pickResult(typed: string, chip: Chip | null): Promise<boolean> {
  if (uiStore.get().resultsFor.trim() !== typed) {
    clearTimeout(timer);
    asked = search(uiStore.get().text);
  }
  await asked;
  const { results, resultAt } = uiStore.get();
  const found = results?.[resultAt];
  if (found !== undefined) return addFound(found, chip);
  if (isCodeText(typed)) return sendCode(typed, chip);
  clearText();
  openPanel({ kind: 'priceOnly', name: typed.slice(0, 120) });
  return false;
}

async function sendCode(code: string, chip: Chip | null): Promise<boolean> {
  clearText();
  uiStore.patch({ chip: null, chosen: null });
  const wanted =
    chip === null ? {} : chip.kind === 'times' ? { qtyMilli: chip.qtyMilli } : { worthPaise: chip.worthPaise };
  const answer = await command((till, key) => till.cart.scan({ key, code, ...wanted }));
  return answer.ok && answer.value.outcome === 'added';
}

async function setLineQty(text: string): Promise<void> {
  const line = chosenLine();
  const qtyMilli = parseQty(text);
  clearText();
  if (line === null || line.kind === 'unknown') return refuse('whyNoLine');
  if (qtyMilli === null) return tell(() => notQty(text), 'bad');
  await command((till, key) => till.cart.setQty({ key, lineId: line.id, qtyMilli }), { lineId: line.id });
}

/** `5` `*`: the next item five times. */
export function startTimes(): void {
  const { text } = uiStore.get();
  const qtyMilli = parseQty(text);
  if (qtyMilli === null || qtyMilli <= 0) {
    flash('bad');
    play('refused');
    return tell(() => say('qtyBad'), 'bad');
  }
  clearText();
  uiStore.patch({ chip: { kind: 'times', qtyMilli, text } });
}

/** `20` `/`: ₹20 worth of the next loose item. */
export function startWorth(): void {
  const { text } = uiStore.get();
  const worthPaise = parsePaise(text);
  if (worthPaise === null || worthPaise <= 0) {
    play('refused');
    return tell(() => say('amountBad'), 'bad');
  }
  clearText();
  uiStore.patch({ chip: { kind: 'worth', worthPaise } });
}

export const chipText = (chip: Chip): string =>
  chip.kind === 'times'
    ? say('times', { n: chip.text })
    : say('worth', { amount: formatPaise(chip.worthPaise).replace(/\.00$/, '') });
