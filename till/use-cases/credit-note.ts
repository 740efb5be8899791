/**
 * Returns. Rule kept: a return is a new document in a series of its own, a share of what was sold, and can
 * never pay back more than was paid; the goods go back into stock in the same transaction.
 */
import { creditNoteSeries, documentNumber } from '#core/billing/bill-number.ts';
import { type Cart, type CartCustomer, emptyCart } from '#core/billing/cart.ts';
import { refusalOfLine } from '#core/billing/edit-cart.ts';
import type { CommitFacts } from '#core/billing/make-bill.ts';
import {
  makeCreditNoteForBill,
  makeCreditNoteWithoutBill,
  type ReturnDetails,
  type ReturnLine,
} from '#core/billing/make-credit-note.ts';
import { priceCart } from '#core/billing/price-cart.ts';
import { fefoBatch } from '#core/billing/pick-batch.ts';
import type { Bill, CreditNote, ReturnReason } from '#core/documents.ts';
import type { DomainError } from '#core/errors.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { type Milli, multiplyQty } from '#core/quantity.ts';
import type { Result } from '#core/result.ts';
import { addDays, businessDateOf, financialYearOf, type Instant } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import type { BillForReturn, CreditNoteCommitted, ReturnPreview } from '#contract/views.ts';
import { justOne, lineFor } from '../cart-lines.ts';
import type { Login, TillContext } from '../context.ts';
import { pricingOf } from '../pricing.ts';
import { found, need, refuse } from '../refusal.ts';
import { officeSetting } from '../sent-rows.ts';
import { sellerOf } from '../shop-settings.ts';

/** Finds the bill a customer brings back: by number (also from its QR), by mobile, or by its id. */
export function billForReturn(ctx: TillContext, text: string): BillForReturn {
  const wanted = text.trim();
  const byNumber = ctx.tables.bills.billByNumber(wanted.toUpperCase());
  const row = byNumber === null ? ctx.tables.bills.find(wanted, null, 2).find((r) => r.kind === 'bill') : null;
  const bill = byNumber ?? (row ? ctx.tables.bills.bill(row.id) : null);
  return describe(ctx, found(bill, 'bill'));
}

function describe(ctx: TillContext, bill: Bill): BillForReturn {
  const soFar = ctx.tables.bills.returnedSoFar(bill.id);
  return {
    bill,
    returned: [...soFar.qtyByLine].map(([billLineNo, qtyMilli]) => ({ billLineNo, qtyMilli })),
    lastReturnedOn: soFar.lastReturnedOn,
    refundedPaise: soFar.refundedPaise,
  };
}

type Facts = Omit<CommitFacts, 'number' | 'sequence'>;

function factsNow(ctx: TillContext, login: Login, shiftId: Uuid, occurredAtMs: Instant): Facts {
  const shop = ctx.settings.get();
  const businessDate = businessDateOf(occurredAtMs, shop.day);
  return {
    storeId: shop.storeId,
    tillId: shop.tillId,
    shiftId,
    cashierId: login.id,
    cashierName: login.name,
    series: creditNoteSeries(shop.series),
    financialYear: financialYearOf(businessDate),
    businessDate,
    occurredAtMs,
    seller: sellerOf(shop),
  };
}

const unnumbered = { number: '', sequence: 0 };

export function previewReturn(
  ctx: TillContext,
  billId: Uuid,
  lines: readonly ReturnLine[],
  login: Login,
): ReturnPreview {
  const bill = found(ctx.tables.bills.bill(billId), 'bill');
  const details: ReturnDetails = {
    id: billId,
    reason: 'other',
    approvedBy: null,
    roundStepPaise: ctx.settings.get().roundStepPaise,
    refundKind: 'cash',
    reference: null,
  };
  const facts = { ...factsNow(ctx, login, billId, ctx.clock.now()), ...unnumbered };
  const note = need(makeCreditNoteForBill(bill, ctx.tables.bills.returnedSoFar(billId), lines, details, facts));
  return { payablePaise: note.payablePaise, roundOffPaise: note.roundOffPaise, lines: note.lines };
}

export type ReturnWithoutBillLine = {
  readonly itemId: Uuid;
  readonly qtyMilli: Milli;
  readonly sellingPricePaise: Paise | null;
  readonly isRestocked?: boolean;
};

function returnCart(
  ctx: TillContext,
  lines: readonly ReturnWithoutBillLine[],
  customer: CartCustomer | null,
  cashierId: Uuid,
) {
  let cart: Cart = { ...emptyCart(ctx.newId(), ctx.clock.now(), cashierId), customer };
  for (const { itemId, qtyMilli, sellingPricePaise } of lines) {
    const item = found(ctx.tables.items.byId(itemId), 'item');
    const lot = fefoBatch(item, ctx.tables.stock.onHandByBatch, ctx.today());
    const made = need(
      lineFor(ctx, { item, barcode: null, code: null }, lot, { ...justOne, qtyMilli, sellingPricePaise }),
    );
    // An expired lot may well come back: its date must not stop the return. Lines stay apart: one may be waste.
    const line = { ...made, expiresOn: null };
    const refusal = refusalOfLine(line);
    if (refusal !== null) refuse(refusal);
    cart = { ...cart, lines: [...cart.lines, line] };
  }
  return { cart, priced: priceCart(cart, pricingOf(ctx, cart)) };
}

export function previewWithoutBill(
  ctx: TillContext,
  lines: readonly ReturnWithoutBillLine[],
  login: Login,
): ReturnPreview {
  const { cart, priced } = returnCart(ctx, lines, null, login.id);
  const details: ReturnDetails = {
    id: cart.id,
    reason: 'other',
    approvedBy: null,
    roundStepPaise: 100 as Paise,
    refundKind: 'cash',
    reference: null,
  };
  const facts = { ...factsNow(ctx, login, cart.id, ctx.clock.now()), ...unnumbered };
  const note = need(makeCreditNoteWithoutBill(cart, priced, [], details, facts));
  return { payablePaise: note.payablePaise, roundOffPaise: note.roundOffPaise, lines: note.lines };
}

export type ReturnCommon = {
  readonly key: Uuid;
  readonly reason: ReturnReason;
  readonly refundKind: 'cash' | 'creditNote' | 'card';
};

/** Head office may say how long a bill can be brought back to a cashier. Error: ReturnTooLate. */
export function mustBeInTime(ctx: TillContext, billId: Uuid): void {
  const days = officeSetting(ctx.tables, 'returnDays');
  const soldOn = ctx.tables.bills.bill(billId)?.businessDate;
  if (days === null || soldOn === undefined) return;
  if (ctx.today() > addDays(soldOn, days)) refuse({ type: 'ReturnTooLate', days, soldOn });
}

export function commitReturnForBill(
  ctx: TillContext,
  input: ReturnCommon & { readonly billId: Uuid; readonly lines: readonly ReturnLine[] },
  login: Login,
): CreditNoteCommitted {
  return commitNote(ctx, input, null, login, (details, facts) => {
    const bill = found(ctx.tables.bills.bill(input.billId), 'bill');
    return makeCreditNoteForBill(bill, ctx.tables.bills.returnedSoFar(bill.id), input.lines, details, facts);
  });
}

export function commitReturnWithoutBill(
  ctx: TillContext,
  input: ReturnCommon & { readonly lines: readonly ReturnWithoutBillLine[]; readonly customer: CartCustomer | null },
  login: Login,
  approvedBy: Uuid,
): CreditNoteCommitted {
  const earlier = ctx.tables.bills.creditNote(input.key);
  if (earlier !== null) return { creditNote: earlier, isRepeat: true };
  const { cart, priced } = returnCart(ctx, input.lines, input.customer, login.id);
  const limitPaise = officeSetting(ctx.tables, 'returnLimitPaise') ?? ctx.settings.get().returnLimitPaise;
  if (priced.payablePaise > limitPaise) refuse({ type: 'ReturnAboveLimit', limitPaise });
  const isRestocked = input.lines.map((l) => l.isRestocked !== false);
  return commitNote(ctx, input, approvedBy, login, (details, facts) =>
    makeCreditNoteWithoutBill(cart, priced, isRestocked, details, facts),
  );
}

function commitNote(
  ctx: TillContext,
  input: ReturnCommon,
  approvedBy: Uuid | null,
  login: Login,
  make: (details: ReturnDetails, facts: CommitFacts) => Result<CreditNote, DomainError>,
): CreditNoteCommitted {
  const earlier = ctx.tables.bills.creditNote(input.key);
  if (earlier !== null) return { creditNote: earlier, isRepeat: true };
  const shift = ctx.tables.shifts.current();
  if (shift === null) refuse({ type: 'NoShift' });
  const occurredAtMs = ctx.billingNow();
  const shop = ctx.settings.get();
  const details: ReturnDetails = {
    id: input.key,
    reason: input.reason,
    approvedBy,
    roundStepPaise: shop.roundStepPaise,
    refundKind: input.refundKind,
    reference: null,
  };
  const facts = factsNow(ctx, login, shift.id, occurredAtMs);
  const creditNote = ctx.tables.transact((): CreditNote => {
    const sequence = ctx.tables.bills.nextSequence(facts.series, facts.financialYear);
    const number = documentNumber(facts.series, facts.financialYear, sequence);
    if (!number.ok) refuse({ type: 'SeriesFull', series: facts.series });
    const note = need(make(details, { ...facts, number: number.value, sequence }));
    ctx.tables.bills.insertCreditNote(note);
    ctx.tables.stock.append(movementsOf(ctx, note));
    ctx.tables.journal.append('creditNote', note.id, occurredAtMs, documentContent(note));
    settleKeptAside(ctx, note, login);
    if (shop.printer.kind !== 'none') {
      ctx.tables.printJobs.add({
        id: ctx.newId(),
        documentId: note.id,
        kind: 'creditNote',
        createdAtMs: occurredAtMs,
        isDuplicate: false,
        opensDrawer: ctx.drawer.isOnPrinter() && isCashBack(note),
      });
    }
    return note;
  });
  ctx.spool.kick();
  if (isCashBack(creditNote)) ctx.drawer.kick();
  ctx.toldOfDocument(occurredAtMs);
  return { creditNote, isRepeat: false };
}

/** A bill that head office kept aside and that is taken back whole needs nobody any more. In the note's transaction. */
function settleKeptAside(ctx: TillContext, note: CreditNote, by: Login): void {
  const { bills, keptAside, journal } = ctx.tables;
  const bill = note.billId === null ? null : bills.bill(note.billId);
  const kept = bill === null ? null : keptAside.openOf(bill.id, 'bill');
  if (bill === null || kept === null) return;
  const { qtyByLine } = bills.returnedSoFar(bill.id);
  if (bill.lines.some((line) => (qtyByLine.get(line.lineNo) ?? 0) < line.qtyMilli)) return;
  const atMs = note.occurredAtMs;
  keptAside.decide(kept.seq, { state: 'reversed', note: note.number, atMs, by: by.name });
  const said = { seq: kept.seq, note: note.number, by: by.id, byName: by.name, kind: 'bill', documentId: bill.id };
  journal.append('keptAsideReversed', ctx.newId(), atMs, JSON.stringify(said));
}

const isCashBack = (note: CreditNote): boolean => note.refunds.some((t) => t.kind === 'cash');

/** What comes back is counted in; what can't be sold again goes out at once as wastage, both in the ledger. */
const movementsOf = (ctx: TillContext, note: CreditNote): Parameters<typeof ctx.tables.stock.append>[0] =>
  note.lines.flatMap((line) => {
    if (line.itemId === null) return [];
    const common = {
      itemId: line.itemId,
      batchId: line.batchId,
      refId: note.id,
      refLineNo: line.lineNo,
      businessDate: note.businessDate,
      occurredAtMs: note.occurredAtMs,
      costPricePaise: null,
      note: null,
    };
    const qtyMilli = multiplyQty(line.qtyMilli, line.packQtyMilli);
    const back = { ...common, id: ctx.newId(), qtyMilli, kind: 'return' as const };
    if (line.isRestocked) return [back];
    return [back, { ...common, id: ctx.newId(), qtyMilli: -qtyMilli as Milli, kind: 'wastage' as const }];
  });
