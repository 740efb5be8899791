/**
 * Tables of what was sold and returned: documents, their lines and tenders, and how a waiting tender ended.
 * Rule kept: a row here never changes once committed; a correction is a new row. Small integer numbers join
 * the tables, UUIDs name things to the world.
 * For generated migrations only: a test compares it with a new file, nothing at run time imports drizzle.
 */
import { sql } from 'drizzle-orm';
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { batch, item } from './schema-catalogue.ts';
import { shift, staff } from './schema-shop.ts';

/** Who sold, as printed: the same facts on thousands of documents, kept once. */
export const seller = sqliteTable('seller', {
  seller_no: integer('seller_no').primaryKey(),
  content: text('content').notNull().unique('seller_content'),
});

/** A bill or a credit note (kind: codes.ts). */
export const document = sqliteTable(
  'document',
  {
    document_no: integer('document_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    kind: integer('kind').notNull(),
    schema_version: integer('schema_version').notNull(),
    series: text('series').notNull(),
    financial_year: text('financial_year').notNull(),
    sequence: integer('sequence').notNull(),
    number: text('number').notNull(),
    business_date: text('business_date').notNull(),
    occurred_at_ms: integer('occurred_at_ms').notNull(),
    seller_no: integer('seller_no')
      .notNull()
      .references(() => seller.seller_no),
    shift_no: integer('shift_no')
      .notNull()
      .references(() => shift.shift_no),
    cashier_no: integer('cashier_no')
      .notNull()
      .references(() => staff.staff_no),
    cashier_name: text('cashier_name').notNull(),
    title: text('title'),
    has_customer: integer('has_customer').notNull(),
    customer_mobile: text('customer_mobile'),
    customer_name: text('customer_name'),
    customer_gstin: text('customer_gstin'),
    customer_address: text('customer_address'),
    customer_place_of_supply: text('customer_place_of_supply'),
    place_of_supply: text('place_of_supply').notNull(),
    supply: text('supply').notNull(),
    line_count: integer('line_count').notNull(),
    items_paise: integer('items_paise').notNull(),
    discount_paise: integer('discount_paise').notNull(),
    taxable_value_paise: integer('taxable_value_paise').notNull(),
    cgst_paise: integer('cgst_paise').notNull(),
    sgst_paise: integer('sgst_paise').notNull(),
    utgst_paise: integer('utgst_paise').notNull(),
    igst_paise: integer('igst_paise').notNull(),
    cess_paise: integer('cess_paise').notNull(),
    round_off_paise: integer('round_off_paise').notNull(),
    payable_paise: integer('payable_paise').notNull(),
    change_paise: integer('change_paise').notNull(),
    /** Credit notes only: the bill that came back, and why. */
    returned_id: blob('returned_id', { mode: 'buffer' }),
    returned_number: text('returned_number'),
    returned_business_date: text('returned_business_date'),
    return_reason: text('return_reason'),
    approved_by_no: integer('approved_by_no').references(() => staff.staff_no),
  },
  (t) => [
    uniqueIndex('document_id').on(t.id),
    uniqueIndex('document_number').on(t.series, t.financial_year, t.sequence),
    index('document_business_date').on(t.business_date),
    index('document_customer_mobile').on(t.customer_mobile).where(sql`customer_mobile IS NOT NULL`),
    index('document_customer_name').on(sql`customer_name COLLATE NOCASE`).where(sql`customer_name IS NOT NULL`),
    index('document_returned').on(t.returned_id).where(sql`returned_id IS NOT NULL`),
  ],
);

/**
 * One integer key for document and line (part-keys.ts) makes this a plain rowid table: SQLite then appends to
 * the last page without touching its neighbours, which a composite key costs at each split.
 */
export const documentLine = sqliteTable('document_line', {
  line_key: integer('line_key').primaryKey(),
  item_no: integer('item_no').references(() => item.item_no),
  batch_no: integer('batch_no').references(() => batch.batch_no),
  barcode: text('barcode'),
  name: text('name').notNull(),
  name_hi: text('name_hi'),
  hsn: text('hsn'),
  unit: text('unit').notNull(),
  pack_name: text('pack_name'),
  qty_milli: integer('qty_milli').notNull(),
  pack_qty_milli: integer('pack_qty_milli').notNull(),
  batch_code: text('batch_code'),
  expires_on: text('expires_on'),
  mrp_paise: integer('mrp_paise'),
  selling_price_paise: integer('selling_price_paise').notNull(),
  is_inclusive: integer('is_inclusive').notNull(),
  gross_paise: integer('gross_paise').notNull(),
  line_discount_paise: integer('line_discount_paise').notNull(),
  bill_discount_paise: integer('bill_discount_paise').notNull(),
  net_paise: integer('net_paise').notNull(),
  rate_bp: integer('rate_bp').notNull(),
  treatment: integer('treatment').notNull(),
  valuation: integer('valuation').notNull(),
  cess_rule: integer('cess_rule'),
  cess_rate_bp: integer('cess_rate_bp'),
  cess_per_unit_milli_paise: integer('cess_per_unit_milli_paise'),
  taxable_value_paise: integer('taxable_value_paise').notNull(),
  cgst_paise: integer('cgst_paise').notNull(),
  sgst_paise: integer('sgst_paise').notNull(),
  utgst_paise: integer('utgst_paise').notNull(),
  igst_paise: integer('igst_paise').notNull(),
  cess_paise: integer('cess_paise').notNull(),
  total_paise: integer('total_paise').notNull(),
  returned_line_no: integer('returned_line_no'),
  is_restocked: integer('is_restocked'),
});

export const documentTender = sqliteTable(
  'document_tender',
  {
    tender_key: integer('tender_key').primaryKey(),
    kind: text('kind').notNull(),
    amount_paise: integer('amount_paise').notNull(),
    received_paise: integer('received_paise').notNull(),
    status: text('status').notNull(),
    reference: text('reference'),
  },
  (t) => [index('document_tender_waiting').on(t.tender_key).where(sql`status = 'waiting'`)],
);

/** How a tender that was committed as waiting ended; the tender itself never changes. */
export const tenderSettlement = sqliteTable('tender_settlement', {
  tender_key: integer('tender_key')
    .primaryKey()
    .references(() => documentTender.tender_key),
  outcome: text('outcome').notNull(),
  settled_at_ms: integer('settled_at_ms').notNull(),
  settled_by_no: integer('settled_by_no')
    .notNull()
    .references(() => staff.staff_no),
});

/** F11: a customer asked for it and the shop had none. */
export const enquiry = sqliteTable(
  'enquiry',
  {
    enquiry_no: integer('enquiry_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    text: text('text').notNull(),
    item_no: integer('item_no').references(() => item.item_no),
    staff_no: integer('staff_no')
      .notNull()
      .references(() => staff.staff_no),
    at_ms: integer('at_ms').notNull(),
    business_date: text('business_date').notNull(),
  },
  (t) => [uniqueIndex('enquiry_id').on(t.id)],
);
