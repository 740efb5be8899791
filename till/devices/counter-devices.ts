/**
 * Scale, pole and drawer of the counter, built on the shop's settings. Rule kept: each is told where its setting is
 * kept and whom to tell of a change, and nothing else of the till.
 */
import type { DeviceView } from '#contract/device-views.ts';
import type { Clock } from '#core/time.ts';
import type { CartHost } from '../cart-host.ts';
import type { ShopSettings } from '../shop-settings.ts';
import { type DrawerDesk, makeDrawerDesk } from './drawer.ts';
import { makePoleDesk, type PoleDesk } from './pole.ts';
import { makeScaleDesk, type ScaleDesk } from './scale.ts';

export type CounterDevices = { readonly scale: ScaleDesk; readonly pole: PoleDesk; readonly drawer: DrawerDesk };

export function makeCounterDevices(deps: {
  readonly settings: ShopSettings;
  readonly cart: Pick<CartHost, 'feed' | 'all'>;
  readonly clock: Clock;
  /** How a drawer on the receipt printer is. */
  readonly drawerOnPrinter: () => DeviceView;
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
}): CounterDevices {
  const { settings, onChange, onFault } = deps;
  return {
    scale: makeScaleDesk({
      setting: () => settings.get().scale,
      save: (scale) => void settings.save({ scale }),
      onChange,
    }),
    pole: makePoleDesk({
      cart: deps.cart,
      clock: deps.clock,
      shop: settings.get,
      save: (pole) => void settings.save({ pole }),
      onChange,
      onFault,
    }),
    drawer: makeDrawerDesk({
      setting: () => settings.get().drawer,
      save: (drawer) => void settings.save({ drawer }),
      onPrinter: deps.drawerOnPrinter,
      onChange,
      onFault,
    }),
  };
}
