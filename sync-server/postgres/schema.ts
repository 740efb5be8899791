/**
 * All tables of head office in TypeScript, for whoever asks what there is: types of rows, tests, tools. Rule kept: a
 * table that a migration makes is a line here; the test that holds this against Postgres fails until it is.
 */
import type { PgTable } from 'drizzle-orm/pg-core';
import {
  bill,
  billLine,
  billSeries,
  document,
  documentPack,
  itemDay,
  pushFault,
  stockLevel,
  storeDay,
} from './schema-documents.ts';
import {
  account,
  accountInvite,
  accountRecovery,
  enrolmentCode,
  login,
  loginToken,
  region,
  signingKey,
  store,
  tenant,
  till,
  tillToken,
} from './schema-identity.ts';
import { jobResult, lakeDay, tillBackup, tillBackupKey } from './schema-objects.ts';
import {
  catalogueItem,
  itemProposal,
  publication,
  publicationAck,
  sentRow,
  storeItem,
  storePublication,
  storePublicationRow,
} from './schema-publishing.ts';
import { storeFacts, storeTransfer, transitLevel } from './schema-transfers.ts';

export const serverTables: readonly PgTable[] = [
  bill,
  billLine,
  billSeries,
  document,
  documentPack,
  itemDay,
  pushFault,
  stockLevel,
  storeDay,
  account,
  accountInvite,
  accountRecovery,
  enrolmentCode,
  login,
  loginToken,
  region,
  signingKey,
  store,
  tenant,
  till,
  tillToken,
  jobResult,
  lakeDay,
  tillBackup,
  tillBackupKey,
  catalogueItem,
  itemProposal,
  publication,
  publicationAck,
  sentRow,
  storeItem,
  storePublication,
  storePublicationRow,
  storeFacts,
  storeTransfer,
  transitLevel,
];
