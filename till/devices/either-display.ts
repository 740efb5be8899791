/**
 * The pole and the customer's screen are one entry of the wizard's list. Rule kept: it works when either works;
 * a pole that is in trouble says so only while no screen shows the bill.
 */
import type { DeviceDesk } from './open-devices.ts';

export const eitherDisplay = (screen: DeviceDesk, pole: DeviceDesk): DeviceDesk => ({
  view: () => {
    const onPole = pole.view();
    return onPole.state === 'works' || screen.view().state !== 'works' ? onPole : screen.view();
  },
  reopen: async () => {
    await Promise.all([screen.reopen(), pole.reopen()]);
  },
  close: async () => {
    await Promise.all([screen.close(), pole.close()]);
  },
});
