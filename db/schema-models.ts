/**
 * Tables of the models that came to this shop and of what became of them. Rule kept: which model runs is said by the
 * pointer in the folder of models; these rows are what a person is shown, and what head office is yet to be told.
 */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const modelInstall = sqliteTable('model_install', {
  model_id: text('model_id').primaryKey(),
  kind: text('kind').notNull(),
  version: text('version').notNull(),
  /** headOffice, thisShop, product. */
  origin: text('origin').notNull(),
  /** running, shadow, previous, refused, withdrawn, gone. */
  state: text('state').notNull(),
  since_ms: integer('since_ms').notNull(),
  /** JSON: the figures by which it was judged; null: not judged. */
  figures: text('figures'),
});

/** What happened, in order. `told_at_ms` null: head office is to hear of it and has not. */
export const modelEvent = sqliteTable(
  'model_event',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    at_ms: integer('at_ms').notNull(),
    model_id: text('model_id').notNull(),
    version: text('version').notNull(),
    what: text('what').notNull(),
    /** A code; null where what happened says it. */
    why: text('why'),
    figures: text('figures'),
    is_told: integer('is_told').notNull(),
  },
  (t) => [index('model_event_untold').on(t.is_told, t.seq)],
);
