/**
 * The methods of the pole display and of the cash drawer's setting. Rule kept: they are set by whoever sets the shop
 * up, later by its owner; opening the drawer without a sale is device.openDrawer, with its reason.
 */
import { os, settingUp, signedIn } from './edge.ts';

export const poleRoutes = {
  setting: os.pole.setting.handler(({ context }) => context.till.settings.get().pole),
  set: os.pole.set.handler(({ context, input }) => {
    settingUp(context);
    return context.till.pole.set(input);
  }),
  test: os.pole.test.handler(({ context }) => {
    settingUp(context);
    return context.till.pole.test();
  }),
  state: os.pole.state.handler(({ context }) => {
    signedIn(context);
    return context.till.pole.poleView();
  }),
  models: os.pole.models.handler(async ({ context }) => {
    settingUp(context);
    const { poleModels } = await import('#hardware/display/models.ts');
    return poleModels.map(({ id, name, format }) => ({ id, name, format }));
  }),
};

export const drawerRoutes = {
  setting: os.drawer.setting.handler(({ context }) => context.till.drawer.setting()),
  set: os.drawer.set.handler(({ context, input }) => {
    settingUp(context);
    return context.till.drawer.set(input);
  }),
};
