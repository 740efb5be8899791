/**
 * What a shift's documents come to, for its report. Rule kept: sums of rows, read between the shift's first and
 * last document number; no running total is kept anywhere that could drift.
 */
import type { TenderKind } from '#core/billing/cart.ts';
import type { TaxSplit } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { documentKinds } from './codes.ts';
import { columnsToSplit, type SplitColumns } from './document-rows.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { isPartOf } from './part-keys.ts';

export type TenderTotals = {
  readonly kind: TenderKind;
  /** As committed: the kinds together are the sales. */
  readonly salesPaise: Paise;
  readonly refundsPaise: Paise;
  /** Of the sales: committed as waiting, not settled yet. */
  readonly waitingPaise: Paise;
  /** Of the sales: was waiting, and a person said that it never came. */
  readonly notReceivedPaise: Paise;
};
export type ShiftTotals = {
  readonly bills: number;
  readonly creditNotes: number;
  /** Σ payable of bills. */
  readonly salesPaise: Paise;
  /** Σ payable of credit notes. */
  readonly refundsPaise: Paise;
  /** Of bills alone. */
  readonly discountPaise: Paise;
  /** Bills less credit notes. */
  readonly split: TaxSplit;
  /** Bills less credit notes. */
  readonly roundOffPaise: Paise;
  readonly byTender: readonly TenderTotals[];
  /** Of bills, by the order in which they were made. */
  readonly firstNumber: string | null;
  readonly lastNumber: string | null;
};
export type ShiftSums = { readonly shiftTotals: (shiftId: Uuid) => ShiftTotals };

type Sums = SplitColumns & {
  bills: number;
  credit_notes: number;
  sales_paise: Paise;
  refunds_paise: Paise;
  discount_paise: Paise;
  round_off_paise: Paise;
  first_no: number | null;
  last_no: number | null;
};

const bill = documentKinds.toCode('bill');

export function makeShiftTotals(shop: ShopDb): ShiftSums {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const ofShift = `d.document_no BETWEEN (SELECT first_document_no FROM shift WHERE shift_no = :shift)
    AND coalesce((SELECT last_document_no FROM shift WHERE shift_no = :shift), 9223372036854775807)
    AND d.shift_no = :shift`;
  const net = (column: string): string =>
    `coalesce(sum(CASE kind WHEN ${bill} THEN ${column} ELSE -${column} END), 0) AS ${column}`;
  const sums = sql.prepare<[{ shift: number }], Sums>(
    `SELECT count(*) FILTER (WHERE kind = ${bill}) AS bills, count(*) FILTER (WHERE kind <> ${bill}) AS credit_notes,
       coalesce(sum(payable_paise) FILTER (WHERE kind = ${bill}), 0) AS sales_paise,
       coalesce(sum(payable_paise) FILTER (WHERE kind <> ${bill}), 0) AS refunds_paise,
       coalesce(sum(discount_paise) FILTER (WHERE kind = ${bill}), 0) AS discount_paise,
       ${['taxable_value', 'cgst', 'sgst', 'utgst', 'igst', 'cess', 'round_off'].map((c) => net(`${c}_paise`)).join(', ')},
       min(document_no) FILTER (WHERE kind = ${bill}) AS first_no,
       max(document_no) FILTER (WHERE kind = ${bill}) AS last_no
     FROM document d WHERE ${ofShift}`,
  );
  const byTender = sql.prepare<[{ shift: number }], TenderTotals>(
    `SELECT t.kind,
       coalesce(sum(t.amount_paise) FILTER (WHERE d.kind = ${bill}), 0) AS salesPaise,
       coalesce(sum(t.amount_paise) FILTER (WHERE d.kind <> ${bill}), 0) AS refundsPaise,
       coalesce(sum(t.amount_paise) FILTER (WHERE t.status = 'waiting' AND x.outcome IS NULL), 0) AS waitingPaise,
       coalesce(sum(t.amount_paise) FILTER (WHERE x.outcome = 'notReceived'), 0) AS notReceivedPaise
     FROM document d JOIN document_tender t ON ${isPartOf('t.tender_key', 'd.document_no')}
       LEFT JOIN tender_settlement x ON x.tender_key = t.tender_key
     WHERE ${ofShift} GROUP BY t.kind ORDER BY t.kind`,
  );
  const numberOf = sql.prepare<[number], string>('SELECT number FROM document WHERE document_no = ?').pluck();
  const numberOrNull = (no: number | null): string | null => (no === null ? null : (numberOf.get(no) ?? null));

  const shiftTotals = (shiftId: Uuid): ShiftTotals => {
    const shift = numbers.get('shift', shiftId);
    const row = sums.get({ shift });
    if (row === undefined) throw new Error('an aggregate without a row');
    return {
      bills: row.bills,
      creditNotes: row.credit_notes,
      salesPaise: row.sales_paise,
      refundsPaise: row.refunds_paise,
      discountPaise: row.discount_paise,
      split: columnsToSplit(row),
      roundOffPaise: row.round_off_paise,
      byTender: byTender.all({ shift }),
      firstNumber: numberOrNull(row.first_no),
      lastNumber: numberOrNull(row.last_no),
    };
  };
  return { shiftTotals };
}
