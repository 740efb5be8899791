/**
 * Writes the search entries that wait (db/search-queue.ts), a few milliseconds at a time with as long a rest after each.
 * Rule kept: billing gets in between any two pieces; what is cut off is gone on with when the till opens again.
 */
import type { SearchQueue } from '#db/search-queue.ts';

export type SearchGrowth = {
  /** Something may wait. */
  readonly look: () => void;
  readonly stop: () => void;
};

const pieceMs = 4;
const restMs = 4;

export function growSearch(deps: {
  readonly queue: SearchQueue;
  readonly later: (work: () => void, ms: number) => () => void;
  /** After each piece; `isWhole`: nothing waits any more. */
  readonly onPiece: (isWhole: boolean) => void;
  readonly onFault: (error: unknown) => void;
}): SearchGrowth {
  let forget: (() => void) | null = null;
  const piece = (): void => {
    forget = null;
    try {
      const overAt = performance.now() + pieceMs;
      let isCut = false;
      const done = deps.queue.take(() => (isCut = performance.now() > overAt));
      if (done === 0) return;
      if (isCut) look();
      deps.onPiece(!isCut);
    } catch (error) {
      // A full disk: the marks stay, and the next look goes on.
      deps.onFault(error);
    }
  };
  const look = (): void => {
    forget ??= deps.later(piece, restMs);
  };
  return {
    look,
    stop: () => {
      forget?.();
      forget = null;
    },
  };
}
