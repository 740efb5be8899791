/**
 * Bills and credit notes as rows and back. Rule kept: what is read equals what was inserted, field by field
 * (a property test); nothing is computed here but sums that the document itself carries.
 */
import type { CartCustomer } from '#core/billing/cart.ts';
import type { Bill, BillLine, CreditNote, CreditNoteLine, Seller, Tender } from '#core/documents.ts';
import type { TaxSplit } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { columnsToRate, type RateColumns } from './codes.ts';
import { bytesToUuid, bytesToUuidOrNull } from './uuid-bytes.ts';

export type SplitColumns = {
  taxable_value_paise: Paise;
  cgst_paise: Paise;
  sgst_paise: Paise;
  utgst_paise: Paise;
  igst_paise: Paise;
  cess_paise: Paise;
};
export const columnsToSplit = (row: SplitColumns): TaxSplit => ({
  taxableValuePaise: row.taxable_value_paise,
  cgstPaise: row.cgst_paise,
  sgstPaise: row.sgst_paise,
  utgstPaise: row.utgst_paise,
  igstPaise: row.igst_paise,
  cessPaise: row.cess_paise,
});
export const splitValues = (split: TaxSplit) =>
  [
    split.taxableValuePaise,
    split.cgstPaise,
    split.sgstPaise,
    split.utgstPaise,
    split.igstPaise,
    split.cessPaise,
  ] as const;

/** Who sold: one row for all documents that say the same. */
export type SellerContent = { readonly storeId: Uuid; readonly tillId: Uuid; readonly seller: Seller };
export const sellerText = ({ storeId, tillId, seller }: SellerContent): string =>
  JSON.stringify([
    storeId,
    tillId,
    seller.name,
    seller.address,
    seller.stateCode,
    seller.gstin,
    seller.isComposition ? 1 : 0,
  ]);
export function sellerFromText(text: string): SellerContent {
  const [storeId, tillId, name, address, stateCode, gstin, isComposition] = JSON.parse(text) as [
    Uuid,
    Uuid,
    string,
    string,
    string,
    string | null,
    number,
  ];
  return { storeId, tillId, seller: { name, address, stateCode, gstin, isComposition: isComposition === 1 } };
}

export type DocumentRow = SplitColumns & {
  document_no: number;
  id: Buffer;
  kind: number;
  schema_version: 1;
  series: string;
  financial_year: Bill['financialYear'];
  sequence: number;
  number: string;
  business_date: Bill['businessDate'];
  occurred_at_ms: Bill['occurredAtMs'];
  seller_content: string;
  shift_id: Buffer;
  cashier_id: Buffer;
  cashier_name: string;
  title: Bill['title'] | null;
  has_customer: number;
  customer_mobile: string | null;
  customer_name: string | null;
  customer_gstin: CartCustomer['gstin'];
  customer_address: string | null;
  customer_place_of_supply: string | null;
  place_of_supply: string;
  supply: Bill['supply'];
  items_paise: Paise;
  discount_paise: Paise;
  round_off_paise: Paise;
  payable_paise: Paise;
  change_paise: Paise;
  returned_id: Buffer | null;
  returned_number: string | null;
  returned_business_date: Bill['businessDate'] | null;
  return_reason: CreditNote['reason'] | null;
  approved_by: Buffer | null;
};

export type LineRow = SplitColumns &
  RateColumns & {
    line_no: number;
    item_id: Buffer | null;
    batch_id: Buffer | null;
    barcode: string | null;
    name: string;
    name_hi: string | null;
    hsn: string | null;
    unit: BillLine['unit'];
    pack_name: string | null;
    qty_milli: BillLine['qtyMilli'];
    pack_qty_milli: BillLine['qtyMilli'];
    batch_code: string | null;
    expires_on: BillLine['expiresOn'];
    mrp_paise: Paise | null;
    selling_price_paise: Paise;
    is_inclusive: number;
    gross_paise: Paise;
    line_discount_paise: Paise;
    bill_discount_paise: Paise;
    net_paise: Paise;
    total_paise: Paise;
    returned_line_no: number | null;
    is_restocked: number | null;
  };

export type TenderRow = {
  kind: Tender['kind'];
  amount_paise: Paise;
  received_paise: Paise;
  status: Tender['status'];
  reference: string | null;
};

const lineFromRow = (row: LineRow): BillLine => ({
  lineNo: row.line_no,
  itemId: bytesToUuidOrNull(row.item_id),
  barcode: row.barcode,
  name: row.name,
  nameHi: row.name_hi,
  hsn: row.hsn,
  unit: row.unit,
  packName: row.pack_name,
  qtyMilli: row.qty_milli,
  packQtyMilli: row.pack_qty_milli,
  batchId: bytesToUuidOrNull(row.batch_id),
  batchCode: row.batch_code,
  expiresOn: row.expires_on,
  mrpPaise: row.mrp_paise,
  sellingPricePaise: row.selling_price_paise,
  isInclusive: row.is_inclusive === 1,
  grossPaise: row.gross_paise,
  lineDiscountPaise: row.line_discount_paise,
  billDiscountPaise: row.bill_discount_paise,
  netPaise: row.net_paise,
  rate: columnsToRate(row),
  split: columnsToSplit(row),
  totalPaise: row.total_paise,
});

const noteLineFromRow = (row: LineRow): CreditNoteLine => ({
  ...lineFromRow(row),
  billLineNo: row.returned_line_no,
  isRestocked: row.is_restocked === 1,
});

const tenderFromRow = (row: TenderRow): Tender => ({
  kind: row.kind,
  amountPaise: row.amount_paise,
  receivedPaise: row.received_paise,
  status: row.status,
  reference: row.reference,
});

const customerFromRow = (row: DocumentRow): CartCustomer | null =>
  row.has_customer === 0
    ? null
    : {
        mobile: row.customer_mobile,
        name: row.customer_name,
        gstin: row.customer_gstin,
        address: row.customer_address,
        placeOfSupply: row.customer_place_of_supply,
      };

function headFromRow(row: DocumentRow) {
  return {
    schemaVersion: row.schema_version,
    id: bytesToUuid(row.id),
    ...sellerFromText(row.seller_content),
    shiftId: bytesToUuid(row.shift_id),
    cashierId: bytesToUuid(row.cashier_id),
    cashierName: row.cashier_name,
    number: row.number,
    series: row.series,
    financialYear: row.financial_year,
    sequence: row.sequence,
    businessDate: row.business_date,
    occurredAtMs: row.occurred_at_ms,
    customer: customerFromRow(row),
    placeOfSupply: row.place_of_supply,
    supply: row.supply,
    itemsPaise: row.items_paise,
    discountPaise: row.discount_paise,
    split: columnsToSplit(row),
    roundOffPaise: row.round_off_paise,
    payablePaise: row.payable_paise,
  } as const;
}

export const billFromRows = (row: DocumentRow, lines: readonly LineRow[], tenders: readonly TenderRow[]): Bill => ({
  type: 'bill',
  ...headFromRow(row),
  title: row.title ?? 'taxInvoice',
  lines: lines.map(lineFromRow),
  tenders: tenders.map(tenderFromRow),
  changePaise: row.change_paise,
});

export const creditNoteFromRows = (
  row: DocumentRow,
  lines: readonly LineRow[],
  refunds: readonly TenderRow[],
): CreditNote => ({
  type: 'creditNote',
  ...headFromRow(row),
  billId: bytesToUuidOrNull(row.returned_id),
  billNumber: row.returned_number,
  billDate: row.returned_business_date,
  reason: row.return_reason ?? 'other',
  approvedBy: bytesToUuidOrNull(row.approved_by),
  lines: lines.map(noteLineFromRow),
  refunds: refunds.map(tenderFromRow),
});
