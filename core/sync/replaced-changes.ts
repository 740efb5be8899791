/**
 * Of changes to one item, which say nothing any more. Rule kept: a change goes only when every field it says is said by
 * one that takes effect later, so that whatever comes between them, late or for the first time, all together mean what
 * they meant; the last one always stays. Pure; for an item that is there.
 */
import type { ItemChange } from './item-change.ts';

/** Places in `inOrder`, which is the order in which they take effect. All of them are in effect. */
export function replacedIn(inOrder: readonly ItemChange[]): readonly number[] {
  const said = new Set<string>();
  const replaced: number[] = [];
  for (let at = inOrder.length - 1; at >= 0; at -= 1) {
    const fields = Object.entries(inOrder[at] ?? {}).flatMap(([field, value]) => (value === undefined ? [] : [field]));
    if (at < inOrder.length - 1 && fields.every((field) => said.has(field))) replaced.push(at);
    for (const field of fields) said.add(field);
  }
  return replaced.toReversed();
}
