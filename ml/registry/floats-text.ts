/**
 * float32 numbers as text: little-endian bytes in base64. Rule kept: the same bytes on every machine, NaN too.
 */
import { createHash } from 'node:crypto';

export const textOfFloats = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

/** Copies: base64 of any length is cut to whole numbers. */
export function floatsOfText(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const values = new Float32Array(Math.floor(bytes.byteLength / 4));
  Buffer.from(values.buffer).set(bytes.subarray(0, values.byteLength));
  return values;
}

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
