/**
 * Follows a feed of the till for as long as a component shows it. Rule kept: when the question changes or the
 * component goes, the till is told to stop; what an older question still sends is dropped.
 */
import { useEffect, useState } from 'react';
import type { TillClient } from './open-connection.ts';
import { follow } from './till-link.ts';

type Options = { readonly signal: AbortSignal };

/**
 * The feed's latest event for `question` (plain data, compared by its JSON); null before the first, or not asked.
 * Another `round` asks the same anew; the last event stays meanwhile.
 */
export function useFeed<Q, T>(
  question: Q | null,
  open: (till: TillClient, question: Q, options: Options) => Promise<AsyncIterable<T>>,
  round = 0,
): T | null {
  const text = JSON.stringify(question);
  const nth = `${round} ${text}`;
  const [told, setTold] = useState<{ readonly to: string; readonly event: T } | null>(null);
  useEffect(() => {
    const to = nth.slice(nth.indexOf(' ') + 1);
    const asked = JSON.parse(to) as Q | null;
    if (asked === null) return;
    const ended = new AbortController();
    const feed = follow(
      (till) => open(till, asked, { signal: ended.signal }),
      (event) => setTold({ to, event }),
    );
    return () => {
      feed.stop();
      ended.abort();
    };
    // The call is the same for every question of one place.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps
  }, [nth]);
  return told !== null && told.to === text ? told.event : null;
}
