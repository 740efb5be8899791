/**
 * Head office's publications at the till: gathered as they come in pieces, used only when whole (count and hash) and
 * due. Rule kept: a publication takes effect in one transaction with the word that it did, in the order of their times;
 * half of one is never seen at the counter; a row is forgotten only when later ones in effect say all that it says. Head
 * office hears of both, that it has arrived and that it is sold by,
 * through the journal.
 */
import type { Item } from '#core/catalogue/item.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import { replacedIn } from '#core/sync/replaced-changes.ts';
import type { Clock } from '#core/time.ts';
import type { AppliedChange, ArrivedRow, PublicationHead } from '#db/publications.ts';
import type { Tables } from '../tables.ts';
import { isWholePublication, publicationStep, withPublished } from './publication-steps.ts';

export type PublicationPiece =
  | { readonly kind: 'head'; readonly head: PublicationHead }
  | { readonly kind: 'row'; readonly publicationId: Uuid; readonly row: ArrivedRow };

export type PublicationDesk = {
  readonly take: (pieces: readonly PublicationPiece[]) => void;
  /** Puts into effect what is whole and due; answers when to look again, null when nothing waits for its time. */
  readonly applyDue: () => { readonly applied: number; readonly nextAtMs: number | null };
  /** Whose head is here and whose rows are not, or are others: on their way, or damaged. */
  readonly notWhole: () => readonly Uuid[];
  /** They are read from their start; refused of one that has arrived. */
  readonly forget: (ids: readonly Uuid[]) => void;
  /** A catalogue row as it comes from its own shape, with what is in effect on top: it never undoes a publication. */
  readonly withChanges: (item: Item) => Item;
  /** Forgets what is replaced of the next items, from behind one; null: all have been looked at. */
  readonly forgetSome: (after: Uuid | null) => Uuid | null;
};

const atOnce = 100;

export function makePublicationDesk(deps: {
  readonly tables: Pick<Tables, 'items' | 'publications' | 'journal' | 'transact'>;
  readonly clock: Clock;
  readonly newId: NewId;
}): PublicationDesk {
  const { tables, clock, newId } = deps;
  const { items, publications, journal } = tables;
  /** `without`: rows of it that changed nothing here, their goods were never sent to this store. */
  const tell = (kind: string, publicationId: Uuid, without = 0): void => {
    const said = without === 0 ? { publicationId } : { publicationId, without };
    journal.append(kind, newId(), clock.now(), JSON.stringify(said));
  };

  const isWhole = (head: PublicationHead): boolean =>
    isWholePublication(head, publications.rowCountOf(head.id), () => publications.rowsOf(head.id));
  const textsOf = (all: readonly AppliedChange[]): readonly string[] => all.map(({ change }) => change);
  const changed = (itemId: Uuid, before: Item | null): Item | null =>
    withPublished(itemId, before, textsOf(publications.appliedTo(itemId)));

  /** Of an item that is there: what makes one stays. */
  function forgetReplaced(itemId: Uuid, all: readonly AppliedChange[]): void {
    if (all.length < 2) return;
    const changes = all.map(({ change }) => JSON.parse(change) as ItemChange);
    const ids = replacedIn(changes).flatMap((at) => all[at]?.publicationId ?? []);
    publications.forgetReplaced(itemId, ids);
  }

  /**
   * All that is in effect, in its order: one that came late does not undo one whose time was later. False: the shop does
   * not have the item, and the change makes none.
   */
  function put(row: ArrivedRow): boolean {
    const before = items.byId(row.itemId);
    const all = publications.appliedTo(row.itemId);
    const after = withPublished(row.itemId, before, textsOf(all));
    if (after === null) return false;
    // A code that the shop gave to goods of its own stays theirs.
    const isFree = (owner: { readonly itemId: Uuid } | null): boolean => owner === null || owner.itemId === row.itemId;
    const barcodes = after.barcodes.filter(({ code }) => isFree(items.barcodeOwner(code)));
    const isOwnCode = after.code !== '' && isFree(items.codeOwner(after.code));
    const code = isOwnCode ? after.code : (before?.code ?? items.nextItemCode());
    if (before === null) items.insert({ ...after, code, barcodes });
    else {
      const next = { ...after, code, barcodes, looseSlot: before.looseSlot, batches: [] };
      // Old publications come once more as one: it changes nothing that is not written again beside the counter.
      if (JSON.stringify(next) !== JSON.stringify({ ...before, batches: [] })) items.update(next);
    }
    forgetReplaced(row.itemId, all);
    return true;
  }

  function applyDue(): { applied: number; nextAtMs: number | null } {
    let applied = 0;
    for (const publication of publications.notApplied()) {
      const { id } = publication;
      const { arrives, takesEffect } = publicationStep(publication, clock.now(), isWhole);
      if (arrives) {
        tables.transact(() => {
          publications.markArrived(id, clock.now());
          tell('publicationArrived', id);
        });
      }
      if (!takesEffect) continue;
      tables.transact(() => {
        publications.markApplied(id, clock.now());
        const without = publications.rowsOf(id).filter((row) => !put(row)).length;
        tell('publicationApplied', id, without);
      });
      applied += 1;
    }
    const waiting = publications.notApplied().map((publication) => publication.effectiveAtMs);
    const later = waiting.filter((atMs) => atMs > clock.now());
    return { applied, nextAtMs: later.length === 0 ? null : Math.min(...later) };
  }

  return {
    take: (pieces) =>
      tables.transact(() => {
        for (const piece of pieces) {
          if (piece.kind === 'head') publications.putHead(piece.head);
          else publications.putRow(piece.publicationId, piece.row);
        }
      }),
    applyDue,
    notWhole: () =>
      publications
        .notApplied()
        .filter((publication) => publication.arrivedAtMs === null && !isWhole(publication))
        .map(({ id }) => id),
    forget: (ids) =>
      tables.transact(() => {
        for (const id of ids) publications.forget(id);
      }),
    withChanges: (item) => changed(item.id, item) ?? item,
    forgetSome: (after) =>
      tables.transact(() => {
        const ids = publications.itemsWithSeveral(after, atOnce);
        for (const id of ids) if (items.byId(id) !== null) forgetReplaced(id, publications.appliedTo(id));
        return ids.length < atOnce ? null : (ids.at(-1) ?? null);
      }),
  };
}
