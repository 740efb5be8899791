/**
 * Likely cash: what a customer may hand over for an amount. Rule kept: exact first, then the next round
 * sums a purse makes with the notes in use (₹10 to ₹500), rising, none twice, at most six. The ₹2,000 note was
 * withdrawn (RBI, 19 May 2023): still money, so a sum typed is taken as any other, but nobody is likely to give it.
 */
import { type Paise, paise, zeroPaise } from '../money.ts';

const steps = [10_00, 50_00, 100_00, 200_00, 500_00];

export function likelyCash(duePaise: Paise): readonly Paise[] {
  if (duePaise <= zeroPaise) return [];
  const rounded = steps.map((step) => Math.ceil(duePaise / step) * step);
  return [...new Set([duePaise, ...rounded])]
    .toSorted((a, b) => a - b)
    .slice(0, 6)
    .map(paise);
}
