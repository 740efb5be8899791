/**
 * UUIDs as the 16 bytes that rows hold: half the size of text in every index. Rule kept: the two forms are
 * one value; no other file of db/ takes a UUID apart.
 */
import type { Uuid } from '#core/ids.ts';

/** The value of a hexadecimal digit by its character code; 255: none. */
const nibbles = new Uint8Array(128).fill(255);
for (let digit = 0; digit < 16; digit += 1) {
  nibbles[digit.toString(16).charCodeAt(0)] = digit;
  nibbles[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
/** Where each byte's two digits stand in 8-4-4-4-12. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;

/** By the usual form, digit by digit: thirty of them stand on a bill's path. Null where it is not of that form. */
function fromUsualForm(id: string): Buffer | null {
  if (id.length !== 36 || id[8] !== '-' || id[13] !== '-' || id[18] !== '-' || id[23] !== '-') return null;
  const bytes = Buffer.allocUnsafe(16);
  for (let i = 0; i < 16; i += 1) {
    const at = places[i] ?? 0;
    const high = nibbles[id.charCodeAt(at)] ?? 255;
    const low = nibbles[id.charCodeAt(at + 1)] ?? 255;
    if (high === 255 || low === 255) return null;
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

export const uuidToBytes = (id: Uuid): Buffer => {
  const usual = fromUsualForm(id);
  if (usual !== null) return usual;
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new RangeError(`not a UUID: ${id.slice(0, 60)}`);
  return bytes;
};

export const bytesToUuid = (bytes: Uint8Array): Uuid => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid;
};

export const uuidToBytesOrNull = (id: Uuid | null): Buffer | null => (id === null ? null : uuidToBytes(id));
export const bytesToUuidOrNull = (bytes: Uint8Array | null): Uuid | null =>
  bytes === null ? null : bytesToUuid(bytes);
