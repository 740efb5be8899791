/**
 * Takes off what a scanner puts around a code: the learnt prefix and suffix. Rule kept: one prefix at most, the
 * longest that fits, and never so much that nothing is left; a code without them passes as it is.
 */
import type { Framing } from './port.ts';

export function undress(code: string, { prefixes, suffix }: Pick<Framing, 'prefixes' | 'suffix'>): string {
  const fits = prefixes.filter((prefix) => code.startsWith(prefix));
  const longest = fits.reduce((most, prefix) => Math.max(most, prefix.length), 0);
  const bare = code.slice(longest);
  const end = suffix !== '' && bare.endsWith(suffix) ? bare.length - suffix.length : bare.length;
  return end <= 0 ? code : bare.slice(0, end);
}
