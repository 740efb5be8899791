/**
 * A regular expression that somebody typed, run so that it can't stop the till: in a context of its own that V8
 * ends after 20 ms, on short texts only. Rule kept: a pattern that ran out of time once is never run again; one
 * that is slow on hostile text is refused before it is used. A bad pattern is an answer, never a throw.
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

export function guardPattern(expression: string): Result<GuardedPattern, PatternFault> {
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
  let isOutOfUse = false;

  const match = (text: string): Readonly<Record<string, string | undefined>> | null => {
    if (isOutOfUse) return null;
    context['text'] = text.slice(0, maxText);
    try {
      const found = run.runInContext(context, { timeout: timeoutMs }) as RegExpExecArray | null;
      return found?.groups ?? null;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      isOutOfUse = true;
      return null;
    }
  };
  for (const text of hostile) match(text);
  return isOutOfUse ? err({ reason: 'tooSlow', detail: '' }) : ok({ match, isOutOfUse: () => isOutOfUse });
}

/** The error may come from the other context, whose Error is not ours. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
