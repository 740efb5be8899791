/**
 * A receipt printer on the network (TCP 9100, "raw" or JetDirect). Rule kept: one connection a job, so that several
 * tills share a printer; the printer is asked before the first byte and after the last one, and what can't be
 * known is never called done. It reconnects nothing by itself: the spool decides when to try again.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askStatus } from './escpos-commands.ts';
import type { PrinterModel } from './models.ts';
import { inTurn, type Printer, type PrinterState, type PrinterTrouble, type PrintOutcome } from './port.ts';

export type TcpTimes = {
  readonly connectMs: number;
  /** How long one status question may take when the printer has nothing to print. */
  readonly answerMs: number;
  /** How long the printer may take no byte, or owe the answer after the last one. */
  readonly stallMs: number;
};
const usualTimes: TcpTimes = { connectMs: 2_000, answerMs: 700, stallMs: 10_000 };
/** Small enough that a cut is known to within a few lines, large enough not to matter. */
const chunkBytes = 2_048;

type Wire = {
  readonly socket: Socket;
  readonly broken: () => boolean;
  /** Next status byte within `ms`; null when none comes or the link breaks. */
  readonly answer: (ms: number) => Promise<number | null>;
  /** Forgets answers that came unasked or too late. */
  readonly forget: () => void;
};

/** Opens the link; null when nobody answers in time. */
function openWire(host: string, port: number, connectMs: number): Promise<Wire | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const answers: number[] = [];
    let isBroken = false;
    let wake: () => void = () => {};
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, connectMs);
    const end = (): void => {
      isBroken = true;
      clearTimeout(timer);
      wake();
      resolve(null);
    };
    socket.on('data', (bytes: Buffer) => {
      // Answers to DLE EOT have bits 1 and 4 set and 0 and 7 clear; anything else is not one (automatic status, XON).
      answers.push(...bytes.filter((byte) => (byte & 0x93) === 0x12));
      wake();
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.on('end', end);
    socket.once('connect', () => {
      clearTimeout(timer);
      const answer = async (ms: number): Promise<number | null> => {
        const late = AbortSignal.timeout(ms);
        while (answers.length === 0 && !isBroken && !late.aborted) {
          await new Promise<void>((go) => {
            wake = go;
            late.addEventListener('abort', () => go(), { once: true });
          });
        }
        return answers.shift() ?? null;
      };
      const forget = (): void => void answers.splice(0);
      resolve({ socket, broken: () => isBroken, answer, forget });
    });
  });
}

const send = (wire: Wire, bytes: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (wire.broken()) return resolve(false);
    const onEnd = (): void => resolve(false);
    wire.socket.once('close', onEnd);
    wire.socket.write(bytes, (error) => {
      wire.socket.off('close', onEnd);
      resolve(!error);
    });
  });

const sendWithin = (wire: Wire, bytes: Uint8Array, ms: number): Promise<boolean> => {
  const late = new AbortController();
  const timeout = sleep(ms, false, { signal: late.signal }).catch(() => false);
  return Promise.race([send(wire, bytes), timeout]).finally(() => late.abort());
};

/**
 * What DLE EOT 1, 2 and 4 say together. 'silent': it answers nothing at all. Source: Epson's reference, DLE EOT:
 * n = 1 bit 3 offline; n = 2 bit 2 cover, bit 5 paper end, bit 6 error; n = 4 bits 5 and 6 paper out.
 */
async function ask(wire: Wire, ms: number): Promise<PrinterState | 'silent'> {
  const answers: number[] = [];
  for (const n of [1, 2, 4] as const) {
    wire.forget();
    if (!(await sendWithin(wire, Uint8Array.from(askStatus(n)), ms))) return 'offline';
    const byte = await wire.answer(ms);
    if (byte === null) return answers.length === 0 && !wire.broken() ? 'silent' : 'offline';
    answers.push(byte);
  }
  const [printer = 0, cause = 0, paper = 0] = answers;
  if ((paper & 0x60) !== 0 || (cause & 0x20) !== 0) return 'paperOut';
  if ((cause & 0x04) !== 0) return 'coverOpen';
  if ((cause & 0x40) !== 0) return 'error';
  return (printer & 0x08) === 0 ? 'ready' : 'offline';
}

const troubleOf = (state: PrinterState | 'silent'): PrinterTrouble =>
  state === 'ready' || state === 'notSet' || state === 'silent' ? 'offline' : state;

/** Ends our side and waits until the printer's side is closed too; false when it broke or takes too long. */
function endWire(wire: Wire, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      // All bytes were taken and nobody complained; many plain printers never close their side.
      resolve(!wire.broken());
      wire.socket.destroy();
    }, ms);
    wire.socket.once('close', (hadError: boolean) => {
      clearTimeout(timer);
      resolve(!hadError);
    });
    wire.socket.end();
  });
}

async function printOn(
  wire: Wire,
  job: Uint8Array,
  asked: () => Promise<PrinterState | 'silent'>,
  times: TcpTimes,
): Promise<PrintOutcome> {
  const before = await asked();
  if (wire.broken()) return { kind: 'notStarted', reason: 'offline' };
  if (before !== 'ready' && before !== 'silent') return { kind: 'notStarted', reason: troubleOf(before) };
  let sentBytes = 0;
  const cut = (reason: PrinterTrouble): PrintOutcome => ({ kind: 'cut', sentBytes, totalBytes: job.length, reason });
  for (let at = 0; at < job.length; at += chunkBytes) {
    const chunk = job.subarray(at, at + chunkBytes);
    if (!(await sendWithin(wire, chunk, times.stallMs))) return cut('offline');
    sentBytes += chunk.length;
  }
  if (before === 'silent') return (await endWire(wire, times.answerMs)) ? { kind: 'done' } : cut('offline');
  const after = await ask(wire, times.stallMs);
  return after === 'ready' ? { kind: 'done' } : cut(troubleOf(after));
}

/**
 * A printer at host:port. Each write connects, asks, sends, asks again and hangs up. One that never answered a
 * question is taken for a model without status; one that did and falls silent is offline, not fine.
 */
export function openTcpPrinter(
  host: string,
  port: number,
  model: PrinterModel,
  changes: Partial<TcpTimes> = {},
): Printer {
  const times = { ...usualTimes, ...changes };
  const run = inTurn();
  let isOpen = true;
  let hasAnswered = false;
  const onWire = async <T>(use: (wire: Wire) => Promise<T>, none: T): Promise<T> => {
    const wire = isOpen ? await openWire(host, port, times.connectMs) : null;
    if (wire === null) return none;
    try {
      return await use(wire);
    } finally {
      wire.socket.destroySoon();
    }
  };
  const askOn = async (wire: Wire): Promise<PrinterState | 'silent'> => {
    if (!model.hasStatus) return 'silent';
    const state = await ask(wire, times.answerMs);
    if (state === 'silent' && hasAnswered) return 'offline';
    hasAnswered ||= state !== 'silent' && !wire.broken();
    return state;
  };
  return {
    name: `${host}:${port}`,
    write: (job) =>
      run(() =>
        onWire<PrintOutcome>((wire) => printOn(wire, job, () => askOn(wire), times), {
          kind: 'notStarted',
          reason: 'offline',
        }),
      ),
    status: () =>
      run(() =>
        onWire<PrinterState>(async (wire) => {
          const state = await askOn(wire);
          // It took the call and says nothing: all that can be known of a printer without status.
          return state === 'silent' ? 'ready' : state;
        }, 'offline'),
      ),
    canTell: () => hasAnswered,
    close: () =>
      run(async () => {
        isOpen = false;
      }),
  };
}
