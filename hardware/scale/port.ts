/**
 * Scale: the promise that every weighing scale, real or fake, keeps. Rule kept: a weight is stable only when the
 * scale itself says so or, where its protocol has no such word, when readings agreed for long enough; and never
 * after the scale fell silent. Weights are whole milli-kilograms (grams). It knows no goods and no price.
 */
import type { Milli } from '#core/quantity.ts';
import type { SerialFormat, WireTrouble } from '../wire/wire.ts';

/** What one frame of a scale says. */
export type ScaleHeard =
  /** `isStable` null: the protocol doesn't say. A weight below zero is a weight here. */
  | { readonly kind: 'weight'; readonly milli: Milli; readonly isStable: boolean | null }
  /** In motion, and the scale gives no number for it. */
  | { readonly kind: 'moving' }
  | { readonly kind: 'negative' }
  | { readonly kind: 'overload' }
  | { readonly kind: 'underload' };

/** How frames are found in a stream of bytes. */
export type Framing = {
  /** Each of these bytes ends a frame. */
  readonly ends: readonly number[];
  /** A frame begins after the last of these bytes; what stands before it is line noise. */
  readonly start: number | null;
  /** The byte after this one is data, whatever it is: a status byte may look like an end. */
  readonly dataAfter: number | null;
  /** Parity that a converter left in the eighth bit is taken off. */
  readonly isSevenBit: boolean;
  readonly maxLength: number;
};

/** A kind of scale as data and one pure reader. */
export type ScaleProtocol = {
  readonly id: string;
  readonly name: string;
  readonly format: SerialFormat;
  readonly framing: Framing;
  /** A scale that answers; null: it sends by itself. */
  readonly ask: { readonly bytes: Uint8Array; readonly everyMs: number } | null;
  readonly zero: Uint8Array | null;
  readonly saysStable: boolean;
  /** Nothing heard for so long: silent, and no weight stands any more. */
  readonly staleMs: number;
  /** null: not this protocol's frame. */
  readonly readFrame: (frame: Uint8Array) => ScaleHeard | null;
};

export type ScaleState =
  | { readonly kind: 'looking' }
  | { readonly kind: 'trouble'; readonly trouble: WireTrouble | 'silent' | 'garbled' }
  | { readonly kind: 'moving'; readonly milli: Milli | null }
  /** Net, after the tare. `milli` may be zero, never below. */
  | { readonly kind: 'stable'; readonly milli: Milli }
  | { readonly kind: 'negative'; readonly milli: Milli | null }
  | { readonly kind: 'overload' }
  | { readonly kind: 'underload' };

export type Scale = {
  readonly state: () => ScaleState;
  /** Hears each change and each repeated reading, as often as the scale speaks. */
  readonly onState: (listener: (state: ScaleState) => void) => () => void;
  /** Each frame, as the live tester shows it. */
  readonly onFrame: (listener: (frame: Uint8Array, heard: ScaleHeard | null) => void) => () => void;
  /** All bytes as they come, understood or not. */
  readonly onBytes: (listener: (bytes: Uint8Array) => void) => () => void;
  readonly tareMilli: () => Milli;
  /** What stands on the pan now counts as nothing. False when no stable weight above zero stands there. */
  readonly tare: () => boolean;
  readonly clearTare: () => void;
  readonly canZero: boolean;
  readonly zero: () => void;
  /** Ends it and frees the port. Idempotent. */
  readonly close: () => Promise<void>;
};
