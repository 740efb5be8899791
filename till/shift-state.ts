/**
 * What the screens are told of the shift: who has it open, what waits for its close. Rule kept: read anew
 * from the tables each time, so that it can't go stale.
 */
import type { ShiftState, ShiftView } from '#contract/views.ts';
import type { TillContext } from './context.ts';

export function shiftView(ctx: TillContext): ShiftView | null {
  const row = ctx.tables.shifts.current();
  if (row === null) return null;
  const { id, cashierId, cashierName, openedAtMs, businessDate, floatPaise } = row;
  return { id, cashierId, cashierName, openedAtMs, businessDate, floatPaise };
}

export const shiftState = (ctx: TillContext): ShiftState => ({
  shift: shiftView(ctx),
  lastClosePaise: ctx.tables.shifts.lastClosedCash(),
  heldCount: ctx.tables.carts.load().filter((c) => c.state === 'held').length,
  waitingUpi: ctx.tables.bills.waitingUpi(null),
});
