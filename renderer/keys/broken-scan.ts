/**
 * A keyboard scan that broke in two (a wireless scanner at the edge of its reach): its second half must not pass
 * for a code. Rule kept: pure; only what came by a pause and was no GTIN counts as broken, and a second half is
 * dropped, never joined: the cashier scans again.
 */
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { isGtinText, isTail, tailMs } from '#core/catalogue/scan-dress.ts';

export type BrokenScan = { readonly code: string; readonly atMs: number } | null;
type WedgeScan = { readonly code: string; readonly isEnded: boolean; readonly atMs: number };

/** `isWhole` false: the other half of a broken code. `broken` goes into the next call. */
export function judgeScan(
  broken: BrokenScan,
  { code, isEnded, atMs }: WedgeScan,
  { terminator }: Pick<WedgeSetting, 'terminator'>,
  isLearnt: boolean,
): { readonly isWhole: boolean; readonly broken: BrokenScan } {
  // A scanner that is known to end its codes broke off where it did not.
  const isSure = isLearnt && terminator !== 'none';
  const isNear = broken !== null && atMs - broken.atMs <= tailMs;
  if (isNear && isTail(broken.code, code, isSure)) return { isWhole: false, broken: null };
  return { isWhole: true, broken: isEnded || isGtinText(code) ? null : { code, atMs } };
}
