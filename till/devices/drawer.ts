/**
 * The cash drawer: on the receipt printer, or on a port of its own. Rule kept: it opens for cash and for a reason
 * that is written down, never otherwise; a drawer that doesn't open is a state in the list and holds no bill up.
 */
import type { DeviceView } from '#contract/device-views.ts';
import type { DrawerSetting } from '#contract/till-pole.ts';
import type { DrawerPulse } from '#hardware/drawer/pulse.ts';
import type { WireTrouble } from '#hardware/wire/wire.ts';
import { placeOf } from './find.ts';
import type { DeviceDesk } from './open-devices.ts';

export type Pulse = (
  target: Extract<DrawerSetting, { via: 'wire' }>['target'],
  pulse: DrawerPulse,
) => Promise<WireTrouble | null>;

export type DrawerDeskDeps = {
  readonly setting: () => DrawerSetting;
  readonly save: (setting: DrawerSetting) => void;
  /** How the drawer is when it hangs on the printer. */
  readonly onPrinter: () => DeviceView;
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
  readonly pulse?: Pulse;
};

export type DrawerDesk = DeviceDesk & {
  /** Whether the pulse goes out with the receipt. */
  readonly isOnPrinter: () => boolean;
  /** Opens a drawer on its own port, off the path of whoever asked; does nothing for one on the printer. */
  readonly kick: () => void;
  readonly setting: () => DrawerSetting;
  readonly set: (setting: DrawerSetting) => DrawerSetting;
};

const pulseReal: Pulse = async (target, pulse) => {
  const [{ pulseDrawer }, { openWire }] = await Promise.all([
    import('#hardware/drawer/pulse.ts'),
    import('#hardware/wire/open-wire.ts'),
  ]);
  return pulseDrawer(openWire, target, pulse);
};

export function makeDrawerDesk(deps: DrawerDeskDeps): DrawerDesk {
  const pulse = deps.pulse ?? pulseReal;
  let trouble: WireTrouble | null = null;
  let last: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    const setting = deps.setting();
    if (setting.via === 'printer') return;
    const before = trouble;
    trouble = await pulse(setting.target, setting.pulse);
    if (trouble !== before) deps.onChange();
  };
  return {
    view: () => {
      const setting = deps.setting();
      if (setting.via === 'printer') return deps.onPrinter();
      return {
        kind: 'drawer',
        // Nothing is known of a drawer that never answers: it works until a pulse could not be sent.
        state: trouble === null ? 'works' : 'trouble',
        trouble,
        place: placeOf(setting.target),
      };
    },
    reopen: () => Promise.resolve(),
    close: () => last,
    isOnPrinter: () => deps.setting().via === 'printer',
    kick: () => {
      last = last.then(run).catch(deps.onFault);
    },
    setting: deps.setting,
    set: (setting) => {
      trouble = null;
      deps.save(setting);
      deps.onChange();
      return setting;
    },
  };
}
