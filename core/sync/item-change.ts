/**
 * A change to an item as head office publishes it: the fields that change and no others, so that two publications
 * never undo each other's. Rule kept: what may not be sold so (above the MRP, below cost) is a fault that names both
 * amounts; it never bends a price. The text that a publication's hash stands for is made here, once for both ends.
 */
import type { Item } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import type { Paise } from '../money.ts';
import { paise } from '../money.ts';

/** What head office owns of an item; its place on the loose board and its lots are the shop's. */
export type ItemChange = {
  readonly [K in Exclude<keyof Item, 'id' | 'looseSlot' | 'batches'>]?: Item[K] | undefined;
};

export type ChangeFault =
  | { readonly reason: 'unknownItem' }
  | { readonly reason: 'notPositive' }
  | { readonly reason: 'aboveMrp'; readonly pricePaise: Paise; readonly mrpPaise: Paise }
  | { readonly reason: 'belowCost'; readonly pricePaise: Paise; readonly costPaise: Paise };

const neededForNew = ['name', 'unit', 'sellingPricePaise'] as const;

/** The item with the change; null when there is none yet and the change does not make one. */
export function changedItem(id: Uuid, before: Item | null, change: ItemChange): Item | null {
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (before !== null) return { ...before, ...said };
  if (neededForNew.some((field) => change[field] === undefined)) return null;
  const blank = {
    code: '',
    nameHi: null,
    brand: null,
    category: null,
    hsn: null,
    taxClassKey: null,
    isInclusive: true,
    mrpPaise: null,
    costPricePaise: null,
    isActive: true,
    barcodes: [],
  };
  return { ...blank, ...(said as Pick<Item, (typeof neededForNew)[number]>), id, looseSlot: null, batches: [] };
}

/** Why an item may not be published so; the first that is found. A pack is held to its own MRP. */
export function faultOfItem(item: Item): ChangeFault | null {
  const price = item.sellingPricePaise;
  if (price <= 0) return { reason: 'notPositive' };
  const packs = item.barcodes.flatMap(({ sellingPricePaise: pack, mrpPaise: mrp }) =>
    pack === null || mrp === null ? [] : [{ pricePaise: pack, mrpPaise: mrp }],
  );
  const own = item.mrpPaise === null ? [] : [{ pricePaise: price, mrpPaise: item.mrpPaise }];
  const above = [...own, ...packs].find(({ pricePaise, mrpPaise }) => pricePaise > mrpPaise);
  if (above !== undefined) return { reason: 'aboveMrp', ...above };
  const cost = item.costPricePaise;
  return cost !== null && price < cost ? { reason: 'belowCost', pricePaise: price, costPaise: cost } : null;
}

/** Selling price less cost; null without a cost. */
export const marginOf = (item: Pick<Item, 'sellingPricePaise' | 'costPricePaise'>): Paise | null =>
  item.costPricePaise === null ? null : paise(item.sellingPricePaise - item.costPricePaise);

export type PublicationRow = { readonly itemId: string; readonly change: string };

/** What a publication's SHA-256 is of: its rows by item, each as it is written. */
export const publicationText = (rows: readonly PublicationRow[]): string =>
  rows
    .map(({ itemId, change }) => `${itemId} ${change}\n`)
    .toSorted()
    .join('');
