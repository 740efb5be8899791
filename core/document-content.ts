/**
 * The canonical content of a committed document: what the journal hashes. Rule kept: the same document gives
 * the same text whether it comes from the sale or from its rows, whatever order its keys are in; the order
 * of fields here is fixed per schemaVersion and never changed for one that has shipped.
 */
import type { CartCustomer } from './billing/cart.ts';
import type { BillLine, CommittedDocument, CreditNoteLine, Seller, Tender } from './documents.ts';
import type { TaxRate, TaxSplit } from './gst/tax.ts';

const ofSplit = (s: TaxSplit) => [
  s.taxableValuePaise,
  s.cgstPaise,
  s.sgstPaise,
  s.utgstPaise,
  s.igstPaise,
  s.cessPaise,
];
const ofRate = (r: TaxRate) => [
  r.rateBp,
  r.treatment,
  r.valuation,
  r.cess === null ? null : [r.cess.rateBp, r.cess.perUnitMilliPaise, r.cess.rule],
];
const ofSeller = (s: Seller) => [s.name, s.address, s.stateCode, s.gstin, s.isComposition];
const ofCustomer = (c: CartCustomer | null) =>
  c === null ? null : [c.mobile, c.name, c.gstin, c.address, c.placeOfSupply];
const ofTender = (t: Tender) => [t.kind, t.amountPaise, t.receivedPaise, t.status, t.reference];
const ofLine = (l: BillLine) => [
  l.lineNo,
  l.itemId,
  l.barcode,
  l.name,
  l.nameHi,
  l.hsn,
  l.unit,
  l.packName,
  l.qtyMilli,
  l.packQtyMilli,
  l.batchId,
  l.batchCode,
  l.expiresOn,
  l.mrpPaise,
  l.sellingPricePaise,
  l.isInclusive,
  l.grossPaise,
  l.lineDiscountPaise,
  l.billDiscountPaise,
  l.netPaise,
  ofRate(l.rate),
  ofSplit(l.split),
  l.totalPaise,
];
const ofNoteLine = (l: CreditNoteLine) => [ofLine(l), l.billLineNo, l.isRestocked];

const ofHead = (d: CommittedDocument) => [
  d.id,
  d.storeId,
  d.tillId,
  d.shiftId,
  d.cashierId,
  d.cashierName,
  d.number,
  d.series,
  d.financialYear,
  d.sequence,
  d.businessDate,
  d.occurredAtMs,
  ofSeller(d.seller),
  ofCustomer(d.customer),
  d.placeOfSupply,
  d.supply,
  d.itemsPaise,
  d.discountPaise,
  ofSplit(d.split),
  d.roundOffPaise,
  d.payablePaise,
];

/** The text whose SHA-256 the journal keeps: values in the order above, without their names. */
export const documentContent = (d: CommittedDocument): string =>
  JSON.stringify(
    d.type === 'bill'
      ? [d.type, d.schemaVersion, ofHead(d), d.title, d.changePaise, d.lines.map(ofLine), d.tenders.map(ofTender)]
      : [
          d.type,
          d.schemaVersion,
          ofHead(d),
          [d.billId, d.billNumber, d.billDate, d.reason, d.approvedBy],
          d.lines.map(ofNoteLine),
          d.refunds.map(ofTender),
        ],
  );
