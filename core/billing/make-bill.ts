/**
 * Makes the Bill document out of a priced cart: the moment a cart becomes a fact. Rule kept: every amount
 * is copied from price-cart.ts, none computed anew. Refuses what may not be sold: an empty or unsettled
 * cart, short money, a missing rate, buyer's details the law asks for. Never draws a number by itself.
 */
import type { DomainError } from '../errors.ts';
import { stateOfGstin } from '../gst/gstin.ts';
import { supplyOf } from '../gst/place.ts';
import { addPaise, type Paise, subtractPaise, zeroPaise } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { BusinessDate } from '../time.ts';
import type { Bill, BillLine, BillTitle, Seller, Tender } from '../documents.ts';
import { type Cart, isItemLine } from './cart.ts';
import { type PricedCart, type PricedLine, settle } from './price-cart.ts';

/** CGST Rule 46: above this taxable value an unregistered buyer's name and address must be on the bill. */
export const buyerDetailsFromPaise = 50_000_00 as Paise;

/** What only the till knows at the moment of the commit. */
export type CommitFacts = Pick<
  Bill,
  | 'storeId'
  | 'tillId'
  | 'shiftId'
  | 'cashierId'
  | 'cashierName'
  | 'number'
  | 'series'
  | 'financialYear'
  | 'sequence'
  | 'businessDate'
  | 'occurredAtMs'
  | 'seller'
>;

/** Where the goods are taken to be supplied: the buyer's choice, else the shop's own state (IGST Act s. 10(1)(ca)). */
export const placeOfSupplyOf = (cart: Pick<Cart, 'customer'>, seller: Pick<Seller, 'stateCode'>): string =>
  cart.customer?.placeOfSupply ?? (cart.customer?.gstin ? stateOfGstin(cart.customer.gstin) : null) ?? seller.stateCode;

/** Everything that must hold before a cart may become a bill; null when it may. */
export function refusalToCommit(cart: Cart, priced: PricedCart, date: BusinessDate): DomainError | null {
  const unsettled = cart.lines.filter((l) => !isItemLine(l)).length;
  if (unsettled > 0) return { type: 'CartUnsettled', lines: unsettled };
  if (priced.lines.length === 0) return { type: 'CartEmpty' };
  const rateless = priced.lines.find((l) => !l.hasRate);
  if (rateless) return { type: 'NoTaxRate', itemName: rateless.line.name, onDate: date };
  // Rule 31D: the tax of such goods is on the printed price, so without one there is no lawful bill.
  const unpriced = priced.lines.find((l) => l.rate.valuation === 'retailSalePrice' && l.line.mrpPaise === null);
  if (unpriced) return { type: 'MrpNeeded', itemName: unpriced.line.name };
  const expired = priced.lines.find((l) => l.line.expiresOn !== null && l.line.expiresOn < date);
  if (expired?.line.expiresOn) return { type: 'BatchExpired', expiredOn: expired.line.expiresOn };
  const customer = cart.customer;
  const needsDetails = priced.split.taxableValuePaise >= buyerDetailsFromPaise && !customer?.gstin;
  if (needsDetails && !(customer?.name && customer.address)) {
    return { type: 'CustomerDetailsNeeded', fromPaise: buyerDetailsFromPaise };
  }
  const { stillToCollectPaise, changePaise } = settle(priced.payablePaise, cart.tenders);
  if (stillToCollectPaise > 0) return { type: 'TenderShort', shortByPaise: stillToCollectPaise };
  const cash = addPaise(...cart.tenders.filter((t) => t.kind === 'cash').map((t) => t.amountPaise));
  if (changePaise > cash) return { type: 'TenderAbovePayable', overByPaise: subtractPaise(changePaise, cash) };
  return null;
}

/** The committed document; the cart's id becomes the bill's. Error: see refusalToCommit. */
export function makeBill(cart: Cart, priced: PricedCart, facts: CommitFacts): Result<Bill, DomainError> {
  const refusal = refusalToCommit(cart, priced, facts.businessDate);
  if (refusal) return err(refusal);
  const placeOfSupply = placeOfSupplyOf(cart, facts.seller);
  const { changePaise } = settle(priced.payablePaise, cart.tenders);
  const lines = priced.lines.map((line, i) => toBillLine(line, i + 1));
  return ok({
    type: 'bill',
    schemaVersion: 1,
    id: cart.id,
    ...facts,
    title: titleOf(facts.seller, lines, cart.customer?.gstin ?? null),
    customer: cart.customer,
    placeOfSupply,
    supply: supplyOf(facts.seller.stateCode, placeOfSupply),
    itemsPaise: priced.itemsPaise,
    discountPaise: priced.discountPaise,
    split: priced.split,
    roundOffPaise: priced.roundOffPaise,
    payablePaise: priced.payablePaise,
    lines,
    tenders: toTenders(cart, changePaise),
    changePaise,
  });
}

export function toBillLine({ line, ...amounts }: PricedLine, lineNo: number): BillLine {
  return {
    lineNo,
    itemId: line.itemId,
    barcode: line.barcode,
    name: line.name,
    nameHi: line.nameHi,
    hsn: line.hsn,
    unit: line.unit,
    packName: line.packName,
    qtyMilli: line.qtyMilli,
    packQtyMilli: line.packQtyMilli,
    batchId: line.batchId,
    batchCode: line.batchCode,
    expiresOn: line.expiresOn,
    mrpPaise: line.mrpPaise,
    sellingPricePaise: line.sellingPricePaise,
    isInclusive: line.isInclusive,
    grossPaise: amounts.grossPaise,
    lineDiscountPaise: amounts.lineDiscountPaise,
    billDiscountPaise: amounts.billDiscountPaise,
    netPaise: amounts.netPaise,
    rate: amounts.rate,
    split: amounts.split,
    totalPaise: amounts.totalPaise,
  };
}

/**
 * Rule 46 tax invoice; Rule 49 bill of supply when nothing on it bears tax or the dealer is under
 * composition; Rule 46A one invoice-cum-bill of supply when an unregistered buyer takes both.
 */
function titleOf(seller: Seller, lines: readonly BillLine[], buyerGstin: string | null): BillTitle {
  if (seller.gstin === null || seller.isComposition) return 'billOfSupply';
  const taxable = lines.filter((l) => l.rate.treatment === 'taxable' && l.rate.rateBp > 0).length;
  if (taxable === 0) return 'billOfSupply';
  return taxable < lines.length && buyerGstin === null ? 'invoiceCumBillOfSupply' : 'taxInvoice';
}

/** Change leaves from the cash tenders, last first, so that tenders add up to the payable exactly. */
function toTenders(cart: Cart, changePaise: Paise): Tender[] {
  let change: number = changePaise;
  const tenders: Tender[] = [];
  for (const tender of cart.tenders.toReversed()) {
    const back = tender.kind === 'cash' ? Math.min(change, tender.amountPaise) : 0;
    change -= back;
    tenders.unshift({
      kind: tender.kind,
      amountPaise: subtractPaise(tender.amountPaise, back as Paise),
      receivedPaise: tender.amountPaise,
      status: tender.status,
      reference: tender.reference,
    });
  }
  return tenders.filter((t) => t.amountPaise !== zeroPaise || t.receivedPaise !== zeroPaise);
}
