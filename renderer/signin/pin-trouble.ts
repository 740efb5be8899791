/**
 * What is said of a PIN that was not taken, in the words of the language in force now; a lock counts down second by
 * second and goes when it is over. Rule kept: how long is the till's word; here it is only counted, never decided.
 */
import { useEffect, useState } from 'react';
import type { Refusal } from '../link/till-link.ts';
import { refusalWords } from '../words/errors.ts';
import { useWords } from '../words/words.ts';

export type PinTrouble = {
  /** '' while there is none. */
  readonly text: string;
  readonly isLock: boolean;
  readonly show: (refusal: Refusal) => void;
  readonly clear: () => void;
};

type Shown = { readonly refusal: Refusal; readonly untilMs: number | null };

export function usePinTrouble(): PinTrouble {
  const { say, language } = useWords();
  const [shown, setShown] = useState<Shown | null>(null);
  const [nowMs, setNowMs] = useState(0);
  const untilMs = shown?.untilMs ?? null;
  useEffect(() => {
    if (untilMs === null) return;
    const beat = setInterval(() => {
      const now = performance.now();
      if (now >= untilMs) setShown(null);
      else setNowMs(now);
    }, 250);
    return () => clearInterval(beat);
  }, [untilMs]);
  return {
    text: shown === null ? '' : refusalWords(leftOf(shown, nowMs), say, language),
    isLock: untilMs !== null,
    show: (refusal) => {
      const now = performance.now();
      setNowMs(now);
      setShown({ refusal, untilMs: refusal.type === 'PinLocked' ? now + refusal.waitSeconds * 1000 : null });
    },
    clear: () => setShown(null),
  };
}

const leftOf = ({ refusal, untilMs }: Shown, nowMs: number): Refusal =>
  refusal.type === 'PinLocked' && untilMs !== null
    ? { ...refusal, waitSeconds: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)) }
    : refusal;
