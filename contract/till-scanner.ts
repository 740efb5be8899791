/**
 * The scanners' part of the till's contract: what a wizard learnt of a keyboard scanner, where a serial or USB
 * one hangs, and the scans that arrived at the till itself. Rule kept: an arrived scan has an id and is handed
 * out until it is said to be taken; its id is the key of its cart.scan, so that nothing is lost or doubled.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { DeviceTrouble, DeviceView } from './device-views.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import { wireTarget } from './wire-target.ts';

/** Characters that a scanner puts before every code; one of them is taken off, the longest that fits. */
const prefixes = z.array(z.string().min(1).max(8)).max(60).readonly();
const suffix = z.string().max(8);

/** What is known of the scanner that types as a keyboard. */
export const wedgeSetting = z.object({
  /** Keys closer than this are a scanner's (screens.md §4.1). */
  gapMs: z.int().min(15).max(100),
  terminator: z.enum(['enter', 'tab', 'none']),
  /** What an Enter or Tab inside a burst is, when it isn't the terminator: the end of a code, or a line break in it. */
  lineBreaks: z.enum(['end', 'data']),
  prefixes,
  suffix,
  /** Caps Lock inside the scanner: ABC arrives as abc. */
  isCaseInverted: z.boolean(),
  /** `place`: PC and scanner don't agree on the layout, so a key is read by where it is, as a US keyboard. */
  readBy: z.enum(['key', 'place']),
});
export type WedgeSetting = z.infer<typeof wedgeSetting>;

/** What is known of the scanner that sends bytes. A USB one (HID-POS) frames its codes by itself. */
export const scanFraming = z.object({
  /** `end`: CR, LF or CRLF after each code. `stxEtx`: 02 … 03. `silence`: nothing but a pause. */
  by: z.enum(['end', 'stxEtx', 'silence']),
  /** Tab ends a code too; else it is data. Only for `end`. */
  tabEnds: z.boolean(),
  /** The pause after which a code is whole (`silence`) or broken (the others). */
  silenceMs: z.int().min(5).max(2_000),
  prefixes,
  suffix,
  encoding: z.enum(['utf8', 'latin1']),
});
export type ScanFramingSetting = z.infer<typeof scanFraming>;

export const serialScanner = z.object({ target: wireTarget, framing: scanFraming });
export type SerialScanner = z.infer<typeof serialScanner>;

export type SpoiledWhy = 'partial' | 'tooLong' | 'garbled';
export type ArrivedScan =
  | { readonly id: Uuid; readonly kind: 'code'; readonly code: string }
  /** Something came that is no whole code: told, never sold. `raw`: its first bytes in hex. */
  | { readonly id: Uuid; readonly kind: 'spoiled'; readonly why: SpoiledWhy; readonly raw: string };

/** First all that was not yet taken, in order; then each one as it comes, and the wedge's settings when they change. */
export type ScannerEvent = {
  readonly wedge: WedgeSetting;
  readonly isWedgeLearnt: boolean;
  readonly scans: readonly ArrivedScan[];
};

export type ScannerSetting = {
  readonly wedge: WedgeSetting;
  /** A person went through the wizard for it. */
  readonly isWedgeLearnt: boolean;
  readonly serial: SerialScanner | null;
};

/** "Scan this", for a scanner on a wire that need not be set yet. */
export type ScanTrial = {
  readonly state: 'opening' | 'open' | 'trouble';
  readonly trouble: DeviceTrouble | null;
  readonly bytes: number;
  /** What came, chunk by chunk, newest last (at most 12): readable, control characters as <CR>. */
  readonly raw: readonly string[];
  /** What the framing made of it, newest last (at most 12). */
  readonly scans: readonly (
    | { readonly kind: 'code'; readonly code: string }
    | { readonly kind: 'spoiled'; readonly why: SpoiledWhy; readonly raw: string }
  )[];
  /** How the bytes so far would best be framed; null until a whole code came, or for USB. */
  readonly suggested: ScanFramingSetting | null;
};

export const scannerContract = {
  setting: method.output(out<ScannerSetting>()),
  /** Codes that arrived at the till itself, for the window that has the counter. */
  feed: method.output(feedOf<ScannerEvent>()),
  /** This scan is dealt with; it is not handed out again. Unknown ids are no error. */
  taken: method.input(z.object({ id: i.uuid })).output(out<{ readonly done: true }>()),
  /** null: no scanner on a wire. */
  set: method.input(z.object({ serial: serialScanner.nullable() })).output(out<DeviceView>()),
  saveWedge: method.input(z.object({ wedge: wedgeSetting })).output(out<ScannerSetting>()),
  /**
   * Opens this scanner without keeping the setting and tells what comes, until the caller stops (2 minutes at
   * most). The scanner that is set rests meanwhile. `framing` null: the one that fits what comes.
   */
  tryFeed: method.input(z.object({ target: wireTarget, framing: scanFraming.nullable() })).output(feedOf<ScanTrial>()),
} as const;
