/**
 * The print spool: jobs wait in the database and leave by a side door. Rule kept: a job prints once; one
 * that was cut while it printed is asked about at the next empty counter, never printed again silently; no
 * printer trouble ever reaches a bill.
 */
import type { Uuid } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import type { PrintJob, PrintJobs } from '#db/print-jobs.ts';
import type { Printer, PrinterState, PrintOutcome } from '#hardware/printer/port.ts';

export type SpoolDeps = {
  readonly jobs: PrintJobs;
  readonly clock: Clock;
  /** The printer of the settings, opened; null when none is set. */
  readonly open: () => Printer | null;
  /** Bytes of one job; null when its document is gone (never for bills). */
  readonly encode: (job: PrintJob) => Promise<Uint8Array | null>;
  readonly onState: (state: PrinterState) => void;
  /** A fault while printing: logged with an incident id; the job stays. */
  readonly onFault: (error: unknown) => void;
  readonly retryMs: number;
};

export type Spool = ReturnType<typeof makeSpool>;

export function makeSpool(deps: SpoolDeps) {
  let printer: Printer | null = deps.open();
  let state: PrinterState = printer === null ? 'notSet' : 'ready';
  let running: Promise<void> | null = null;
  let wanted = false;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  // What was printing when the till died: nobody saw its paper come out.
  for (const job of deps.jobs.printing()) deps.jobs.setState(job.id, 'cut', deps.clock.now());

  const tell = (to: PrinterState): void => {
    state = to;
    deps.onState(state);
  };

  async function printOne(job: PrintJob, on: Printer): Promise<PrintOutcome | 'gone'> {
    const bytes = await deps.encode(job);
    if (bytes === null) return 'gone';
    deps.jobs.setState(job.id, 'printing', deps.clock.now());
    return on.write(bytes);
  }

  async function run(): Promise<void> {
    while (!isClosed && printer !== null) {
      wanted = false;
      const job = deps.jobs.next();
      if (job === null) {
        if (wanted) continue;
        return;
      }
      const outcome = await printOne(job, printer);
      const now = deps.clock.now();
      if (outcome === 'gone') deps.jobs.setState(job.id, 'abandoned', now);
      else if (outcome.kind === 'done') {
        deps.jobs.setState(job.id, 'done', now);
        tell('ready');
      } else if (outcome.kind === 'cut') {
        deps.jobs.setState(job.id, 'cut', now);
        tell(outcome.reason);
      } else {
        deps.jobs.setState(job.id, 'waiting', now);
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
    // setImmediate: the bill that asks for paper is answered before its bytes are even made.
    running ??= new Promise<void>((resolve) => {
      setImmediate(() => {
        run()
          .catch((error: unknown) => {
            deps.onFault(error);
            tell('error');
            retryLater();
          })
          .finally(() => {
            running = null;
            resolve();
            if (wanted && timer === null && !isClosed && deps.jobs.next() !== null) kick();
          });
      });
    });
  }

  return {
    kick,
    state: (): PrinterState => state,
    name: (): string | null => printer?.name ?? null,
    waiting: (): number => deps.jobs.waitingCount(),
    /** Did it come out whole? No: the same job waits again, marked as a duplicate by its kind. */
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
      await running;
      await old?.close();
      printer = deps.open();
      tell(printer === null ? 'notSet' : 'ready');
      kick();
    },
    idle: async (): Promise<void> => {
      while (running !== null) await running;
    },
    close: async (): Promise<void> => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
      await printer?.close();
    },
  };
}
