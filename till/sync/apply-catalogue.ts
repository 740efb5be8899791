/**
 * Head office's catalogue into the till's own: rows and the place in the shape in ONE transaction. Rule kept: the
 * counter never sees half of it: a fetch from the start is gathered aside and put in place whole; an item that head
 * office no longer has is put aside, not deleted (old bills name it). What can't be read is told and left as it was.
 */
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { Tables } from '../tables.ts';

export type ShapePlace = { readonly handle: string; readonly offset: string };
export type ShapeChange =
  | { readonly kind: 'put'; readonly id: Uuid; readonly item: Item }
  | { readonly kind: 'drop'; readonly id: Uuid };

const placeKey = 'shape.catalogue';
const itemsKey = 'shape.catalogue.items';

export type CatalogueApplier = {
  readonly place: () => ShapePlace | null;
  /** Changes since the place, and the new one. */
  readonly apply: (changes: readonly ShapeChange[], place: ShapePlace) => void;
  /** All that there is: what head office had before and is not in it is put aside. */
  readonly replace: (items: readonly Item[], place: ShapePlace) => void;
};

export function makeCatalogueApplier(tables: Tables): CatalogueApplier {
  const { items, settings } = tables;
  /** Items of head office; the shop's own are none of its business. */
  const known = (): Set<Uuid> => new Set(JSON.parse(settings.get(itemsKey) ?? '[]') as Uuid[]);
  const keep = (place: ShapePlace, ids: ReadonlySet<Uuid>): void => {
    settings.set(itemsKey, JSON.stringify([...ids]));
    settings.set(placeKey, JSON.stringify(place));
  };

  function put(item: Item): void {
    const before = items.byId(item.id);
    // A code that the shop gave to goods of its own stays theirs; the item comes without it.
    const barcodes = item.barcodes.filter(({ code }) => {
      const owner = items.barcodeOwner(code);
      return owner === null || owner.itemId === item.id;
    });
    const owner = items.codeOwner(item.code);
    const code = owner === null || owner.itemId === item.id ? item.code : (before?.code ?? items.nextItemCode());
    if (before === null) items.insert({ ...item, code, barcodes });
    else items.update({ ...item, code, barcodes, looseSlot: before.looseSlot, batches: [] });
  }

  function drop(id: Uuid): void {
    const before = items.byId(id);
    if (before !== null) items.update({ ...before, batches: [], isActive: false });
  }

  return {
    place: () => {
      const kept = settings.get(placeKey);
      return kept === null ? null : (JSON.parse(kept) as ShapePlace);
    },
    apply: (changes, place) =>
      tables.transact(() => {
        const ids = known();
        for (const change of changes) {
          if (change.kind === 'put') {
            put(change.item);
            ids.add(change.id);
          } else {
            drop(change.id);
            ids.delete(change.id);
          }
        }
        keep(place, ids);
      }),
    replace: (all, place) =>
      tables.transact(() => {
        const wanted = new Set(all.map((item) => item.id));
        for (const id of known()) if (!wanted.has(id)) drop(id);
        for (const item of all) put(item);
        keep(place, wanted);
      }),
  };
}
