/**
 * The GS1 check digit, shared by every GTIN, SSCC and GLN: weights 3 and 1 from the right, modulo 10.
 * Rule kept: digits in, digit out; what is not all digits is answered with null, never thrown.
 * Source: GS1 General Specifications §7.9 (standard check digit calculation).
 */

/** The check digit for the digits before it ("890123456789" → "6"-like), or null when they aren't all digits. */
export function checkDigit(digitsWithout: string): string | null {
  if (!/^\d+$/.test(digitsWithout)) return null;
  let sum = 0;
  for (let i = 0; i < digitsWithout.length; i += 1) {
    const digit = digitsWithout.charCodeAt(digitsWithout.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit * 3 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether the last digit is the check digit of those before it. Any length from 2 digits. */
export const hasCheckDigit = (digits: string): boolean =>
  digits.length > 1 && checkDigit(digits.slice(0, -1)) === digits.slice(-1);

/** "89012345678" + its check digit. Throws on what isn't digits: the caller made them. */
export function withCheckDigit(digitsWithout: string): string {
  const digit = checkDigit(digitsWithout);
  if (digit === null) throw new RangeError(`not digits: ${digitsWithout}`);
  return digitsWithout + digit;
}
