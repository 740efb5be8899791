/**
 * An answer that stays true while somebody looks at it: asked anew when one of its sources rings, and every so
 * often besides. Rule kept: nothing runs while nobody follows, and the same answer is not told twice.
 */
export type Source = (ring: () => void) => () => void;

/** Yields `answer()` at first and whenever it differs afterwards, until the signal aborts. */
export async function* followAnswer<T>(
  answer: () => Promise<T>,
  sources: readonly Source[],
  everyMs: number | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, void> {
  let isRung = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    isRung = true;
    wake?.();
  };
  signal?.addEventListener('abort', ring);
  const stops = sources.map((source) => source(ring));
  const timer = everyMs === null ? null : setInterval(ring, everyMs);
  timer?.unref();
  try {
    let last = '';
    while (!signal?.aborted) {
      isRung = false;
      const now = await answer();
      const text = JSON.stringify(now);
      if (text !== last) {
        last = text;
        yield now;
      }
      if (isRung || signal?.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    }
  } finally {
    signal?.removeEventListener('abort', ring);
    if (timer !== null) clearInterval(timer);
    for (const stop of stops) stop();
  }
}
