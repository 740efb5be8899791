/**
 * The scanners' methods, each tied to the till's scanners. Rule kept: scans are handed out to whoever has the
 * counter, signed in or not (they wait for the PIN there); settings belong to whoever sets the shop up.
 */
import type { CallContext } from './context.ts';
import { os, settingUp } from './edge.ts';

/** Scripts have no window and may always listen; a window only while it has the counter. */
const hasCounter = ({ till, connection }: CallContext): boolean => {
  const active = till.status.current.activeWindowId;
  return connection.windowId === null || active === null || active === connection.windowId;
};

export const scannerRoutes = {
  setting: os.scanner.setting.handler(({ context }) => context.till.scanners.setting()),
  feed: os.scanner.feed.handler(({ context, signal }) =>
    context.till.scanners.subscribe(() => hasCounter(context), signal),
  ),
  taken: os.scanner.taken.handler(({ context, input }) => {
    if (hasCounter(context)) context.till.scanners.taken(input.id);
    return { done: true } as const;
  }),
  set: os.scanner.set.handler(({ context, input }) => {
    settingUp(context);
    return context.till.scanners.set(input.serial);
  }),
  saveWedge: os.scanner.saveWedge.handler(({ context, input }) => {
    settingUp(context);
    return context.till.scanners.saveWedge(input.wedge);
  }),
  tryFeed: os.scanner.tryFeed.handler(({ context, input, signal }) => {
    settingUp(context);
    return context.till.scanners.tryFeed(input.target, input.framing, signal);
  }),
};
