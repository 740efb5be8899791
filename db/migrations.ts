/**
 * The migrations, in order: the n-th brings a file to schema version n. Rule kept: forward only, and one that
 * has shipped is never edited. Made by drizzle-kit from db/schema-*.ts and extended by hand where it has no
 * words (WITHOUT ROWID, FTS5).
 */
import { sql as base } from './migrations/0000-base.ts';
import { sql as settlementEnquiry } from './migrations/0001-settlement-enquiry.ts';
import { sql as headOfficeItems } from './migrations/0002-head-office-items.ts';
import { sql as sync } from './migrations/0003-sync.ts';
import { sql as searchQueue } from './migrations/0004-search-queue.ts';
import { sql as transfers } from './migrations/0005-transfers.ts';
import { sql as sentRows } from './migrations/0006-sent-rows.ts';
import { sql as itemProposals } from './migrations/0007-item-proposals.ts';
import { sql as forecasts } from './migrations/0008-forecasts.ts';
import { sql as modelInstall } from './migrations/0009-model-install.ts';

export const migrations: readonly string[] = [
  base,
  settlementEnquiry,
  headOfficeItems,
  sync,
  searchQueue,
  transfers,
  sentRows,
  itemProposals,
  forecasts,
  modelInstall,
];
export const schemaVersion: number = migrations.length;
