/**
 * Head office's tables of models: keys, releases, what became of them in shops. Rule kept: it says what the migrations
 * made and makes nothing itself (see schema-identity.ts).
 */
import { foreignKey, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, whole } from './schema-columns.ts';
import { tenant, till } from './schema-identity.ts';

export const modelKey = pgTable(
  'model_key',
  {
    tenant_id: uuid('tenant_id').notNull(),
    key_id: text('key_id').notNull(),
    seal_id: text('seal_id').notNull(),
    sealed: bytes('sealed').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
    succession: jsonb('succession'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.key_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const modelRelease = pgTable(
  'model_release',
  {
    tenant_id: uuid('tenant_id').notNull(),
    model_id: uuid('model_id').notNull(),
    kind: text('kind').notNull(),
    version: text('version').notNull(),
    prefix: text('prefix').notNull(),
    content: jsonb('content').notNull(),
    released_at_ms: whole('released_at_ms').notNull(),
    withdrawn_at_ms: whole('withdrawn_at_ms'),
    withdrawn_why: text('withdrawn_why'),
    clusters: jsonb('clusters').notNull().default({}),
    learnt: jsonb('learnt'),
    withdrawn_by: text('withdrawn_by'),
    returned_at_ms: whole('returned_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.model_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const modelVerdict = pgTable(
  'model_verdict',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    model_id: uuid('model_id').notNull(),
    till_id: uuid('till_id').notNull(),
    what: text('what').notNull(),
    why: text('why'),
    figures: jsonb('figures').notNull(),
    at_ms: whole('at_ms').notNull(),
    told_at_ms: whole('told_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.model_id, t.till_id] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
    foreignKey({
      columns: [t.tenant_id, t.model_id],
      foreignColumns: [modelRelease.tenant_id, modelRelease.model_id],
    }),
  ],
);
