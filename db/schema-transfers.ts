/**
 * Tables of goods between stores: the facts of each transfer, this till's own and those that head office sent, and the
 * stores that goods can go to. Rule kept: a fact is written once and never changed; how a transfer stands is not a column.
 */
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const transferEvent = sqliteTable(
  'transfer_event',
  {
    id: blob('id', { mode: 'buffer' }).primaryKey(),
    transfer_id: blob('transfer_id', { mode: 'buffer' }).notNull(),
    at_ms: integer('at_ms').notNull(),
    content: text('content').notNull(),
    /** Of this till's own delivery challans only: another till's numbers are its own matter. */
    series: text('series'),
    financial_year: text('financial_year'),
    sequence: integer('sequence'),
  },
  (t) => [
    index('transfer_event_transfer').on(t.transfer_id),
    uniqueIndex('transfer_event_number').on(t.series, t.financial_year, t.sequence),
  ],
);

export const sisterStore = sqliteTable('sister_store', {
  id: blob('id', { mode: 'buffer' }).primaryKey(),
  name: text('name').notNull(),
  trade_name: text('trade_name').notNull(),
  address: text('address').notNull(),
  state_code: text('state_code').notNull(),
  gstin: text('gstin'),
});
