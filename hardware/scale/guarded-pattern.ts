/**
 * A regular expression that somebody typed, run so that it can't stop the till: in a context of its own that V8
 * ends after 20 ms, on short texts only. Rule kept: a pattern that keeps running out of time is not run any more
 * (once may be the busy PC's doing); one that is slow on hostile text is refused before it is used. A bad pattern
 * is an answer, never a throw.
 */
import vm from 'node:vm';
import { err, ok, type Result } from '#core/result.ts';

export type PatternFault = {
  readonly reason: 'syntax' | 'noWeight' | 'tooLong' | 'tooSlow';
  /** V8's own words for a syntax error, for support. */
  readonly detail: string;
};

export type GuardedPattern = {
  /** Named groups of the first match; null: no match, or the pattern is out of use. */
  readonly match: (text: string) => Readonly<Record<string, string | undefined>> | null;
  readonly isOutOfUse: () => boolean;
};

const maxPattern = 400;
/** Longer text than any frame is cut: what is reckoned stays small. */
const maxText = 120;
const timeoutMs = 20;
/** So many times out of time, and it is out of use; so many good matches, and they are forgiven. */
const mostStrikes = 3;
const forgivenAfter = 200;

/** Text on which patterns that backtrack badly show it. */
const hostile = [
  '0'.repeat(maxText),
  `${'1'.repeat(maxText - 1)}!`,
  `${' '.repeat(maxText - 1)}!`,
  `${'a'.repeat(maxText - 1)}!`,
  `${'0.'.repeat(maxText / 2 - 1)}!!`,
  `${'+ '.repeat(maxText / 2 - 1)}!!`,
  `${'ST,GS,+  4.876kg'.repeat(7)}!`,
];

/** `limitMs`: how long one text may take; a test of something else allows a busy machine more. */
export function guardPattern(expression: string, limitMs = timeoutMs): Result<GuardedPattern, PatternFault> {
  if (expression.length > maxPattern) return err({ reason: 'tooLong', detail: String(expression.length) });
  let compiled: RegExp;
  try {
    compiled = new RegExp(expression);
    // With an empty alternative it matches everything and tells its groups.
    const groups = new RegExp(`${expression}|`).exec('')?.groups ?? {};
    if (!('weight' in groups)) return err({ reason: 'noWeight', detail: '' });
  } catch (error) {
    return err({ reason: 'syntax', detail: error instanceof Error ? error.message : String(error) });
  }
  const context = vm.createContext({ pattern: compiled, text: '' });
  const run = new vm.Script('pattern.exec(text)');
  let strikes = 0;
  let good = 0;

  const isOutOfUse = (): boolean => strikes >= mostStrikes;
  const match = (text: string): Readonly<Record<string, string | undefined>> | null => {
    if (isOutOfUse()) return null;
    context['text'] = text.slice(0, maxText);
    try {
      const found = run.runInContext(context, { timeout: limitMs }) as RegExpExecArray | null;
      good += 1;
      if (good % forgivenAfter === 0) strikes = 0;
      return found?.groups ?? null;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      strikes += 1;
      return null;
    }
  };
  for (const text of hostile) {
    strikes = 0;
    for (let tries = 0; tries < mostStrikes && strikes === tries; tries += 1) match(text);
    if (isOutOfUse()) return err({ reason: 'tooSlow', detail: '' });
  }
  strikes = 0;
  return ok({ match, isOutOfUse });
}

/** The error may come from the other context, whose Error is not ours. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
