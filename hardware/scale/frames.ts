/**
 * Cuts a stream of bytes into frames, step by step. Rule kept: pure; a frame that is too long is thrown away up to
 * its end, so noise never grows without bound, and half a frame waits for its other half. It understands nothing.
 */
import type { Framing } from './port.ts';

/** What waits for its end. `isLost`: the frame was too long; all up to the next end goes. */
export type FrameRest = { readonly bytes: Uint8Array; readonly isLost: boolean; readonly isData: boolean };
export const noRest: FrameRest = { bytes: new Uint8Array(0), isLost: false, isData: false };

export type FrameStep = {
  readonly rest: FrameRest;
  readonly frames: readonly Uint8Array[];
  /** Frames thrown away for their length. */
  readonly lost: number;
};

export function stepFrames(framing: Framing, rest: FrameRest, chunk: Uint8Array): FrameStep {
  const frames: Uint8Array[] = [];
  let kept: number[] = [...rest.bytes];
  let { isLost, isData } = rest;
  let lost = 0;
  for (const raw of chunk) {
    const byte = framing.isSevenBit ? raw & 0x7f : raw;
    if (isData) {
      kept.push(byte);
      isData = false;
    } else if (framing.ends.includes(byte)) {
      if (!isLost && kept.length > 0) frames.push(Uint8Array.from(kept));
      kept = [];
      isLost = false;
    } else if (byte === framing.start) {
      kept = [];
      isLost = false;
    } else if (!isLost) {
      kept.push(byte);
      isData = byte === framing.dataAfter;
    }
    if (kept.length > framing.maxLength) {
      kept = [];
      isLost = true;
      lost += 1;
    }
  }
  return { rest: { bytes: Uint8Array.from(kept), isLost, isData }, frames, lost };
}

/** Bytes as a person can read them: controls as ␂ ␍, what is no ASCII as \xNN. */
export function readableBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte < 0x20
      ? String.fromCodePoint(0x2400 + byte)
      : byte < 0x7f
        ? String.fromCodePoint(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** ASCII of a frame; other bytes become U+FFFD so that no pattern takes them for a sign. */
export const frameText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCodePoint(byte) : '\ufffd')).join('');

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.codePointAt(0) ?? 0);
