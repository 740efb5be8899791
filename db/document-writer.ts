/**
 * Writes a committed document: head, lines, tenders. Rule kept: inserts only, inside the caller's
 * transaction; nothing here updates a row or draws a number.
 */
import type { BillLine, CommittedDocument, CreditNoteLine, Tender } from '#core/documents.ts';
import { documentKinds, rateToColumns } from './codes.ts';
import { sellerText, splitValues } from './document-rows.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { partKey } from './part-keys.ts';
import { uuidToBytes, uuidToBytesOrNull } from './uuid-bytes.ts';

const marks = (n: number): string => Array.from({ length: n }, () => '?').join(', ');

const headColumns = `id, kind, schema_version, series, financial_year, sequence, number, business_date, occurred_at_ms,
  seller_no, shift_no, cashier_no, cashier_name, title, has_customer, customer_mobile, customer_name, customer_gstin,
  customer_address, customer_place_of_supply, place_of_supply, supply, line_count, items_paise, discount_paise,
  taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise, round_off_paise, payable_paise,
  change_paise, returned_id, returned_number, returned_business_date, return_reason, approved_by_no`;
const lineColumns = `line_key, item_no, batch_no, barcode, name, name_hi, hsn, unit, pack_name, qty_milli,
  pack_qty_milli, batch_code, expires_on, mrp_paise, selling_price_paise, is_inclusive, gross_paise,
  line_discount_paise, bill_discount_paise, net_paise, rate_bp, treatment, valuation, cess_rule, cess_rate_bp,
  cess_per_unit_milli_paise, taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise,
  total_paise, returned_line_no, is_restocked`;
const width = (columns: string): number => columns.split(',').length;

export type DocumentWriter = (document: CommittedDocument) => void;

export function makeDocumentWriter(shop: ShopDb): DocumentWriter {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const findSeller = sql.prepare<[string], number>('SELECT seller_no FROM seller WHERE content = ?').pluck();
  const insertSeller = sql.prepare('INSERT INTO seller (content) VALUES (?)');
  const insertHead = sql.prepare(`INSERT INTO document (${headColumns}) VALUES (${marks(width(headColumns))})`);
  const insertLine = sql.prepare(`INSERT INTO document_line (${lineColumns}) VALUES (${marks(width(lineColumns))})`);
  const insertTender = sql.prepare(
    `INSERT INTO document_tender (tender_key, kind, amount_paise, received_paise, status, reference)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );

  const sellerNo = (document: CommittedDocument): number => {
    const text = sellerText(document);
    return findSeller.get(text) ?? Number(insertSeller.run(text).lastInsertRowid);
  };

  const writeHead = (d: CommittedDocument): number => {
    const note = d.type === 'creditNote' ? d : null;
    return Number(
      insertHead.run(
        uuidToBytes(d.id),
        documentKinds.toCode(d.type),
        d.schemaVersion,
        d.series,
        d.financialYear,
        d.sequence,
        d.number,
        d.businessDate,
        d.occurredAtMs,
        sellerNo(d),
        numbers.get('shift', d.shiftId),
        numbers.get('staff', d.cashierId),
        d.cashierName,
        d.type === 'bill' ? d.title : null,
        d.customer === null ? 0 : 1,
        d.customer?.mobile ?? null,
        d.customer?.name ?? null,
        d.customer?.gstin ?? null,
        d.customer?.address ?? null,
        d.customer?.placeOfSupply ?? null,
        d.placeOfSupply,
        d.supply,
        d.lines.length,
        d.itemsPaise,
        d.discountPaise,
        ...splitValues(d.split),
        d.roundOffPaise,
        d.payablePaise,
        d.type === 'bill' ? d.changePaise : 0,
        uuidToBytesOrNull(note?.billId ?? null),
        note?.billNumber ?? null,
        note?.billDate ?? null,
        note?.reason ?? null,
        numbers.getOrNull('staff', note?.approvedBy ?? null),
      ).lastInsertRowid,
    );
  };

  const writeLine = (documentNo: number, line: BillLine | CreditNoteLine): void => {
    const rate = rateToColumns(line.rate);
    const isReturn = 'isRestocked' in line;
    insertLine.run(
      partKey(documentNo, line.lineNo),
      numbers.getOrNull('item', line.itemId),
      numbers.getOrNull('batch', line.batchId),
      line.barcode,
      line.name,
      line.nameHi,
      line.hsn,
      line.unit,
      line.packName,
      line.qtyMilli,
      line.packQtyMilli,
      line.batchCode,
      line.expiresOn,
      line.mrpPaise,
      line.sellingPricePaise,
      line.isInclusive ? 1 : 0,
      line.grossPaise,
      line.lineDiscountPaise,
      line.billDiscountPaise,
      line.netPaise,
      rate.rate_bp,
      rate.treatment,
      rate.valuation,
      rate.cess_rule,
      rate.cess_rate_bp,
      rate.cess_per_unit_milli_paise,
      ...splitValues(line.split),
      line.totalPaise,
      isReturn ? line.billLineNo : null,
      isReturn ? (line.isRestocked ? 1 : 0) : null,
    );
  };

  const writeTender = (documentNo: number, tenderNo: number, t: Tender): void =>
    void insertTender.run(partKey(documentNo, tenderNo), t.kind, t.amountPaise, t.receivedPaise, t.status, t.reference);

  return (document) =>
    shop.transact(() => {
      const documentNo = writeHead(document);
      for (const line of document.lines) writeLine(documentNo, line);
      const tenders = document.type === 'bill' ? document.tenders : document.refunds;
      for (const [i, tender] of tenders.entries()) writeTender(documentNo, i + 1, tender);
    });
}
