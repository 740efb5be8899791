/**
 * Head office's tables of what it sends to tills: goods of each store, publications with who has them, proposals of
 * branches. Rule kept: it says what the migrations made and makes nothing itself (see schema-identity.ts).
 */
import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { whole } from './schema-columns.ts';
import { store, tenant, till } from './schema-identity.ts';

export const storeItem = pgTable(
  'store_item',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    item_id: uuid('item_id').notNull(),
    item: jsonb('item').notNull(),
    changed_at_ms: whole('changed_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.item_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const ownItem = pgTable(
  'own_item',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    item_id: uuid('item_id').notNull(),
    category: text('category'),
    unit: text('unit').notNull(),
    selling_price_paise: whole('selling_price_paise').notNull(),
    told_at_ms: whole('told_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.item_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const catalogueItem = pgTable(
  'catalogue_item',
  {
    tenant_id: uuid('tenant_id').notNull(),
    item_id: uuid('item_id').notNull(),
    revision: whole('revision').notNull(),
    name: text('name').notNull(),
    item: jsonb('item').notNull(),
    changed_at_ms: whole('changed_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.item_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const catalogueChange = pgTable(
  'catalogue_change',
  {
    tenant_id: uuid('tenant_id').notNull(),
    item_id: uuid('item_id').notNull(),
    revision: whole('revision').notNull(),
    changed_at_ms: whole('changed_at_ms').notNull(),
    changed_by: text('changed_by').notNull(),
    before: jsonb('before').notNull(),
    after: jsonb('after').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.item_id, t.revision] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const publication = pgTable(
  'publication',
  {
    tenant_id: uuid('tenant_id').notNull(),
    publication_id: uuid('publication_id').notNull(),
    scope: jsonb('scope').notNull(),
    note: text('note').notNull(),
    published_at_ms: whole('published_at_ms').notNull(),
    published_by: text('published_by').notNull(),
    effective_at_ms: whole('effective_at_ms').notNull(),
    refused: jsonb('refused').notNull(),
    preview: jsonb('preview').notNull(),
    is_merged: boolean('is_merged').notNull().default(false),
    takes_back: uuid('takes_back'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.publication_id] }),
    uniqueIndex('publication_takes_back').on(t.tenant_id, t.takes_back).where(sql`takes_back IS NOT NULL`),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const storePublication = pgTable(
  'store_publication',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    publication_id: uuid('publication_id').notNull(),
    published_at_ms: whole('published_at_ms').notNull(),
    effective_at_ms: whole('effective_at_ms').notNull(),
    row_count: integer('row_count').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.publication_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
    foreignKey({
      columns: [t.tenant_id, t.publication_id],
      foreignColumns: [publication.tenant_id, publication.publication_id],
    }),
  ],
);

export const storePublicationRow = pgTable(
  'store_publication_row',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    publication_id: uuid('publication_id').notNull(),
    item_id: uuid('item_id').notNull(),
    change: text('change').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.publication_id, t.item_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const mergedPublication = pgTable(
  'merged_publication',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    publication_id: uuid('publication_id').notNull(),
    into_id: uuid('into_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.publication_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
    index('merged_publication_id').on(t.tenant_id, t.publication_id),
  ],
);

export const publicationAck = pgTable(
  'publication_ack',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    publication_id: uuid('publication_id').notNull(),
    arrived_at_ms: whole('arrived_at_ms').notNull(),
    applied_at_ms: whole('applied_at_ms'),
    without_rows: integer('without_rows').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.till_id, t.publication_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const itemProposal = pgTable(
  'item_proposal',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    proposal_id: uuid('proposal_id').notNull(),
    till_id: uuid('till_id').notNull(),
    item_id: uuid('item_id').notNull(),
    item: jsonb('item').notNull(),
    proposed_at_ms: whole('proposed_at_ms').notNull(),
    state: text('state').notNull(),
    decided_at_ms: whole('decided_at_ms'),
    decided_by: text('decided_by'),
    note: text('note').notNull().default(''),
    change: jsonb('change'),
    base: jsonb('base'),
    by_name: text('by_name').notNull().default(''),
    sides: jsonb('sides'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.proposal_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const shapeMend = pgTable(
  'shape_mend',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    shape: text('shape').notNull(),
    mend_id: uuid('mend_id').notNull(),
    at_ms: whole('at_ms').notNull(),
    outcome: text('outcome').notNull(),
    row_count: integer('row_count'),
    till_id: uuid('till_id'),
    incident: text('incident').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.shape, t.mend_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
    index('shape_mend_newest').on(t.tenant_id, t.at_ms),
  ],
);

export const sentRow = pgTable(
  'sent_row',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    shape: text('shape').notNull(),
    row_key: text('row_key').notNull(),
    content: text('content').notNull(),
    changed_at_ms: whole('changed_at_ms').notNull(),
    changed_by: text('changed_by').notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
    primaryKey({ columns: [t.tenant_id, t.store_id, t.shape, t.row_key] }),
  ],
);
