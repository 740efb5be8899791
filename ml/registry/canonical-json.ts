/**
 * JSON with one spelling for one value: keys in order of their UTF-16 units, no spaces, numbers as ECMAScript prints
 * them (RFC 8785, "JSON Canonicalization Scheme"). Rule kept: what is equal is the same text on every machine, so that it
 * can be hashed and signed; what JSON has no word for (NaN, undefined, a function) throws.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no number of JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const keys = Object.keys(value).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`).join(',')}}`;
  }
  throw new TypeError(`${typeof value} is nothing of JSON`);
}
