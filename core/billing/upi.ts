/**
 * The UPI payment link that a QR on the counter carries, with its amount. Rule kept: what an app could
 * misread is refused or cut here, and the amount is always two decimals of the very payable. Never says that
 * money came: a link gives no answer, a person or a bank does. Source: NPCI UPI Linking Specification 1.6
 * (pa, pn mandatory; tr mandatory for a merchant's dynamic link; tn ≤ 50; am decimal; cu INR).
 */
import { paiseToDecimal } from '../money.ts';
import type { Paise } from '../money.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

export type UpiRequest = {
  /** The shop's VPA, "sharmakirana@upi". */
  readonly payeeAddress: string;
  readonly payeeName: string;
  readonly amountPaise: Paise;
  /** `tr`: the cart's own reference, letters and digits, ≤ 35; it is kept on the tender. */
  readonly reference: string;
  readonly note?: string | undefined;
  /** Four digits (ISO 18245), "5411" = grocery; a merchant's QR from a bank has it. */
  readonly merchantCode?: string | undefined;
};
export type UpiInvalid = {
  readonly type: 'UpiInvalid';
  readonly reason: 'BadAddress' | 'NoName' | 'BadAmount' | 'BadReference' | 'BadMerchantCode';
};

export const maxUpiReference = 35;
const maxNote = 50;
const maxName = 99;

/** A virtual payment address: name@handle, also account@IFSC.ifsc.npci. Never says that it exists. */
export const isVpa = (text: string): boolean =>
  text.length <= 255 &&
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?@[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/.test(text) &&
  text.indexOf('@') >= 2;

/** An id as `tr`: letters and digits only, the last 35 of them (a UUID's 32 are kept whole). */
export const upiReference = (id: string): string => id.replace(/[^A-Za-z0-9]/g, '').slice(-maxUpiReference);

/** Control characters out, runs of space to one, cut by whole characters. */
const tidied = (text: string, max: number): string =>
  [
    ...text
      .toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  ]
    .slice(0, max)
    .join('')
    .trimEnd();

/**
 * upi://pay?pa=…&pn=…&tr=…&tn=…&am=10.00&cu=INR, values percent-encoded (space as %20; the @ of `pa` stays, as in
 * the specification's sample). A long note or name is cut; anything that would change who is paid, how
 * much, or which bill it is for is refused.
 */
export function upiLink(request: UpiRequest): Result<string, UpiInvalid> {
  const refuse = (reason: UpiInvalid['reason']): Result<string, UpiInvalid> => err({ type: 'UpiInvalid', reason });
  const name = tidied(request.payeeName, maxName);
  const note = tidied(request.note ?? '', maxNote);
  if (!isVpa(request.payeeAddress)) return refuse('BadAddress');
  if (name === '') return refuse('NoName');
  if (request.amountPaise <= 0) return refuse('BadAmount');
  if (!/^[A-Za-z0-9]{1,35}$/.test(request.reference)) return refuse('BadReference');
  if (request.merchantCode !== undefined && !/^\d{4}$/.test(request.merchantCode)) return refuse('BadMerchantCode');
  const parts = [
    `pa=${request.payeeAddress}`,
    `pn=${encodeURIComponent(name)}`,
    ...(request.merchantCode === undefined ? [] : [`mc=${request.merchantCode}`]),
    `tr=${request.reference}`,
    ...(note === '' ? [] : [`tn=${encodeURIComponent(note)}`]),
    `am=${paiseToDecimal(request.amountPaise)}`,
    'cu=INR',
  ];
  return ok(`upi://pay?${parts.join('&')}`);
}
