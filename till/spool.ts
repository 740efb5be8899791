/**
 * The print spool: jobs wait in the database and leave by a side door, in the order they came. Rule kept: a job
 * prints once; one that was cut while it printed is asked about at the next empty counter, never printed again
 * silently; no printer trouble ever reaches a bill. It never drops a receipt: one that can't be made is set aside.
 */
import type { Uuid } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import type { PrintJob, PrintJobs, PrintJobState } from '#db/print-jobs.ts';
import {
  type Printer,
  type PrinterState,
  type PrinterStatus,
  type PrintOutcome,
  statusOf,
} from '#hardware/printer/port.ts';
import { makePrinterWatch } from './printer-watch.ts';

export type SpoolDeps = {
  readonly jobs: PrintJobs;
  readonly clock: Clock;
  /** The printer of the settings, opened; null when none is set. */
  readonly open: () => Printer | null;
  /** Bytes of one job; null when its document is gone (never for bills). */
  readonly encode: (job: PrintJob) => Promise<Uint8Array | null>;
  readonly onState: (state: PrinterState) => void;
  /** A fault while printing: logged with an incident id; the job, where it is one job's, stays. */
  readonly onFault: (error: unknown, job: PrintJob | null) => void;
  readonly retryMs: number;
  /** How often a printer with nothing to print is asked how it is. */
  readonly watchMs: number;
};

export type Spool = ReturnType<typeof makeSpool>;

/** A job that could not be made into bytes as often as this is set aside until somebody asks for it again. */
const mostTries = 3;
/** A pulse that comes later would open a drawer that nobody stands at. */
const freshDrawerMs = 60_000;
/** Nobody misses their paper: when they are cut there is nothing to ask about. */
const isUnasked = (job: PrintJob): boolean => job.kind === 'drawer' || job.kind === 'test';

export function makeSpool(deps: SpoolDeps) {
  let printer: Printer | null = deps.open();
  let status: PrinterStatus = statusOf(printer === null ? 'notSet' : 'ready');
  let stopNews: () => void = () => {};
  let running: Promise<void> | null = null;
  let wanted = false;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  /** How often a job could not be made; mostTries and it is set aside. */
  const tries = new Map<Uuid, number>();
  /** What is known of a job's paper and could not be written down (disk full); written before anything else prints. */
  let unsettled: { readonly job: PrintJob; readonly to: PrintJobState } | null = null;

  const isAside = (id: Uuid): boolean => (tries.get(id) ?? 0) >= mostTries;
  const aside = (): readonly Uuid[] => [...tries.keys()].filter(isAside);
  const settle = (job: PrintJob, to: PrintJobState): void => {
    unsettled = { job, to: to === 'cut' && isUnasked(job) ? 'abandoned' : to };
    deps.jobs.setState(job.id, unsettled.to, deps.clock.now());
    unsettled = null;
  };

  // What was printing when the till died: nobody saw its paper come out.
  for (const job of deps.jobs.printing()) settle(job, 'cut');

  const show = (to: PrinterStatus): void => {
    status = to;
    deps.onState(to.state);
  };
  /** What a job found; the roll's end and the reason of an error stay as they were last heard of. */
  const tell = (state: PrinterState): void =>
    show(state === status.state ? status : statusOf(state, { isPaperLow: status.isPaperLow && state === 'ready' }));
  const hear = (heard: PrinterStatus): void => {
    const { state, isPaperLow, fault, wire } = status;
    const isSame = heard.state === state && heard.isPaperLow === isPaperLow && heard.fault === fault;
    if (!isSame || heard.wire !== wire) show(heard);
    if (heard.state === 'ready' && running === null) kickWaiting();
  };

  const watch = makePrinterWatch({
    everyMs: deps.watchMs,
    idle: () => (running === null && !isClosed ? printer : null),
    onAnswer: hear,
  });

  /** 'failed': its bytes could not be made, which is this job's own trouble. */
  async function printOne(job: PrintJob, on: Printer): Promise<PrintOutcome | 'gone' | 'failed'> {
    const isLate = deps.clock.now() - job.createdAtMs > freshDrawerMs;
    if (isLate && job.kind === 'drawer') return 'gone';
    const bytes = await deps.encode(isLate ? { ...job, opensDrawer: false } : job).catch((error: unknown) => {
      tries.set(job.id, (tries.get(job.id) ?? 0) + 1);
      deps.onFault(error, job);
      return 'failed' as const;
    });
    if (bytes === null) return 'gone';
    if (bytes === 'failed') return bytes;
    tries.delete(job.id);
    deps.jobs.setState(job.id, 'printing', deps.clock.now());
    return on.write(bytes).catch((error: unknown): PrintOutcome => {
      // A printer promises never to throw. Whether paper came out is not known.
      deps.onFault(error, null);
      return { kind: 'cut', sentBytes: 0, totalBytes: bytes.length, reason: 'error' };
    });
  }

  /** All that waits, oldest first, until the printer refuses. What can't be made is passed over, and tried again later. */
  async function run(): Promise<void> {
    if (unsettled !== null) settle(unsettled.job, unsettled.to);
    const passed = new Set<Uuid>(aside());
    while (!isClosed && printer !== null) {
      wanted = false;
      const job = deps.jobs.next(passed);
      if (job === null) {
        if (wanted) continue;
        if ([...passed].some((id) => !isAside(id))) retryLater();
        return;
      }
      const outcome = await printOne(job, printer);
      if (outcome === 'failed') {
        passed.add(job.id);
        show(status);
      } else if (outcome === 'gone') settle(job, 'abandoned');
      else if (outcome.kind === 'done') {
        settle(job, 'done');
        tell('ready');
      } else if (outcome.kind === 'cut') {
        settle(job, 'cut');
        tell(outcome.reason);
      } else {
        settle(job, 'waiting');
        tell(outcome.reason);
        retryLater();
        return;
      }
    }
  }

  function retryLater(): void {
    if (timer !== null || isClosed) return;
    timer = setTimeout(() => {
      timer = null;
      kick();
    }, deps.retryMs);
    timer.unref();
  }

  function kick(): void {
    if (isClosed || printer === null) return;
    wanted = true;
    watch.stop();
    // setImmediate: the bill that asks for paper is answered before its bytes are even made.
    running ??= new Promise<void>((resolve) => {
      setImmediate(() => {
        run()
          .catch((error: unknown) => {
            deps.onFault(error, null);
            tell('error');
            retryLater();
          })
          .finally(() => {
            running = null;
            resolve();
            if (wanted && timer === null && deps.jobs.next(new Set(aside())) !== null) kick();
            else if (!isClosed && printer !== null) watch.start();
          });
      });
    });
  }

  function kickWaiting(): void {
    if (deps.jobs.next(new Set(aside())) !== null) kick();
  }

  const attend = (): void => {
    if (printer === null) return;
    stopNews = printer.onNews(hear);
    watch.start();
  };
  attend();

  return {
    kick,
    /** A person asks: what was set aside is tried again too. */
    retry: (): void => {
      tries.clear();
      kick();
    },
    state: (): PrinterState => status.state,
    status: (): PrinterStatus => status,
    /** Asks the printer now, where no job runs; what it says comes as news. */
    look: (): void => watch.now(),
    canTell: (): boolean => printer?.canTell() ?? false,
    name: (): string | null => printer?.name ?? null,
    /** Jobs that will print by themselves. */
    waiting: (): number => deps.jobs.waitingCount() - aside().length,
    /** Jobs whose bytes can't be made: they wait for a person, or for the next start of the till. */
    aside: (): number => aside().length,
    /**
     * Did it come out whole? No: the same job waits again, marked as a duplicate by its kind. Called inside the
     * transaction that keeps both or neither; false when nobody asked.
     */
    answerCut: (id: Uuid, cameOutWhole: boolean, reprint: (job: PrintJob) => void): boolean => {
      const job = deps.jobs.get(id);
      if (job === null || job.state !== 'cut') return false;
      deps.jobs.setState(id, cameOutWhole ? 'done' : 'abandoned', deps.clock.now());
      if (!cameOutWhole) reprint(job);
      kick();
      return true;
    },
    /** The settings changed: the old printer ends its job first. */
    reopen: async (): Promise<void> => {
      const old = printer;
      printer = null;
      stopNews();
      watch.stop();
      await running;
      await old?.close();
      printer = deps.open();
      tries.clear();
      attend();
      show(statusOf(printer === null ? 'notSet' : 'ready'));
      kick();
    },
    idle: async (): Promise<void> => {
      while (running !== null) await running;
    },
    close: async (): Promise<void> => {
      isClosed = true;
      stopNews();
      watch.stop();
      if (timer !== null) clearTimeout(timer);
      await running;
      await printer?.close();
    },
  };
}
