/**
 * Tables of what the shop sells: items, their barcodes and batches, dated tax rates, search rank. Rule kept:
 * money columns end in _paise, quantities in _milli, rates in _bp.
 * For generated migrations only: a test compares it with a new file, nothing at run time imports drizzle.
 */
import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const item = sqliteTable(
  'item',
  {
    item_no: integer('item_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    code: text('code').notNull(),
    name: text('name').notNull(),
    name_hi: text('name_hi'),
    brand: text('brand'),
    category: text('category'),
    unit: text('unit').notNull(),
    hsn: text('hsn'),
    tax_class_key: text('tax_class_key'),
    is_inclusive: integer('is_inclusive').notNull(),
    mrp_paise: integer('mrp_paise'),
    selling_price_paise: integer('selling_price_paise').notNull(),
    cost_price_paise: integer('cost_price_paise'),
    loose_slot: integer('loose_slot'),
    is_active: integer('is_active').notNull(),
    /** Rowid in the search tables: 1 = best seller. */
    search_rank: integer('search_rank').notNull(),
  },
  (t) => [
    uniqueIndex('item_id').on(t.id),
    uniqueIndex('item_code').on(t.code),
    uniqueIndex('item_search_rank').on(t.search_rank),
    index('item_loose_slot').on(t.loose_slot).where(sql`loose_slot IS NOT NULL`),
  ],
);

export const itemBarcode = sqliteTable(
  'item_barcode',
  {
    code: text('code').primaryKey(),
    item_no: integer('item_no')
      .notNull()
      .references(() => item.item_no),
    position: integer('position').notNull(),
    pack_qty_milli: integer('pack_qty_milli').notNull(),
    pack_name: text('pack_name'),
    selling_price_paise: integer('selling_price_paise'),
    mrp_paise: integer('mrp_paise'),
  },
  (t) => [index('item_barcode_item').on(t.item_no, t.position)],
);

export const batch = sqliteTable(
  'batch',
  {
    batch_no: integer('batch_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    item_no: integer('item_no')
      .notNull()
      .references(() => item.item_no),
    code: text('code'),
    mrp_paise: integer('mrp_paise'),
    selling_price_paise: integer('selling_price_paise').notNull(),
    packed_on: text('packed_on'),
    expires_on: text('expires_on'),
  },
  (t) => [uniqueIndex('batch_id').on(t.id), index('batch_item').on(t.item_no)],
);

/** The batch a person chose last for an item; a hint, not a fact. */
export const lastUsedBatch = sqliteTable('last_used_batch', {
  item_no: integer('item_no')
    .primaryKey()
    .references(() => item.item_no),
  batch_no: integer('batch_no')
    .notNull()
    .references(() => batch.batch_no),
});

/** Items whose search entry is yet to be written. */
export const itemUnindexed = sqliteTable('item_unindexed', { item_no: integer('item_no').primaryKey() });

export const taxRate = sqliteTable(
  'tax_rate',
  {
    class_key: text('class_key').notNull(),
    from_date: text('from_date').notNull(),
    to_date: text('to_date'),
    hsn: text('hsn').notNull(),
    description: text('description').notNull(),
    condition: text('condition').notNull(),
    rate_bp: integer('rate_bp').notNull(),
    treatment: integer('treatment').notNull(),
    valuation: integer('valuation').notNull(),
    cess_rule: integer('cess_rule'),
    cess_rate_bp: integer('cess_rate_bp'),
    cess_per_unit_milli_paise: integer('cess_per_unit_milli_paise'),
  },
  (t) => [primaryKey({ columns: [t.class_key, t.from_date] }), index('tax_rate_hsn').on(t.hsn)],
);
