/**
 * Does a command once, however often it is sent. Rule kept: the answer is stored under the command's key in
 * the same transaction as its effect, so a retry after a crash finds either both or neither.
 */
import type { TillContext } from './context.ts';

/** `work` runs inside one transaction; its answer must be plain JSON. */
export function once<T>(ctx: Pick<TillContext, 'tables' | 'clock'>, key: string, work: () => T): T {
  const earlier = ctx.tables.commandKeys.get(key);
  if (earlier !== null) return JSON.parse(earlier) as T;
  return ctx.tables.transact(() => {
    const answer = work();
    ctx.tables.commandKeys.put(key, JSON.stringify(answer), ctx.clock.now());
    return answer;
  });
}
