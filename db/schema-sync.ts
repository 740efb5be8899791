/**
 * Tables of the till's part of head office: what head office kept aside, and publications that have arrived or are
 * arriving. Rule kept: what was kept aside is never edited, only decided about; a publication's rows are text as they
 * were hashed.
 */
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const keptAside = sqliteTable('kept_aside', {
  seq: integer('seq').primaryKey(),
  ref_id: blob('ref_id', { mode: 'buffer' }).notNull(),
  kind: text('kind').notNull(),
  reason: text('reason').notNull(),
  detail: text('detail').notNull(),
  told_at_ms: integer('told_at_ms').notNull(),
  state: text('state').notNull(),
  note: text('note'),
  decided_at_ms: integer('decided_at_ms'),
  decided_by: text('decided_by'),
});

export const publication = sqliteTable('publication', {
  id: blob('id', { mode: 'buffer' }).primaryKey(),
  published_at_ms: integer('published_at_ms').notNull(),
  effective_at_ms: integer('effective_at_ms').notNull(),
  row_count: integer('row_count').notNull(),
  hash: text('hash').notNull(),
  arrived_at_ms: integer('arrived_at_ms'),
  applied_at_ms: integer('applied_at_ms'),
});

export const publicationRow = sqliteTable(
  'publication_row',
  {
    publication_id: blob('publication_id', { mode: 'buffer' }).notNull(),
    item_id: blob('item_id', { mode: 'buffer' }).notNull(),
    change: text('change').notNull(),
  },
  (t) => [primaryKey({ columns: [t.publication_id, t.item_id] }), index('publication_row_item').on(t.item_id)],
);

/** A small shape: where the till stands in it, and which generation of its rows counts (none: 0). */
export const sentShape = sqliteTable('sent_shape', {
  shape: text('shape').primaryKey(),
  handle: text('handle'),
  place_offset: text('place_offset'),
  generation: integer('generation').notNull(),
});

/** Rows of the small shapes as they were sent. A generation that is being gathered is read by nobody. */
export const sentRow = sqliteTable(
  'sent_row',
  {
    shape: text('shape').notNull(),
    generation: integer('generation').notNull(),
    row_key: text('row_key').notNull(),
    /** 0: for every store; 1: for this one, which counts before it. */
    is_own: integer('is_own').notNull(),
    hash: blob('hash', { mode: 'buffer' }).notNull(),
    content: text('content').notNull(),
  },
  (t) => [primaryKey({ columns: [t.shape, t.generation, t.row_key, t.is_own] })],
);

/** What this store wishes to change in items of head office, and what became of it. */
export const itemProposal = sqliteTable(
  'item_proposal',
  {
    id: blob('id', { mode: 'buffer' }).primaryKey(),
    item_id: blob('item_id', { mode: 'buffer' }).notNull(),
    change: text('change').notNull(),
    base: text('base').notNull(),
    by_name: text('by_name').notNull(),
    at_ms: integer('at_ms').notNull(),
    state: text('state').notNull(),
    note: text('note').notNull(),
    decided_by: text('decided_by'),
    decided_at_ms: integer('decided_at_ms'),
  },
  (t) => [index('item_proposal_item').on(t.item_id, t.at_ms)],
);
