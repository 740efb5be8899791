/**
 * What the till does between customers: keeps the log short, folds the stock ledger, checks the file after
 * an unclean stop and daily. Rule kept: small pieces, off the billing path, and only when the counter is
 * quiet; none of it can fail a bill.
 */
import { type Checkpointer, startCheckpointer } from '#db/checkpoint.ts';
import { quickCheckOnSnapshot } from '#db/quick-check.ts';
import type { Clock } from '#core/time.ts';
import { logEvent } from './log.ts';
import type { Tables } from './tables.ts';

export type Housekeeping = {
  /** Call after each answered command that wrote. */
  readonly look: () => void;
  /** The counter did something: wait before the next piece of work. */
  readonly busy: () => void;
  readonly stop: () => Promise<void>;
};

export type HousekeepingDeps = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly onDamaged: () => void;
  readonly checkpointWorkerUrl?: URL | undefined;
  readonly quickCheckWorkerUrl?: URL | undefined;
};

const quietMs = 2_000;
const rankAfterMs = 60_000;
const foldFrom = 4_000;
const foldPiece = 250;
const dayMs = 86_400_000;

export function startHousekeeping(deps: HousekeepingDeps): Housekeeping {
  const { tables } = deps;
  let lastBusy = performance.now();
  let isStopped = false;
  let checking: Promise<unknown> = Promise.resolve();
  const isQuiet = (): boolean => performance.now() - lastBusy > quietMs;
  const checkpointer: Checkpointer = startCheckpointer(tables.shop, {
    workerUrl: deps.checkpointWorkerUrl,
    onTrouble: (message) => logEvent('warn', 'checkpoint', { message }),
  });

  function quickCheck(): void {
    tables.settings.set('quickCheckAtMs', String(deps.clock.now()));
    checking = quickCheckOnSnapshot(tables.shop, { workerUrl: deps.quickCheckWorkerUrl }).then((outcome) => {
      logEvent(outcome.kind === 'damaged' ? 'error' : 'info', 'quickCheck', { ...outcome });
      if (outcome.kind === 'damaged') deps.onDamaged();
    });
  }

  /**
   * Best sellers first in the search, once a day. The one long piece of work (seconds at 100,000 items): only
   * while no shift is open, so that nobody stands at the counter.
   */
  function rankIfDue(): boolean {
    const last = Number(tables.settings.get('rankedAtMs') ?? 0);
    if (performance.now() - lastBusy < rankAfterMs || tables.shifts.current() !== null) return false;
    if (Math.abs(deps.clock.now() - last) < dayMs) return false;
    tables.settings.set('rankedAtMs', String(deps.clock.now()));
    tables.search.rerank();
    return true;
  }

  /** One small piece of work per tick. */
  function tick(): void {
    if (isStopped) return;
    try {
      checkpointer.look(isQuiet());
      if (!isQuiet()) return;
      if (tables.stock.tailLength() > foldFrom) tables.stock.fold(foldPiece);
      if (rankIfDue()) return;
      const last = Number(tables.settings.get('quickCheckAtMs') ?? 0);
      if (!tables.shop.wasClean && !checkedAfterStop) {
        checkedAfterStop = true;
        quickCheck();
      } else if (deps.clock.now() - last > dayMs) quickCheck();
    } catch (error) {
      logEvent('warn', 'housekeeping', { message: error instanceof Error ? error.message : String(error) });
    }
  }
  let checkedAfterStop = false;
  const timer = setInterval(tick, 500);
  timer.unref();

  return {
    look: () => checkpointer.look(),
    busy: () => {
      lastBusy = performance.now();
    },
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await checking;
      await checkpointer.stop();
    },
  };
}
