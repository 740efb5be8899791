/**
 * A barcode scanner on a wire without a scanner: sends codes as one does, with its prefix, its end and its pace,
 * and on bad days half of them or noise. Rule kept: it behaves like the device on the wire; nothing of the framing
 * is in it.
 */
import type { EmulatorEnd } from '../wire/emulator-end.ts';

export const scannerEnds = ['cr', 'lf', 'crlf', 'tab', 'stxEtx', 'none'] as const;
export type ScannerEnds = (typeof scannerEnds)[number];

const after: Readonly<Record<ScannerEnds, string>> = {
  cr: '\r',
  lf: '\n',
  crlf: '\r\n',
  tab: '\t',
  stxEtx: '\u0003',
  none: '',
};

/** The bytes of one scan. */
export function scanBytes(code: string, ends: ScannerEnds, prefix = '', suffix = ''): Uint8Array {
  const before = ends === 'stxEtx' ? '\u0002' : '';
  return new TextEncoder().encode(`${before}${prefix}${code}${suffix}${after[ends]}`);
}

export type ScannerEmulatorOptions = {
  readonly wire: Pick<EmulatorEnd, 'write'>;
  readonly ends?: ScannerEnds;
  readonly prefix?: string;
  readonly suffix?: string;
  /** As a serial line of that speed, 10 bits a byte; null: as fast as the wire takes them. */
  readonly baud?: number | null;
};

export type ScannerEmulator = {
  /** Resolves when its last byte was handed to the wire. */
  readonly scan: (code: string) => Promise<void>;
  /** Any bytes: noise, or a part of a code. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
  /** Sends what is on its way, then nothing more. */
  readonly close: () => Promise<void>;
};

/** A UART's buffer is emptied about this often. */
const pieceMs = 8;

export function startScannerEmulator(options: ScannerEmulatorOptions): ScannerEmulator {
  const { wire, ends = 'cr', prefix = '', suffix = '', baud = null } = options;
  let isClosed = false;
  let last: Promise<void> = Promise.resolve();
  const pieceBytes = baud === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.round((baud / 10_000) * pieceMs));

  const paced = async (bytes: Uint8Array): Promise<void> => {
    if (isClosed) return;
    if (bytes.length <= pieceBytes && baud === null) return wire.write(bytes);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      wire.write(bytes.subarray(at, at + pieceBytes));
      await new Promise((resolve) => setTimeout(resolve, pieceMs));
    }
  };
  const send = (bytes: Uint8Array): Promise<void> => {
    last = last.then(() => paced(bytes));
    return last;
  };
  return {
    send,
    scan: (code) => send(scanBytes(code, ends, prefix, suffix)),
    close: async () => {
      await last;
      isClosed = true;
    },
  };
}
