/**
 * Head office's tables of who there is: organisations, regions, stores, tills and their keys, people and their logins.
 * Rule kept: it says what the migrations made and makes nothing itself; a test holds it against Postgres' own
 * catalogue (tests/contracts/schema-typescript.test.ts). Policies, rights and parts are said by the migrations alone.
 */
import { boolean, foreignKey, jsonb, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bytes, whole } from './schema-columns.ts';

export const tenant = pgTable(
  'tenant',
  {
    tenant_id: uuid('tenant_id').notNull(),
    name: text('name').notNull(),
    sync_epoch: uuid('sync_epoch').notNull().defaultRandom(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id] })],
);

export const region = pgTable(
  'region',
  {
    tenant_id: uuid('tenant_id').notNull(),
    name: text('name').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.name] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const store = pgTable(
  'store',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
    foreignKey({ columns: [t.tenant_id, t.region], foreignColumns: [region.tenant_id, region.name] }).onUpdate(
      'cascade',
    ),
  ],
);

export const till = pgTable(
  'till',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    name: text('name').notNull(),
    revoked_at_ms: whole('revoked_at_ms'),
    last_seen_ms: whole('last_seen_ms'),
    through_seq: whole('through_seq').notNull().default('0'),
    backlog: whole('backlog'),
    version: text('version'),
    family_id: uuid('family_id'),
    revoke_reason: text('revoke_reason'),
    replaces: uuid('replaces').array().notNull().default([]),
    replaced_by: uuid('replaced_by'),
    series: text('series'),
    documents: whole('documents').notNull().default('0'),
    refused: whole('refused').notNull().default('0'),
    waits_since_ms: whole('waits_since_ms'),
    audit: jsonb('audit'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.till_id] }),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const tillToken = pgTable(
  'till_token',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    till_id: uuid('till_id').notNull(),
    token_hash: bytes('token_hash').notNull(),
    family_id: uuid('family_id').notNull(),
    expires_at_ms: whole('expires_at_ms').notNull(),
    used_at_ms: whole('used_at_ms'),
    successor_hash: bytes('successor_hash'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.till_id, t.token_hash] }),
    foreignKey({
      columns: [t.tenant_id, t.store_id, t.till_id],
      foreignColumns: [till.tenant_id, till.store_id, till.till_id],
    }),
  ],
);

export const enrolmentCode = pgTable(
  'enrolment_code',
  {
    tenant_id: uuid('tenant_id').notNull(),
    store_id: uuid('store_id').notNull(),
    code_hash: bytes('code_hash').notNull(),
    is_new_store: boolean('is_new_store').notNull(),
    store_name: text('store_name').notNull(),
    region: text('region').notNull(),
    expires_at_ms: whole('expires_at_ms').notNull(),
    used_at_ms: whole('used_at_ms'),
    code_id: uuid('code_id'),
    used_by_till_id: uuid('used_by_till_id'),
    used_by_token_hash: bytes('used_by_token_hash'),
    replaces_till_id: uuid('replaces_till_id'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.store_id, t.code_hash] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const account = pgTable(
  'account',
  {
    tenant_id: uuid('tenant_id').notNull(),
    account_id: uuid('account_id').notNull(),
    email: text('email').notNull(),
    password_hash: text('password_hash').notNull(),
    role: text('role').notNull(),
    region: text('region'),
    store_id: uuid('store_id'),
    totp_secret: bytes('totp_secret'),
    totp_confirmed_at_ms: whole('totp_confirmed_at_ms'),
    totp_last_step: whole('totp_last_step').notNull().default('0'),
    failures: integer('failures').notNull().default(0),
    locked_until_ms: whole('locked_until_ms').notNull().default('0'),
    made_at_ms: whole('made_at_ms').notNull(),
    disabled_at_ms: whole('disabled_at_ms'),
    totp_key_id: text('totp_key_id'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.account_id] }),
    unique().on(t.tenant_id, t.email),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
    foreignKey({ columns: [t.tenant_id, t.region], foreignColumns: [region.tenant_id, region.name] }).onUpdate(
      'cascade',
    ),
    foreignKey({ columns: [t.tenant_id, t.store_id], foreignColumns: [store.tenant_id, store.store_id] }),
  ],
);

export const accountRecovery = pgTable(
  'account_recovery',
  {
    tenant_id: uuid('tenant_id').notNull(),
    account_id: uuid('account_id').notNull(),
    code_hash: bytes('code_hash').notNull(),
    used_at_ms: whole('used_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.account_id, t.code_hash] }),
    foreignKey({ columns: [t.tenant_id, t.account_id], foreignColumns: [account.tenant_id, account.account_id] }),
  ],
);

export const accountInvite = pgTable(
  'account_invite',
  {
    tenant_id: uuid('tenant_id').notNull(),
    code_hash: bytes('code_hash').notNull(),
    role: text('role').notNull(),
    region: text('region'),
    store_id: uuid('store_id'),
    expires_at_ms: whole('expires_at_ms').notNull(),
    used_at_ms: whole('used_at_ms'),
    invite_id: uuid('invite_id'),
    cancelled_at_ms: whole('cancelled_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.code_hash] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);

export const login = pgTable(
  'login',
  {
    tenant_id: uuid('tenant_id').notNull(),
    login_id: uuid('login_id').notNull(),
    account_id: uuid('account_id').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
    ended_at_ms: whole('ended_at_ms'),
    end_reason: text('end_reason'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.login_id] }),
    foreignKey({ columns: [t.tenant_id, t.account_id], foreignColumns: [account.tenant_id, account.account_id] }),
  ],
);

export const loginToken = pgTable(
  'login_token',
  {
    tenant_id: uuid('tenant_id').notNull(),
    login_id: uuid('login_id').notNull(),
    token_hash: bytes('token_hash').notNull(),
    expires_at_ms: whole('expires_at_ms').notNull(),
    used_at_ms: whole('used_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.login_id, t.token_hash] }),
    foreignKey({ columns: [t.tenant_id, t.login_id], foreignColumns: [login.tenant_id, login.login_id] }),
  ],
);

export const signingKey = pgTable(
  'signing_key',
  {
    tenant_id: uuid('tenant_id').notNull(),
    key_id: uuid('key_id').notNull(),
    secret: bytes('secret').notNull(),
    made_at_ms: whole('made_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.key_id] }),
    foreignKey({ columns: [t.tenant_id], foreignColumns: [tenant.tenant_id] }),
  ],
);
