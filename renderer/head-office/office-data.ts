/**
 * What the pages show, asked for again while they are looked at. Rule kept: the last answer stays on the screen when
 * the server does not answer, with the time it is of; today's totals come through the feed as they change.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type OfficeCall, officeApi, type TillStateView, type TodayView, todayFeedPath } from '#contract/server.ts';
import { ask, type Failure, type Plain, refresh, signedOutStore } from './api.ts';

export type Asked<T> = {
  readonly value: T | null;
  readonly error: Failure | null;
  readonly again: () => Promise<void>;
};

const nothing = {};
/** Asks at once and then every `everyMs` while the page is visible; null: only again. `input` must stay the same object. */
export function useAsked<O>(call: OfficeCall<Record<string, never>, O>, everyMs: number | null): Asked<O>;
export function useAsked<I, O>(call: OfficeCall<I, O>, everyMs: number | null, input: Plain<I>): Asked<O>;
export function useAsked<I, O>(call: OfficeCall<I, O>, everyMs: number | null, input = nothing as Plain<I>): Asked<O> {
  const [value, setValue] = useState<O | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const again = useCallback(async (): Promise<void> => {
    const answer = await ask(call, input);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setValue(answer.value);
  }, [call, input]);
  useEffect(() => {
    const first = setTimeout(() => void again(), 0);
    const timer =
      everyMs === null
        ? undefined
        : setInterval(() => {
            if (document.visibilityState === 'visible') void again();
          }, everyMs);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [again, everyMs]);
  return { value, error, again };
}

/** At once too when a till was shut out: the feed says how many there are. */
export function useTills(shutOut: number): Asked<readonly TillStateView[]> {
  const tills = useAsked(officeApi.tills, 10_000);
  const { again } = tills;
  const before = useRef(shutOut);
  useEffect(() => {
    if (before.current === shutOut) return;
    before.current = shutOut;
    void again();
  }, [again, shutOut]);
  return tills;
}

export type Today = { readonly view: TodayView | null /** The feed is open. */; readonly isLive: boolean };

/** Today's totals as the server tells them; opened anew after a break. */
export function useToday(): Today {
  const [view, setView] = useState<TodayView | null>(null);
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const open = (): void => {
      if (isGone) return;
      source = new EventSource(todayFeedPath);
      source.addEventListener('message', (event) => {
        setLive(true);
        setView(JSON.parse(String(event.data)) as TodayView);
      });
      source.addEventListener('error', () => {
        setLive(false);
        source?.close();
        // The token ran out, or the server is away: the one is mended by a refresh, the other by waiting.
        timer = setTimeout(() => {
          void refresh().then((answer) => {
            if (!answer.ok && answer.error.type === 'NotSignedIn') signedOutStore.set((n) => n + 1);
            else open();
          });
        }, 1_000);
      });
    };
    open();
    // The feed tells of bills; that a till was heard, and that time passes, is asked for.
    const ticking = setInterval(() => {
      if (document.visibilityState !== 'visible') return;
      void ask(officeApi.today, {}).then((answer) => {
        if (!isGone && answer.ok) setView((now) => (now !== null && now.atMs > answer.value.atMs ? now : answer.value));
      });
    }, 5_000);
    return () => {
      isGone = true;
      clearInterval(ticking);
      clearTimeout(timer);
      source?.close();
    };
  }, []);
  return { view, isLive };
}
