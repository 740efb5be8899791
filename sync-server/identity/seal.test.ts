/** Sealed with one key, opened with it and for its owner only; the file of the data folder is made once. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSealer, makeSealer } from './seal.ts';

it('opens what it sealed, for its owner, with its key, unchanged', () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  const sealed = makeSealer([older]).seal(Buffer.from('secret'), 'owner');
  expect(makeSealer([newer, older]).open(sealed, 'owner')?.toString()).toBe('secret');
  expect(makeSealer([newer]).open(sealed, 'owner')).toBeNull();
  expect(() => makeSealer([older]).open(sealed, 'another')).toThrow();
  const changed = Buffer.from(sealed.bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => makeSealer([older]).open({ ...sealed, bytes: changed }, 'owner')).toThrow();
  expect(makeSealer([newer, older]).isNewest(sealed.keyId)).toBe(false);
});

it('makes its file once, takes the environment before it, and refuses what is no key', () => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-seal-'));
  const first = loadSealer(dir, undefined).seal(Buffer.from('x'), 'o');
  expect(loadSealer(dir, undefined).open(first, 'o')?.toString()).toBe('x');
  const kept = readFileSync(join(dir, 'second-factor.key'), 'utf8').trim();
  expect(loadSealer('nowhere', `${randomBytes(32).toString('base64')},${kept}`).knows(first.keyId)).toBe(true);
  expect(() => loadSealer(dir, 'short')).toThrow('BILLMITRA_KEY holds no key');
  writeFileSync(join(dir, 'second-factor.key'), '');
  expect(() => loadSealer(dir, undefined)).toThrow('holds no key');
  rmSync(dir, { recursive: true, force: true });
});
