/**
 * A receipt printer over any wire: network, serial, USB, device file, Windows queue. Rule kept: the printer is asked
 * before the first byte and after the last one, and what can't be known is never called done. It reconnects
 * nothing by itself: the spool decides when to try again. A network printer is let go after each job, so
 * that tills share it; a cable of this PC's own is held, so that a pulled plug is known at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '#core/result.ts';
import type { Wire, WireTrouble } from '../wire/wire.ts';
import { askInTurn, askStatus } from './escpos-commands.ts';
import { bytesThatComplete, rowOfPicture } from './half-command.ts';
import type { PrinterModel } from './models.ts';
import { inTurn, type Printer, type PrinterStatus, type PrinterTrouble, type PrintOutcome, statusOf } from './port.ts';
import { makeStatusReader, readAnswers, type StatusReading } from './status.ts';

export type PrinterTimes = {
  readonly connectMs: number;
  /** How long one status question may take when the printer has nothing to print. */
  readonly answerMs: number;
  /** How long the printer may take no byte, or owe the answer after the last one. */
  readonly stallMs: number;
};
const usualTimes: PrinterTimes = { connectMs: 2_000, answerMs: 700, stallMs: 10_000 };

export type WirePrinterOptions = {
  readonly name: string;
  readonly open: (connectMs: number) => Promise<Result<Wire, WireTrouble>>;
  readonly model: Pick<PrinterModel, 'hasStatus' | 'prints'>;
  /**
   * Where bytes only go out (a Windows queue): what the queue says of its printer; the printer itself is never asked.
   * null: the printer is asked over the wire.
   */
  readonly askQueue: (() => Promise<Result<StatusReading['state'], WireTrouble>>) | null;
  /** true: the wire stays open between jobs. */
  readonly isHeld: boolean;
  /** What the cable itself can carry, as 960 at 9600 baud: the system takes bytes faster than they leave. null: no matter. */
  readonly bytesPerSecond: number | null;
  readonly times?: Partial<PrinterTimes>;
};

/** Small enough that a cut is known to within a few lines, large enough not to matter. */
const chunkBytes = 2_048;
/** A printer that says it is ready and has not put out a job's paper by then has a fault of its own. */
const longestPaperMs = 120_000;

/** An open wire with its back channel read. */
type Line = {
  readonly wire: Wire;
  /** Next answer within `ms`; null when none comes or the link breaks. */
  readonly answer: (ms: number) => Promise<number | null>;
  /** Whether the question asked in turn (GS r) is answered within `ms`. */
  readonly answerInTurn: (ms: number) => Promise<boolean>;
  readonly forgetInTurn: () => void;
  /** Forgets answers to DLE EOT that came unasked or too late. */
  readonly forget: () => void;
  /** What the printer last said of itself unasked; null when nothing. */
  readonly lastNews: () => StatusReading | null;
};

function listen(wire: Wire, onNews: (reading: StatusReading) => void): Line {
  const answers: number[] = [];
  let inTurn = 0;
  let news: StatusReading | null = null;
  let wake: () => void = () => {};
  let isOver = false;
  const read = makeStatusReader((event) => {
    if (event.kind === 'answer') answers.push(event.byte);
    else if (event.kind === 'inTurn') inTurn += 1;
    else {
      news = event.reading;
      onNews(event.reading);
    }
  });
  wire.onData((bytes) => {
    read(bytes);
    wake();
  });
  void wire.ended.then(() => {
    isOver = true;
    wake();
  });
  const heard = async (isThere: () => boolean, ms: number): Promise<void> => {
    const late = AbortSignal.timeout(Math.max(1, Math.round(ms)));
    while (!isThere() && !isOver && !late.aborted) {
      await new Promise<void>((go) => {
        wake = go;
        late.addEventListener('abort', () => go(), { once: true });
      });
    }
  };
  return {
    wire,
    answer: async (ms) => {
      await heard(() => answers.length > 0, ms);
      return answers.shift() ?? null;
    },
    answerInTurn: async (ms) => {
      await heard(() => inTurn > 0, ms);
      return inTurn > 0;
    },
    forgetInTurn: () => {
      inTurn = 0;
    },
    forget: () => void answers.splice(0),
    lastNews: () => news,
  };
}

/** Asks DLE EOT 1, 2, 4 and, where there is an error, 3. 'silent': it answers nothing at all. `firstMs`: for the first answer. */
async function ask(line: Line, ms: number, firstMs = ms): Promise<StatusReading | 'silent' | 'broken'> {
  const one = async (n: 1 | 2 | 3 | 4, within: number): Promise<number | 'silent' | 'broken'> => {
    line.forget();
    const sent = await line.wire.write(Uint8Array.from(askStatus(n)), within);
    if (sent.kind === 'failed') return 'broken';
    const byte = await line.answer(within);
    return byte ?? (line.wire.isOpen() ? 'silent' : 'broken');
  };
  const printer = await one(1, firstMs);
  if (typeof printer === 'string') return printer;
  const cause = await one(2, ms);
  const paper = typeof cause === 'string' ? cause : await one(4, ms);
  // It answered once and stopped: not a printer without status.
  if (typeof cause === 'string' || typeof paper === 'string') return 'broken';
  const error = (cause & 0x40) === 0 ? null : await one(3, ms);
  return readAnswers(printer, cause, paper, typeof error === 'number' ? error : null);
}

/** Asks behind all that was sent. Source: Epson's reference, GS r: transmitted in its turn, not in real time. */
async function sendInTurn(line: Line, ms: number): Promise<boolean> {
  line.forgetInTurn();
  return (await line.wire.write(Uint8Array.from(askInTurn()), ms)).kind === 'sent';
}

/** All bytes were taken by one that says nothing: whether the link still stood when they had time to arrive. */
async function endedWell(line: Line, isHeld: boolean, ms: number): Promise<boolean> {
  const stopped = new AbortController();
  const stands = sleep(ms, 'open' as const, { signal: stopped.signal }).catch(() => 'open' as const);
  const early = await Promise.race([line.wire.ended, stands]);
  stopped.abort();
  if (early !== 'open') return early === null;
  if (isHeld) return true;
  await line.wire.close(ms);
  return (await line.wire.ended) === null;
}

/** One that never answered a question is taken for a model without status; one that did and falls silent is offline. */
export function openWirePrinter(options: WirePrinterOptions): Printer {
  const times = { ...usualTimes, ...options.times };
  const run = inTurn();
  const listeners = new Set<(status: PrinterStatus) => void>();
  let isOpen = true;
  let hasAnswered = false;
  /** Whether it answers in turn (GS r); null: not tried yet. */
  let answersInTurn: boolean | null = null;
  let held: Line | null = null;
  /** What ends the command that the printer may still be waiting in, after a cut or an end of this program; else null. */
  let toComplete: Uint8Array | null =
    options.askQueue !== null || options.model.prints === 'star' ? null : rowOfPicture(options.bytesPerSecond);

  const tell = (status: PrinterStatus): void => {
    for (const listener of listeners) listener(status);
  };
  const open = async (): Promise<Result<Line, WireTrouble>> => {
    if (held?.wire.isOpen()) return { ok: true, value: held };
    const opened = await options.open(times.connectMs);
    if (!opened.ok) return opened;
    const line = listen(opened.value, (reading) => tell({ ...reading, wire: null }));
    held = options.isHeld ? line : null;
    void line.wire.ended.then((trouble) => {
      if (held === line) held = null;
      if (options.isHeld && trouble !== null) tell(statusOf('offline', { wire: trouble }));
    });
    return { ok: true, value: line };
  };
  const onLine = async <T>(use: (line: Line) => Promise<T>, none: (trouble: WireTrouble) => T): Promise<T> => {
    const opened: Result<Line, WireTrouble> = isOpen ? await open() : { ok: false, error: 'absent' };
    if (!opened.ok) return none(opened.error);
    try {
      return await use(opened.value);
    } finally {
      if (!options.isHeld) await opened.value.wire.close();
    }
  };

  /** 'ready' of a queue is no knowledge: many drivers say nothing else. */
  const askedQueue = async (
    askQueue: NonNullable<WirePrinterOptions['askQueue']>,
  ): Promise<StatusReading | 'silent' | 'broken'> => {
    const said = await askQueue();
    if (!said.ok) return 'broken';
    hasAnswered ||= said.value !== 'ready';
    return said.value === 'ready' ? 'silent' : { state: said.value, isPaperLow: false, fault: null };
  };
  /** 'silent' is a reading too: of a printer that can't be asked. */
  const askOn = async (line: Line): Promise<StatusReading | 'silent' | 'broken'> => {
    if (options.askQueue !== null) return askedQueue(options.askQueue);
    if (!options.model.hasStatus) return 'silent';
    const reading = await ask(line, times.answerMs);
    if (reading === 'silent' && hasAnswered) return 'broken';
    hasAnswered ||= typeof reading !== 'string';
    // Tried once, while nothing prints that the answer would have to wait for.
    if (answersInTurn === null && typeof reading !== 'string' && reading.state === 'ready') {
      const isAnswered = (await sendInTurn(line, times.answerMs)) && (await line.answerInTurn(times.answerMs));
      if (!isAnswered && !line.wire.isOpen()) return 'broken';
      answersInTurn = isAnswered;
    }
    return reading;
  };
  /**
   * Waits until the paper is out: DLE EOT is answered while the job still lies in the printer's buffer, and its plug,
   * pulled then, takes the job along. 'ready' at once where it answers nothing in turn: more can't be known of it.
   */
  const paperIsOut = async (line: Line): Promise<StatusReading['state']> => {
    if (answersInTurn !== true) return 'ready';
    if (!(await sendInTurn(line, times.stallMs))) return 'offline';
    for (const until = performance.now() + longestPaperMs; performance.now() < until; ) {
      if (await line.answerInTurn(times.answerMs)) return 'ready';
      const reading = await ask(line, times.stallMs);
      if (typeof reading === 'string') return 'offline';
      if (reading.state !== 'ready') return reading.state;
    }
    return 'error';
  };

  const printOn = async (line: Line, job: Uint8Array): Promise<PrintOutcome> => {
    const before = await askOn(line);
    if (before === 'broken' || !line.wire.isOpen()) {
      // A held wire that says nothing may be dead without knowing: the next try opens it anew.
      await line.wire.close();
      return { kind: 'notStarted', reason: 'offline' };
    }
    if (before !== 'silent' && before.state !== 'ready') return { kind: 'notStarted', reason: before.state };
    let sentBytes = 0;
    const cut = (found: PrinterTrouble | 'ready'): PrintOutcome => {
      if (options.model.prints !== 'star') toComplete = bytesThatComplete(job);
      // One that fell silent may have said why before it did.
      const said = line.lastNews()?.state ?? 'ready';
      const reason = found === 'ready' || (found === 'offline' && said !== 'ready') ? said : found;
      return { kind: 'cut', sentBytes, totalBytes: job.length, reason: reason === 'ready' ? 'offline' : reason };
    };
    const startedAt = performance.now();
    const allBytes = job.length + (toComplete?.length ?? 0);
    if (toComplete !== null) {
      const sent = await line.wire.write(toComplete, times.stallMs);
      if (sent.kind === 'failed') return { kind: 'notStarted', reason: 'offline' };
      toComplete = null;
    }
    for (let at = 0; at < job.length; at += chunkBytes) {
      const chunk = job.subarray(at, at + chunkBytes);
      const sent = await line.wire.write(chunk, times.stallMs);
      sentBytes += sent.kind === 'sent' ? chunk.length : sent.sentBytes;
      if (sent.kind === 'failed') return cut('offline');
    }
    const cableMs = options.bytesPerSecond === null ? 0 : (allBytes / options.bytesPerSecond) * 1_000;
    const stillLeavingMs = Math.max(0, cableMs - (performance.now() - startedAt));
    if (before === 'silent') {
      const isWhole = await endedWell(line, options.isHeld, Math.min(300, times.answerMs) + stillLeavingMs);
      return isWhole ? { kind: 'done' } : cut('offline');
    }
    const after = await ask(line, times.stallMs, times.stallMs + stillLeavingMs);
    if (typeof after === 'string') return cut('offline');
    const state = after.state === 'ready' ? await paperIsOut(line) : after.state;
    return state === 'ready' ? { kind: 'done' } : cut(state);
  };

  const look = (): Promise<PrinterStatus> =>
    run(() =>
      onLine<PrinterStatus>(
        async (line) => {
          const reading = await askOn(line);
          // It took the call and says nothing: all that can be known of a printer without status.
          if (reading === 'silent') return statusOf('ready');
          if (reading === 'broken') {
            const wire = line.wire.isOpen() ? null : 'broken';
            // Held or not, the next look starts on a fresh wire.
            await line.wire.close();
            return statusOf('offline', { wire });
          }
          return { ...reading, wire: null };
        },
        (trouble) => statusOf('offline', { wire: trouble }),
      ),
    );

  return {
    name: options.name,
    write: (job) =>
      run(() =>
        onLine<PrintOutcome>(
          (line) => printOn(line, job),
          () => ({ kind: 'notStarted', reason: 'offline' }),
        ),
      ),
    look,
    status: async () => (await look()).state,
    onNews: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    canTell: () => hasAnswered,
    close: () =>
      run(async () => {
        isOpen = false;
        await held?.wire.close();
        held = null;
      }),
  };
}
