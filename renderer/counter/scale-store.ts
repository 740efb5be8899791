/**
 * What the scale shows now, as the till tells it, and the one way a weight gets into the bill. Rule kept: the weight
 * that is billed is the one the till read, never a number from the screen; a pan that was taken already is taken
 * again only when a person says so.
 */
import type { ScaleView } from '#contract/till-scale.ts';
import type { FoundItem } from '#contract/views.ts';
import { milli } from '#core/quantity.ts';
import { type Answer, ask, follow, type Refusal } from '../link/till-link.ts';
import { makeStore, useStore } from '../state/store.ts';
import { command } from './till-calls.ts';
import { closePanel, openPanel, uiStore } from './ui-store.ts';

export const scaleStore = makeStore<ScaleView>({
  state: 'notSet',
  trouble: null,
  weightMilli: null,
  tareMilli: milli(0),
  takenFor: null,
  canZero: false,
});
export const useScale = <P>(pick: (view: ScaleView) => P): P => useStore(scaleStore, pick);

export function followScale(): void {
  follow(
    (till) => till.scale.feed(),
    (view) => scaleStore.set(view),
  );
}

/** Goods of this unit are weighed on this scale, and it works. */
export const isWeighing = (unit: FoundItem['unit'], view: ScaleView): boolean =>
  unit === 'kg' && view.state !== 'notSet' && view.state !== 'looking' && view.state !== 'trouble';

/** Reads the scale (up to a second, until the pan rests) and puts the goods into the bill. */
export async function weighInto(
  item: FoundItem,
  isWeightConfirmed: boolean,
  isStillWanted: () => boolean,
): Promise<Answer<{ readonly isAdded: boolean }>> {
  const read = await ask((till) => till.scale.read());
  if (!read.ok) return read;
  if (!isStillWanted()) return { ok: true, value: { isAdded: false } };
  const { weightMilli, takenFor } = read.value;
  // Asked first, so that the question stands in the form instead of a refusal.
  if (takenFor !== null && !isWeightConfirmed)
    return { ok: false, error: { type: 'WeightTaken', ...takenFor, weightMilli } };
  const added = await command(
    (till, key) =>
      till.cart.addItem({ key, itemId: item.id, qtyMilli: weightMilli, measuredBy: 'scale', isWeightConfirmed }),
    { isQuiet: true },
  );
  return added.ok ? { ok: true, value: { isAdded: true } } : added;
}

/** What is typed in the weight form: it wins over the scale. */
export const typedStore = makeStore('');

export function openWeight(item: FoundItem): void {
  typedStore.set('');
  openPanel({ kind: 'weight', item });
  // Loaded and swinging at the pick: taken when it rests, without a second key.
  if (isWeighing(item.unit, scaleStore.get()) && scaleStore.get().state === 'moving') void takeFromPan(item, false);
}

let isTaking = false;

/** The pan into the bill, unless something was typed or the form was left meanwhile; then it closes. null: done. */
export async function takeFromPan(item: FoundItem, isWeightConfirmed: boolean): Promise<Refusal | null> {
  const isOpen = (): boolean => {
    const { panel } = uiStore.get();
    return panel?.kind === 'weight' && panel.item === item;
  };
  if (isTaking) return null;
  isTaking = true;
  const answer = await weighInto(item, isWeightConfirmed, () => isOpen() && typedStore.get().trim() === '');
  isTaking = false;
  if (!isOpen()) return null;
  if (!answer.ok) return answer.error;
  if (answer.value.isAdded) closePanel();
  return null;
}
