/**
 * Head office's catalogue into the till's own: rows and the place in the shape in ONE transaction. Rule kept: the
 * counter never sees half of it, and billing never waits for it: a fetch from the start is staged in small pieces, new
 * items come in not yet for sale, then all of it is switched on in one short transaction. An item that head office no
 * longer has is put aside, not deleted (old bills name it).
 */
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { type HeadOfficeAudit, makeHeadOfficeItems, type SentItem } from '#db/head-office-items.ts';
import type { Tables } from '../tables.ts';

export type ShapePlace = { readonly handle: string; readonly offset: string };
export type ShapeChange =
  /** `content`: the item as it was sent; left out, as this program writes it. */
  | { readonly kind: 'put'; readonly id: Uuid; readonly item: Item; readonly content?: string | undefined }
  | { readonly kind: 'drop'; readonly id: Uuid };

const placeKey = 'shape.catalogue';
/** So many items a transaction while billing goes on beside it. */
const stagedAtOnce = 1_000;
const insertedAtOnce = 100;

export type CatalogueApplier = {
  readonly place: () => ShapePlace | null;
  /** The next fetch is from the start: nothing that is kept is trusted to be whole. */
  readonly forgetPlace: () => void;
  /** Changes since the place, and the new one. */
  readonly apply: (changes: readonly ShapeChange[], place: ShapePlace) => void;
  /** All that there is, at once: what head office had before and is not in it is put aside. */
  readonly replace: (items: readonly Item[], place: ShapePlace) => void;
  /** Begins a fetch from the start; what an earlier one had gathered is thrown away. */
  readonly beginStaging: () => void;
  readonly stage: (changes: readonly ShapeChange[], pause: () => Promise<void>) => Promise<void>;
  /** Switches on what was staged; answers how many items there are now. `pause` lets billing in, and may throw. */
  readonly finishStaging: (place: ShapePlace, pause: () => Promise<void>) => Promise<number>;
  readonly audit: () => HeadOfficeAudit;
};

export function makeCatalogueApplier(
  tables: Tables,
  /** What head office published since, on top of an item as its shape has it. */
  withChanges: (item: Item) => Item = (item) => item,
): CatalogueApplier {
  const { items, settings, transact } = tables;
  const ours = makeHeadOfficeItems(tables.shop);
  const keep = (place: ShapePlace): void => settings.set(placeKey, JSON.stringify(place));
  const contentOf = (change: Extract<ShapeChange, { kind: 'put' }>): string =>
    change.content ?? JSON.stringify(change.item);
  const read = ({ content }: SentItem): Item => JSON.parse(content) as Item;

  /** A code that the shop gave to goods of its own stays theirs; the item comes without it. */
  function fitting(sent: Item, before: Item | null): Item {
    const item = withChanges(sent);
    const barcodes = item.barcodes.filter(({ code }) => {
      const owner = items.barcodeOwner(code);
      return owner === null || owner.itemId === item.id;
    });
    const owner = items.codeOwner(item.code);
    const code = owner === null || owner.itemId === item.id ? item.code : (before?.code ?? items.nextItemCode());
    return { ...item, code, barcodes };
  }

  function put(item: Item): void {
    const before = items.byId(item.id);
    const now = fitting(item, before);
    if (before === null) items.insert(now);
    else items.update({ ...now, looseSlot: before.looseSlot, batches: [] });
  }

  function drop(id: Uuid): void {
    const before = items.byId(id);
    if (before !== null) items.update({ ...before, batches: [], isActive: false });
  }

  function stageOne(change: ShapeChange): void {
    if (change.kind === 'put') ours.stage({ id: change.id, content: contentOf(change) });
    else ours.unstage(change.id);
  }

  /** Answers the last that was inserted; null when there was nothing more. */
  const insertSome = (after: Uuid | null): Uuid | null =>
    transact(() => {
      const some = ours.unknownStaged(after, insertedAtOnce);
      for (const sent of some) {
        const item = read(sent);
        items.insert({ ...fitting(item, null), isActive: false });
        ours.mark(sent.id, item.isActive ? 'toActivate' : 'done');
      }
      return some.at(-1)?.id ?? null;
    });

  const switchOn = (place: ShapePlace): number =>
    transact(() => {
      for (const id of ours.gone()) drop(id);
      for (const sent of ours.changedStaged()) put(read(sent));
      const count = ours.stagedCount();
      ours.switchOn();
      keep(place);
      return count;
    });

  return {
    place: () => {
      const kept = settings.get(placeKey);
      return kept === null ? null : (JSON.parse(kept) as ShapePlace);
    },
    forgetPlace: () => settings.remove(placeKey),
    apply: (changes, place) =>
      transact(() => {
        for (const change of changes) {
          if (change.kind === 'put') {
            put(change.item);
            ours.put({ id: change.id, content: contentOf(change) });
          } else {
            drop(change.id);
            ours.drop(change.id);
          }
        }
        keep(place);
      }),
    replace: (all, place) =>
      transact(() => {
        ours.clearStaged();
        for (const item of all) stageOne({ kind: 'put', id: item.id, item });
        switchOn(place);
      }),
    beginStaging: () => transact(() => ours.clearStaged()),
    stage: async (changes, pause) => {
      for (let from = 0; from < changes.length; from += stagedAtOnce) {
        transact(() => {
          for (const change of changes.slice(from, from + stagedAtOnce)) stageOne(change);
        });
        await pause();
      }
    },
    finishStaging: async (place, pause) => {
      for (let at = insertSome(null); at !== null; at = insertSome(at)) await pause();
      return switchOn(place);
    },
    audit: () => ours.audit(),
  };
}
