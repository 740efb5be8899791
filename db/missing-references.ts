/**
 * What a bill names and the books have not: a person, a shift, an item, a batch that were made after the backup. Rule
 * kept: a row is made only where none is, with what the bill itself says, and never comes into use: inactive people and
 * goods, a shift that is over.
 */
import type { Item } from '#core/catalogue/item.ts';
import type { BillLine, CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { uuidToBytes } from './uuid-bytes.ts';

export type AddMissing = (document: CommittedDocument) => void;

/** Inside the caller's transaction. */
export function makeAddMissing(shop: ShopDb): AddMissing {
  const { sql } = shop;
  const staff = sql.prepare(
    `INSERT INTO staff (id, name, role, language, pin_hash, pin_salt, is_active) VALUES (?, ?, 'cashier', 'en', '', '', 0)
     ON CONFLICT DO NOTHING`,
  );
  const shift = sql.prepare(
    `INSERT INTO shift (id, cashier_no, cashier_name, opened_at_ms, business_date, float_paise, first_document_no,
       last_document_no, closed_at_ms, closed_by_no, expected_cash_paise, counted_cash_paise)
     SELECT :id, staff_no, :name, :at, :date, 0, (SELECT coalesce(max(document_no), 0) + 1 FROM document),
       (SELECT coalesce(max(document_no), 0) FROM document), :at, staff_no, 0, 0
     FROM staff WHERE id = :cashier ON CONFLICT DO NOTHING`,
  );
  // A shift that was made here reaches as far as its last bill.
  const stretch = sql.prepare(
    `UPDATE shift SET last_document_no = (SELECT coalesce(max(document_no), 0) + 1 FROM document), closed_at_ms = :at
     WHERE id = :id AND closed_at_ms IS NOT NULL`,
  );
  const items = makeItems(shop);
  return (d) => {
    const [id, cashier] = [uuidToBytes(d.shiftId), uuidToBytes(d.cashierId)];
    staff.run(cashier, d.cashierName);
    if (d.type === 'creditNote' && d.approvedBy !== null) staff.run(uuidToBytes(d.approvedBy), '');
    shift.run({ id, cashier, name: d.cashierName, at: d.occurredAtMs, date: d.businessDate });
    stretch.run({ id, at: d.occurredAtMs });
    for (const line of d.lines) {
      if (line.itemId === null) continue;
      if (items.byId(line.itemId) === null) items.insert(itemOf(line, line.itemId));
      if (line.batchId !== null && items.batchById(line.batchId) === null) {
        items.insertBatch(line.itemId, {
          id: line.batchId,
          code: line.batchCode,
          mrpPaise: line.mrpPaise,
          sellingPricePaise: line.sellingPricePaise,
          packedOn: null,
          expiresOn: line.expiresOn,
        });
      }
    }
  };
}

const itemOf = (line: BillLine, id: Uuid): Item => ({
  id,
  code: id,
  name: line.name,
  nameHi: line.nameHi,
  brand: null,
  category: null,
  unit: line.unit,
  hsn: line.hsn,
  taxClassKey: null,
  isInclusive: line.isInclusive,
  mrpPaise: line.mrpPaise,
  sellingPricePaise: line.sellingPricePaise,
  costPricePaise: null,
  looseSlot: null,
  isActive: false,
  barcodes: [],
  batches: [],
});
