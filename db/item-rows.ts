/**
 * Items out of their rows: the item with its barcodes and batches, whole. Rule kept: what was inserted comes
 * back equal. Reads only; items.ts writes.
 */
import type { Batch, Item, ItemBarcode } from '#core/catalogue/item.ts';
import type { Paise } from '#core/money.ts';
import type { Milli, Unit } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { makeIsForSale } from './for-sale.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid } from './uuid-bytes.ts';

export type ItemRow = {
  readonly item_no: number;
  readonly id: Buffer;
  readonly code: string;
  readonly name: string;
  readonly name_hi: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly unit: Unit;
  readonly hsn: string | null;
  readonly tax_class_key: string | null;
  readonly is_inclusive: number;
  readonly mrp_paise: Paise | null;
  readonly selling_price_paise: Paise;
  readonly cost_price_paise: Paise | null;
  readonly loose_slot: number | null;
  readonly is_active: number;
  readonly search_rank: number;
};
type BarcodeRow = {
  code: string;
  pack_qty_milli: Milli;
  pack_name: string | null;
  selling_price_paise: Paise | null;
  mrp_paise: Paise | null;
};
type BatchRow = {
  id: Buffer;
  code: string | null;
  mrp_paise: Paise | null;
  selling_price_paise: Paise;
  packed_on: BusinessDate | null;
  expires_on: BusinessDate | null;
};

const barcodeFromRow = (row: BarcodeRow): ItemBarcode => ({
  code: row.code,
  packQtyMilli: row.pack_qty_milli,
  packName: row.pack_name,
  sellingPricePaise: row.selling_price_paise,
  mrpPaise: row.mrp_paise,
});
export const batchFromRow = (row: BatchRow): Batch => ({
  id: bytesToUuid(row.id),
  code: row.code,
  mrpPaise: row.mrp_paise,
  sellingPricePaise: row.selling_price_paise,
  packedOn: row.packed_on,
  expiresOn: row.expires_on,
});

/** Adds barcodes and batches to an item's row. */
export function makeItemReader(shop: Pick<ShopDb, 'sql'>): (row: ItemRow) => Item {
  const isForSale = makeIsForSale(shop);
  const barcodes = shop.sql.prepare<[number], BarcodeRow>(
    `SELECT code, pack_qty_milli, pack_name, selling_price_paise, mrp_paise
     FROM item_barcode WHERE item_no = ? ORDER BY position`,
  );
  const batches = shop.sql.prepare<[number], BatchRow>(
    `SELECT id, code, mrp_paise, selling_price_paise, packed_on, expires_on
     FROM batch WHERE item_no = ? ORDER BY batch_no`,
  );
  return (row) => ({
    id: bytesToUuid(row.id),
    code: row.code,
    name: row.name,
    nameHi: row.name_hi,
    brand: row.brand,
    category: row.category,
    unit: row.unit,
    hsn: row.hsn,
    taxClassKey: row.tax_class_key,
    isInclusive: row.is_inclusive === 1,
    mrpPaise: row.mrp_paise,
    sellingPricePaise: row.selling_price_paise,
    costPricePaise: row.cost_price_paise,
    looseSlot: row.loose_slot,
    isActive: isForSale(row.is_active),
    barcodes: barcodes.all(row.item_no).map(barcodeFromRow),
    batches: batches.all(row.item_no).map(batchFromRow),
  });
}
