/**
 * The weighing scale's part of the till's contract. Rule kept: a weight is given for a bill only while the
 * scale is stable and speaking; which pan a weight came from, and that it isn't taken twice unasked, is the
 * till's to know. No sentence here; words come from the renderer's table.
 */
import { z } from 'zod';
import type { Milli } from '#core/quantity.ts';
import type { DeviceTrouble } from './device-views.ts';
import { feedOf, method, out } from './method.ts';
import { type SerialFormatInput, type WireTargetInput, wireTarget } from './wire-target.ts';

export const scaleProtocolIds = ['continuous', 'toledo8217', 'casEcr2', 'cas22', 'dollar', 'nci', 'pattern'] as const;
export type ScaleProtocolId = (typeof scaleProtocolIds)[number];

const pattern = z.object({
  /** A regular expression with the named group `weight`, and where the scale says them `unit` and `stable`. */
  expression: z.string().max(400),
  /** For a scale that doesn't send its unit. */
  unit: z.enum(['kg', 'g', 'lb', 'oz']),
  /** What the group `stable` must be for the weight to count, as "ST"; null: the scale doesn't say. */
  stableText: z.string().max(20).nullable(),
  /** What to send to be answered, as "W\\r" (\\r \\n \\xNN are read); null: the scale sends by itself. */
  ask: z.string().max(40).nullable(),
});
export type ScalePattern = z.infer<typeof pattern>;

export const scaleSetting = z.object({
  target: wireTarget,
  protocol: z.enum(scaleProtocolIds),
  /** Only for protocol 'pattern'. */
  pattern: pattern.nullable(),
});
export type ScaleSetting = {
  readonly target: WireTargetInput;
  readonly protocol: ScaleProtocolId;
  readonly pattern: ScalePattern | null;
};

/** Whom a weight went to, while the pan hasn't changed since. */
export type WeightTakenFor = { readonly name: string; readonly nameHi: string | null };

export type ScaleView = {
  /** `moving`: not yet stable. `negative`: below zero, a tare or a zero is wrong. `trouble`: see there. */
  readonly state: 'notSet' | 'looking' | 'trouble' | 'moving' | 'stable' | 'negative' | 'overload' | 'underload';
  readonly trouble: DeviceTrouble | null;
  /** Net weight in milli-kilograms, to be shown; it may be billed only while the state is 'stable'. */
  readonly weightMilli: Milli | null;
  readonly tareMilli: Milli;
  readonly takenFor: WeightTakenFor | null;
  /** The scale takes a zero command; else it is set by its own key. */
  readonly canZero: boolean;
};

export type ScaleReadingView = { readonly weightMilli: Milli; readonly takenFor: WeightTakenFor | null };

/** What one frame from the scale was understood as; null: not understood. */
export type ScaleUnderstood =
  | { readonly kind: 'weight'; readonly weightMilli: Milli; readonly isStable: boolean | null }
  | { readonly kind: 'moving' | 'negative' | 'overload' | 'underload' };

export type ScaleTrialLine = { readonly text: string; readonly understood: ScaleUnderstood | null };

/** The live tester: what came, newest last (at most 12), and what it would make. */
export type ScaleTrial = {
  readonly lines: readonly ScaleTrialLine[];
  readonly bytes: number;
  /** The last bytes as they came, readable: what to look at when nothing is understood. */
  readonly raw: string;
  readonly view: ScaleView;
};

export type ScaleProtocolView = {
  readonly id: ScaleProtocolId;
  /** As the scale's own menu or manual calls it; not translated. */
  readonly name: string;
  readonly format: SerialFormatInput;
  readonly isAsked: boolean;
  readonly saysStable: boolean;
};

export type ScalePatternPreset = { readonly name: string; readonly sample: string; readonly pattern: ScalePattern };

export const scaleContract = {
  state: method.output(out<ScaleView>()),
  /** At most ten a second. */
  feed: method.output(feedOf<ScaleView>()),
  /** Waits up to a second for a stable weight above zero. Refused with the scale's own reason. */
  read: method.output(out<ScaleReadingView>()),
  /** What stands on the pan now counts as nothing; `clear` forgets it. An empty pan forgets it too. */
  tare: method.input(z.object({ clear: z.boolean().default(false) })).output(out<ScaleView>()),
  zero: method.output(out<ScaleView>()),
  setting: method.output(out<ScaleSetting | null>()),
  set: method.input(scaleSetting.nullable()).output(out<ScaleView>()),
  /** Opens this scale without keeping the setting and tells what comes, until the caller stops (2 minutes at most). */
  try: method.input(scaleSetting).output(feedOf<ScaleTrial>()),
  /** A pattern against text that somebody typed or pasted; no scale needed. */
  tryPattern: method
    .input(z.object({ pattern, sample: z.string().max(2_000) }))
    .output(out<readonly ScaleTrialLine[]>()),
  /** A pattern that reads this sample, as a start; null when no number is in it. */
  suggestPattern: method.input(z.object({ sample: z.string().max(2_000) })).output(out<ScalePattern | null>()),
  protocols: method.output(
    out<{ readonly protocols: readonly ScaleProtocolView[]; readonly presets: readonly ScalePatternPreset[] }>(),
  ),
} as const;
