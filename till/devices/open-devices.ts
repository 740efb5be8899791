/**
 * All that hangs on this till besides the receipt printer, opened together and closed together. Rule kept: a
 * device's driver is loaded only when one is set (the till starts without it), and no device ever stops a bill.
 */
import type { DeviceView } from '#contract/device-views.ts';

/** One device as the till holds it: its state for the wizard, and the two moments of its life. */
export type DeviceDesk = {
  readonly view: () => DeviceView;
  /** The settings changed: let the old one go, open the new one. Never throws for a device's state. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Devices = {
  readonly views: () => readonly DeviceView[];
  readonly close: () => Promise<void>;
};

export function openDevices(desks: readonly DeviceDesk[]): Devices {
  for (const desk of desks) void desk.reopen();
  return {
    views: () => desks.map((desk) => desk.view()),
    close: async () => {
      await Promise.all(desks.map((desk) => desk.close()));
    },
  };
}
