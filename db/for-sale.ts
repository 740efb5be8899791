/**
 * Whether an item is for sale. Rule kept: what came with a catalogue that is not whole yet is not, and all of it is from
 * one moment on, when one word is written (`catalogue.isOn`); its rows follow in pieces and change nothing by it.
 */
import type { ShopDb } from './open.ts';

/** As item.is_active says it. */
export const saleStates = { no: 0, yes: 1, withCatalogue: 2 } as const;
export const catalogueIsOnKey = 'catalogue.isOn';

/** In a statement that reads item. */
export const isForSaleSql = `(is_active = 1
   OR (is_active = 2 AND EXISTS (SELECT 1 FROM setting WHERE key = '${catalogueIsOnKey}')))`;

export function makeIsForSale(shop: Pick<ShopDb, 'sql'>): (state: number) => boolean {
  const isOn = shop.sql.prepare<[string], number>('SELECT 1 FROM setting WHERE key = ?').pluck();
  return (state) =>
    state === saleStates.yes || (state === saleStates.withCatalogue && isOn.get(catalogueIsOnKey) === 1);
}
