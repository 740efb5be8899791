/**
 * Head office's tables of backups, jobs and exports. Rule kept: it says what the migrations made and makes nothing itself
 * (see schema-identity.ts).
 */
import { date, foreignKey, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, whole } from './schema-columns.ts';
import { tenant, till } from './schema-identity.ts';

export const tillBackupKey = pgTable(
  'till_backup_key',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    key_id: text('key_id').notNull(),
    seal_id: text('seal_id').notNull(),
    sealed: bytes('sealed').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.till_id, t.key_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const tillBackup = pgTable(
  'till_backup',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    backup_id: uuid('backup_id').notNull(),
    object_key: text('object_key').notNull(),
    key_id: text('key_id').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
    received_at_ms: whole('received_at_ms').notNull(),
    bytes: whole('bytes').notNull(),
    journal_seq: whole('journal_seq').notNull(),
    schema_version: integer('schema_version').notNull(),
    proved_at_ms: whole('proved_at_ms'),
    proof: text('proof'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.till_id, t.backup_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const jobResult = pgTable(
  'job_result',
  {
    tenant_id: uuid('tenant_id').notNull(),
    name: text('name').notNull(),
    ok_at_ms: whole('ok_at_ms'),
    failed_at_ms: whole('failed_at_ms'),
    failure: text('failure'),
    detail: jsonb('detail').notNull().default({}),
    started_at_ms: whole('started_at_ms'),
    heard_at_ms: whole('heard_at_ms'),
    progress_done: integer('progress_done'),
    progress_of: integer('progress_of'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.name] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const lakeDay = pgTable(
  'lake_day',
  {
    tenant_id: uuid('tenant_id').notNull(),
    business_date: date('business_date').notNull(),
    version: integer('version').notNull(),
    documents: whole('documents').notNull(),
    sales_paise: whole('sales_paise').notNull(),
    refunds_paise: whole('refunds_paise').notNull(),
    exported_at_ms: whole('exported_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.business_date] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);
