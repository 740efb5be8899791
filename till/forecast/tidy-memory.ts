/**
 * Lets go of a stage's waste before the next one begins. Rule kept: a night's matrices are tens of megabytes each and
 * hardly an object, so V8 sees little reason to look for them; without this a night holds half as much again. Only the
 * forecasting thread stops for it; where V8 does not know the word, nothing happens.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null | undefined;

/** Within a stage: what is dropped now is free when it is called the next time (pieces are freed beside this thread). */
export function tidySoon(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    const found: unknown = runInNewContext('typeof gc === "function" ? gc : null');
    collect = typeof found === 'function' ? (found as () => void) : null;
  }
  collect?.();
}

/** Between stages: waits until it is free. */
export function tidyMemory(): void {
  tidySoon();
  tidySoon();
}
