/**
 * A till that was brought back makes itself known to head office and fetches what its backup had not. Rule kept: it goes
 * on trying as long as there is no network and bills meanwhile; each step is written down before the next, so that
 * dying between them repeats nothing that counts.
 */
import { askLost } from '../sync/lost-http.ts';
import type { TillContext } from '../context.ts';
import { logEvent, logFault } from '../log.ts';
import { Refusal } from '../refusal.ts';
import { takeLost } from './take-lost.ts';

const againMs = 20_000;

/** `join`: with the code that was typed at the restore. Returns how to stop. */
export function becomeKnown(
  ctx: TillContext,
  join: (url: string, code: string) => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;

  /** True when there is nothing more to do. */
  async function step(): Promise<boolean> {
    const { replaces } = ctx.settings.get();
    if (replaces === null) return true;
    if (!replaces.isKnown) {
      // Without a code a person types one where head office is joined.
      if (replaces.code === null) return false;
      try {
        await join(replaces.url, replaces.code);
      } catch (error) {
        const refused = error instanceof Refusal && error.error.type === 'JoinRefused' ? error.error : null;
        if (refused === null) throw error;
        if (refused.reason !== 'noServer') ctx.settings.save({ replaces: { ...replaces, code: null } });
      }
      return false;
    }
    const server = ctx.sync.server();
    if (server === null) return false;
    const [counts, after] = [{ taken: 0, left: 0 }, { seq: replaces.throughSeq }];
    for (;;) {
      const answer = await askLost(server, after.seq, stopping.signal);
      if (answer === null || stopping.signal.aborted) return false;
      const { taken, left } = takeLost(ctx.tables, ctx.newId, answer);
      counts.taken += taken;
      counts.left += left;
      after.seq = answer.entries.at(-1)?.seq ?? after.seq;
      if (!answer.isMore) break;
    }
    ctx.settings.save({ replaces: null });
    ctx.tables.journal.append('lostFetched', ctx.newId(), ctx.clock.now(), JSON.stringify(counts));
    logEvent('info', 'lostFetched', counts);
    ctx.sync.kick();
    return true;
  }

  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = step()
      .catch((error: unknown) => {
        logFault('restore', 'becomeKnown', error);
        return false;
      })
      .then((isDone) => {
        if (isDone || stopping.signal.aborted) return;
        const isQuick = ctx.settings.get().replaces?.isKnown === true && ctx.sync.server() !== null;
        timer = setTimeout(run, isQuick ? 1_000 : againMs);
        timer.unref();
      });
  };
  if (ctx.settings.get().replaces !== null) run();
  return async () => {
    stopping.abort();
    if (timer !== null) clearTimeout(timer);
    await running;
  };
}
