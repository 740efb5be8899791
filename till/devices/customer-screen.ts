/**
 * The customer's screen as a device of the wizard's list. Rule kept: it works when at least one is connected;
 * there is nothing to open and nothing to mend, so it is never in trouble.
 */
import type { DeviceDesk } from './open-devices.ts';

export const customerScreenDesk = (windows: () => number): DeviceDesk => ({
  view: () => ({ kind: 'display', state: windows() > 0 ? 'works' : 'notSet', trouble: null, place: null }),
  reopen: () => Promise.resolve(),
  close: () => Promise.resolve(),
});
