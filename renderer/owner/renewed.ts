/**
 * A page that stands while a forecast is made shows the new one when it is there. Rule kept: what was told stays until the
 * answer comes, so that nothing flickers; a job that failed or was stopped renews nothing else than the same.
 */
import { useEffect, useRef, useState } from 'react';
import type { Answer } from '../link/till-link.ts';
import { countOrder } from './order-count.ts';

/** How many times a job has ended while this page stands: then what it shows is asked anew. */
export function useRounds(state: string | undefined): number {
  const [round, setRound] = useState(0);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === 'running' && state !== 'running') {
      setRound((now) => now + 1);
      void countOrder();
    }
    before.current = state;
  }, [state]);
  return round;
}

/** The answer, or the one before it while it is on its way. */
export function useLastAnswer<T>(answer: Answer<T> | null): Answer<T> | null {
  const [last, setLast] = useState(answer);
  if (answer !== null && answer !== last) setLast(answer);
  return answer ?? last;
}
