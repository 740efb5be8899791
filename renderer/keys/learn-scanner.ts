/**
 * Learns from the keys of three scans of the same code how a keyboard scanner types: how fast, what it puts
 * before and after a code, how it ends, and whether PC and scanner agree on the layout. Rule kept: pure; it learns
 * only from what all three scans show, and a person's typing teaches nothing.
 */
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { learnDress, noDress, undress } from '#core/catalogue/scan-dress.ts';
import { burstLength } from './burst.ts';
import { controlOf, scannedChar, usChar } from './us-layout.ts';

/** One key that went down, or one character typed as Alt and number pad. */
export type LearnKey = {
  readonly atMs: number;
  /** `event.key` and `event.code`; for an Alt sequence the character and ''. */
  readonly key: string;
  readonly code: string;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly capsLock: boolean;
  readonly isAltPad: boolean;
};

export type Learnt =
  /** Scan again: `scans` of `scansNeeded` are in. */
  | { readonly kind: 'waiting'; readonly scans: number }
  /** These keys came as slowly as from a person. */
  | { readonly kind: 'typed' }
  | { readonly kind: 'differ' }
  | { readonly kind: 'learnt'; readonly wedge: WedgeSetting; readonly code: string; readonly usesAltPad: boolean };

export const scansNeeded = 3;
/** A hand needs longer than this between two scans; no scanner pauses as long within one. */
const handMs = 300;
/** Keys further apart than this, by their median, are a person's. */
const slowestMs = 60;

type End = 'enter' | 'tab' | null;

export function splitScans(keys: readonly LearnKey[]): readonly (readonly LearnKey[])[] {
  const scans: LearnKey[][] = [];
  for (const key of keys) {
    const last = scans.at(-1)?.at(-1);
    if (last === undefined || key.atMs - last.atMs >= handMs) scans.push([key]);
    else scans.at(-1)?.push(key);
  }
  return scans;
}

const gapsOf = (scan: readonly LearnKey[]): readonly number[] =>
  scan.slice(1).map((key, i) => key.atMs - (scan[i]?.atMs ?? key.atMs));

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function endOf(key: LearnKey): End {
  if (key.isAltPad) return key.key === '\r' || key.key === '\n' ? 'enter' : key.key === '\t' ? 'tab' : null;
  if (key.ctrl) return key.code === 'KeyI' ? 'tab' : controlOf(key.code) === 'terminator' ? 'enter' : null;
  return key.key === 'Enter' ? 'enter' : key.key === 'Tab' ? 'tab' : null;
}

function charOf(key: LearnKey, readBy: WedgeSetting['readBy']): string {
  if (key.isAltPad) return endOf(key) === null ? key.key : '';
  if (key.ctrl) return controlOf(key.code) === 'group' ? '\u001d' : '';
  return (
    (readBy === 'place' ? usChar(key.code, key.shift) : scannedChar(key.key, key.code, key.shift, key.capsLock)) ?? ''
  );
}

const textOf = (scan: readonly LearnKey[], readBy: WedgeSetting['readBy']): string =>
  scan.map((key) => charOf(key, readBy)).join('');

export const invertCase = (text: string): string =>
  text.replace(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

/** A code as the counter takes it: what the scanner put around it is off. */
export function bareCode(text: string, wedge: WedgeSetting): string {
  const cased = wedge.isCaseInverted ? invertCase(text) : text;
  return undress(wedge.lineBreaks === 'data' ? cased.replace(/[\r\n\t]+$/, '') : cased, wedge);
}

/** Which reading of the keys gives the printed code, or else a GTIN; as typed when neither tells. */
function readingOf(
  scans: readonly (readonly LearnKey[])[],
  printed: string | null,
): Pick<WedgeSetting, 'readBy' | 'isCaseInverted' | 'prefixes' | 'suffix'> {
  const wanted = printed === null || printed.trim() === '' ? null : printed.trim();
  for (const readBy of ['key', 'place'] as const) {
    const texts = scans.map((scan) => textOf(scan, readBy));
    for (const isCaseInverted of wanted === null ? [false] : [false, true]) {
      const cased = isCaseInverted ? texts.map(invertCase) : texts;
      if (wanted !== null && !cased.every((text) => text.includes(wanted))) continue;
      const dress = learnDress(cased, wanted);
      if (dress !== null) return { readBy, isCaseInverted, ...dress };
    }
  }
  return { readBy: 'key', isCaseInverted: false, ...noDress };
}

/**
 * `keys`: all that came since the wizard asked, repeats left out. `printed`: the code under the bars, where the
 * person typed it; without it only a GTIN tells prefix, suffix and layout.
 */
export function learnScanner(keys: readonly LearnKey[], printed: string | null): Learnt {
  const scans = splitScans(keys).filter((scan) => scan.length >= burstLength);
  if (scans.length === 0) return keys.length === 0 ? { kind: 'waiting', scans: 0 } : { kind: 'typed' };
  const gaps = scans.flatMap(gapsOf);
  if (quantile(gaps, 0.5) > slowestMs) return { kind: 'typed' };
  const last = scans.slice(-scansNeeded);
  const first = last[0] ?? [];
  if (last.some((scan) => textOf(scan, 'key') !== textOf(first, 'key'))) return { kind: 'differ' };
  if (last.length < scansNeeded) return { kind: 'waiting', scans: last.length };

  const ends = last.map((scan) => endOf(scan.at(-1) ?? scan[0] ?? noKey));
  const [end = null] = ends;
  const agreed = ends.every((one) => one === end) ? end : null;
  const inner = last.map((scan) => breaksInside(scan));
  const hasBreaks = inner.every((count) => count > 0);
  // Enter inside and Enter at the end can't be told apart: then only the pause ends a code.
  const isTold =
    hasBreaks && agreed !== null && last.every((scan) => !scan.slice(0, -1).some((key) => endOf(key) === agreed));
  const wedge: WedgeSetting = {
    gapMs: gapOf(gaps),
    terminator: hasBreaks && !isTold ? 'none' : (agreed ?? 'none'),
    lineBreaks: hasBreaks ? 'data' : 'end',
    ...readingOf(last, printed),
  };
  const code = bareCode(textOf(first, wedge.readBy), wedge);
  return { kind: 'learnt', wedge, code, usesAltPad: keys.some((key) => key.isAltPad) };
}

/** Three times what nearly all gaps need, and some air over the longest; where a person can't be taken for it. */
const gapOf = (gaps: readonly number[]): number =>
  Math.ceil(Math.min(60, Math.max(15, 3 * quantile(gaps, 0.95), 1.5 * quantile(gaps, 1))));

const noKey: LearnKey = { atMs: 0, key: '', code: '', shift: false, ctrl: false, capsLock: false, isAltPad: false };

/** Line ends with more of the code behind them. */
function breaksInside(scan: readonly LearnKey[]): number {
  const lastText = scan.findLastIndex((key) => endOf(key) === null && charOf(key, 'key') !== '');
  return scan.slice(0, Math.max(0, lastText)).filter((key) => endOf(key) !== null).length;
}
