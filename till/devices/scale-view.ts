/**
 * A scale's state in the contract's words, and the refusal that a state is when a weight is wanted. Rule kept:
 * exhaustive; a state without a meaning for the cashier does not compile. Pure.
 */
import type { DomainError } from '#core/errors.ts';
import { milli } from '#core/quantity.ts';
import { exhausted } from '#core/result.ts';
import type { ScaleView } from '#contract/till-scale.ts';
import type { Scale, ScaleState } from '#hardware/scale/port.ts';

export const noScale: ScaleView = {
  state: 'notSet',
  trouble: null,
  weightMilli: null,
  tareMilli: milli(0),
  takenFor: null,
  canZero: false,
};

export function scaleViewOf(scale: Scale, takenFor: ScaleView['takenFor']): ScaleView {
  const state = scale.state();
  return {
    state: state.kind,
    trouble: state.kind === 'trouble' ? state.trouble : null,
    weightMilli: 'milli' in state ? state.milli : null,
    tareMilli: scale.tareMilli(),
    takenFor,
    canZero: scale.canZero,
  };
}

/** Why no weight above zero is to be had; null: it stands there, stable. */
export function refusalOfState(state: ScaleState): DomainError | null {
  switch (state.kind) {
    case 'stable':
      return state.milli > 0 ? null : { type: 'ScaleEmpty' };
    case 'looking':
      return { type: 'ScaleTrouble', trouble: 'silent' };
    case 'trouble':
      return { type: 'ScaleTrouble', trouble: state.trouble };
    case 'moving':
      return { type: 'ScaleUnstable' };
    case 'negative':
      return { type: 'ScaleNegative' };
    case 'overload':
      return { type: 'ScaleOverload' };
    case 'underload':
      return { type: 'ScaleUnderload' };
    default:
      return exhausted(state);
  }
}
