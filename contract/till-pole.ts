/**
 * The pole display's and the cash drawer's part of the till's contract. Rule kept: neither can hold a bill up,
 * so nothing here waits for a device; how they are stands in the device list.
 */
import { z } from 'zod';
import { method, out } from './method.ts';
import { type SerialFormatInput, type WireTargetInput, wireTarget } from './wire-target.ts';

export const poleModelIds = ['escposDisplay', 'cd5220', 'plainText'] as const;
export type PoleModelId = (typeof poleModelIds)[number];

export type PoleSetting = { readonly target: WireTargetInput; readonly model: PoleModelId };
export type PoleModelView = {
  readonly id: PoleModelId;
  readonly name: string;
  readonly format: SerialFormatInput;
};

/** The two lines of twenty as they stand now. */
export type PoleView = { readonly lines: readonly [string, string] };

export const poleContract = {
  setting: method.output(out<PoleSetting | null>()),
  set: method.input(z.object({ target: wireTarget, model: z.enum(poleModelIds) }).nullable()).output(out<PoleView>()),
  /** Shows both lines full for three seconds. */
  test: method.output(out<PoleView>()),
  state: method.output(out<PoleView>()),
  models: method.output(out<readonly PoleModelView[]>()),
} as const;

export const drawerPulseIds = ['bel', 'escP', 'anyBytes'] as const;
export type DrawerPulseId = (typeof drawerPulseIds)[number];

/** `printer`: the drawer hangs on the receipt printer. `wire`: on a port of its own (a USB or COM trigger). */
export type DrawerSetting =
  | { readonly via: 'printer' }
  | { readonly via: 'wire'; readonly target: WireTargetInput; readonly pulse: DrawerPulseId };

export const drawerContract = {
  setting: method.output(out<DrawerSetting>()),
  set: method
    .input(
      z.discriminatedUnion('via', [
        z.object({ via: z.literal('printer') }),
        z.object({ via: z.literal('wire'), target: wireTarget, pulse: z.enum(drawerPulseIds) }),
      ]),
    )
    .output(out<DrawerSetting>()),
} as const;
