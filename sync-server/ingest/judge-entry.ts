/**
 * Judges one pushed entry before anything is stored: readable, of this till, adding up. Rule kept: no database
 * here; what depends on other entries (same id, same number) is decided where they are written.
 */
import { hash } from 'node:crypto';
import type { PushEntry, Rejection } from '#contract/sync.ts';
import { documentContent } from '#core/document-content.ts';
import type { CommittedDocument } from '#core/documents.ts';
import { faultOfDocument, type Pusher } from '#core/sync/check-document.ts';
import { readDocument } from '#core/sync/read-document.ts';
import { faultOfTransferEvent, readTransferEvent } from '#core/stock/check-transfer.ts';
import { type TransferEvent, transferEventTypes } from '#core/stock/transfer-events.ts';
import { addDays, type BusinessDate, businessDateOf, type Instant, instant } from '#core/time.ts';

export type JudgedEntry = {
  readonly entry: PushEntry;
  /** SHA-256 in hex. */
  readonly hash: string;
  /** The document of a bill or a credit note that may be believed. */
  readonly document: CommittedDocument | null;
  /** A fact about goods between stores that may be believed by itself. */
  readonly transfer: TransferEvent | null;
  readonly rejection: Rejection | null;
};

const sha256 = (text: string): string => hash('sha256', text, 'hex');

const documentKinds: ReadonlySet<string> = new Set(['bill', 'creditNote']);

const refused = (entry: PushEntry, digest: string, rejection: Rejection): JudgedEntry => ({
  entry,
  hash: digest,
  document: null,
  transfer: null,
  rejection,
});

function judgeTransfer(entry: PushEntry, pusher: Pusher): JudgedEntry {
  const digest = sha256(entry.content);
  const read = readTransferEvent(entry.content);
  if (!read.ok) return refused(entry, digest, { reason: 'unreadable', detail: read.error });
  if (read.value.type !== entry.kind) {
    return refused(entry, digest, { reason: 'unreadable', detail: 'the entry names another kind' });
  }
  const fault = faultOfTransferEvent(read.value, pusher);
  if (fault === null) return { entry, hash: digest, document: null, transfer: read.value, rejection: null };
  const reason = fault.kind === 'foreign' ? 'notYours' : 'doesNotAddUp';
  return refused(entry, digest, { reason, detail: JSON.stringify(fault) });
}

/** No bill is older than GST (1 July 2017); with room, for days that a shop entered afterwards. */
const firstDay = '2015-01-01' as BusinessDate;
/** A clock that says less is not set: this was written later. */
const writtenAt = instant(Date.UTC(2026, 11, 31));

/** Every month that is named is made a part of the tables: a till whose clock is off must not make thousands. */
const isFarAway = (day: BusinessDate, now: Instant): boolean =>
  day < firstDay || day > addDays(businessDateOf(instant(Math.max(now, writtenAt))), 2);

/** Never throws, whatever the text is. `now`: the server's clock. */
export function judgeEntry(entry: PushEntry, pusher: Pusher, now: Instant = writtenAt): JudgedEntry {
  if (transferEventTypes.has(entry.kind)) return judgeTransfer(entry, pusher);
  if (!documentKinds.has(entry.kind)) {
    return { entry, hash: sha256(entry.content), document: null, transfer: null, rejection: null };
  }
  const read = readDocument(entry.content);
  if (!read.ok) return refused(entry, sha256(entry.content), { reason: 'unreadable', detail: read.error });
  const document = read.value;
  // By its canonical content, as the till's own journal: a later version may write the same document otherwise.
  const digest = sha256(documentContent(document));
  if (document.id !== entry.id || document.type !== entry.kind) {
    return refused(entry, digest, { reason: 'unreadable', detail: 'the entry names another document' });
  }
  const fault = faultOfDocument(document, pusher);
  if (fault === null && isFarAway(document.businessDate, now)) {
    return refused(entry, digest, { reason: 'dateOutOfRange', detail: document.businessDate });
  }
  if (fault === null) return { entry, hash: digest, document, transfer: null, rejection: null };
  const reason = fault.kind === 'foreign' ? 'notYours' : 'doesNotAddUp';
  return refused(entry, digest, { reason, detail: JSON.stringify(fault) });
}
