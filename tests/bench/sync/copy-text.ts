/**
 * A batch as COPY text: the rows that ingest makes of it. Rule kept: the same rows, no fewer columns; tables like the
 * real ones, their indexes included.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { PushEntry } from '#contract/sync.ts';
import type { Bill } from '#core/documents.ts';
import { packTexts } from '#sync-server/ingest/document-pack.ts';
import type { BenchTill } from './bills.ts';

/** By table. */
export type CopyBatch = Readonly<Record<string, Buffer>>;
export const linesTable = 'copy_bill_line';
export const copyTables = [
  'DROP TABLE IF EXISTS copy_document_pack, copy_document, copy_bill, copy_bill_line',
  'CREATE TABLE copy_document_pack (LIKE document_pack INCLUDING ALL)',
  'CREATE TABLE copy_document (LIKE document INCLUDING ALL)',
  'CREATE TABLE copy_bill (LIKE bill INCLUDING ALL)',
  'CREATE TABLE copy_bill_line (LIKE bill_line INCLUDING ALL)',
] as const;

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
const field = (value: string | number | null): string => (value === null ? '\\N' : escaped(String(value)));
const rowsOf = (rows: readonly (readonly (string | number | null)[])[]): Buffer =>
  Buffer.from(rows.map((row) => `${row.map(field).join('\t')}\n`).join(''));

export async function copyTextOf(tenantId: string, till: BenchTill, entries: readonly PushEntry[]): Promise<CopyBatch> {
  const nowMs = Date.now();
  const bills = entries.map((entry) => JSON.parse(entry.content) as Bill);
  const hash = (text: string): string => `\\x${createHash('sha256').update(text).digest('hex')}`;
  const packId = randomUUID();
  const { packed, places } = packTexts(entries.map((entry) => Buffer.from(entry.content)));
  return {
    copy_document_pack: rowsOf([[tenantId, till.storeId, packId, till.tillId, nowMs, `\\x${packed.toString('hex')}`]]),
    // In the tables' order of columns.
    copy_document: rowsOf(
      entries.map((entry, n) => [
        tenantId,
        till.storeId,
        entry.id,
        entry.kind,
        till.tillId,
        entry.seq,
        entry.atMs,
        nowMs,
        // content_hash: of rows of before.
        null,
        null,
        bills[n]?.number ?? null,
        null,
        packId,
        places[n]?.from ?? 0,
        places[n]?.bytes ?? 0,
        hash(entry.content),
        // is_settled
        'f',
      ]),
    ),
    copy_bill: rowsOf(
      bills.map((bill) => [
        tenantId,
        till.storeId,
        bill.businessDate,
        bill.id,
        bill.type,
        till.tillId,
        bill.number,
        bill.occurredAtMs,
        bill.split.taxableValuePaise,
        bill.split.cgstPaise,
        bill.split.sgstPaise,
        bill.split.utgstPaise,
        bill.split.igstPaise,
        bill.split.cessPaise,
        bill.discountPaise,
        bill.roundOffPaise,
        bill.payablePaise,
      ]),
    ),
    [linesTable]: rowsOf(
      bills.flatMap((bill) =>
        bill.lines.map((line) => [
          tenantId,
          till.storeId,
          bill.businessDate,
          bill.id,
          line.lineNo,
          line.itemId,
          line.qtyMilli,
          line.netPaise,
          line.totalPaise,
        ]),
      ),
    ),
  };
}
