/**
 * What becomes of a publication at the till, as steps: whether it is whole, whether its time has come, what an item is
 * with all that is in effect. Rule kept: pure, so that the simulator runs the very code that the till runs; nothing
 * counts as there before count and hash are head office's. Where it is kept is db/publications.ts.
 */
import { createHash } from 'node:crypto';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { changedItem, type ItemChange, publicationText } from '#core/sync/item-change.ts';
import type { ArrivedPublication, ArrivedRow, PublicationHead } from '#db/publications.ts';

/** SHA-256 in hex of the rows as they came. */
const hashOf = (rows: readonly ArrivedRow[]): string =>
  createHash('sha256').update(publicationText(rows)).digest('hex');

/** `rows` are asked only when their number is right. */
export const isWholePublication = (
  head: PublicationHead,
  rowCount: number,
  rows: () => readonly ArrivedRow[],
): boolean => rowCount === head.rowCount && hashOf(rows()) === head.hash;

export type PublicationStep = {
  /** All of it is here, and was not before. */
  readonly arrives: boolean;
  /** It is sold by from now on. */
  readonly takesEffect: boolean;
};

/** Of one that is not in effect yet. `nowMs`: the till's own clock. */
export function publicationStep(
  publication: ArrivedPublication,
  nowMs: number,
  isWhole: (head: PublicationHead) => boolean,
): PublicationStep {
  const arrives = publication.arrivedAtMs === null && isWhole(publication);
  const isHere = arrives || publication.arrivedAtMs !== null;
  return { arrives, takesEffect: isHere && publication.effectiveAtMs <= nowMs };
}

/** An item with publications on top, in the order in which they take effect; null when none of them makes one. */
export const withPublished = (itemId: Uuid, before: Item | null, changes: readonly string[]): Item | null =>
  changes.reduce((item, change) => changedItem(itemId, item, JSON.parse(change) as ItemChange) ?? item, before);
