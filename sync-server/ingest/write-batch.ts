/**
 * Writes one till's batch in one transaction: entries as they came, bills and lines exploded, sums of the day. Rule
 * kept: an id that is there already changes nothing (the stored answer is given again) and what is new is counted
 * once, so a batch may come any number of times. Arrays go to Postgres whole (unnest): a statement each, not a row.
 */
import type { PoolClient } from 'pg';
import type { PushAnswer, Rejection } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import { decideBatch, entryKey } from './decide-batch.ts';
import type { JudgedEntry } from './judge-entry.ts';

export type PushingTill = { readonly tenantId: string; readonly storeId: string; readonly tillId: string };

type StoredRow = {
  readonly document_id: string;
  readonly kind: string;
  readonly content_hash: Buffer;
  readonly rejection: Rejection | null;
};

const insertDocuments = `
  INSERT INTO document (tenant_id, store_id, till_id, received_at_ms, document_id, kind, till_seq, occurred_at_ms,
    content_hash, content, number, rejection)
  SELECT $1, $2, $3, $4, d.* FROM unnest($5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bytea[], $10::text[],
    $11::text[], $12::jsonb[]) AS d`;

const insertBills = `
  INSERT INTO bill (tenant_id, store_id, till_id, business_date, bill_id, kind, number, occurred_at_ms,
    taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise, discount_paise, round_off_paise,
    payable_paise)
  SELECT $1, $2, $3, b.* FROM unnest($4::date[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
    $17::bigint[]) AS b`;

const insertLines = `
  INSERT INTO bill_line (tenant_id, store_id, business_date, bill_id, line_no, item_id, qty_milli, net_paise, total_paise)
  SELECT $1, $2, l.* FROM unnest($3::date[], $4::uuid[], $5::int[], $6::uuid[], $7::bigint[], $8::bigint[],
    $9::bigint[]) AS l`;

// Rows in the order of their keys: two batches that touch the same sums never wait for each other in a ring.
const addStoreDays = `
  INSERT INTO store_day AS s (tenant_id, store_id, business_date, bills, credit_notes, sales_paise, refunds_paise)
  SELECT $1, $2, d.day, sum(d.bills), sum(d.notes), sum(d.sales), sum(d.refunds)
  FROM unnest($3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS d(day, bills, notes, sales, refunds)
  GROUP BY d.day ORDER BY d.day
  ON CONFLICT (tenant_id, store_id, business_date) DO UPDATE SET bills = s.bills + excluded.bills,
    credit_notes = s.credit_notes + excluded.credit_notes, sales_paise = s.sales_paise + excluded.sales_paise,
    refunds_paise = s.refunds_paise + excluded.refunds_paise`;

const addItemDays = `
  INSERT INTO item_day AS s (tenant_id, store_id, business_date, item_id, qty_milli, net_paise)
  SELECT $1, $2, l.day, l.item, sum(l.qty), sum(l.net)
  FROM unnest($3::date[], $4::uuid[], $5::bigint[], $6::bigint[]) AS l(day, item, qty, net)
  WHERE l.item IS NOT NULL GROUP BY l.day, l.item ORDER BY l.day, l.item
  ON CONFLICT (tenant_id, store_id, business_date, item_id) DO UPDATE SET qty_milli = s.qty_milli + excluded.qty_milli,
    net_paise = s.net_paise + excluded.net_paise`;

/** A return counts against what was sold. */
const signOf = (document: CommittedDocument): 1 | -1 => (document.type === 'bill' ? 1 : -1);

async function writeBills(on: PoolClient, till: PushingTill, documents: readonly CommittedDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const of = <T>(pick: (document: CommittedDocument) => T): T[] => documents.map(pick);
  await on.query({
    name: 'bills',
    text: insertBills,
    values: [
      till.tenantId,
      till.storeId,
      till.tillId,
      of((d) => d.businessDate),
      of((d) => d.id),
      of((d) => d.type),
      of((d) => d.number),
      of((d) => d.occurredAtMs),
      of((d) => d.split.taxableValuePaise),
      of((d) => d.split.cgstPaise),
      of((d) => d.split.sgstPaise),
      of((d) => d.split.utgstPaise),
      of((d) => d.split.igstPaise),
      of((d) => d.split.cessPaise),
      of((d) => d.discountPaise),
      of((d) => d.roundOffPaise),
      of((d) => d.payablePaise),
    ],
  });
  const lines = documents.flatMap((document) => document.lines.map((line) => ({ document, line })));
  const each = <T>(pick: (row: (typeof lines)[number]) => T): T[] => lines.map(pick);
  const days = each((l) => l.document.businessDate);
  const items = each((l) => l.line.itemId);
  await on.query({
    name: 'lines',
    text: insertLines,
    values: [
      till.tenantId,
      till.storeId,
      days,
      each((l) => l.document.id),
      each((l) => l.line.lineNo),
      items,
      each((l) => l.line.qtyMilli * signOf(l.document)),
      each((l) => l.line.netPaise * signOf(l.document)),
      each((l) => l.line.totalPaise * signOf(l.document)),
    ],
  });
  await on.query({
    name: 'item-days',
    text: addItemDays,
    values: [
      till.tenantId,
      till.storeId,
      days,
      items,
      each((l) => l.line.qtyMilli * signOf(l.document)),
      each((l) => l.line.netPaise * signOf(l.document)),
    ],
  });
  await on.query({
    name: 'store-days',
    text: addStoreDays,
    values: [
      till.tenantId,
      till.storeId,
      of((d) => d.businessDate),
      of((d) => (d.type === 'bill' ? 1 : 0)),
      of((d) => (d.type === 'bill' ? 0 : 1)),
      of((d) => (d.type === 'bill' ? d.payablePaise : 0)),
      of((d) => (d.type === 'bill' ? 0 : d.payablePaise)),
    ],
  });
}

/**
 * In the caller's transaction. Answers in the entries' order. Only the till itself pushes its entries, one batch at a
 * time (its row is locked). Two tills that draw one number at one moment: the second one's transaction fails on the
 * unique index, and pushed again it is told.
 */
export async function writeBatch(
  on: PoolClient,
  till: PushingTill,
  judged: readonly JudgedEntry[],
  nowMs: number,
): Promise<readonly PushAnswer[]> {
  const before = await on.query<StoredRow>({
    name: 'stored',
    text: `SELECT document_id, kind, content_hash, rejection FROM document
      WHERE tenant_id = $1 AND store_id = $2 AND document_id = ANY($3::uuid[])`,
    values: [till.tenantId, till.storeId, judged.map((j) => j.entry.id)],
  });
  const stored = new Map(
    before.rows.map((row) => [
      entryKey(row.kind, row.document_id),
      { hash: row.content_hash.toString('hex'), rejection: row.rejection },
    ]),
  );
  const { answers, fresh } = decideBatch(judged, stored, await numbersTaken(on, till, judged));
  if (fresh.length === 0) return answers;
  const of = <T>(pick: (row: (typeof fresh)[number]) => T): T[] => fresh.map(pick);
  await on.query({
    name: 'documents',
    text: insertDocuments,
    values: [
      till.tenantId,
      till.storeId,
      till.tillId,
      nowMs,
      of((f) => f.judged.entry.id),
      of((f) => f.judged.entry.kind),
      of((f) => f.judged.entry.seq),
      of((f) => f.judged.entry.atMs),
      of((f) => Buffer.from(f.judged.hash, 'hex')),
      of((f) => f.judged.entry.content),
      of((f) => (f.rejection === null ? (f.judged.document?.number ?? null) : null)),
      of((f) => (f.rejection === null ? null : JSON.stringify(f.rejection))),
    ],
  });
  await writeBills(
    on,
    till,
    fresh.flatMap((f) => (f.rejection === null && f.judged.document !== null ? [f.judged.document] : [])),
  );
  return answers;
}

async function numbersTaken(on: PoolClient, till: PushingTill, judged: readonly JudgedEntry[]): Promise<Set<string>> {
  const numbers = judged.flatMap((j) => (j.document === null ? [] : [j.document.number]));
  if (numbers.length === 0) return new Set();
  const found = await on.query<{ number: string }>({
    name: 'numbers',
    text: 'SELECT number FROM document WHERE tenant_id = $1 AND store_id = $2 AND number = ANY($3::text[])',
    values: [till.tenantId, till.storeId, numbers],
  });
  return new Set(found.rows.map((row) => row.number));
}
