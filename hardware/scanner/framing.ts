/**
 * Cuts a scanner's bytes into codes: bytes and their instants in, whole codes and spoiled ones out. Rule kept: a
 * pure step function, so that a test drives the clock; a code is what stands between its marks or it is nothing:
 * a broken one is never made whole by guessing, nor by what came after it.
 */
import { type Framing, keptRaw, longestCode, type Scanned, type SpoiledWhy } from './port.ts';
import { isTail, tailMs, undress } from '#core/catalogue/scan-dress.ts';

export type FrameState = {
  readonly pending: readonly number[];
  /** Bytes past `longestCode` that were counted and let go. */
  readonly dropped: number;
  /** STX was heard and its ETX not yet. */
  readonly isInside: boolean;
  readonly lastMs: number;
  /** The head of a code that broke off, for as long as its tail might still come. */
  readonly broken: { readonly text: string; readonly atMs: number } | null;
};
export type FrameStep = { readonly state: FrameState; readonly scans: readonly Scanned[] };

export const noFrame: FrameState = { pending: [], dropped: 0, isInside: false, lastMs: 0, broken: null };

const nul = 0x00;
const stx = 0x02;
const etx = 0x03;
const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
/** Control characters that symbols hold: EOT, FS GS RS US (ISO/IEC 15434), and line breaks in 2-D codes. */
const dataControls: ReadonlySet<number> = new Set([0x04, 0x1c, 0x1d, 0x1e, 0x1f, tab, lf, cr]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a frame, or null when its bytes are none: a NUL is a damaged or a broken-off character. */
export function decodeFrame(bytes: Uint8Array, encoding: Framing['encoding']): string | null {
  for (const byte of bytes) {
    if (byte === 0x7f || (byte < 0x20 && !dataControls.has(byte))) return null;
    if (encoding === 'latin1' && byte >= 0x80 && byte <= 0x9f) return null;
  }
  if (encoding === 'latin1') return String.fromCharCode(...bytes);
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const latin = (bytes: readonly number[]): string => String.fromCharCode(...bytes.slice(0, keptRaw));

/** What hears bytes for the length of one step. */
type Cutter = {
  pending: number[];
  dropped: number;
  isInside: boolean;
  broken: FrameState['broken'];
  /** When the last byte was heard, this step's included once it is being read. */
  lastMs: number;
  readonly framing: Framing;
  readonly scans: Scanned[];
};

const cutterOf = (state: FrameState, framing: Framing): Cutter => ({
  ...state,
  pending: [...state.pending],
  framing,
  scans: [],
});
const stepOf = ({ pending, dropped, isInside, broken, lastMs, scans }: Cutter): FrameStep => ({
  state: { pending, dropped, isInside, broken, lastMs },
  scans,
});

function push(cutter: Cutter, byte: number): void {
  if (cutter.pending.length < longestCode) cutter.pending.push(byte);
  else cutter.dropped += 1;
}

function clear(cutter: Cutter): void {
  cutter.pending = [];
  cutter.dropped = 0;
  cutter.isInside = false;
}

function spoil(cutter: Cutter, why: SpoiledWhy): void {
  const { pending, dropped } = cutter;
  clear(cutter);
  if (pending.every((byte) => byte === nul)) return;
  const reason = dropped > 0 ? 'tooLong' : why;
  const raw = Uint8Array.from(pending.slice(0, keptRaw));
  cutter.scans.push({ kind: 'spoiled', why: reason, raw });
}

/** A frame ended as it should. */
function finish(cutter: Cutter): void {
  const { pending, framing } = cutter;
  if (cutter.dropped > 0) return spoil(cutter, 'tooLong');
  if (pending.every((byte) => byte === nul)) return clear(cutter);
  const text = decodeFrame(Uint8Array.from(pending), framing.encoding);
  if (text === null) return spoil(cutter, 'garbled');
  const head = cutter.broken;
  cutter.broken = null;
  const code = undress(text, framing);
  const isNear = head !== null && cutter.lastMs - head.atMs <= tailMs;
  if (isNear && isTail(undress(head.text, framing), code, framing.by === 'end')) return spoil(cutter, 'partial');
  clear(cutter);
  if (code.trim() === '') return;
  // A pause may have come too early: then this was a half, and the other may follow.
  if (framing.by === 'silence') cutter.broken = { text: code, atMs: cutter.lastMs };
  cutter.scans.push({ kind: 'code', code });
}

function hearEnd(cutter: Cutter, byte: number): void {
  if (byte === cr || byte === lf || byte === etx || (byte === tab && cutter.framing.tabEnds)) finish(cutter);
  else if (byte === stx) spoil(cutter, 'partial');
  else push(cutter, byte);
}

function hearStxEtx(cutter: Cutter, byte: number): void {
  if (byte === stx) {
    spoil(cutter, cutter.isInside ? 'partial' : 'garbled');
    cutter.isInside = true;
  } else if (byte === etx) {
    if (cutter.isInside) finish(cutter);
    else spoil(cutter, 'partial');
    // A CR or LF that a scanner sends behind ETX lies between two codes.
  } else if (cutter.isInside || cutter.pending.length > 0 || (byte !== cr && byte !== lf && byte !== tab)) {
    push(cutter, byte);
  }
}

/** A code framed by silence stands alone: marks around it are no part of it. */
function bare(bytes: readonly number[]): number[] {
  let from = 0;
  let to = bytes.length;
  const isMark = (byte: number | undefined): boolean => byte === cr || byte === lf || byte === tab || byte === etx;
  if (bytes[0] === stx) from = 1;
  while (to > from && isMark(bytes[to - 1])) to -= 1;
  return bytes.slice(from, to);
}

function judgeSilence(cutter: Cutter): void {
  if (cutter.pending.length === 0) {
    cutter.isInside = false;
    return;
  }
  if (cutter.framing.by === 'silence') {
    cutter.pending = bare(cutter.pending);
    finish(cutter);
  } else if (cutter.framing.by === 'stxEtx' && !cutter.isInside) spoil(cutter, 'garbled');
  else {
    // Between STX and ETX a tail is seen by its missing STX.
    if (cutter.framing.by === 'end') cutter.broken = { text: latin(cutter.pending), atMs: cutter.lastMs };
    spoil(cutter, 'partial');
  }
}

/** Bytes came at this instant (ms of any steady clock). */
export function feedBytes(state: FrameState, bytes: Uint8Array, atMs: number, framing: Framing): FrameStep {
  const cutter = cutterOf(state, framing);
  if (atMs - state.lastMs >= framing.silenceMs) judgeSilence(cutter);
  cutter.lastMs = atMs;
  for (const byte of bytes) {
    if (framing.by === 'end') hearEnd(cutter, byte);
    else if (framing.by === 'stxEtx') hearStxEtx(cutter, byte);
    else push(cutter, byte);
  }
  return stepOf(cutter);
}

/** Nothing came for a while: call it `silenceMs` after the last bytes. Earlier calls change nothing. */
export function feedSilence(state: FrameState, atMs: number, framing: Framing): FrameStep {
  if (atMs - state.lastMs < framing.silenceMs) return { state, scans: [] };
  const cutter = cutterOf(state, framing);
  judgeSilence(cutter);
  return stepOf(cutter);
}

/** Something stands in the frame, so that silence must be watched for. */
export const isWaiting = ({ pending, isInside }: FrameState): boolean => pending.length > 0 || isInside;
