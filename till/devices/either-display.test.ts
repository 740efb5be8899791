import { describe, expect, it } from 'vitest';
import type { DeviceView } from '#contract/device-views.ts';
import { eitherDisplay } from './either-display.ts';
import type { DeviceDesk } from './open-devices.ts';

const desk = (state: DeviceView['state']): DeviceDesk => ({
  view: () => ({ kind: 'display', state, trouble: state === 'trouble' ? 'absent' : null, place: null }),
  reopen: () => Promise.resolve(),
  close: () => Promise.resolve(),
});
const stateOf = (screen: DeviceView['state'], pole: DeviceView['state']): string =>
  eitherDisplay(desk(screen), desk(pole)).view().state;

describe('the display of the wizard', () => {
  it.each([
    ['works', 'works', 'works'],
    ['notSet', 'works', 'works'],
    ['works', 'notSet', 'works'],
    ['works', 'trouble', 'works'],
    ['notSet', 'trouble', 'trouble'],
    ['notSet', 'looking', 'looking'],
    ['notSet', 'notSet', 'notSet'],
  ] as const)('screen %s, pole %s: %s', (screen, pole, expected) => {
    expect(stateOf(screen, pole)).toBe(expected);
  });
});
