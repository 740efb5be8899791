/**
 * A scanner on a link that stays: hears its bytes or reports, cuts them into codes, and judges silences. Rule
 * kept: an instant is that of arrival; a silence is judged only after what already waits to be read was read, so
 * that a busy PC breaks no code. It opens nothing itself (open-scanner.ts) and knows no meaning.
 */
import type { WireTrouble } from '../wire/wire.ts';
import { feedBytes, feedSilence, type FrameStep, isWaiting, noFrame } from './framing.ts';
import { hearNoReport, hearReport, type HidPosLayout, type HidStep, noReport } from './hid-pos.ts';
import type { Framing, Scanned, Scanner, ScannerState } from './port.ts';

/** What carries a scanner's data and comes back by itself after a break. */
export type ScanLink = {
  /** How reports are laid out, for a link that hands over HID reports; null: a stream of bytes. Asked at each piece. */
  readonly layout: () => HidPosLayout | null;
  /** Hears each piece; what came before anybody listened is handed over first. */
  readonly onData: (listener: (bytes: Uint8Array) => void) => () => void;
  readonly onState: (listener: (state: ScannerState) => void) => () => void;
  readonly state: () => ScannerState;
  readonly close: () => Promise<void>;
};

/** A steady clock and one timer of it; tests hand in their own. */
export type ScanClock = {
  readonly nowMs: () => number;
  /** Runs `work` once after `ms` and after what waits to be read; returns a cancel. */
  readonly later: (work: () => void, ms: number) => () => void;
};

export const systemScanClock: ScanClock = {
  nowMs: () => performance.now(),
  later: (work, ms) => {
    // Timers run before reading: the second turn lets in what stood in the queue while the PC was busy.
    let soon: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      soon = setImmediate(work);
    }, ms);
    return () => {
      clearTimeout(timer);
      clearImmediate(soon);
    };
  },
};

type Step = { readonly scans: readonly Scanned[]; readonly isOpenFrame: boolean };
/** One of the two framers, with its state inside. */
type Framer = {
  readonly data: (bytes: Uint8Array, atMs: number) => Step;
  readonly silence: (atMs: number) => Step;
};

function byteFramer(framing: Framing): Framer {
  let state = noFrame;
  const take = (step: FrameStep): Step => {
    state = step.state;
    return { scans: step.scans, isOpenFrame: isWaiting(state) };
  };
  return {
    data: (bytes, atMs) => take(feedBytes(state, bytes, atMs, framing)),
    silence: (atMs) => take(feedSilence(state, atMs, framing)),
  };
}

function reportFramer(framing: Framing, layout: () => HidPosLayout | null): Framer {
  let state = noReport;
  const take = (step: HidStep): Step => {
    state = step.state;
    return { scans: step.scans, isOpenFrame: state.parts.length > 0 };
  };
  return {
    data: (bytes, atMs) => {
      const places = layout();
      return places === null
        ? { scans: [], isOpenFrame: false }
        : take(hearReport(state, bytes, atMs, places, framing));
    },
    silence: (atMs) => take(hearNoReport(state, atMs, framing)),
  };
}

export function scannerOver(link: ScanLink, framing: Framing, clock: ScanClock = systemScanClock): Scanner {
  const listeners = new Set<(scanned: Scanned) => void>();
  let unheard: Scanned[] = [];
  let framer: Framer | null = null;
  let isReports = false;
  let cancel: (() => void) | null = null;

  const deliver = (scans: readonly Scanned[]): void => {
    for (const scan of scans) {
      if (listeners.size === 0) unheard.push(scan);
      for (const listener of listeners) listener(scan);
    }
  };
  const watchSilence = (): void => {
    cancel?.();
    cancel = clock.later(() => {
      cancel = null;
      const step = framer?.silence(clock.nowMs());
      if (step === undefined) return;
      deliver(step.scans);
      if (step.isOpenFrame) watchSilence();
    }, framing.silenceMs);
  };
  const framerNow = (): Framer => {
    const hasReports = link.layout() !== null;
    if (framer === null || hasReports !== isReports) {
      framer = hasReports ? reportFramer(framing, link.layout) : byteFramer(framing);
      isReports = hasReports;
    }
    return framer;
  };
  const stopData = link.onData((bytes) => {
    const step = framerNow().data(bytes, clock.nowMs());
    cancel?.();
    cancel = null;
    if (step.isOpenFrame) watchSilence();
    deliver(step.scans);
  });

  return {
    onScan: (listener) => {
      const before = unheard;
      unheard = [];
      listeners.add(listener);
      for (const scan of before) listener(scan);
      return () => listeners.delete(listener);
    },
    onState: link.onState,
    state: link.state,
    close: async () => {
      stopData();
      cancel?.();
      cancel = null;
      await link.close();
    },
  };
}

export const noTrouble: ScannerState = { isOpen: true, trouble: null };
export const lookingFor: ScannerState = { isOpen: false, trouble: null };
export const troubled = (trouble: WireTrouble): ScannerState => ({ isOpen: false, trouble });
