/**
 * Shift: opening float to counted close. Rule kept: the report is a query over immutable documents, so
 * closing can't fail half-way or miss a bill; a zero-sale shift closes like any other.
 */
import type { Uuid } from '#core/ids.ts';
import { addPaise, amountOf, type Paise, subtractPaise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import type { CashComparison, CashCount, ShiftReport, ShiftState, ShiftView } from '#contract/views.ts';
import type { Login, TillContext } from '../context.ts';
import { once } from '../once.ts';
import { refuse } from '../refusal.ts';
import { shiftReport } from '../shift-report.ts';
import { shiftState, shiftView } from '../shift-state.ts';

export function openShift(ctx: TillContext, key: string, floatPaise: Paise, login: Login): ShiftView {
  const view = once(ctx, key, () => {
    const open = ctx.tables.shifts.current();
    if (open !== null) refuse({ type: 'ShiftOpen', cashierName: open.cashierName });
    const openedAtMs = ctx.billingNow();
    const shift = {
      id: ctx.newId(),
      cashierId: login.id,
      cashierName: login.name,
      openedAtMs,
      businessDate: ctx.today(),
      floatPaise,
    };
    ctx.tables.shifts.open(shift);
    ctx.tables.journal.append('shiftOpened', shift.id, openedAtMs, JSON.stringify(shift));
    return shift satisfies ShiftView;
  });
  ctx.shiftFeed.publish(shiftState(ctx));
  return view;
}

export const openShiftReport = (ctx: TillContext): ShiftReport =>
  shiftReport(ctx.tables, shiftView(ctx) ?? refuse({ type: 'NoShift' }));

/** Each row's amount and the sum; the screen shows what the till reckoned. */
export function countCash(rows: readonly { readonly valuePaise: Paise; readonly pieces: number }[]): CashCount {
  const counted = rows.map((row) => ({ ...row, amountPaise: amountOf(row.valuePaise, milli(row.pieces * 1000)) }));
  return { rows: counted, totalPaise: addPaise(...counted.map((r) => r.amountPaise)) };
}

/** Above it the difference needs a reason; below it it is only written down. */
const reasonFrom = 1_00;

export function compareCash(ctx: TillContext, countedCashPaise: Paise): CashComparison {
  const report = openShiftReport(ctx);
  const differencePaise = subtractPaise(countedCashPaise, report.expectedCashPaise);
  return { report, differencePaise, isReasonNeeded: Math.abs(differencePaise) >= reasonFrom };
}

export function closeShift(
  ctx: TillContext,
  input: {
    readonly key: string;
    readonly countedCashPaise: Paise;
    readonly firstCountPaise: Paise | null;
    readonly reason: string | null;
  },
  login: Login,
): ShiftReport {
  const closed = once(ctx, input.key, () => {
    const shift = shiftView(ctx) ?? refuse({ type: 'NoShift' });
    if (ctx.cart.current().lines.length > 0) refuse({ type: 'CartsOpen', carts: 1 });
    const waiting = ctx.tables.bills.waitingUpi(shift.id);
    if (waiting.length > 0) refuse({ type: 'UpiUnsettled', waiting: waiting.length });
    const { report, differencePaise, isReasonNeeded } = compareCash(ctx, input.countedCashPaise);
    const { expectedCashPaise } = report;
    const reason = input.reason?.trim() ? input.reason.trim() : null;
    if (isReasonNeeded && reason === null) refuse({ type: 'ReasonNeeded' });
    const closedAtMs = ctx.billingNow();
    const { countedCashPaise, firstCountPaise } = input;
    ctx.tables.shifts.close(shift.id, {
      closedAtMs,
      closedBy: login.id,
      expectedCashPaise,
      countedCashPaise,
      firstCountPaise,
      reason,
    });
    const detail = { shiftId: shift.id, countedCashPaise, firstCountPaise, differencePaise, reason, by: login.id };
    ctx.tables.journal.append('shiftClosed', shift.id, closedAtMs, JSON.stringify(detail));
    addReportJob(ctx, shift.id);
    return shiftReport(ctx.tables, shift);
  });
  ctx.shiftFeed.publish(shiftState(ctx));
  ctx.spool.kick();
  return closed;
}

/** A waiting UPI tender: a person saw the money, or it never came. The bill itself never changes. */
export function settleUpi(
  ctx: TillContext,
  input: { readonly billId: Uuid; readonly tenderNo: number; readonly outcome: 'received' | 'notReceived' },
  login: Login,
): ShiftState {
  const waiting = ctx.tables.bills
    .waitingUpi(null)
    .find((w) => w.billId === input.billId && w.tenderNo === input.tenderNo);
  if (waiting === undefined) refuse({ type: 'NotFound', what: 'bill' });
  const atMs = ctx.billingNow();
  ctx.tables.transact(() => {
    ctx.tables.bills.settleTender(input.billId, input.tenderNo, input.outcome, atMs, login.id);
    ctx.tables.journal.append('tenderSettled', input.billId, atMs, JSON.stringify({ ...input, by: login.id }));
  });
  const state = shiftState(ctx);
  ctx.shiftFeed.publish(state);
  return state;
}

/** The report is made when it prints: an X of an open shift shows that moment, a Z never changes any more. */
function addReportJob(ctx: TillContext, shiftId: Uuid): void {
  if (ctx.settings.get().printer.kind === 'none') return;
  ctx.tables.printJobs.add({
    id: ctx.newId(),
    documentId: shiftId,
    kind: 'report',
    createdAtMs: ctx.clock.now(),
    isDuplicate: false,
    opensDrawer: false,
  });
}

/** X report of the open shift on paper. */
export function printReport(ctx: TillContext): { done: true } {
  if (ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  const shift = shiftView(ctx) ?? refuse({ type: 'NoShift' });
  ctx.tables.transact(() => addReportJob(ctx, shift.id));
  ctx.spool.kick();
  return { done: true };
}
