/**
 * Scanner: the promise of every barcode scanner that sends bytes or reports. A code is delivered whole, once and
 * in the order of scanning; it is never merged with a neighbour. Rule kept: what came and is no whole code is
 * delivered too, as spoiled, with its first bytes: it is never swallowed and never becomes a code. What a code
 * means is core's business (core/catalogue/scan-code.ts).
 */
import type { WireTrouble } from '../wire/wire.ts';

/** `partial`: it broke off. `tooLong`: more than any symbol holds. `garbled`: bytes no scanner sends, as at a wrong speed. */
export type SpoiledWhy = 'partial' | 'tooLong' | 'garbled';

export type Scanned =
  /** As the scanner sent it, without the learnt prefix and suffix; an AIM identifier stays, core reads it. */
  | { readonly kind: 'code'; readonly code: string }
  /** `raw`: at most `keptRaw` bytes of what came. */
  | { readonly kind: 'spoiled'; readonly why: SpoiledWhy; readonly raw: Uint8Array };

export const keptRaw = 64;
/** Bytes. The largest symbol (QR 40-L) holds 7,089 digits. */
export const longestCode = 8_192;

/** How the codes stand in the stream of bytes; what a wizard learnt. */
export type Framing = {
  /** `end`: CR, LF or CRLF after each code. `stxEtx`: 02 … 03, anything but those two between. `silence`: a pause only. */
  readonly by: 'end' | 'stxEtx' | 'silence';
  /** Tab ends a code too; else it is data. Only for `end`. */
  readonly tabEnds: boolean;
  /** Milliseconds after which a code is whole (`silence`) or broken (the others). */
  readonly silenceMs: number;
  readonly prefixes: readonly string[];
  readonly suffix: string;
  readonly encoding: 'utf8' | 'latin1';
};

export type ScannerState = {
  readonly isOpen: boolean;
  /** Why it is not open; null while it is, or while it is being looked for the first time. */
  readonly trouble: WireTrouble | null;
};

export type Scanner = {
  /** Hears each scan; what came before anybody listened is handed over first. Returns how to stop. */
  readonly onScan: (listener: (scanned: Scanned) => void) => () => void;
  readonly onState: (listener: (state: ScannerState) => void) => () => void;
  readonly state: () => ScannerState;
  readonly close: () => Promise<void>;
};
