/**
 * An ESC/POS printer in memory: bytes go in, paper comes out, status is answered (DLE EOT, GS r, GS I, GS a).
 * Rule kept: it takes any bytes, and prints nothing while it is offline or out of paper: what comes then
 * waits as in a printer's buffer, only real-time questions are answered. It opens no wire.
 */
import { makePaper, type PrintedReceipt } from './emulator-paper.ts';
import { makeReader } from './escpos-reader.ts';
import type { ReaderEvent } from './escpos-table.ts';

export type EmulatorState = {
  readonly isOnline: boolean;
  readonly isCoverOpen: boolean;
  readonly hasError: boolean;
  readonly paper: 'ok' | 'low' | 'out';
};

export type Emulator = {
  /** `isAnswered`: its questions in real time were answered when they came. */
  readonly feed: (bytes: Uint8Array, isAnswered?: boolean) => void;
  /** Answers questions in real time (DLE EOT) that stand in bytes which will be fed later. */
  readonly hear: (bytes: Uint8Array) => void;
  /** How far the paper went in all, the picture that is being printed included. */
  readonly travelDots: () => number;
  readonly cuts: () => number;
  /** Receipts cut off so far, oldest first. */
  readonly receipts: () => readonly PrintedReceipt[];
  /** What hangs out of the printer, not cut yet. */
  readonly current: () => PrintedReceipt;
  readonly setState: (change: Partial<EmulatorState>) => void;
  /** Bytes held back while it can't print, and of a command that is not whole. */
  readonly heldBytes: () => number;
  /** The link was lost: forgets a half command, keeps the paper. */
  readonly dropLink: () => void;
};

export type EmulatorOptions = {
  readonly widthDots: number;
  readonly onReply?: ((bytes: Uint8Array) => void) | undefined;
  readonly onReceipt?: ((receipt: PrintedReceipt) => void) | undefined;
  /** false: one that leaves GS r, GS I, ESC v and ESC u unanswered, as some clones do. */
  readonly answersInTurn?: boolean | undefined;
  /** Receipts kept, 1,000 unless told; older ones are dropped. */
  readonly keep?: number | undefined;
};

export const canPrint = (state: EmulatorState): boolean =>
  state.isOnline && !state.isCoverOpen && !state.hasError && state.paper !== 'out';

const always = 0x12;
/** Epson's reference, DLE EOT: bits 1 and 4 are always set. Paper: 0x12 enough, 0x1E near its end, 0x72 out. */
export function statusByte(n: number, state: EmulatorState): number {
  if (n === 1) return always | (canPrint(state) ? 0 : 0x08);
  if (n === 2)
    return always | (state.isCoverOpen ? 0x04 : 0) | (state.paper === 'out' ? 0x20 : 0) | (state.hasError ? 0x40 : 0);
  if (n === 3) return always | (state.hasError ? 0x20 : 0);
  return always | { ok: 0, low: 0x0c, out: 0x60 }[state.paper];
}

const automaticStatus = (state: EmulatorState): Uint8Array =>
  Uint8Array.of(
    0x10 | (canPrint(state) ? 0 : 0x08) | (state.isCoverOpen ? 0x20 : 0),
    state.hasError ? 0x20 : 0,
    { ok: 0, low: 0x03, out: 0x0c }[state.paper],
    0,
  );

export function makeEmulator(options: EmulatorOptions): Emulator {
  let state: EmulatorState = { isOnline: true, isCoverOpen: false, hasError: false, paper: 'ok' };
  let automatic = 0;
  let held: Uint8Array[] = [];
  let question: number[] = [];
  let isReplaying = false;
  let cutDots = 0;
  let cuts = 0;
  /** Rows of the picture that is coming: the paper has moved by them, the picture is put when it is whole. */
  let rows = 0;
  let rowHeight = 1;
  const finished: PrintedReceipt[] = [];
  const reply = (...bytes: readonly number[]): void => options.onReply?.(Uint8Array.from(bytes));

  const paper = makePaper(options.widthDots, (receipt) => {
    cuts += 1;
    cutDots += receipt.heightDots;
    finished.push(receipt);
    if (finished.length > (options.keep ?? 1_000)) finished.shift();
    options.onReceipt?.(receipt);
  });

  const take = (event: ReaderEvent): void => {
    if (event.kind === 'askStatus') {
      // While it was held it has been answered already.
      if (event.isRealTime && isReplaying) return;
      if (event.isRealTime) reply(statusByte(event.n, state));
      else if (options.answersInTurn !== false) reply(event.n === 4 ? { ok: 0, low: 0x03, out: 0x0c }[state.paper] : 0);
    } else if (event.kind === 'askName' && options.answersInTurn !== false)
      reply(...(event.n >= 65 ? [0x5f, ...Buffer.from('BillMitra'), 0] : [0x20]));
    else if (event.kind === 'autoStatus') {
      automatic = event.mask;
      if (automatic !== 0) options.onReply?.(automaticStatus(state));
    } else paper.take(event);
    if (event.kind === 'rasterStart') rowHeight = event.scaleY;
    rows = event.kind === 'rasterRow' ? rows + rowHeight : 0;
  };
  const reader = makeReader(take);

  /** DLE EOT n is answered even while nothing prints, wherever it stands in the stream. */
  const answerHeld = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      if (question.length === 2 && byte >= 1 && byte <= 4) reply(statusByte(byte, state));
      question = byte === 0x10 ? [byte] : question.length === 1 && byte === 0x04 ? [...question, byte] : [];
    }
  };

  return {
    feed: (bytes, isAnswered = false) => {
      if (canPrint(state)) {
        isReplaying = isAnswered;
        reader.feed(bytes);
        isReplaying = false;
        return;
      }
      held.push(bytes.slice());
      answerHeld(bytes);
    },
    hear: answerHeld,
    travelDots: () => cutDots + paper.current().heightDots + rows,
    cuts: () => cuts,
    receipts: () => finished,
    current: () => paper.current(),
    setState: (change) => {
      state = { ...state, ...change };
      if (automatic !== 0) options.onReply?.(automaticStatus(state));
      if (!canPrint(state)) return;
      const waiting = held;
      held = [];
      isReplaying = true;
      for (const bytes of waiting) reader.feed(bytes);
      isReplaying = false;
    },
    heldBytes: () => held.reduce((sum, bytes) => sum + bytes.length, 0) + reader.waiting(),
    dropLink: () => {
      reader.reset();
      held = [];
      question = [];
      rows = 0;
    },
  };
}
