/**
 * Looks after a printer that has nothing to print: asks how it is every so often, so that a cashier sees "paper is
 * out" before the next bill. Rule kept: it never asks while a job prints, nor one that can't tell, and it holds
 * neither a bill nor the end of the program. It prints nothing; the spool decides what an answer means.
 */
import { type Printer, type PrinterStatus, statusOf } from '#hardware/printer/port.ts';

export type PrinterWatchDeps = {
  /** From question to question; ≤ 2,000 so that trouble is shown within two seconds (reliability.md, Receipt). */
  readonly everyMs: number;
  /** The printer to ask; null while a job prints or none is set: nothing is asked, the next job starts it again. */
  readonly idle: () => Printer | null;
  readonly onAnswer: (status: PrinterStatus) => void;
};

export type PrinterWatch = {
  /** Asks again from now on: after a job, or for a printer just opened. Cheap to call again and again. */
  readonly start: () => void;
  /** Asks at once: a person looks at the printer's state. One that seemed mute is asked too. */
  readonly now: () => void;
  readonly stop: () => void;
};

/** While nobody answers the pause doubles up to this share of the usual one. */
const longestPause = 6;
/** One that answered until now may only be busy with another till's job: it is gone when it is missed twice. */
const missesUntilGone = 2;

export function makePrinterWatch(deps: PrinterWatchDeps): PrinterWatch {
  let timer: NodeJS.Timeout | null = null;
  let isAsking = false;
  let misses = 0;

  const later = (ms: number): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      void ask();
    }, ms);
    timer.unref();
  };

  async function ask(): Promise<void> {
    const printer = deps.idle();
    if (printer === null || isAsking) return;
    isAsking = true;
    const from = performance.now();
    const couldTell = printer.canTell();
    const status = await printer.look().catch(() => statusOf('offline'));
    isAsking = false;
    // A job began meanwhile, or the settings changed: what that one finds counts.
    if (deps.idle() !== printer) return;
    const isGone = status.state === 'offline';
    misses = isGone ? misses + 1 : 0;
    const isMissed = isGone && couldTell && misses < missesUntilGone;
    if (!isMissed) deps.onAnswer(status);
    // Mute, or never heard of yet: asking teaches nothing more. Its next job does.
    if (!printer.canTell() || deps.idle() !== printer) return;
    const pause = deps.everyMs * Math.min(longestPause, isMissed ? 1 : 2 ** Math.max(0, misses - 1));
    later(Math.max(deps.everyMs / 4, pause - (performance.now() - from)));
  }

  return {
    start: () => {
      misses = 0;
      later(deps.everyMs);
    },
    now: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      void ask();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
