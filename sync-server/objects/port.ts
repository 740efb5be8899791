/**
 * Where the server keeps what is too large or too old for Postgres: backups of tills, exports, models. Rule kept: what
 * is told as written is on the disk (or in the bucket) whole; a reader never sees a part of an object. Keys are lower
 * case and plain, so that a bucket, an ext4 and a Windows folder hold the same ones.
 */
import type { Readable } from 'node:stream';

/** A stream must say how long it is: whoever stores it refuses one that is cut short. */
export type ObjectBody = Uint8Array | { readonly stream: Readable; readonly bytes: number };

export type ObjectHead = {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, in whole seconds where the store knows no better. */
  readonly writtenAtMs: number;
};

export type ObjectStore = {
  /** Writes it, over what is there. Throws when the stream's length differs; then nothing changed. */
  readonly put: (key: string, body: ObjectBody) => Promise<void>;
  /** Writes it unless the key is there; answers whether it did. Of two at once one writes. */
  readonly putIfAbsent: (key: string, body: ObjectBody) => Promise<boolean>;
  readonly head: (key: string) => Promise<ObjectHead | null>;
  /** null: there is none. The stream is the caller's to read or destroy. */
  readonly get: (key: string) => Promise<{ readonly head: ObjectHead; readonly stream: Readable } | null>;
  /** All below a prefix, in no order that may be relied on. */
  readonly list: (prefix: string) => AsyncIterable<ObjectHead>;
  /** No error where there is none. */
  readonly remove: (key: string) => Promise<void>;
  /** Opens this one object for reading, for so long. May be a path below the server's own address. */
  readonly presignGet: (key: string, seconds: number) => Promise<string>;
};

const segment = /^[a-z0-9][a-z0-9=_.-]*$/;
/** Names that Windows gives to devices, whatever follows the first dot. */
const device = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

/** At most 400 characters; segments of a–z, 0–9, `=`, `_`, `.`, `-` that end in none of a dot. */
export function isObjectKey(key: string): boolean {
  if (key.length > 400) return false;
  return key.split('/').every((part) => segment.test(part) && !part.endsWith('.') && !device.test(part));
}

/** Throws: a key is made by a program, a wrong one is its fault. */
export function demandKey(key: string): string {
  if (!isObjectKey(key)) throw new Error(`not an object key: ${JSON.stringify(key.slice(0, 100))}`);
  return key;
}

/** `''` lists everything; else whole segments and a slash at the end. */
export function demandPrefix(prefix: string): string {
  if (prefix !== '' && !(prefix.endsWith('/') && isObjectKey(prefix.slice(0, -1)))) {
    throw new Error(`not a prefix: ${JSON.stringify(prefix.slice(0, 100))}`);
  }
  return prefix;
}
