/**
 * Sends labels to a printer, a few at a time, and says how many came out. Rule kept: the answer never flatters: what
 * the printer confirmed is `printed`, what may lie on the roll besides is `maybe`; nothing is sent twice. Paper out
 * or an open head is a wait, not an end: the printer goes on by itself. It knows no goods and no designs.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenWire, Wire, WireTarget, WireTrouble } from '../wire/wire.ts';
import type { LabelLanguageName } from './label-sheet.ts';
import {
  type LabelPrinterTrouble,
  type LabelStatus,
  readTsplStatus,
  readZplStatus,
  tsplAsk,
  tsplCancel,
  zplAsk,
  zplCancel,
} from './label-status.ts';

/** Bytes of one row and its copies. */
export type LabelChunk = { readonly bytes: Uint8Array; readonly labels: number };
/** Most labels in the printer's hands at a time: what may be unsure after a pulled plug. */
export const chunkLabels: Readonly<Record<LabelLanguageName, number>> = { zpl: 20, tspl: 10 };

export type LabelTrouble = LabelPrinterTrouble | WireTrouble;
export type LabelProgress = {
  readonly total: number;
  /** Confirmed by the printer. */
  readonly printed: number;
  /** Handed to the printer. */
  readonly sent: number;
  readonly trouble: LabelTrouble | null;
};
export type LabelOutcome =
  | { readonly kind: 'printed'; readonly printed: number }
  /** Every label was taken; this printer does not say what became of them. */
  | { readonly kind: 'sent'; readonly sent: number }
  | { readonly kind: 'stopped'; readonly printed: number; readonly maybe: number; readonly trouble: LabelTrouble }
  | { readonly kind: 'cancelled'; readonly printed: number; readonly maybe: number };

export type LabelRun = { readonly outcome: Promise<LabelOutcome>; readonly cancel: () => void };

export type LabelRunOptions = {
  readonly openWire: OpenWire;
  readonly target: WireTarget;
  readonly language: LabelLanguageName;
  readonly chunks: readonly LabelChunk[];
  readonly onProgress: (progress: LabelProgress) => void;
};

const answerMs = 700;
const stallMs = 20_000;
const pollMs = 120;
/** A printer that answered before and is silent so often is gone. */
const silentPolls = 8;
/** ~HS has three lines; a byte of TSPL is whole at once. */
const heardBytes = 400;

const talks = {
  zpl: { ask: zplAsk, cancel: zplCancel, read: readZplStatus },
  tspl: { ask: tsplAsk, cancel: tsplCancel, read: readTsplStatus },
} as const;

/** Asks once; null when nothing that can be read came in time. */
export async function askLabelPrinter(
  wire: Wire,
  language: LabelLanguageName,
  waitMs: number = answerMs,
): Promise<LabelStatus | null> {
  const talk = talks[language];
  let heard: Buffer = Buffer.alloc(0);
  let told: (status: LabelStatus | null) => void = () => undefined;
  const answer = new Promise<LabelStatus | null>((resolve) => {
    told = resolve;
  });
  const stop = wire.onData((bytes) => {
    heard = Buffer.concat([heard, bytes]).subarray(-heardBytes);
    const status = talk.read(heard);
    if (status !== null) told(status);
  });
  const timer = setTimeout(() => told(null), waitMs);
  void wire.ended.then(() => told(null));
  const outcome = await wire.write(talk.ask, waitMs);
  if (outcome.kind === 'failed') told(null);
  const status = await answer;
  clearTimeout(timer);
  stop();
  return status;
}

type Hands = { printed: number; sent: number; trouble: LabelTrouble | null };

export function printLabels(options: LabelRunOptions): LabelRun {
  let isCancelled = false;
  const total = options.chunks.reduce((sum, chunk) => sum + chunk.labels, 0);
  const hands: Hands = { printed: 0, sent: 0, trouble: null };
  const tell = (change: Partial<Hands>): void => {
    Object.assign(hands, change);
    options.onProgress({ total, ...hands });
  };

  /** How far what is in the printer came; the trouble that ended it, if one did. */
  const waitUntilOut = async (wire: Wire, chunk: LabelChunk, before: number): Promise<WireTrouble | null> => {
    let silent = 0;
    let idle = 0;
    for (;;) {
      if (isCancelled) {
        await wire.write(talks[options.language].cancel, answerMs);
        return null;
      }
      const status = await askLabelPrinter(wire, options.language);
      if (status === null) {
        silent += 1;
        if (!wire.isOpen()) return (await wire.ended) ?? 'broken';
        if (silent >= silentPolls) return 'timeout';
        continue;
      }
      silent = 0;
      // An immediate answer can overtake the label before it: idle counts when said twice.
      idle = status.trouble === null && status.isIdle ? idle + 1 : 0;
      if (idle >= 2) {
        tell({ printed: before + chunk.labels, trouble: null });
        return null;
      }
      const known = status.waitingFormats === 0 && status.remaining !== null && status.remaining > 0;
      const out = known ? Math.max(0, chunk.labels - (status.remaining ?? 0)) : hands.printed - before;
      tell({ printed: Math.max(hands.printed, before + out), trouble: status.trouble });
      await pause(pollMs);
    }
  };

  const ready = async (wire: Wire): Promise<boolean | null> => {
    let status = await askLabelPrinter(wire, options.language);
    if (status === null) return null;
    while (status !== null && status.trouble !== null && !isCancelled) {
      tell({ trouble: status.trouble });
      await pause(pollMs * 2);
      status = await askLabelPrinter(wire, options.language);
    }
    tell({ trouble: null });
    return status !== null;
  };

  const stopped = (trouble: LabelTrouble): LabelOutcome => ({
    kind: 'stopped',
    printed: hands.printed,
    maybe: hands.sent - hands.printed,
    trouble,
  });
  const cancelled = (): LabelOutcome => ({
    kind: 'cancelled',
    printed: hands.printed,
    maybe: hands.sent - hands.printed,
  });

  const work = async (wire: Wire): Promise<LabelOutcome> => {
    const answers = await ready(wire);
    if (answers === false && !isCancelled) return stopped((await endOf(wire)) ?? 'timeout');
    for (const chunk of options.chunks) {
      if (isCancelled) return cancelled();
      const before = hands.sent;
      const written = await wire.write(chunk.bytes, stallMs);
      if (written.kind === 'failed') {
        if (written.sentBytes > 0) tell({ sent: before + chunk.labels });
        return stopped(written.trouble);
      }
      tell({ sent: before + chunk.labels });
      if (answers !== true) continue;
      const trouble = await waitUntilOut(wire, chunk, before);
      if (trouble !== null) return stopped(trouble);
      if (isCancelled) return cancelled();
    }
    return answers === true ? { kind: 'printed', printed: hands.printed } : { kind: 'sent', sent: hands.sent };
  };

  const run = async (): Promise<LabelOutcome> => {
    const opened = await options.openWire(options.target);
    if (!opened.ok) return stopped(opened.error);
    const wire = opened.value;
    try {
      return await work(wire);
    } finally {
      await wire.close(5_000);
    }
  };
  return {
    outcome: run(),
    cancel: () => {
      isCancelled = true;
    },
  };
}

const endOf = (wire: Wire): Promise<WireTrouble | null> => (wire.isOpen() ? Promise.resolve(null) : wire.ended);
