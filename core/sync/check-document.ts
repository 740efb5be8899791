/**
 * Says what does not add up in a document that came from a till: every amount is worked out again from the line's
 * own price, quantity and rate. Rule kept: the server believes no total that it was sent; a fault names the first
 * amount that differs and both values, so that a person can see which. It never mends a document.
 */
import type { BillLine, CommittedDocument, CreditNoteLine, Tender } from '../documents.ts';
import { documentNumber } from '../billing/bill-number.ts';
import { supplyOf } from '../gst/place.ts';
import { addSplits, computeLineTax, lineTotal, type TaxSplit } from '../gst/tax.ts';
import type { Uuid } from '../ids.ts';
import { addPaise, amountOf, type Paise } from '../money.ts';
import { isMeasured } from '../quantity.ts';
import { financialYearOf } from '../time.ts';

/** Who may have made it: the till that pushes. */
export type Pusher = {
  readonly storeId: Uuid;
  readonly tillId: Uuid;
  /** Tills that were lost and that it carries on for. */
  readonly replaces?: readonly Uuid[];
};

export type DocumentFault =
  | { readonly kind: 'foreign'; readonly field: 'storeId' | 'tillId' }
  | {
      readonly kind: 'differs';
      readonly field: string;
      readonly lineNo: number | null;
      readonly said: number;
      readonly derived: number;
    }
  | { readonly kind: 'number'; readonly said: string; readonly derived: string }
  | { readonly kind: 'notPositive'; readonly field: string; readonly lineNo: number };

const heads = ['taxableValuePaise', 'cgstPaise', 'sgstPaise', 'utgstPaise', 'igstPaise', 'cessPaise'] as const;

function splitFault(said: TaxSplit, derived: TaxSplit, lineNo: number | null): DocumentFault | null {
  const head = heads.find((name) => said[name] !== derived[name]);
  return head === undefined ? null : { kind: 'differs', field: head, lineNo, said: said[head], derived: derived[head] };
}

const amount = (field: string, lineNo: number | null, said: number, derived: number): DocumentFault | null =>
  said === derived ? null : { kind: 'differs', field, lineNo, said, derived };

/** The first of the answers that is a fault. */
function firstOf(...asked: readonly (() => DocumentFault | null)[]): DocumentFault | null {
  for (const ask of asked) {
    const fault = ask();
    if (fault !== null) return fault;
  }
  return null;
}

const grossOfLine = (line: BillLine): Paise => amountOf(line.sellingPricePaise, line.qtyMilli);

/** "₹20 worth" and price labels: the amount is fixed and the weight follows, to the nearest gram. */
const isWorth = (line: BillLine): boolean =>
  isMeasured(line.unit) && Math.abs(line.grossPaise - grossOfLine(line)) * 1000 <= line.sellingPricePaise;

/** What a line says of itself beside what its price, quantity, discounts and rate give. */
function lineFault(line: BillLine, document: CommittedDocument): DocumentFault | null {
  const { lineNo } = line;
  if (line.qtyMilli <= 0) return { kind: 'notPositive', field: 'qtyMilli', lineNo };
  if (line.sellingPricePaise < 0) return { kind: 'notPositive', field: 'sellingPricePaise', lineNo };
  if (line.lineDiscountPaise < 0 || line.billDiscountPaise < 0)
    return { kind: 'notPositive', field: 'discount', lineNo };
  // A return against a bill is a share of the sold line, counted from the first return on: its parts are sums only.
  const isShare = document.type === 'creditNote' && (line as CreditNoteLine).billLineNo !== null;
  return firstOf(
    () => (isShare || isWorth(line) ? null : amount('grossPaise', lineNo, line.grossPaise, grossOfLine(line))),
    () => amount('netPaise', lineNo, line.netPaise, line.grossPaise - line.lineDiscountPaise - line.billDiscountPaise),
    () =>
      isShare
        ? null
        : splitFault(
            line.split,
            computeLineTax({
              amountPaise: line.netPaise,
              qtyMilli: line.qtyMilli,
              isInclusive: line.isInclusive,
              supply: document.supply,
              rate: line.rate,
              rspPaise: line.mrpPaise,
              chargesTax: document.seller.gstin !== null && !document.seller.isComposition,
            }),
            lineNo,
          ),
    () => amount('totalPaise', lineNo, line.totalPaise, lineTotal(line.netPaise, line.isInclusive, line.split)),
  );
}

const sumOf = (tenders: readonly Tender[]): Paise => addPaise(...tenders.map((tender) => tender.amountPaise));

/**
 * The largest step to which a shop may round is a rupee (till/use-cases/shop.ts), so a bill moves by half of one at most. A
 * credit note is what the bill's returns come to, rounded, less what was given back before: two such halves.
 */
const halfRupee = 50;

/** The first thing that is wrong with it; null when it may be believed. */
export function faultOfDocument(document: CommittedDocument, pusher: Pusher): DocumentFault | null {
  if (document.storeId !== pusher.storeId) return { kind: 'foreign', field: 'storeId' };
  if (document.tillId !== pusher.tillId && pusher.replaces?.includes(document.tillId) !== true)
    return { kind: 'foreign', field: 'tillId' };
  const number = documentNumber(document.series, document.financialYear, document.sequence);
  if (!number.ok || number.value !== document.number) {
    return { kind: 'number', said: document.number, derived: number.ok ? number.value : number.error.type };
  }
  const year = financialYearOf(document.businessDate);
  if (year !== document.financialYear) return { kind: 'number', said: document.financialYear, derived: year };
  const supply = supplyOf(document.seller.stateCode, document.placeOfSupply);
  if (supply !== document.supply) return { kind: 'number', said: document.supply, derived: supply };
  for (const line of document.lines) {
    const fault = lineFault(line, document);
    if (fault !== null) return fault;
  }
  const total = addPaise(...document.lines.map((line) => line.totalPaise));
  const money = document.type === 'bill' ? document.tenders : document.refunds;
  const taken = money.find((tender) => tender.amountPaise < 0);
  const roundedMost = document.type === 'bill' ? halfRupee : 2 * halfRupee;
  const roundOffSaid = Math.abs(document.roundOffPaise);
  return firstOf(
    () => splitFault(document.split, addSplits(...document.lines.map((line) => line.split)), null),
    () =>
      amount(
        'discountPaise',
        null,
        document.discountPaise,
        addPaise(...document.lines.flatMap((line) => [line.lineDiscountPaise, line.billDiscountPaise])),
      ),
    () => amount('roundOffPaise', null, document.roundOffPaise, document.payablePaise - total),
    // Else a round-off would be a discount, or a payment, that no line and no law knows.
    () =>
      amount('roundOffPaise', null, document.roundOffPaise, roundOffSaid > roundedMost ? 0 : document.roundOffPaise),
    // One that takes money back would let another say more than was paid.
    () => amount('tenders', null, taken?.amountPaise ?? 0, 0),
    () => amount('tenders', null, sumOf(money), document.payablePaise),
  );
}
