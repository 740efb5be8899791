/**
 * Tables of what will sell and what to order. Rule kept: a run of forecasts is read when it is whole and never before;
 * how an item is ordered is the owner's word and outlives every run.
 * For generated migrations only: a test compares it with a new file, nothing at run time imports drizzle.
 */
import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { item } from './schema-catalogue.ts';

export const forecastRun = sqliteTable('forecast_run', {
  run_no: integer('run_no').primaryKey(),
  made_at_ms: integer('made_at_ms').notNull(),
  kind: text('kind').notNull(),
  /** Last day whose sales were read. */
  origin_date: text('origin_date').notNull(),
  source: text('source').notNull(),
  reason: text('reason').notNull(),
  model_version: text('model_version'),
  model_since_ms: integer('model_since_ms'),
  is_whole: integer('is_whole').notNull(),
});

export const forecast = sqliteTable(
  'forecast',
  {
    run_no: integer('run_no').notNull(),
    item_no: integer('item_no')
      .notNull()
      .references(() => item.item_no),
    week_p10_milli: integer('week_p10_milli').notNull(),
    week_p50_milli: integer('week_p50_milli').notNull(),
    week_p90_milli: integer('week_p90_milli').notNull(),
    sold_week_milli: integer('sold_week_milli').notNull(),
    plain_week_milli: integer('plain_week_milli').notNull(),
    source: text('source').notNull(),
    reason: text('reason').notNull(),
    confidence: integer('confidence').notNull(),
    days_learnt: integer('days_learnt').notNull(),
    days_left_out: integer('days_left_out').notNull(),
    /** How much days of a span go together: 0 … 10,000 for 1. */
    day_tie_bp: integer('day_tie_bp').notNull(),
    /** Float32 little-endian [days × (p10, p50, p90, mean)], units. */
    days: blob('days', { mode: 'buffer' }).notNull(),
    /** A bit a day, the last day read first: out of stock for a part of it. */
    days_out: blob('days_out', { mode: 'buffer' }).notNull(),
    /** JSON: the drivers. */
    drivers: text('drivers').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_no, t.item_no] })],
);

/** A category's, or the whole shop's (name: ''). */
export const forecastGroup = sqliteTable(
  'forecast_group',
  {
    run_no: integer('run_no').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    content: text('content').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_no, t.kind, t.name] })],
);

/** What was forecast before a week began; what was sold is written when it is over. */
export const forecastWeek = sqliteTable(
  'forecast_week',
  {
    week_start: text('week_start').notNull(),
    item_no: integer('item_no')
      .notNull()
      .references(() => item.item_no),
    p10_milli: integer('p10_milli').notNull(),
    p50_milli: integer('p50_milli').notNull(),
    p90_milli: integer('p90_milli').notNull(),
    /** The week before it, which "the same as last week" would have said. */
    naive_milli: integer('naive_milli').notNull(),
    /** null: not over; −1: over, but goods were short in it, so that nothing is told of the demand. */
    sold_milli: integer('sold_milli'),
  },
  (t) => [primaryKey({ columns: [t.week_start, t.item_no] })],
);

/** How the owner orders an item. */
export const itemOrder = sqliteTable('item_order', {
  item_no: integer('item_no')
    .primaryKey()
    .references(() => item.item_no),
  pack_milli: integer('pack_milli'),
  supplier: text('supplier'),
  shelf_days: integer('shelf_days'),
});

/** What the owner changed in one day's order list. */
export const orderEdit = sqliteTable(
  'order_edit',
  {
    business_date: text('business_date').notNull(),
    item_no: integer('item_no')
      .notNull()
      .references(() => item.item_no),
    /** null: as the rule says; the line is there because it was asked for. */
    packs: integer('packs'),
  },
  (t) => [primaryKey({ columns: [t.business_date, t.item_no] })],
);
