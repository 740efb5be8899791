/**
 * Bills and credit notes: written once, read whole, never changed. Rule kept: numbers are drawn inside the
 * transaction that commits the document, so that they have no gap; how a waiting tender ended is a row of its
 * own. Finding by text is bill-search.ts, sums of a shift shift-totals.ts.
 */
import type { ReturnedSoFar } from '#core/billing/make-credit-note.ts';
import type { Bill, CommittedDocument, CreditNote } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate, FinancialYear, Instant } from '#core/time.ts';
import { type BillSearch, makeBillSearch } from './bill-search.ts';
import { documentKinds } from './codes.ts';
import { documentContent } from '#core/document-content.ts';
import { billFromRows, creditNoteFromRows, type DocumentRow, type LineRow, type TenderRow } from './document-rows.ts';
import { makeDocumentWriter } from './document-writer.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { documentOfPart, isPartOf, partOf, partsPerDocument } from './part-keys.ts';
import { makeShiftTotals, type ShiftSums } from './shift-totals.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type WaitingUpi = {
  readonly billId: Uuid;
  readonly tenderNo: number;
  readonly number: string;
  readonly amountPaise: Paise;
  readonly reference: string | null;
  readonly occurredAtMs: Instant;
};
export type SettlementOutcome = 'received' | 'notReceived';

export type Bills = BillSearch &
  ShiftSums & {
    readonly insertBill: (bill: Bill) => void;
    readonly insertCreditNote: (note: CreditNote) => void;
    /** The next number of a series; only inside the transaction that uses it. */
    readonly nextSequence: (series: string, fy: FinancialYear) => number;
    readonly bill: (id: Uuid) => Bill | null;
    readonly creditNote: (id: Uuid) => CreditNote | null;
    readonly exists: (id: Uuid) => boolean;
    readonly billByNumber: (number: string) => Bill | null;
    readonly returnedSoFar: (billId: Uuid) => ReturnedSoFar;
    /** Bills and credit notes. */
    readonly count: () => number;
    /** Every series that a number was drawn from. */
    readonly seriesUsed: () => readonly string[];
    /** The newest bill. */
    readonly last: () => Bill | null;
    /** Of the newest document, bill or credit note. */
    readonly lastOccurredAtMs: () => Instant | null;
    /** Tenders committed as waiting and not settled since; null = of all shifts. */
    readonly waitingUpi: (shiftId: Uuid | null) => readonly WaitingUpi[];
    /** Throws when it was settled before or was never waiting. */
    readonly settleTender: (
      billId: Uuid,
      tenderNo: number,
      outcome: SettlementOutcome,
      atMs: Instant,
      by: Uuid,
    ) => void;
    /** The first number missing in a series; null when it is consecutive from 1. */
    readonly firstGap: (series: string, fy: FinancialYear) => number | null;
    /** What the journal hashed of this document, from its rows; null when it is not there. */
    readonly contentOf: (kind: string, id: Uuid) => string | null;
  };

const bill = documentKinds.toCode('bill');
const creditNote = documentKinds.toCode('creditNote');

const selectDocument = `SELECT d.*, c.content AS seller_content, h.id AS shift_id, s.id AS cashier_id, a.id AS approved_by
  FROM document d JOIN seller c ON c.seller_no = d.seller_no JOIN shift h ON h.shift_no = d.shift_no
    JOIN staff s ON s.staff_no = d.cashier_no LEFT JOIN staff a ON a.staff_no = d.approved_by_no`;
const isWaiting = `t.status = 'waiting' AND NOT EXISTS (SELECT 1 FROM tender_settlement x
  WHERE x.tender_key = t.tender_key)`;

export function makeBills(shop: ShopDb): Bills {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const write = makeDocumentWriter(shop);

  const byId = sql.prepare<[Buffer], DocumentRow>(`${selectDocument} WHERE d.id = ?`);
  const bySequence = sql.prepare<[string, string, number], DocumentRow>(
    `${selectDocument} WHERE d.series = ? AND d.financial_year = ? AND d.sequence = ?`,
  );
  const lastBill = sql.prepare<[], DocumentRow>(
    `${selectDocument} WHERE d.document_no =
       (SELECT document_no FROM document WHERE kind = ${bill} ORDER BY document_no DESC LIMIT 1)`,
  );
  const lines = sql.prepare<[{ document: number }], LineRow>(
    `SELECT l.*, ${partOf('l.line_key')} AS line_no, i.id AS item_id, b.id AS batch_id FROM document_line l
       LEFT JOIN item i ON i.item_no = l.item_no LEFT JOIN batch b ON b.batch_no = l.batch_no
     WHERE ${isPartOf('l.line_key', ':document')} ORDER BY l.line_key`,
  );
  const tenders = sql.prepare<[{ document: number }], TenderRow>(
    `SELECT * FROM document_tender WHERE ${isPartOf('tender_key', ':document')} ORDER BY tender_key`,
  );
  const exists = sql.prepare<[Buffer], number>('SELECT 1 FROM document WHERE id = ?').pluck();
  const lastSequence = sql
    .prepare<[string, string], number | null>(
      'SELECT max(sequence) FROM document WHERE series = ? AND financial_year = ?',
    )
    .pluck();
  const count = sql.prepare<[], number>('SELECT count(*) FROM document').pluck();
  const seriesUsed = sql.prepare<[], string>('SELECT DISTINCT series FROM document').pluck();
  const lastAt = sql
    .prepare<[], Instant>('SELECT occurred_at_ms FROM document ORDER BY document_no DESC LIMIT 1')
    .pluck();
  const returnedLines = sql.prepare<[Buffer], { returned_line_no: number; qty_milli: Milli }>(
    `SELECT l.returned_line_no, sum(l.qty_milli) AS qty_milli
     FROM document d JOIN document_line l ON ${isPartOf('l.line_key', 'd.document_no')}
     WHERE d.returned_id = ? AND l.returned_line_no IS NOT NULL GROUP BY l.returned_line_no ORDER BY 1`,
  );
  const returnedSums = sql.prepare<[Buffer], { refunded_paise: Paise | null; last_on: BusinessDate | null }>(
    `SELECT sum(payable_paise) AS refunded_paise, max(business_date) AS last_on
     FROM document WHERE returned_id = ? AND kind = ${creditNote}`,
  );
  const waiting = sql.prepare<[{ shift: number | null }], Omit<WaitingUpi, 'billId'> & { id: Buffer }>(
    `SELECT d.id, ${partOf('t.tender_key')} AS tenderNo, d.number, t.amount_paise AS amountPaise, t.reference,
       d.occurred_at_ms AS occurredAtMs
     FROM document_tender t JOIN document d ON d.document_no = ${documentOfPart('t.tender_key')}
     WHERE ${isWaiting} AND (:shift IS NULL OR d.shift_no = :shift) ORDER BY t.tender_key`,
  );
  const settle = sql.prepare(
    `INSERT INTO tender_settlement (tender_key, outcome, settled_at_ms, settled_by_no)
     SELECT t.tender_key, ?, ?, ? FROM document d
       JOIN document_tender t ON t.tender_key = d.document_no * ${partsPerDocument} + ?
     WHERE d.id = ? AND ${isWaiting}`,
  );
  const firstMissing = sql
    .prepare<[{ series: string; fy: string }], number>(
      `SELECT min(n) FROM (
         SELECT 1 AS n WHERE NOT EXISTS
           (SELECT 1 FROM document WHERE series = :series AND financial_year = :fy AND sequence = 1)
         UNION ALL
         SELECT d.sequence + 1 FROM document d WHERE d.series = :series AND d.financial_year = :fy AND NOT EXISTS
           (SELECT 1 FROM document e
            WHERE e.series = :series AND e.financial_year = :fy AND e.sequence = d.sequence + 1))`,
    )
    .pluck();

  const partsOf = (document: number) => [lines.all({ document }), tenders.all({ document })] as const;
  const readBill = (row: DocumentRow | undefined): Bill | null =>
    row === undefined || row.kind !== bill ? null : billFromRows(row, ...partsOf(row.document_no));
  const readNote = (row: DocumentRow | undefined): CreditNote | null =>
    row === undefined || row.kind !== creditNote ? null : creditNoteFromRows(row, ...partsOf(row.document_no));
  const lastSequenceOf = (series: string, fy: FinancialYear): number => lastSequence.get(series, fy) ?? 0;

  const billById = (id: Uuid): Bill | null => readBill(byId.get(uuidToBytes(id)));
  const noteById = (id: Uuid): CreditNote | null => readNote(byId.get(uuidToBytes(id)));

  return {
    ...makeBillSearch(shop),
    ...makeShiftTotals(shop),
    insertBill: write,
    insertCreditNote: write,
    nextSequence: (series, fy) => lastSequenceOf(series, fy) + 1,
    bill: billById,
    creditNote: noteById,
    exists: (id) => exists.get(uuidToBytes(id)) !== undefined,
    billByNumber: (number) => {
      const parts = /^([^/]+)\/(\d\d)(\d\d)\/(\d+)$/.exec(number.trim().toUpperCase());
      if (parts === null) return null;
      return readBill(bySequence.get(parts[1] ?? '', `20${parts[2]}-${parts[3]}`, Number(parts[4])));
    },
    returnedSoFar: (billId) => {
      const id = uuidToBytes(billId);
      const sums = returnedSums.get(id);
      return {
        qtyByLine: new Map(returnedLines.all(id).map((row) => [row.returned_line_no, row.qty_milli])),
        refundedPaise: sums?.refunded_paise ?? (0 as Paise),
        lastReturnedOn: sums?.last_on ?? null,
      };
    },
    count: () => count.get() ?? 0,
    seriesUsed: () => seriesUsed.all(),
    last: () => readBill(lastBill.get()),
    lastOccurredAtMs: () => lastAt.get() ?? null,
    waitingUpi: (shiftId) =>
      waiting
        .all({ shift: numbers.getOrNull('shift', shiftId) })
        .map(({ id, ...rest }) => ({ billId: bytesToUuid(id), ...rest })),
    settleTender: (billId, tenderNo, outcome, atMs, by) => {
      const byNo = numbers.get('staff', by);
      if (settle.run(outcome, atMs, byNo, tenderNo, uuidToBytes(billId)).changes !== 1) {
        throw new Error(`tender ${tenderNo} of ${billId} does not wait`);
      }
    },
    firstGap: (series, fy) => {
      const missing = firstMissing.get({ series, fy }) ?? 1;
      // The number after the last one is missing by right.
      return missing > lastSequenceOf(series, fy) ? null : missing;
    },
    contentOf: (_kind, id) => {
      const document: CommittedDocument | null = billById(id) ?? noteById(id);
      return document === null ? null : documentContent(document);
    },
  };
}
