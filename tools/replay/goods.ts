/**
 * What the file doesn't say of its goods: HSN, rate, whether the price includes tax. Rule kept: all of it
 * follows from the stock code and a fixed seed, so that every run taxes the same goods alike. It reads no file.
 */

/** The four rates of today's schedule, as a person would pick them. */
const classes = [
  { taxClassKey: 'plain-0', rateBp: 0 },
  { taxClassKey: 'plain-500', rateBp: 500 },
  { taxClassKey: 'plain-1800', rateBp: 1800 },
  { taxClassKey: 'plain-4000', rateBp: 4000 },
] as const;

/** Headings of household goods and gifts; only their shape matters here, the rate comes from the class. */
const hsnCodes = ['69120010', '39241090', '48201090', '94055000', '63049250', '70133700', '95030090', '34060010'];

export type GoodsTax = {
  readonly taxClassKey: string;
  readonly rateBp: number;
  readonly hsn: string;
  readonly isInclusive: boolean;
};

/** FNV-1a, 32 bits, with the top bits folded in so that neighbouring codes differ in the low ones too. */
export function hashOf(seed: string, text: string): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}:${text}`) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function taxOfGoods(code: string): GoodsTax {
  const taxClass = classes[hashOf('rate', code) % classes.length] ?? classes[0];
  const hsn = hsnCodes[hashOf('hsn', code) % hsnCodes.length] ?? '69120010';
  return { ...taxClass, hsn, isInclusive: hashOf('inclusive', code) % 2 === 0 };
}
