/**
 * Head office's tables of what tills sent and what it sums to: documents as they came, bills and lines, days, goods.
 * Rule kept: it says what the migrations made and makes nothing itself (see schema-identity.ts). Bills and lines lie by
 * month; a part has no columns of its own.
 */
import { sql } from 'drizzle-orm';
import { boolean, foreignKey, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, day, whole } from './schema-columns.ts';
import { store, till } from './schema-identity.ts';

export const documentPack = pgTable(
  'document_pack',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    pack_id: uuid('pack_id').notNull(),
    till_id: uuid('till_id').notNull(),
    received_at_ms: whole('received_at_ms').notNull(),
    packed: bytes('packed').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.pack_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const document = pgTable(
  'document',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    document_id: uuid('document_id').notNull(),
    kind: text('kind').notNull(),
    till_id: uuid('till_id').notNull(),
    till_seq: whole('till_seq').notNull(),
    occurred_at_ms: whole('occurred_at_ms').notNull(),
    received_at_ms: whole('received_at_ms').notNull(),
    content_hash: bytes('content_hash'),
    content: text('content'),
    number: text('number'),
    rejection: jsonb('rejection'),
    pack_id: uuid('pack_id'),
    pack_from: integer('pack_from'),
    pack_bytes: integer('pack_bytes'),
    text_hash: bytes('text_hash'),
    is_settled: boolean('is_settled').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.document_id, t.kind] }),
    uniqueIndex('document_number').on(t.tenant_id, t.store_id, t.number).where(sql`number IS NOT NULL`),
  ],
);

export const documentRefusal = pgTable(
  'document_refusal',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    document_id: uuid('document_id').notNull(),
    kind: text('kind').notNull(),
    refusal_no: integer('refusal_no').notNull(),
    till_id: uuid('till_id').notNull(),
    rejection: jsonb('rejection').notNull(),
    ended_at_ms: whole('ended_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.document_id, t.kind, t.refusal_no] })],
);

export const refusalNote = pgTable(
  'refusal_note',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    document_id: uuid('document_id').notNull(),
    kind: text('kind').notNull(),
    note_id: uuid('note_id').notNull(),
    source: text('source').notNull(),
    by_name: text('by_name').notNull(),
    note: text('note').notNull(),
    at_ms: whole('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.document_id, t.kind, t.note_id] })],
);

export const billSeries = pgTable(
  'bill_series',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    series: text('series').notNull(),
    till_id: uuid('till_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.series] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const bill = pgTable(
  'bill',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    business_date: day('business_date').notNull(),
    bill_id: uuid('bill_id').notNull(),
    kind: text('kind').notNull(),
    till_id: uuid('till_id').notNull(),
    number: text('number').notNull(),
    occurred_at_ms: whole('occurred_at_ms').notNull(),
    taxable_value_paise: whole('taxable_value_paise').notNull(),
    cgst_paise: whole('cgst_paise').notNull(),
    sgst_paise: whole('sgst_paise').notNull(),
    utgst_paise: whole('utgst_paise').notNull(),
    igst_paise: whole('igst_paise').notNull(),
    cess_paise: whole('cess_paise').notNull(),
    discount_paise: whole('discount_paise').notNull(),
    round_off_paise: whole('round_off_paise').notNull(),
    payable_paise: whole('payable_paise').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.business_date, t.bill_id] })],
);

export const billLine = pgTable(
  'bill_line',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    business_date: day('business_date').notNull(),
    bill_id: uuid('bill_id').notNull(),
    line_no: integer('line_no').notNull(),
    item_id: uuid('item_id'),
    qty_milli: whole('qty_milli').notNull(),
    net_paise: whole('net_paise').notNull(),
    total_paise: whole('total_paise').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.business_date, t.bill_id, t.line_no] })],
);

export const storeDay = pgTable(
  'store_day',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    business_date: day('business_date').notNull(),
    bills: whole('bills').notNull(),
    credit_notes: whole('credit_notes').notNull(),
    sales_paise: whole('sales_paise').notNull(),
    refunds_paise: whole('refunds_paise').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.business_date] })],
);

export const itemDay = pgTable(
  'item_day',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    business_date: day('business_date').notNull(),
    item_id: uuid('item_id').notNull(),
    qty_milli: whole('qty_milli').notNull(),
    net_paise: whole('net_paise').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.business_date, t.item_id] })],
);

export const stockLevel = pgTable(
  'stock_level',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    item_id: uuid('item_id').notNull(),
    qty_milli: whole('qty_milli').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.item_id] })],
);

export const pushFault = pgTable(
  'push_fault',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    document_id: uuid('document_id').notNull(),
    kind: text('kind').notNull(),
    faults: integer('faults').notNull(),
    incident_id: text('incident_id').notNull(),
    content: bytes('content').notNull(),
    last_at_ms: whole('last_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.document_id, t.kind] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const stockEntry = pgTable(
  'stock_entry',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    entry_id: uuid('entry_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.entry_id] })],
);

export const stockTold = pgTable(
  'stock_told',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    heard_ms: whole('heard_ms').notNull(),
    through_seq: whole('through_seq').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);
