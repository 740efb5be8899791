/** Backups of a real shop file: what was made opens again to the byte, and nothing else does. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { makeBackupKey, readBackupHeader, unwrapByCode, wrapByCode } from './backup-file.ts';
import { runBackupTask } from './backup.ts';
import type { BackupOutcome } from './backup-worker.ts';
import { connect } from './connection.ts';
import { shopFile } from './open.ts';
import { isBlankShop, markRestored, restoringDir, takeRestored } from './restored.ts';

const { dir, remove } = makeFolder();
afterAll(remove);
const code = 'ABCD-EFGH-JKMN-PQRS-TVWX';
const key = makeBackupKey();
const asTask = { id: key.id, key: key.key.toString('base64'), wraps: [wrapByCode(key, code)] };
const says = { madeAtMs: 1, storeId: 's', tillId: 't', tillName: 'Till 1', series: 'T1' };
const shopDir = join(dir, 'shop');
const file = join(dir, 'one.bmbackup');
let made: BackupOutcome;
beforeAll(async () => {
  const shop = mustOpen(shopDir);
  shop.sql.prepare('INSERT INTO setting (key, value) VALUES (?, hex(randomblob(1500000)))').run('much');
  const task = { kind: 'make', path: shopFile(shopDir), workDir: shopDir, outPath: file, key: asTask, says } as const;
  made = await runBackupTask(task);
  shop.close();
});

let runs = 0;
const openAt = async (from: string, by = asTask): Promise<BackupOutcome & { readonly at: string }> => {
  const at = join(dir, `opened-${(runs += 1)}`);
  return { ...(await runBackupTask({ kind: 'open', from, toDir: at, key: by })), at };
};
const changed = async (change: (bytes: Buffer) => Buffer): Promise<BackupOutcome> => {
  const path = join(dir, 'changed.bmbackup');
  writeFileSync(path, change(Buffer.from(readFileSync(file))));
  return openAt(path);
};

describe('a backup', () => {
  it('is made while the shop is open, says what it holds, leaves nothing in clear and opens to the same rows', async () => {
    expect(made).toMatchObject({ kind: 'done', header: { series: 'T1', journalSeq: 0 } });
    expect(existsSync(join(shopDir, 'backup-copy.tmp.db'))).toBe(false);
    expect(readFileSync(file).includes('SQLite format 3')).toBe(false);
    const opened = await openAt(file);
    expect(opened.kind).toBe('done');
    const rows = (path: string) => {
      const sql = connect(path, { readonly: true });
      const all = sql.prepare('SELECT key, value FROM setting ORDER BY key').all();
      sql.close();
      return all;
    };
    expect(rows(join(opened.at, 'shop.db'))).toEqual(rows(shopFile(shopDir)));
  });

  it('opens to the printed code as a person types it and to no other', async () => {
    const header = await readBackupHeader(file);
    expect(unwrapByCode(header, 'abcd efgh jkmn pqrs tvwx')?.key.equals(key.key)).toBe(true);
    expect(unwrapByCode(header, 'ABCD-EFGH-JKMN-PQRS-TVWY')).toBeNull();
    const other = makeBackupKey();
    const wrong = { ...asTask, key: other.key.toString('base64') };
    expect(await openAt(file, wrong)).toMatchObject({ kind: 'refused', fault: 'wrongKey' });
    expect(await openAt(file, { ...wrong, id: other.id })).toMatchObject({ kind: 'refused', fault: 'wrongKey' });
  });

  it('is refused wherever a bit was changed, and wherever it was cut', async () => {
    const size = readFileSync(file).length;
    const headerEnd = 13 + readFileSync(file).readUInt32BE(9);
    for (const at of [0, 8, 11, 20, headerEnd - 5, headerEnd + 1, headerEnd + 50, Math.floor(size / 2), size - 1]) {
      const outcome = await changed((bytes) => {
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        return bytes;
      });
      expect([at, outcome.kind]).toEqual([at, 'refused']);
    }
    const firstChunk = headerEnd + 4 + readFileSync(file).readUInt32BE(headerEnd);
    expect(firstChunk).toBeLessThan(size);
    for (const at of [0, 5, headerEnd - 1, headerEnd, headerEnd + 2, firstChunk, firstChunk + 3, size - 1]) {
      const outcome = await changed((bytes) => bytes.subarray(0, at));
      expect([at, outcome.kind]).toEqual([at, 'refused']);
    }
    expect(await changed((bytes) => Buffer.concat([bytes, Buffer.from('x')]))).toMatchObject({ fault: 'damaged' });
    // The second chunk in the place of the first.
    const swapped = await changed((bytes) =>
      Buffer.concat([bytes.subarray(0, headerEnd), bytes.subarray(firstChunk), bytes.subarray(headerEnd, firstChunk)]),
    );
    expect(swapped.kind).toBe('refused');
  });

  it('is refused by a till of before, and made of no damaged books', async () => {
    const copy = join(dir, 'newer');
    mkdirSync(copy);
    copyFileSync(shopFile(shopDir), shopFile(copy));
    const sql = connect(shopFile(copy));
    sql.pragma('user_version = 900');
    sql.close();
    const newer = join(dir, 'newer.bmbackup');
    const task = { kind: 'make', path: shopFile(copy), workDir: copy, outPath: newer, key: asTask, says } as const;
    expect((await runBackupTask(task)).kind).toBe('done');
    expect(await openAt(newer)).toMatchObject({ kind: 'refused', fault: 'newerSchema' });
    const bytes = readFileSync(shopFile(shopDir));
    // An inner page of the file, past its header.
    writeFileSync(
      shopFile(copy),
      Buffer.concat([bytes.subarray(0, 8_192), Buffer.alloc(8_192, 7), bytes.subarray(16_384)]),
    );
    rmSync(newer);
    expect((await runBackupTask(task)).kind).not.toBe('done');
    expect(existsSync(newer)).toBe(false);
  });
});

it('takes the place of a blank shop and of no other', () => {
  const at = join(dir, 'blank');
  expect(isBlankShop(at)).toBe(true);
  mustOpen(restoringDir(at)).close();
  markRestored(at);
  expect(takeRestored(at)).toBe(true);
  const sql = connect(shopFile(at));
  expect(sql.prepare('SELECT count(*) FROM document').pluck().get()).toBe(0);
  sql
    .prepare(
      "INSERT INTO staff (id, name, role, language, pin_hash, pin_salt, is_active) VALUES (x'00', '', '', '', '', '', 1)",
    )
    .run();
  sql.close();
  expect(isBlankShop(at)).toBe(false);
  mustOpen(restoringDir(at)).close();
  markRestored(at);
  expect(takeRestored(at)).toBe(false);
});
