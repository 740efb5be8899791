/**
 * What happened, as one number: the same for the same seed, on every store. Rule kept: each step adds what it did and
 * what came of it; two runs that differ anywhere differ here.
 */
export type Trace = {
  readonly add: (...values: readonly (number | string | null)[]) => void;
  readonly sum: () => string;
};

/** FNV-1a, twice with other starts: 64 bits from whole numbers alone. */
export function makeTrace(): Trace {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  const mix = (n: number): void => {
    a = Math.imul(a ^ (n & 0xffff), 0x01000193);
    b = Math.imul(b ^ (n & 0xffff) ^ (a >>> 13), 0x85ebca6b);
  };
  return {
    add: (...values) => {
      for (const value of values) {
        if (typeof value === 'number') {
          mix(value);
          mix(value / 65_536);
        } else if (value === null) mix(7);
        else for (let i = 0; i < value.length; i += 1) mix(value.charCodeAt(i));
      }
      mix(11);
    },
    sum: () => (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0'),
  };
}
