/**
 * A shift's figures, summed from its immutable documents: X while it is open, Z once it is closed. Rule
 * kept: nothing is stored but the count; the same question always gets the same answer.
 */
import { addPaise, negatePaise, subtractPaise, zeroPaise } from '#core/money.ts';
import type { ShiftReport, ShiftView } from '#contract/views.ts';
import type { Tables } from './tables.ts';

export function shiftReport(tables: Tables, shift: ShiftView): ShiftReport {
  const sums = tables.bills.shiftTotals(shift.id);
  const closing = tables.shifts.byId(shift.id)?.closing ?? null;
  const cash = sums.byTender.find((t) => t.kind === 'cash');
  const expectedCashPaise = addPaise(
    shift.floatPaise,
    cash?.salesPaise ?? zeroPaise,
    negatePaise(cash?.refundsPaise ?? zeroPaise),
  );
  const countedCashPaise = closing?.countedCashPaise ?? null;
  return {
    ...sums,
    shift,
    closedAtMs: closing?.closedAtMs ?? null,
    expectedCashPaise,
    countedCashPaise,
    differencePaise: countedCashPaise === null ? null : subtractPaise(countedCashPaise, expectedCashPaise),
    waitingUpi: tables.bills.waitingUpi(shift.id),
  };
}
