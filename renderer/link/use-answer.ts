/**
 * Asks the till whenever what is asked changes, and drops answers to older questions. Rule kept: asking
 * changes nothing in the till; a question of null is not asked.
 */
import { useEffect, useState } from 'react';
import type { TillClient } from './open-connection.ts';
import { type Answer, ask } from './till-link.ts';

/** The answer to `question` (plain data, compared by its JSON); null while it is on its way or not asked. */
export function useAnswer<Q, T>(
  question: Q | null,
  call: (till: TillClient, question: Q) => Promise<T>,
): Answer<T> | null {
  const text = JSON.stringify(question);
  const [answered, setAnswered] = useState<{ readonly to: string; readonly answer: Answer<T> } | null>(null);
  useEffect(() => {
    const asked = JSON.parse(text) as Q | null;
    let isStale = false;
    if (asked !== null) {
      void ask((till) => call(till, asked)).then((answer) => {
        if (!isStale) setAnswered({ to: text, answer });
      });
    }
    return () => {
      isStale = true;
    };
    // The call is the same for every question of one place.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps
  }, [text]);
  return question === null || answered === null || answered.to !== text ? null : answered.answer;
}
