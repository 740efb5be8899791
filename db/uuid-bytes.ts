/**
 * UUIDs as the 16 bytes that rows hold: half the size of text in every index. Rule kept: the two forms are
 * one value; no other file of db/ takes a UUID apart.
 */
import type { Uuid } from '#core/ids.ts';

export const uuidToBytes = (id: Uuid): Buffer => {
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
