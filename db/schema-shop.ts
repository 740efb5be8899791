/**
 * Tables of the shop's running: people, shifts, the stock ledger, the journal, the print spool, settings.
 * Rule kept: stock_movement and journal are append-only; on-hand is a sum, never a number that is updated on
 * a sale.
 * For generated migrations only: a test compares it with a new file, nothing at run time imports drizzle.
 */
import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { batch, item } from './schema-catalogue.ts';

/** One row: 1 while a till has the shop open, so that an unclean stop is seen at the next start. */
export const shopState = sqliteTable('shop_state', {
  only: integer('only').primaryKey(),
  is_open: integer('is_open').notNull(),
  opened_at_ms: integer('opened_at_ms').notNull(),
  /** Housekeeping writes that let the log start again (checkpoint.ts). */
  log_restarts: integer('log_restarts').notNull(),
});

export const setting = sqliteTable('setting', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const staff = sqliteTable(
  'staff',
  {
    staff_no: integer('staff_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    language: text('language').notNull(),
    pin_hash: text('pin_hash').notNull(),
    pin_salt: text('pin_salt').notNull(),
    is_active: integer('is_active').notNull(),
  },
  (t) => [uniqueIndex('staff_id').on(t.id)],
);

export const staffLockout = sqliteTable('staff_lockout', {
  staff_no: integer('staff_no')
    .primaryKey()
    .references(() => staff.staff_no),
  failures: integer('failures').notNull(),
  locked_until_ms: integer('locked_until_ms'),
  last_seen_ms: integer('last_seen_ms').notNull(),
});

export const shift = sqliteTable(
  'shift',
  {
    shift_no: integer('shift_no').primaryKey(),
    id: blob('id', { mode: 'buffer' }).notNull(),
    cashier_no: integer('cashier_no')
      .notNull()
      .references(() => staff.staff_no),
    cashier_name: text('cashier_name').notNull(),
    opened_at_ms: integer('opened_at_ms').notNull(),
    business_date: text('business_date').notNull(),
    float_paise: integer('float_paise').notNull(),
    /** Documents of a shift lie between these numbers: one shift is open at a time. */
    first_document_no: integer('first_document_no').notNull(),
    last_document_no: integer('last_document_no'),
    closed_at_ms: integer('closed_at_ms'),
    closed_by_no: integer('closed_by_no').references(() => staff.staff_no),
    expected_cash_paise: integer('expected_cash_paise'),
    counted_cash_paise: integer('counted_cash_paise'),
    first_count_paise: integer('first_count_paise'),
    reason: text('reason'),
  },
  (t) => [
    uniqueIndex('shift_id').on(t.id),
    uniqueIndex('shift_open').on(sql`(closed_at_ms IS NULL)`).where(sql`closed_at_ms IS NULL`),
  ],
);

/** The stock ledger. No index of its own: a sale appends to its right-most page and touches nothing else. */
export const stockMovement = sqliteTable('stock_movement', {
  movement_no: integer('movement_no').primaryKey(),
  id: blob('id', { mode: 'buffer' }).notNull(),
  item_no: integer('item_no')
    .notNull()
    .references(() => item.item_no),
  batch_no: integer('batch_no').references(() => batch.batch_no),
  qty_milli: integer('qty_milli').notNull(),
  kind: integer('kind').notNull(),
  ref_id: blob('ref_id', { mode: 'buffer' }),
  ref_line_no: integer('ref_line_no'),
  business_date: text('business_date').notNull(),
  occurred_at_ms: integer('occurred_at_ms').notNull(),
  cost_price_paise: integer('cost_price_paise'),
  note: text('note'),
});

/** Sum of the ledger up to stock_fold.through_movement_no; batch_no 0 = no batch. */
export const stockBalance = sqliteTable(
  'stock_balance',
  {
    item_no: integer('item_no').notNull(),
    batch_no: integer('batch_no').notNull(),
    qty_milli: integer('qty_milli').notNull(),
  },
  (t) => [primaryKey({ columns: [t.item_no, t.batch_no] })],
);

/** Movements of an item, up to stock_fold.through_movement_no. */
export const movementByItem = sqliteTable(
  'movement_by_item',
  { item_no: integer('item_no').notNull(), movement_no: integer('movement_no').notNull() },
  (t) => [primaryKey({ columns: [t.item_no, t.movement_no] })],
);

export const stockFold = sqliteTable('stock_fold', {
  only: integer('only').primaryKey(),
  through_movement_no: integer('through_movement_no').notNull(),
});

/** Audit chain and outbox order in one: hash = SHA-256 over the hash before and this entry (journal.ts). */
export const journal = sqliteTable('journal', {
  seq: integer('seq').primaryKey(),
  kind: text('kind').notNull(),
  ref_id: blob('ref_id', { mode: 'buffer' }).notNull(),
  at_ms: integer('at_ms').notNull(),
  /** Entries to be pushed up to and with this one. */
  push_count: integer('push_count').notNull(),
  /** Null where the content stands in rows of its own (bills, credit notes). */
  payload: text('payload'),
  content_hash: blob('content_hash', { mode: 'buffer' }).notNull(),
  hash: blob('hash', { mode: 'buffer' }).notNull(),
});

export const journalSent = sqliteTable('journal_sent', {
  only: integer('only').primaryKey(),
  through_seq: integer('through_seq').notNull(),
  push_count: integer('push_count').notNull(),
});

export const printJob = sqliteTable(
  'print_job',
  {
    id: blob('id', { mode: 'buffer' }).primaryKey(),
    document_id: blob('document_id', { mode: 'buffer' }),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    created_at_ms: integer('created_at_ms').notNull(),
    changed_at_ms: integer('changed_at_ms').notNull(),
    is_duplicate: integer('is_duplicate').notNull(),
    opens_drawer: integer('opens_drawer').notNull(),
  },
  (t) => [index('print_job_open').on(t.created_at_ms, t.id).where(sql`state IN ('waiting', 'printing', 'cut')`)],
);

/** Answers of commands that are not documents, by the key the caller chose. */
export const commandKey = sqliteTable('command_key', {
  key: text('key').primaryKey(),
  answer: text('answer').notNull(),
  at_ms: integer('at_ms').notNull(),
});

/** Items that head office sent, with the hash of each as it was sent: what the audit compares. */
export const headOfficeItem = sqliteTable('head_office_item', {
  id: blob('id', { mode: 'buffer' }).primaryKey(),
  hash: blob('hash', { mode: 'buffer' }).notNull(),
});

/** A catalogue on its way: gathered here, then switched on whole. */
export const headOfficeStaged = sqliteTable('head_office_staged', {
  id: blob('id', { mode: 'buffer' }).primaryKey(),
  hash: blob('hash', { mode: 'buffer' }).notNull(),
  content: text('content').notNull(),
  /** 0: to be put in the switch; 1: written, it waits for it. */
  step: integer('step').notNull(),
});
