/**
 * Which window has the counter, what the status bar says, and the clock the owner vouches for. Rule kept:
 * one window draws the counter; a second one is told so and can take over, nothing is lost in either.
 */
import type { TillStatus } from '#contract/views.ts';
import type { CallContext, TillContext } from '../context.ts';
import { refuse } from '../refusal.ts';

export function publishStatus(ctx: TillContext, change: Partial<TillStatus>): void {
  ctx.status.current = { ...ctx.status.current, ...change };
  ctx.status.feed.publish(ctx.status.current);
}

export function claim({ till, connection }: CallContext, windowId: string, takeOver: boolean): { isActive: boolean } {
  connection.windowId = windowId;
  const active = till.status.current.activeWindowId;
  const isFree = active === null || active === windowId || !till.openWindows().has(active);
  if (!isFree && !takeOver) return { isActive: false };
  if (active !== windowId) publishStatus(till, { activeWindowId: windowId });
  return { isActive: true };
}

/** Scripts have no window and may always call; a window that lost the counter may not. */
export function mustBeActive({ till, connection }: CallContext): void {
  const active = till.status.current.activeWindowId;
  if (connection.windowId !== null && active !== null && active !== connection.windowId)
    refuse({ type: 'OtherWindow' });
}

export function setTrouble(ctx: TillContext, trouble: TillStatus['trouble']): void {
  if (ctx.status.current.trouble !== trouble) publishStatus(ctx, { trouble });
}

/** The owner says that the PC's date is right although an earlier bill is dated later. */
export function acceptClock(ctx: TillContext): { done: true } {
  const nowMs = ctx.clock.now();
  ctx.tables.transact(() => ctx.tables.journal.append('clockAccepted', ctx.newId(), nowMs, JSON.stringify({ nowMs })));
  ctx.vouchForClock(nowMs);
  setTrouble(ctx, 'none');
  return { done: true };
}
