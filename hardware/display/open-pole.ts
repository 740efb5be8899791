/**
 * Opens the pole display of a setting on its wire and keeps it. Rule kept: opening never fails for a cable; the
 * display is looked for until it is closed, and nobody waits for it.
 */
import { keepWire } from '../wire/keep-wire.ts';
import type { WireTarget } from '../wire/wire.ts';
import { poleLine, poleText } from './encode.ts';
import { findPole } from './models.ts';
import { makePole, type Pole, type PoleState } from './pole.ts';

const stallMs = 1_000;

export function openPole(
  target: WireTarget,
  modelId: string,
  onState: (state: PoleState) => void,
): { readonly pole: Pole; readonly text: (name: string) => string; readonly line: (text: string) => string } {
  const pole = makePole({
    model: findPole(modelId),
    onState,
    connect: (events) => {
      const wire = keepWire(target, {
        onUp: events.opened,
        onState: (state) => {
          if (state.kind === 'looking' && state.trouble !== null) events.troubled(state.trouble);
        },
      });
      return {
        send: async (bytes) => (await wire.write(bytes, stallMs)).kind === 'sent',
        close: wire.close,
      };
    },
  });
  return { pole, text: poleText, line: poleLine };
}
