/**
 * What a printer says of itself, as facts: answers to DLE EOT and automatic status (GS a), told apart in one
 * stream. Rule kept: a byte that fits neither is nobody's answer and is left out; nothing is ever read as "ready"
 * that didn't say so. Pure: it opens no wire and knows no clock. Source: Epson ESC/POS reference, DLE EOT, GS a.
 */
/** Why a printer reports an error (DLE EOT 3, GS a's second byte). 'hot': the head cools down by itself. */
export type PrinterFault = 'cutter' | 'hot' | 'recoverable' | 'unrecoverable';

/** One reading. `isPaperLow` is a warning beside the state: a printer near its roll's end still prints. */
export type StatusReading = {
  readonly state: 'ready' | 'offline' | 'paperOut' | 'coverOpen' | 'error';
  readonly isPaperLow: boolean;
  readonly fault: PrinterFault | null;
};

export type StatusEvent =
  /** The answer to one DLE EOT; which one is known only to who asked. */
  | { readonly kind: 'answer'; readonly byte: number }
  | { readonly kind: 'automatic'; readonly reading: StatusReading }
  /** The answer to GS r: it comes in its turn, when all that was sent before is done with. */
  | { readonly kind: 'inTurn'; readonly byte: number };

/** Bits 1 and 4 set, 0 and 7 clear. */
const isAnswer = (byte: number): boolean => (byte & 0x93) === 0x12;
/** First byte of four: bit 4 set, 0, 1 and 7 clear. XON (11) and XOFF (13) are neither. */
const opensAutomatic = (byte: number): boolean => (byte & 0x93) === 0x10;
/** Second to fourth byte: bits 4 and 7 clear. */
const goesOn = (byte: number): boolean => (byte & 0x90) === 0;

const faultOf = (byte: number, cutter: number, recoverable: number): PrinterFault | null => {
  if ((byte & 0x20) !== 0) return 'unrecoverable';
  if ((byte & cutter) !== 0) return 'cutter';
  if ((byte & 0x40) !== 0) return 'hot';
  return (byte & recoverable) !== 0 ? 'recoverable' : null;
};

function stateOf(isOut: boolean, isCoverOpen: boolean, hasError: boolean, isOffline: boolean): StatusReading['state'] {
  if (isOut) return 'paperOut';
  if (isCoverOpen) return 'coverOpen';
  if (hasError) return 'error';
  return isOffline ? 'offline' : 'ready';
}

/**
 * What the answers to DLE EOT 1 (printer: bit 3 offline), 2 (why: bit 2 cover, 5 stopped by paper end, 6 error),
 * 4 (paper: bits 2, 3 near its end, 5, 6 out; whole bytes 12, 1E, 72) and, where it was asked, 3 (error: bit 2
 * recoverable, 3 cutter, 5 unrecoverable, 6 hot) say together.
 */
export function readAnswers(printer: number, cause: number, paper: number, error: number | null = null): StatusReading {
  const isOut = (paper & 0x60) !== 0 || (cause & 0x20) !== 0;
  const hasError = (cause & 0x40) !== 0;
  return {
    state: stateOf(isOut, (cause & 0x04) !== 0, hasError, (printer & 0x08) !== 0),
    isPaperLow: !isOut && (paper & 0x0c) !== 0,
    fault: hasError && error !== null ? faultOf(error, 0x08, 0x04) : null,
  };
}

/**
 * GS a's four bytes: first bit 3 offline, 5 cover; second bit 2 recoverable, 3 cutter, 5 unrecoverable, 6 hot;
 * third bits 0, 1 paper near its end, 2, 3 out.
 */
export function readAutomatic(first: number, second: number, third: number): StatusReading {
  const isOut = (third & 0x0c) !== 0;
  const fault = faultOf(second, 0x08, 0x04);
  return {
    state: stateOf(isOut, (first & 0x20) !== 0, fault !== null, (first & 0x08) !== 0),
    isPaperLow: !isOut && (third & 0x03) !== 0,
    fault,
  };
}

/**
 * Reads a printer's back channel on, however its bytes are cut up. An answer inside of four automatic bytes is an
 * answer, the four go on after it; a byte that can't be part of them drops them. GS r's answer (bits 4 and 7 clear)
 * stands alone.
 */
export function makeStatusReader(emit: (event: StatusEvent) => void): (bytes: Uint8Array) => void {
  let packet: number[] = [];
  return (bytes) => {
    for (const byte of bytes) {
      if (isAnswer(byte)) emit({ kind: 'answer', byte });
      else if (opensAutomatic(byte)) packet = [byte];
      else if (byte === 0x11 || byte === 0x13) continue;
      else if (!goesOn(byte)) packet = [];
      else if (packet.length === 0) emit({ kind: 'inTurn', byte });
      else if (packet.push(byte) === 4) {
        const [first = 0, second = 0, third = 0] = packet;
        packet = [];
        emit({ kind: 'automatic', reading: readAutomatic(first, second, third) });
      }
    }
  };
}
