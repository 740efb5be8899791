/**
 * The nets that are trained where nothing else is said. Rule kept: one set of numbers for every table, chosen on windows
 * before the judged ones; how long is in steps, so that a slow machine makes the same net.
 */
import type { NetsSettings } from './demand-nets.ts';

const training = { batch: 256, decay: 0.5, clipNorm: 1, checkEvery: 50, patience: 8 } as const;

/** Cheap: some seconds a net. */
const dense: NetsSettings = {
  encoder: 'dense',
  lookBack: 56,
  hidden: 128,
  context: 16,
  decoder: 64,
  seeds: 3,
  windows: 32_000,
  maxHistory: 1400,
  training: { ...training, steps: 800, rate: 0.002 },
  finish: { steps: 150, rate: 0.0005 },
};
/** Half a minute a net, or more. */
const recurrent: NetsSettings = { ...dense, encoder: 'recurrent', hidden: 64, seeds: 2 };

export const netChoices: Readonly<Record<string, readonly NetsSettings[]>> = {
  none: [],
  dense: [dense],
  recurrent: [recurrent],
  both: [dense, recurrent],
};
