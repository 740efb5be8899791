/**
 * Shifts: one is open at a time in a till (a unique index sees to it). Rule kept: a closed shift never changes.
 * It knows which numbers its documents lie between, so that a report reads those rows and no index is kept
 * for it on the sale's path.
 */
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, bytesToUuidOrNull, uuidToBytes } from './uuid-bytes.ts';

export type NewShift = {
  readonly id: Uuid;
  readonly cashierId: Uuid;
  readonly cashierName: string;
  readonly openedAtMs: Instant;
  readonly businessDate: BusinessDate;
  readonly floatPaise: Paise;
};
export type ShiftClosing = {
  readonly closedAtMs: Instant;
  readonly closedBy: Uuid;
  readonly expectedCashPaise: Paise;
  readonly countedCashPaise: Paise;
  /** What was counted before a second count; null when there was one only. */
  readonly firstCountPaise: Paise | null;
  readonly reason: string | null;
};
export type ShiftRow = NewShift & { readonly closing: ShiftClosing | null };

export type Shifts = {
  readonly current: () => ShiftRow | null;
  /** Throws when one is open. */
  readonly open: (shift: NewShift) => void;
  /** Throws when it is not the open one. */
  readonly close: (id: Uuid, closing: ShiftClosing) => void;
  readonly byId: (id: Uuid) => ShiftRow | null;
  readonly lastClosedCash: () => Paise | null;
  /** Newest first. */
  readonly recent: (limit: number) => readonly ShiftRow[];
};

type Row = {
  id: Buffer;
  cashier_id: Buffer;
  cashier_name: string;
  opened_at_ms: Instant;
  business_date: BusinessDate;
  float_paise: Paise;
  closed_at_ms: Instant | null;
  closed_by: Buffer | null;
  expected_cash_paise: Paise | null;
  counted_cash_paise: Paise | null;
  first_count_paise: Paise | null;
  reason: string | null;
};

function fromRow(row: Row): ShiftRow {
  const closedBy = bytesToUuidOrNull(row.closed_by);
  return {
    id: bytesToUuid(row.id),
    cashierId: bytesToUuid(row.cashier_id),
    cashierName: row.cashier_name,
    openedAtMs: row.opened_at_ms,
    businessDate: row.business_date,
    floatPaise: row.float_paise,
    closing:
      row.closed_at_ms === null || closedBy === null
        ? null
        : {
            closedAtMs: row.closed_at_ms,
            closedBy,
            expectedCashPaise: row.expected_cash_paise ?? (0 as Paise),
            countedCashPaise: row.counted_cash_paise ?? (0 as Paise),
            firstCountPaise: row.first_count_paise,
            reason: row.reason,
          },
  };
}

export function makeShifts(shop: ShopDb): Shifts {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const select = `SELECT s.id, c.id AS cashier_id, s.cashier_name, s.opened_at_ms, s.business_date, s.float_paise,
      s.closed_at_ms, b.id AS closed_by, s.expected_cash_paise, s.counted_cash_paise, s.first_count_paise, s.reason
    FROM shift s JOIN staff c ON c.staff_no = s.cashier_no LEFT JOIN staff b ON b.staff_no = s.closed_by_no`;
  const current = sql.prepare<[], Row>(`${select} WHERE s.closed_at_ms IS NULL`);
  const byId = sql.prepare<[Buffer], Row>(`${select} WHERE s.id = ?`);
  const recent = sql.prepare<[number], Row>(`${select} ORDER BY s.shift_no DESC LIMIT ?`);
  const insert = sql.prepare(
    `INSERT INTO shift (id, cashier_no, cashier_name, opened_at_ms, business_date, float_paise, first_document_no)
     VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(document_no), 0) + 1 FROM document))`,
  );
  const close = sql.prepare(
    `UPDATE shift SET closed_at_ms = ?, closed_by_no = ?, expected_cash_paise = ?, counted_cash_paise = ?,
       first_count_paise = ?, reason = ?, last_document_no = (SELECT coalesce(max(document_no), 0) FROM document)
     WHERE id = ? AND closed_at_ms IS NULL`,
  );
  const lastCash = sql
    .prepare<[], Paise>(
      'SELECT counted_cash_paise FROM shift WHERE closed_at_ms IS NOT NULL ORDER BY shift_no DESC LIMIT 1',
    )
    .pluck();
  const one = (row: Row | undefined): ShiftRow | null => (row === undefined ? null : fromRow(row));
  return {
    current: () => one(current.get()),
    open: (s) =>
      void insert.run(
        uuidToBytes(s.id),
        numbers.get('staff', s.cashierId),
        s.cashierName,
        s.openedAtMs,
        s.businessDate,
        s.floatPaise,
      ),
    close: (id, c) => {
      const closedBy = numbers.get('staff', c.closedBy);
      const { changes } = close.run(
        c.closedAtMs,
        closedBy,
        c.expectedCashPaise,
        c.countedCashPaise,
        c.firstCountPaise,
        c.reason,
        uuidToBytes(id),
      );
      if (changes !== 1) throw new Error(`shift ${id} is not open`);
    },
    byId: (id) => one(byId.get(uuidToBytes(id))),
    lastClosedCash: () => lastCash.get() ?? null,
    recent: (limit) => recent.all(limit).map(fromRow),
  };
}
