/** The sync page as a file for a spreadsheet. Rule kept: a row a till, as the server told it (office-file.ts). */
import type { TillStateView } from '#contract/server.ts';
import { iso, saveTable } from './office-file.ts';

const head = [
  'region',
  'store',
  'till',
  'state',
  'last_heard',
  'waiting',
  'waiting_since',
  'kept_aside',
  'entries_here',
  'documents_here',
  'items',
  'prices',
  'prices_of',
  'checked_at',
  'differing',
  'version',
];

export const saveTillsFile = (tills: readonly TillStateView[], nowMs: number): void =>
  saveTable(
    'tills',
    head,
    tills.map((till) => [
      till.region,
      till.storeName,
      till.name,
      till.state,
      iso(till.lastSeenMs),
      till.backlog,
      iso(till.waitsSinceMs),
      till.refused,
      till.throughSeq,
      till.documents,
      till.audit?.items ?? null,
      till.prices.have,
      till.prices.all,
      iso(till.audit?.atMs ?? null),
      till.audit?.differing.join(' ') ?? null,
      till.version,
    ]),
    nowMs,
  );
