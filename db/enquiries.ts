/**
 * Enquiries (F11): what customers asked for and the shop had not. Rule kept: rows are only added; what to order
 * from them is decided elsewhere.
 */
import type { Uuid } from '#core/ids.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, bytesToUuidOrNull, uuidToBytes } from './uuid-bytes.ts';

export type Enquiry = {
  readonly id: Uuid;
  readonly text: string;
  readonly itemId: Uuid | null;
  readonly staffId: Uuid;
  readonly atMs: Instant;
  readonly businessDate: BusinessDate;
};
export type Enquiries = {
  readonly add: (enquiry: Enquiry) => void;
  /** Newest first. */
  readonly recent: (limit: number) => readonly Enquiry[];
};

type Row = {
  id: Buffer;
  text: string;
  item_id: Buffer | null;
  staff_id: Buffer;
  at_ms: Instant;
  business_date: BusinessDate;
};

export function makeEnquiries(shop: ShopDb): Enquiries {
  const numbers = numbersOf(shop);
  const add = shop.sql.prepare(
    'INSERT INTO enquiry (id, text, item_no, staff_no, at_ms, business_date) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const recent = shop.sql.prepare<[number], Row>(
    `SELECT e.id, e.text, i.id AS item_id, s.id AS staff_id, e.at_ms, e.business_date
     FROM enquiry e LEFT JOIN item i ON i.item_no = e.item_no JOIN staff s ON s.staff_no = e.staff_no
     ORDER BY e.enquiry_no DESC LIMIT ?`,
  );
  return {
    add: (e) =>
      void add.run(
        uuidToBytes(e.id),
        e.text,
        numbers.getOrNull('item', e.itemId),
        numbers.get('staff', e.staffId),
        e.atMs,
        e.businessDate,
      ),
    recent: (limit) =>
      recent.all(limit).map((row) => ({
        id: bytesToUuid(row.id),
        text: row.text,
        itemId: bytesToUuidOrNull(row.item_id),
        staffId: bytesToUuid(row.staff_id),
        atMs: row.at_ms,
        businessDate: row.business_date,
      })),
  };
}
