/**
 * Many old publications as few: which of them make one, and what it says of each item. Rule kept: whoever applies the
 * merged one, alone or after any of those that it replaces, has what all of them in their order say; what would not be
 * exactly that is not merged. Pure.
 */
import type { Uuid } from '../ids.ts';
import { changedItem, type ItemChange, type PublicationRow } from './item-change.ts';

export type SentPublication = { readonly id: string; readonly rows: readonly PublicationRow[] };
export type MergedPublication = {
  /** In their order; it takes the place of the last. */
  readonly replaced: readonly string[];
  readonly rows: readonly PublicationRow[];
};

const foldOf = (changes: readonly ItemChange[]): ItemChange => Object.assign({}, ...changes) as ItemChange;

/**
 * On an item that is there the fields of the later win, one after the other or all at once. Where none is there, what
 * comes before the change that makes it is lost if they come one by one, and not if they come together.
 */
function isExact(itemId: string, changes: readonly ItemChange[]): boolean {
  const id = itemId as Uuid;
  const oneByOne = changes.reduce(
    (item, change) => changedItem(id, item, change) ?? item,
    null as ReturnType<typeof changedItem>,
  );
  return JSON.stringify(sorted(oneByOne)) === JSON.stringify(sorted(changedItem(id, null, foldOf(changes))));
}
const sorted = (item: object | null) =>
  item === null ? null : Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1));

/**
 * Neighbours in their order, so many rows at most in one and no fewer publications than it is worth. What is left out stays
 * as it is.
 */
export function mergeGroups(
  inOrder: readonly SentPublication[],
  { mostRows, atLeast }: { readonly mostRows: number; readonly atLeast: number },
): readonly MergedPublication[] {
  const groups: MergedPublication[] = [];
  let replaced: string[] = [];
  let changes = new Map<string, readonly ItemChange[]>();
  const close = (): void => {
    if (replaced.length >= atLeast) {
      const rows = [...changes].map(([itemId, all]) => ({ itemId, change: JSON.stringify(foldOf(all)) }));
      groups.push({ replaced, rows });
    }
    replaced = [];
    changes = new Map();
  };
  for (const { id, rows } of inOrder) {
    const added = rows.map(({ itemId, change }) => ({ itemId, change: JSON.parse(change) as ItemChange }));
    const next = new Map(changes);
    for (const { itemId, change } of added) next.set(itemId, [...(next.get(itemId) ?? []), change]);
    const fits = next.size <= mostRows && added.every(({ itemId }) => isExact(itemId, next.get(itemId) ?? []));
    if (!fits) close();
    replaced.push(id);
    changes = fits ? next : new Map(added.map(({ itemId, change }) => [itemId, [change]]));
  }
  close();
  return groups;
}
