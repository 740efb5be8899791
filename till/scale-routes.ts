/**
 * The scale's methods, each tied to the till's scale desk. Rule kept: weighing is any signed-in person's; which
 * scale hangs where is set by whoever sets the shop up, later by its owner.
 */
import { os, settingUp, signedIn } from './edge.ts';
import { tryPattern } from './devices/scale-trial.ts';
import { need } from './refusal.ts';

export const scaleRoutes = {
  state: os.scale.state.handler(({ context }) => context.till.scale.scaleView()),
  feed: os.scale.feed.handler(({ context, signal }) =>
    context.till.scale.feed.subscribe(context.till.scale.scaleView, signal),
  ),
  read: os.scale.read.handler(({ context }) => {
    signedIn(context);
    return context.till.scale.read();
  }),
  tare: os.scale.tare.handler(({ context, input }) => {
    signedIn(context);
    return context.till.scale.tare(input.clear);
  }),
  zero: os.scale.zero.handler(({ context }) => {
    signedIn(context);
    return context.till.scale.zero();
  }),
  setting: os.scale.setting.handler(({ context }) => context.till.settings.get().scale),
  set: os.scale.set.handler(({ context, input }) => {
    settingUp(context);
    return context.till.scale.set(input);
  }),
  try: os.scale.try.handler(({ context, input, signal }) => {
    settingUp(context);
    return context.till.scale.trial(input, signal);
  }),
  tryPattern: os.scale.tryPattern.handler(async ({ context, input }) => {
    settingUp(context);
    return need(await tryPattern(input.pattern, input.sample));
  }),
  suggestPattern: os.scale.suggestPattern.handler(async ({ context, input }) => {
    settingUp(context);
    const { suggestPattern } = await import('#hardware/scale/pattern.ts');
    return suggestPattern(input.sample);
  }),
  protocols: os.scale.protocols.handler(async ({ context }) => {
    settingUp(context);
    const [{ scaleKinds }, { patternPresets }] = await Promise.all([
      import('#hardware/scale/protocols.ts'),
      import('#hardware/scale/pattern.ts'),
    ]);
    return { protocols: scaleKinds(), presets: patternPresets };
  }),
};
