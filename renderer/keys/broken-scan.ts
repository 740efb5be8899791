/**
 * A keyboard scan that broke in two (a wireless scanner at the edge of its reach): its second half must not pass
 * for a code, nor its late Enter for a person's. Rule kept: pure; only what ended by a pause counts as broken, and
 * a second half is dropped, never joined: the cashier scans again.
 */
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { isWholeGtin, isTail, tailMs } from '#core/catalogue/scan-dress.ts';

/** The last scan, when a pause ended it. */
export type BrokenScan = { readonly code: string; readonly atMs: number } | null;
type WedgeScan = { readonly code: string; readonly isEnded: boolean; readonly atMs: number };

/** A scanner that is known to end its codes broke off where it did not. */
export const endsItsCodes = ({ terminator }: Pick<WedgeSetting, 'terminator'>, isLearnt: boolean): boolean =>
  isLearnt && terminator !== 'none';

const isNear = (broken: BrokenScan, atMs: number): broken is NonNullable<BrokenScan> =>
  broken !== null && atMs - broken.atMs <= tailMs;

/**
 * `isWhole` false: half of a broken code, the first one (of a scanner that is known to end its codes, unless a
 * check digit vouches for it) or the second. `broken` goes into the next call.
 */
export function judgeScan(
  broken: BrokenScan,
  { code, isEnded, atMs }: WedgeScan,
  isSure: boolean,
): { readonly isWhole: boolean; readonly broken: BrokenScan } {
  if (isNear(broken, atMs) && isTail(broken.code, code, isSure && !isWholeGtin(broken.code))) {
    return { isWhole: false, broken: null };
  }
  return isEnded ? { isWhole: true, broken: null } : { isWhole: !isSure || isWholeGtin(code), broken: { code, atMs } };
}

/**
 * Whether keys too few for a burst are a broken scan's rest: two and more so close together that no hand types
 * them, or the Enter alone of a scanner that is known to send one. `hasEnd`: an Enter or Tab is among them.
 */
export const isRest = (
  broken: BrokenScan,
  { count, hasEnd, atMs }: { readonly count: number; readonly hasEnd: boolean; readonly atMs: number },
  isSure: boolean,
): boolean => isNear(broken, atMs) && hasEnd && (isSure || count > 1);
