/**
 * "This weight was taken already": remembers what went into a bill from the pan until the pan is seen to change.
 * Rule kept: a flicker of a gram is no change, an emptied or reloaded pan is; pure. It refuses nothing by itself.
 */
import type { Milli } from '#core/quantity.ts';

/** `grossMilli` with the container: a tare pressed afterwards changes nothing on the pan. */
export type Taken = { readonly grossMilli: Milli; readonly name: string; readonly nameHi: string | null };

/** Two grams or one per cent, but never so much that an emptied pan would pass for a full one. */
const tolerance = (grossMilli: Milli): number => Math.min(Math.max(2, grossMilli / 100), grossMilli / 2);

/** What is left of the memory after a reading; null: the pan changed. */
export const takenAfter = (taken: Taken | null, grossMilli: Milli): Taken | null =>
  taken !== null && Math.abs(grossMilli - taken.grossMilli) > tolerance(taken.grossMilli) ? null : taken;
