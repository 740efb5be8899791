/**
 * Long work in short breaths: a loop over many rows lets the counter go first every few milliseconds. Rule
 * kept: whoever loops over a file of unknown size awaits a breath inside the loop. It does no work itself.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest a loop works without letting a scan or a commit through. */
const breathMs = 8;

/** A function to await in a loop: free while the breath lasts, then one turn of the event loop. */
export function makeBreather(nowMs: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since = nowMs();
  return () => {
    if (nowMs() - since < breathMs) return undefined;
    return nextTurn().then(() => {
      since = nowMs();
    });
  };
}
