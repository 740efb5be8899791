/**
 * Seals what must lie in the database but not be readable from a copy of it (the secrets of people's phones):
 * AES-256-GCM with a key that is outside, in the environment or in a file of the data folder that is made at the first
 * start. Rule kept: each sealed text says which key it needs and whose it is; a key that is missing is said, never
 * guessed around, and no key is ever written to the database or the log.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Sealed = { readonly keyId: string; readonly bytes: Buffer };
export type Sealer = {
  /** `owner`: bound in; opened for another it fails. */
  readonly seal: (plain: Buffer, owner: string) => Sealed;
  /** null: the key is not here. Throws where the text was changed. */
  readonly open: (sealed: Sealed, owner: string) => Buffer | null;
  readonly isNewest: (keyId: string) => boolean;
  readonly knows: (keyId: string) => boolean;
};

const nonceBytes = 12;
const tagBytes = 16;

const idOf = (key: Buffer): string =>
  createHash('sha256').update('billmitra key id').update(key).digest('hex').slice(0, 16);

/** The first key seals, all open: a key is changed by putting a new one before it. */
export function makeSealer(keys: readonly Buffer[]): Sealer {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [newest] = keys;
  if (newest === undefined || keys.some((key) => key.length !== 32)) throw new Error('a key is 32 bytes');
  const newestId = idOf(newest);
  return {
    seal: (plain, owner) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', newest, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { keyId: newestId, bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]) };
    },
    open: ({ keyId, bytes }, owner) => {
      const key = byId.get(keyId);
      if (key === undefined) return null;
      const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([opener.update(bytes.subarray(nonceBytes + tagBytes)), opener.final()]);
    },
    isNewest: (keyId) => keyId === newestId,
    knows: (keyId) => byId.has(keyId),
  };
}

const fileName = 'second-factor.key';

/** `said`: keys as base64, the newest first, parted by commas; else the file of the data folder. */
export function loadSealer(dataDir: string, said: string | undefined): Sealer {
  const read = (text: string): readonly Buffer[] =>
    text
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .map((part) => Buffer.from(part, 'base64'));
  const check = (keys: readonly Buffer[], where: string): Sealer => {
    if (keys.length > 0 && keys.every((key) => key.length === 32)) return makeSealer(keys);
    throw new Error(`${where} holds no key: 32 bytes in base64 (openssl rand -base64 32)`);
  };
  if (said !== undefined) return check(read(said), 'BILLMITRA_KEY');
  const path = join(dataDir, fileName);
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return check(read(readFileSync(path, 'utf8')), path);
}
