/**
 * New prices that a person has written and not sent yet. Rule kept: they live in this browser tab only, survive a reload,
 * and nobody gets them before they are published.
 */
import type { Paise } from '#core/money.ts';
import { makeStore } from '../state/store.ts';

export type Draft = { readonly itemId: string; readonly newPaise: Paise };

const name = 'billmitra.office.prices';
const read = (): readonly Draft[] => {
  const kept: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]');
  return Array.isArray(kept) ? (kept as readonly Draft[]) : [];
};
export const draftStore = makeStore<readonly Draft[]>(read());
const keep = (drafts: readonly Draft[]): void => {
  sessionStorage.setItem(name, JSON.stringify(drafts));
  draftStore.set(drafts);
};

/** One price per item: the last one written. */
export const addDraft = (draft: Draft): void =>
  keep([...draftStore.get().filter((other) => other.itemId !== draft.itemId), draft]);
export const dropDraft = (itemId: string): void => keep(draftStore.get().filter((draft) => draft.itemId !== itemId));
export const dropDrafts = (itemIds: readonly string[]): void =>
  keep(draftStore.get().filter((draft) => !itemIds.includes(draft.itemId)));
