/**
 * Makes the CreditNote document of a return, against a bill or without one. Rule kept: what comes back is
 * a share of what was sold, counted cumulatively, so that returns in any parts add up to the bill to the
 * paisa and never refund more than was paid. Old bills return at their own old rates (CGST Act s. 34).
 */
import type { DomainError } from '../errors.ts';
import { supplyOf } from '../gst/place.ts';
import { addSplits, amountShare, lineTotal, splitShare, type TaxSplit, zeroSplit } from '../gst/tax.ts';
import type { Uuid } from '../ids.ts';
import { addPaise, type Paise, paise, roundToStep, subtractPaise, zeroPaise } from '../money.ts';
import { isMeasured, type Milli, milli, onePiece } from '../quantity.ts';
import { err, ok, type Result } from '../result.ts';
import type { BusinessDate } from '../time.ts';
import type { Bill, BillLine, CreditNote, CreditNoteLine, ReturnReason, Tender } from '../documents.ts';
import type { Cart, CartCustomer } from './cart.ts';
import { type CommitFacts, placeOfSupplyOf, toBillLine } from './make-bill.ts';
import type { PricedCart } from './price-cart.ts';

/** What came back of a bill before now. */
export type ReturnedSoFar = {
  /** Returned quantity by bill line number. */
  readonly qtyByLine: ReadonlyMap<number, Milli>;
  /** Σ payable of the credit notes against this bill. */
  readonly refundedPaise: Paise;
  readonly lastReturnedOn: BusinessDate | null;
};

export const nothingReturned: ReturnedSoFar = { qtyByLine: new Map(), refundedPaise: zeroPaise, lastReturnedOn: null };

export type ReturnLine = { readonly billLineNo: number; readonly qtyMilli: Milli; readonly isRestocked: boolean };

export type ReturnDetails = {
  readonly id: Uuid;
  readonly reason: ReturnReason;
  readonly approvedBy: Uuid | null;
  readonly roundStepPaise: Paise;
  /** How the money goes back; cash unless said otherwise. */
  readonly refundKind: 'cash' | 'creditNote' | 'card';
  readonly reference: string | null;
};

/**
 * The taxes that come back. With tax inside the price the money is the whole and the taxable value its rest; with
 * tax on top the value is shared on its own, so that value + taxes is what is refunded, to the paisa.
 */
function splitBack(sold: BillLine, already: Milli, now: Milli): TaxSplit {
  const split = splitShare(sold.split, sold.qtyMilli, already, now);
  if (sold.isInclusive) return split;
  return { ...split, taxableValuePaise: amountShare(sold.split.taxableValuePaise, sold.qtyMilli, already, now) };
}

/** Share of one sold line. Error: more than is left of it. */
function shareOfLine(
  sold: BillLine,
  already: Milli,
  wanted: ReturnLine,
  soFar: ReturnedSoFar,
): Result<CreditNoteLine, DomainError> {
  if (wanted.qtyMilli <= 0) return err({ type: 'QtyNotPositive' });
  if (already + wanted.qtyMilli > sold.qtyMilli) {
    return err({
      type: 'ReturnedAlready',
      soldQtyMilli: sold.qtyMilli,
      returnedQtyMilli: already,
      lastReturnedOn: soFar.lastReturnedOn,
    });
  }
  const isCounted = !isMeasured(sold.unit) || sold.packQtyMilli !== onePiece;
  if (isCounted && wanted.qtyMilli % 1000 !== 0 && already + wanted.qtyMilli !== sold.qtyMilli) {
    return err({ type: 'QtyNotWhole' });
  }
  const share = (amount: Paise): Paise => amountShare(amount, sold.qtyMilli, already, wanted.qtyMilli);
  const split = splitBack(sold, already, wanted.qtyMilli);
  const netPaise = share(sold.netPaise);
  const lineDiscountPaise = share(sold.lineDiscountPaise);
  const billDiscountPaise = share(sold.billDiscountPaise);
  return ok({
    ...sold,
    billLineNo: sold.lineNo,
    isRestocked: wanted.isRestocked,
    qtyMilli: wanted.qtyMilli,
    grossPaise: addPaise(netPaise, lineDiscountPaise, billDiscountPaise),
    lineDiscountPaise,
    billDiscountPaise,
    netPaise,
    split,
    totalPaise: lineTotal(netPaise, sold.isInclusive, split),
  });
}

/** Credit note for part or all of a bill. Errors: nothing chosen, more than is left, unknown line. */
export function makeCreditNoteForBill(
  bill: Bill,
  soFar: ReturnedSoFar,
  wanted: readonly ReturnLine[],
  details: ReturnDetails,
  facts: CommitFacts,
): Result<CreditNote, DomainError> {
  if (wanted.length === 0) return err({ type: 'CartEmpty' });
  const lines: CreditNoteLine[] = [];
  const taken = new Map(soFar.qtyByLine);
  for (const [i, want] of wanted.entries()) {
    const sold = bill.lines.find((l) => l.lineNo === want.billLineNo);
    if (!sold) return err({ type: 'NotFound', what: 'line' });
    const already = taken.get(sold.lineNo) ?? milli(0);
    const line = shareOfLine(sold, already, want, soFar);
    if (!line.ok) return line;
    taken.set(sold.lineNo, milli(already + want.qtyMilli));
    lines.push({ ...line.value, lineNo: i + 1 });
  }
  const cumulative = addPaise(...bill.lines.map((sold) => totalReturned(sold, taken.get(sold.lineNo) ?? milli(0))));
  const isComplete = bill.lines.every((sold) => taken.get(sold.lineNo) === sold.qtyMilli);
  // Rounding the running total, not each note, keeps Σ refunds ≤ what was paid; the last part gives the rest.
  // Between what went back and what was paid: the shop may round otherwise today than when it sold.
  const rounded = roundToStep(cumulative, details.roundStepPaise);
  const kept = Math.min(Math.max(rounded, soFar.refundedPaise), bill.payablePaise);
  const refundedAfter = isComplete ? bill.payablePaise : paise(kept);
  const payablePaise = subtractPaise(refundedAfter, soFar.refundedPaise);
  return ok({
    ...assemble(lines, payablePaise, details, facts, bill.customer, bill.placeOfSupply),
    billId: bill.id,
    billNumber: bill.number,
    billDate: bill.businessDate,
  });
}

function totalReturned(sold: BillLine, returned: Milli): Paise {
  if (returned === 0) return zeroPaise;
  const none = milli(0);
  const split = splitBack(sold, none, returned);
  return lineTotal(amountShare(sold.netPaise, sold.qtyMilli, none, returned), sold.isInclusive, split);
}

/** Credit note without a bill: priced like a cart, at today's rates; a supervisor approved it. `isRestocked` goes line by line. */
export function makeCreditNoteWithoutBill(
  cart: Cart,
  priced: PricedCart,
  isRestocked: readonly boolean[],
  details: ReturnDetails,
  facts: CommitFacts,
): Result<CreditNote, DomainError> {
  if (priced.lines.length === 0) return err({ type: 'CartEmpty' });
  const rateless = priced.lines.find((l) => !l.hasRate);
  if (rateless) return err({ type: 'NoTaxRate', itemName: rateless.line.name, onDate: facts.businessDate });
  const lines = priced.lines.map((l, i) => ({
    ...toBillLine(l, i + 1),
    billLineNo: null,
    isRestocked: isRestocked[i] ?? true,
  }));
  const place = placeOfSupplyOf(cart, facts.seller);
  return ok({
    ...assemble(lines, priced.payablePaise, details, facts, cart.customer, place),
    billId: null,
    billNumber: null,
    billDate: null,
  });
}

function assemble(
  lines: readonly CreditNoteLine[],
  payablePaise: Paise,
  details: ReturnDetails,
  facts: CommitFacts,
  customer: CartCustomer | null,
  placeOfSupply: string,
): Omit<CreditNote, 'billId' | 'billNumber' | 'billDate'> {
  const split: TaxSplit = lines.length === 0 ? zeroSplit : addSplits(...lines.map((l) => l.split));
  const total = addPaise(...lines.map((l) => l.totalPaise));
  const refund: Tender = {
    kind: details.refundKind,
    amountPaise: payablePaise,
    receivedPaise: payablePaise,
    status: 'received',
    reference: details.reference,
  };
  return {
    type: 'creditNote',
    schemaVersion: 1,
    id: details.id,
    ...facts,
    customer,
    placeOfSupply,
    supply: supplyOf(facts.seller.stateCode, placeOfSupply),
    itemsPaise: addPaise(...lines.map((l) => l.grossPaise)),
    discountPaise: addPaise(...lines.map((l) => l.lineDiscountPaise), ...lines.map((l) => l.billDiscountPaise)),
    split,
    roundOffPaise: subtractPaise(payablePaise, total),
    payablePaise,
    reason: details.reason,
    approvedBy: details.approvedBy,
    lines,
    refunds: [refund],
  };
}
