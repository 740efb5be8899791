/**
 * Head office's tables of goods between stores. Rule kept: it says what the migrations made and makes nothing itself
 * (see schema-identity.ts).
 */
import { boolean, foreignKey, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { whole } from './schema-columns.ts';
import { store } from './schema-identity.ts';

export const storeTransfer = pgTable(
  'store_transfer',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    transfer_id: uuid('transfer_id').notNull(),
    from_store_id: uuid('from_store_id').notNull(),
    to_store_id: uuid('to_store_id').notNull(),
    state: text('state').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
    changed_at_ms: whole('changed_at_ms').notNull(),
    in_transit_paise: whole('in_transit_paise').notNull(),
    has_variance: boolean('has_variance').notNull(),
    events: jsonb('events').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.transfer_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const transitLevel = pgTable(
  'transit_level',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    item_id: uuid('item_id').notNull(),
    qty_milli: whole('qty_milli').notNull(),
    lost_milli: whole('lost_milli').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.store_id, t.item_id] })],
);

export const storeFacts = pgTable(
  'store_facts',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    name: text('name').notNull(),
    trade_name: text('trade_name').notNull(),
    address: text('address').notNull(),
    state_code: text('state_code').notNull(),
    gstin: text('gstin'),
    told_at_ms: whole('told_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);
