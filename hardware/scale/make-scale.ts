/**
 * A scale on a link: asks where it must be asked, cuts frames, lets readings settle, takes the tare off. Rule kept:
 * the answer to "what stands on the pan" is as young as the protocol's stale time or it is "silent"; bytes that
 * nobody understands are "garbled", never a weight. It opens no port: open-scale.ts hands the link in.
 */
import { type Milli, milli } from '#core/quantity.ts';
import type { WireTrouble } from '../wire/wire.ts';
import { type FrameRest, noRest, stepFrames } from './frames.ts';
import type { Scale, ScaleHeard, ScaleProtocol, ScaleState } from './port.ts';
import { type Run, type Settled, settleRule, stepSettle } from './settle.ts';

/** The wire as a scale needs it; it may come and go. */
export type ScaleLink = {
  /** Hands bytes on, or forgets them while nothing is open. */
  readonly send: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
};

export type LinkEvents = {
  readonly opened: () => void;
  readonly data: (bytes: Uint8Array) => void;
  /** The wire ended or can't be opened; it is tried again by itself. */
  readonly troubled: (trouble: WireTrouble) => void;
};

export type MakeScale = {
  readonly protocol: ScaleProtocol;
  readonly connect: (events: LinkEvents) => ScaleLink;
  /** Milliseconds by a clock that never goes back. */
  readonly now?: () => number;
};

const zeroMilli = milli(0);

export function makeScale({ protocol, connect, now = () => performance.now() }: MakeScale): Scale {
  let link: 'looking' | 'open' | WireTrouble = 'looking';
  let rest: FrameRest = noRest;
  let run: Run | null = null;
  let settled: Settled | null = null;
  let tare: Milli = zeroMilli;
  /** When a frame was last understood, or the port opened. */
  let heardAt = 0;
  let strangeBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listeners = new Set<(state: ScaleState) => void>();
  const byteListeners = new Set<(bytes: Uint8Array) => void>();
  const frameListeners = new Set<(frame: Uint8Array, heard: ScaleHeard | null) => void>();

  const state = (): ScaleState => {
    if (link === 'looking') return { kind: 'looking' };
    if (link !== 'open') return { kind: 'trouble', trouble: link };
    if (now() - heardAt > protocol.staleMs)
      return { kind: 'trouble', trouble: strangeBytes >= protocol.framing.maxLength ? 'garbled' : 'silent' };
    return settled === null ? { kind: 'looking' } : netOf(settled, tare);
  };
  const tell = (): void => {
    const current = state();
    for (const listener of listeners) listener(current);
  };
  const forget = (): void => {
    rest = noRest;
    run = null;
    settled = null;
    strangeBytes = 0;
    heardAt = now();
  };

  /** Asks, and looks whether it has fallen silent. */
  const tick = (): void => {
    if (link !== 'open') return;
    if (protocol.ask !== null) wire.send(protocol.ask.bytes);
    if (now() - heardAt <= protocol.staleMs) return;
    run = null;
    settled = null;
    tell();
  };

  const hear = (frame: Uint8Array): void => {
    const heard = protocol.readFrame(frame);
    for (const listener of frameListeners) listener(frame, heard);
    if (heard === null) return;
    heardAt = now();
    strangeBytes = 0;
    const step = stepSettle(run, heard, heardAt, settleRule);
    run = step.run;
    settled = step.now;
    // The pan was emptied: the container is gone too, so its tare must not stay for the next customer.
    if (settled.kind === 'stable' && settled.milli === 0) tare = zeroMilli;
    tell();
  };

  const events: LinkEvents = {
    opened: () => {
      if (isClosed) return;
      link = 'open';
      forget();
      clearInterval(timer);
      timer = setInterval(tick, protocol.ask?.everyMs ?? 200);
      tell();
      if (protocol.ask !== null) queueMicrotask(tick);
    },
    data: (bytes) => {
      if (isClosed) return;
      strangeBytes += bytes.length;
      for (const listener of byteListeners) listener(bytes);
      const step = stepFrames(protocol.framing, rest, bytes);
      rest = step.rest;
      for (const frame of step.frames) hear(frame);
    },
    troubled: (trouble) => {
      if (isClosed) return;
      link = trouble;
      clearInterval(timer);
      forget();
      tell();
    },
  };
  const wire = connect(events);

  return {
    state,
    onState: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onFrame: (listener) => {
      frameListeners.add(listener);
      return () => void frameListeners.delete(listener);
    },
    onBytes: (listener) => {
      byteListeners.add(listener);
      return () => void byteListeners.delete(listener);
    },
    tareMilli: () => tare,
    tare: () => {
      const current = state();
      if (current.kind !== 'stable' || current.milli + tare <= 0) return false;
      tare = milli(current.milli + tare);
      tell();
      return true;
    },
    clearTare: () => {
      tare = zeroMilli;
      tell();
    },
    canZero: protocol.zero !== null,
    zero: () => {
      if (protocol.zero !== null && link === 'open') wire.send(protocol.zero);
    },
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      listeners.clear();
      frameListeners.clear();
      byteListeners.clear();
      await wire.close();
    },
  };
}

function netOf(settled: Settled, tare: Milli): ScaleState {
  if (settled.milli === null) {
    return settled.kind === 'moving' || settled.kind === 'negative'
      ? { kind: settled.kind, milli: null }
      : { kind: settled.kind };
  }
  const net = milli(settled.milli - tare);
  if (settled.kind === 'moving') return { kind: 'moving', milli: net };
  return net < 0 ? { kind: 'negative', milli: net } : { kind: 'stable', milli: net };
}
