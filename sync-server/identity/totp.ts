/**
 * One-time codes of an authenticator app (RFC 6238 over RFC 4226: HMAC-SHA-1, 30 s, 6 digits, what every app reads).
 * Rule kept: a code opens once (the caller keeps the last step used) and only its own step or a neighbour's.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const newTotpSecret = (): Buffer => randomBytes(20);

/** RFC 4648 base 32, without padding: 20 bytes are 32 letters. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** HOTP, RFC 4226 §5.3. */
export function hotp(secret: Uint8Array, counter: number, digits = 6): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', secret).update(message).digest();
  const at = (digest.at(-1) ?? 0) & 0x0f;
  const value = digest.readUInt32BE(at) & 0x7fff_ffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

export const stepOf = (nowMs: number): number => Math.floor(nowMs / stepMs);

/** The step that a code belongs to; null when it is none, or not newer than `lastStep`. */
export function stepOfCode(secret: Uint8Array, code: string, nowMs: number, lastStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const now = stepOf(nowMs);
  for (const step of [now, now - 1, now + 1]) {
    if (step > lastStep && timingSafeEqual(Buffer.from(hotp(secret, step)), Buffer.from(code))) return step;
  }
  return null;
}

/** What a QR code carries to the app. */
export const totpUrl = (secret: Uint8Array, email: string): string =>
  `otpauth://totp/BillMitra:${encodeURIComponent(email)}?secret=${base32(secret)}&issuer=BillMitra`;
