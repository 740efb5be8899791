/**
 * When the shop forecasts and how far it is: nightly, after an import, when asked. Rule kept: one job at a time, in a
 * thread of its own; the till's thread only writes pieces that it is handed, and lets a customer go first; a job that is
 * cancelled, fails or is cut off leaves the forecasts of before whole.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { addDays, type BusinessDate, type Clock, daysBetween, localParts } from '#core/time.ts';
import type { ForecastJobView } from '#contract/till-forecast.ts';
import type { ForecastWeeks } from '#db/forecast-weeks.ts';
import type { ForecastTables } from '#db/forecasts.ts';
import { shopFile } from '#db/open.ts';
import { assetsFolder } from '../assets-folder.ts';
import { type Feed, makeFeed } from '../feed.ts';
import { logEvent } from '../log.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';
import { makeNightTries } from './try-again.ts';

export type JobKind = NonNullable<ForecastJobView['kind']>;
export type ForecastDesk = {
  readonly view: () => ForecastJobView;
  readonly feed: Feed<ForecastJobView>;
  /** Begins unless it runs already. */
  readonly start: (kind: JobKind) => ForecastJobView;
  readonly cancel: () => ForecastJobView;
  /** Starts what is due; the timer and tests call it. */
  readonly look: () => void;
  /** A customer is at the counter: what can wait does. */
  readonly busy: () => void;
  /** Resolves when no job runs. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
};
export type ForecastDeskDeps = {
  readonly tables: {
    readonly shop: { readonly dir: string };
    readonly forecasts: ForecastTables;
    readonly forecastWeeks: ForecastWeeks;
    readonly shifts: { readonly current: () => unknown };
    readonly settings: {
      readonly get: (key: string) => string | null;
      readonly set: (key: string, value: string) => void;
    };
    readonly transact: <T>(work: () => T) => T;
  };
  readonly models: Pick<ModelDesk, 'order' | 'take' | 'installHere'>;
  /** No head office trains for this shop. */
  readonly isAlone: () => boolean;
  readonly clock: Clock;
  readonly today: () => BusinessDate;
  readonly stateCode: () => string;
  /** Logs a fault and answers its incident. */
  readonly onFault: (error: unknown) => string;
  readonly workerUrl?: URL | undefined;
};

/** The shop is shut and the PC, where it stays on, has nothing else to do. */
const nightFromHour = 1;
const nightToHour = 6;
const lookEveryMs = 60_000;
/** Where the PC is off at night: this long without a customer, first thing after it was started. */
const quietMs = 120_000;
/** A piece waits this long after a customer. */
const giveWayMs = 250;
const horizon = 14;
const weeksKeptDays = 400;
const seed = 1;
const trainedKey = 'forecast.trainedOn';
const trainEveryDays = 7;
const sweepPiece = 300;
/** Megabytes of new objects before they are looked through: what a night throws away is mostly large and outside of them. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 } as const;

const nobody: ForecastJobView = {
  state: 'idle',
  kind: null,
  stage: null,
  done: 0,
  total: 0,
  startedAtMs: null,
  endedAtMs: null,
  incidentId: null,
};

/** 0.9 MB, read when a job begins; null: this installation came without it. */
function seedFile(): Uint8Array | null {
  const file = join(assetsFolder(), 'seed-model', 'seed-model.onnx');
  return existsSync(file) ? readFileSync(file) : null;
}

type Running = {
  /** null: the models' order is waited for. */
  worker: Worker | null;
  readonly ended: Promise<void>;
  readonly end: () => void;
  readonly lastDay: BusinessDate;
  runNo: number | null;
};

export function makeForecastDesk(deps: ForecastDeskDeps): ForecastDesk {
  const { tables, clock } = deps;
  const feed = makeFeed<ForecastJobView>();
  let current: ForecastJobView = nobody;
  let running: Running | null = null;
  let busyAt = Number.NEGATIVE_INFINITY;
  const openedAt = performance.now();
  let isClosed = false;
  let isSwept = false;
  const tries = makeNightTries(clock.now);

  const show = (change: Partial<ForecastJobView>): void => {
    current = { ...current, ...change };
    if (!isClosed) feed.publish(current);
  };
  const finish = (state: 'done' | 'cancelled' | 'failed', incidentId: string | null = null): void => {
    const job = running;
    if (job === null) return;
    running = null;
    isSwept = false;
    if (state === 'failed' && current.kind === 'nightly') tries.failed();
    void job.worker?.terminate();
    show({ state, stage: null, endedAtMs: clock.now(), incidentId });
    job.end();
  };

  /** One piece, in one short transaction. */
  function write(job: Running, message: JobMessage): void {
    const runNo = job.runNo ?? 0;
    if (message.kind === 'begin') {
      const { summary } = message;
      job.runNo = tables.forecasts.begin({
        ...summary,
        madeAtMs: clock.now(),
        kind: current.kind ?? 'asked',
        originDate: job.lastDay,
        modelSinceMs: summary.modelSinceMs as ReturnType<Clock['now']> | null,
      });
    } else if (message.kind === 'items') tables.forecasts.addItems(runNo, message.rows);
    else if (message.kind === 'groups') tables.forecasts.addGroups(runNo, message.groups);
    else if (message.kind === 'weeks') tables.forecastWeeks.add(message.weeks);
    else if (message.kind === 'settled') tables.forecastWeeks.settle(message.weeks);
    else if (message.kind === 'whole') {
      tables.transact(() => {
        tables.forecasts.finish(runNo);
        tables.forecastWeeks.dropBefore(addDays(deps.today(), -weeksKeptDays));
      });
    }
  }

  const isTrainingDue = (): boolean => {
    const last = tables.settings.get(trainedKey) as BusinessDate | null;
    return last === null || Math.abs(daysBetween(last, deps.today())) >= trainEveryDays;
  };
  /** A training that failed is tried again next week, like one that had nothing to learn from. */
  async function takeTraining(message: JobMessage & { kind: 'trained' | 'notTrained' }): Promise<void> {
    tables.settings.set(trainedKey, deps.today());
    if (message.kind === 'notTrained') deps.onFault(new Error(message.message));
    else if (message.made !== null) await deps.models.installHere(message.made);
  }

  /** Whoever pays goes first. */
  const giveWay = (): Promise<void> => {
    const wait = busyAt + giveWayMs - performance.now();
    return new Promise((resolve) => {
      if (wait > 0) setTimeout(() => resolve(giveWay()), wait);
      else setImmediate(resolve);
    });
  };

  async function take(job: Running, message: JobMessage): Promise<void> {
    if (running !== job) return;
    if (message.kind === 'progress') {
      show({ stage: message.stage, done: message.done, total: message.total });
      return;
    }
    if (message.kind === 'falls') {
      for (const fall of message.falls) logEvent('warn', 'forecastRung', fall);
      return;
    }
    if (message.kind === 'nothing') {
      finish('done');
      return;
    }
    await giveWay();
    if (running !== job) return;
    try {
      if (message.kind === 'models') await deps.models.take(message.report);
      else if (message.kind === 'trained' || message.kind === 'notTrained') await takeTraining(message);
      else write(job, message);
    } catch (error) {
      finish('failed', deps.onFault(error));
      return;
    }
    if (message.kind === 'done') finish('done');
    else job.worker?.postMessage('taken');
  }

  async function begin(job: Running, kind: JobKind): Promise<void> {
    const models = await deps.models.order();
    if (running !== job) return;
    const order: JobOrder = {
      path: shopFile(tables.shop.dir),
      seedFile: seedFile(),
      lastDay: job.lastDay,
      horizon,
      openWeeks: tables.forecastWeeks.open(),
      lastWeekStart: tables.forecastWeeks.lastStart(),
      stateCode: deps.stateCode(),
      seed,
      models,
      isTraining: kind === 'nightly' && deps.isAlone() && isTrainingDue(),
    };
    const url = deps.workerUrl ?? new URL('./job-worker.ts', import.meta.url);
    const worker = new Worker(url, { workerData: order, resourceLimits });
    job.worker = worker;
    worker.unref();
    worker.on('message', (message: JobMessage) => {
      void take(job, message);
    });
    worker.once('error', (error) => {
      if (running === job) finish('failed', deps.onFault(error));
    });
    worker.once('exit', () => {
      if (running === job) finish('failed', deps.onFault(new Error('the forecasting thread ended without an answer')));
    });
  }

  function start(kind: JobKind): ForecastJobView {
    if (running !== null || isClosed) return current;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const job: Running = { worker: null, ended, end, lastDay: addDays(deps.today(), -1), runNo: null };
    running = job;
    show({
      state: 'running',
      kind,
      stage: 'reading',
      done: 0,
      total: 0,
      startedAtMs: clock.now(),
      endedAtMs: null,
      incidentId: null,
    });
    begin(job, kind).catch((error: unknown) => {
      if (running === job) finish('failed', deps.onFault(error));
    });
    return current;
  }

  /** Rows of runs that don't count go in pieces, while nobody waits. */
  function sweep(): void {
    if (isSwept || isClosed) return;
    if (performance.now() - busyAt > giveWayMs) isSwept = tables.forecasts.sweep(sweepPiece, running?.runNo ?? null);
    if (!isSwept) setTimeout(guarded(sweep), 20).unref();
  }

  function look(): void {
    if (isClosed || running !== null) return;
    sweep();
    const lastDay = addDays(deps.today(), -1);
    const made = tables.forecasts.current();
    // Set back, the clock makes nothing due: what is known is newer than today.
    if (!tries.isFree(lastDay) || (made !== null && made.originDate >= lastDay)) return;
    const { hour } = localParts(clock.now());
    const isNight = hour >= nightFromHour && hour < nightToHour && tables.shifts.current() === null;
    const isQuiet = performance.now() - Math.max(busyAt, openedAt) > quietMs;
    if (!isNight && !isQuiet) return;
    tries.began(lastDay);
    start('nightly');
  }

  /** The timer's work: its trouble is logged, it has no caller. */
  const guarded = (work: () => void) => (): void => {
    try {
      work();
    } catch (error) {
      logEvent('warn', 'forecastLook', { message: error instanceof Error ? error.message : String(error) });
    }
  };
  const timer = setInterval(guarded(look), lookEveryMs);
  timer.unref();

  return {
    view: () => current,
    feed,
    start,
    cancel: () => {
      finish('cancelled');
      return current;
    },
    look,
    busy: () => {
      busyAt = performance.now();
    },
    idle: async () => {
      while (running !== null) await running.ended;
    },
    close: async () => {
      clearInterval(timer);
      const worker = running?.worker;
      finish('cancelled');
      isClosed = true;
      await worker?.terminate();
    },
  };
}
