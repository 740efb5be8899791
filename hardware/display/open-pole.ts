/**
 * Opens the pole display of a setting on its wire and keeps it. Rule kept: opening never fails for a cable; the
 * display is looked for until it is closed, and nobody waits for it.
 */
import { keptLink } from '../scale/kept-link.ts';
import type { WireTarget } from '../wire/wire.ts';
import { poleLine, poleText } from './encode.ts';
import { findPole } from './models.ts';
import { makePole, type Pole, type PoleState } from './pole.ts';

export function openPole(
  target: WireTarget,
  modelId: string,
  onState: (state: PoleState) => void,
): { readonly pole: Pole; readonly text: (name: string) => string; readonly line: (text: string) => string } {
  const pole = makePole({ model: findPole(modelId), connect: (events) => keptLink(target, events), onState });
  return { pole, text: poleText, line: poleLine };
}
