/**
 * How often somebody may ask: a bucket that fills again with time, one for each name (an address, an account, a till).
 * Rule kept: one name's haste never slows another's; what is remembered is bounded, whoever asks.
 */
export type RateLimit = {
  /** 0: go on. Else milliseconds until asking again makes sense. */
  readonly take: (name: string, nowMs: number) => number;
};

/** `burst` at once, then one every `everyMs`. At most `most` names are remembered; the longest unheard is forgotten. */
export function makeRateLimit(burst: number, everyMs: number, most = 50_000): RateLimit {
  const fullAt = new Map<string, number>();
  return {
    take: (name, nowMs) => {
      // The bucket as the one time at which it will be full again (GCRA).
      const empty = nowMs + burst * everyMs;
      const before = fullAt.get(name) ?? nowMs;
      // Further off than a full bucket can be: the clock was set back, and nobody waits for that.
      const full = (before > empty + everyMs ? nowMs : Math.max(before, nowMs)) + everyMs;
      if (full > empty) return full - empty;
      fullAt.delete(name);
      fullAt.set(name, full);
      if (fullAt.size > most) fullAt.delete(fullAt.keys().next().value ?? '');
      return 0;
    },
  };
}
