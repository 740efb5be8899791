/**
 * What the other stores of the organisation have of an item, as head office last told it. Rule kept: it is said when the
 * store was last heard; nothing here counts as this shop's stock.
 */
import type { Uuid } from '#core/ids.ts';
import type { StockElsewhere } from '#contract/till-item.ts';
import { listSent, readSent } from './sent-rows.ts';
import type { ShopSettings } from './shop-settings.ts';
import type { Tables } from './tables.ts';

type From = { readonly tables: Pick<Tables, 'sentRows'>; readonly settings: Pick<ShopSettings, 'get'> };

/** Stores that have some, most first. */
export function stockElsewhere({ tables, settings }: From, itemId: Uuid): readonly StockElsewhere[] {
  const { headOffice, storeId: own } = settings.get();
  if (headOffice === null) return [];
  const prefix = `${itemId}/`;
  return listSent(tables, 'sisterStock', prefix)
    .flatMap(({ key, content }): StockElsewhere[] => {
      const storeId = key.slice(prefix.length);
      if (storeId === own || !('qtyMilli' in content) || content.qtyMilli <= 0) return [];
      const store = readSent(tables, 'sisterStock', `store/${storeId}`);
      if (store === null || !('name' in store)) return [];
      return [{ storeName: store.name, qtyMilli: content.qtyMilli, heardAtMs: store.heardAtMs }];
    })
    .toSorted((a, b) => b.qtyMilli - a.qtyMilli || a.storeName.localeCompare(b.storeName));
}
