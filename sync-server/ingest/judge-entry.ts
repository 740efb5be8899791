/**
 * Judges one pushed entry before anything is stored: readable, of this till, adding up. Rule kept: no database
 * here; what depends on other entries (same id, same number) is decided where they are written.
 */
import { hash } from 'node:crypto';
import type { PushEntry, Rejection } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import { faultOfDocument, type Pusher } from '#core/sync/check-document.ts';
import { readDocument } from '#core/sync/read-document.ts';
import { faultOfTransferEvent, readTransferEvent } from '#core/stock/check-transfer.ts';
import { type TransferEvent, transferEventTypes } from '#core/stock/transfer-events.ts';
import { addDays, type BusinessDate, businessDateOf, type Instant, instant } from '#core/time.ts';

export type EntryHead = Omit<PushEntry, 'content'>;
export type SeriesClaim = { readonly code: string; readonly tillId: string };
export type JudgedEntry = {
  readonly entry: EntryHead;
  /** SHA-256 of its text, in hex. */
  readonly hash: string;
  /** The document of a bill or a credit note that may be believed. */
  readonly document: CommittedDocument | null;
  /** Of that document. A challan's number is its fact's. */
  readonly number: string | null;
  /** Whose series its number, or a challan's, was drawn from, by its own word. */
  readonly series: SeriesClaim | null;
  /** A fact about goods between stores that may be believed by itself. */
  readonly transfer: TransferEvent | null;
  readonly rejection: Rejection | null;
  /** The id under which it is stored; null: its own. Another till's document keeps its id free for that till. */
  readonly keptAs: string | null;
};

/** Of UTF-8 bytes or a text. In hex. */
export const sha256 = (text: Buffer | string): string => hash('sha256', text, 'hex');

const documentKinds: ReadonlySet<string> = new Set(['bill', 'creditNote']);
/** Stored as it is: nothing in it has to be proved here. */
export const isWord = ({ kind }: Pick<EntryHead, 'kind'>): boolean =>
  !documentKinds.has(kind) && !transferEventTypes.has(kind);
export const isDocument = ({ kind }: Pick<EntryHead, 'kind'>): boolean => documentKinds.has(kind);

/** Without a document or a fact that counts. */
export const judged = (entry: EntryHead, digest: string, rejection: Rejection | null): JudgedEntry => ({
  entry,
  hash: digest,
  document: null,
  number: null,
  series: null,
  transfer: null,
  rejection,
  keptAs: null,
});

/** An id of its own for what a till says about another's document: the same for the same till and id. */
export function idAside(entry: EntryHead, tillId: string): string {
  const hex = sha256(`${tillId} ${entry.kind} ${entry.id}`);
  // RFC 9562, version 8: bits of our own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function judgeTransfer(entry: EntryHead, text: string, digest: string, pusher: Pusher): JudgedEntry {
  const read = readTransferEvent(text);
  if (!read.ok) return judged(entry, digest, { reason: 'unreadable', detail: read.error });
  if (read.value.type !== entry.kind) {
    return judged(entry, digest, { reason: 'unreadable', detail: 'the entry names another kind' });
  }
  const fault = faultOfTransferEvent(read.value, pusher);
  if (fault === null) {
    const { value: fact } = read;
    const isDrawn = fact.type === 'transferDispatched' && fact.by.kind === 'store';
    // A challan takes a number as a bill does: only its own till draws from a series.
    const series = isDrawn ? { code: fact.series, tillId: fact.by.tillId } : null;
    return { ...judged(entry, digest, null), transfer: fact, series };
  }
  const detail = JSON.stringify(fault);
  if (fault.kind !== 'foreign') return judged(entry, digest, { reason: 'doesNotAddUp', detail });
  return { ...judged(entry, digest, { reason: 'notYours', detail }), keptAs: idAside(entry, pusher.tillId) };
}

/** No bill is older than GST (1 July 2017); with room, for days that a shop entered afterwards. */
const firstDay = '2015-01-01' as BusinessDate;
/** A clock that says less is not set: this was written later. */
const writtenAt = instant(Date.UTC(2026, 11, 31));

/** Every month that is named is made a part of the tables: a till whose clock is off must not make thousands. */
const isFarAway = (day: BusinessDate, now: Instant): boolean =>
  day < firstDay || day > addDays(businessDateOf(instant(Math.max(now, writtenAt))), 2);

/** Never throws, whatever the text is. `digest`: its SHA-256. `now`: the server's clock. */
export function judgeText(entry: EntryHead, text: string, digest: string, pusher: Pusher, now: Instant): JudgedEntry {
  if (isWord(entry)) return judged(entry, digest, null);
  if (!isDocument(entry)) return judgeTransfer(entry, text, digest, pusher);
  const read = readDocument(text);
  if (!read.ok) return judged(entry, digest, { reason: 'unreadable', detail: read.error });
  const document = read.value;
  if (document.id !== entry.id || document.type !== entry.kind) {
    return judged(entry, digest, { reason: 'unreadable', detail: 'the entry names another document' });
  }
  const fault = faultOfDocument(document, pusher);
  if (fault?.kind === 'foreign') {
    const rejection = { reason: 'notYours', detail: JSON.stringify(fault) } as const;
    return { ...judged(entry, digest, rejection), keptAs: idAside(entry, pusher.tillId) };
  }
  if (fault !== null) return judged(entry, digest, { reason: 'doesNotAddUp', detail: JSON.stringify(fault) });
  if (isFarAway(document.businessDate, now)) {
    return judged(entry, digest, { reason: 'dateOutOfRange', detail: document.businessDate });
  }
  const series = { code: document.series, tillId: document.tillId };
  return { ...judged(entry, digest, null), document, number: document.number, series };
}

export const judgeEntry = (entry: PushEntry, pusher: Pusher, now: Instant = writtenAt): JudgedEntry =>
  judgeText(entry, entry.content, sha256(entry.content), pusher, now);
