/**
 * HSN and SAC codes as shapes: which digits a bill may print. The one rule: a code is judged by its form
 * only; whether it names anything, and at which rate, is the rate table's and a person's matter.
 */

/** Chapter 99 is services: a SAC. */
export const isSac = (code: string): boolean => code.startsWith('99');

/** 4, 6 or 8 digits, chapters 01–98 for goods (77 is reserved) and 99 for services. */
export const isHsnShape = (text: string): boolean =>
  /^(?:\d{4}|\d{6}|\d{8})$/.test(text) && text.slice(0, 2) !== '00' && text.slice(0, 2) !== '77';

/** Turnover of the year before (in rupees) → fewest digits on a bill (N 78/2020-CT: 6 above ₹5 crore, else 4). */
export const hsnDigitsRequired = (turnoverRupees: number): 4 | 6 => (turnoverRupees > 50_000_000 ? 6 : 4);

/** The heading of a longer code: its first 4 digits. */
export const headingOf = (code: string): string => code.slice(0, 4);
