import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  makeFolder,
  mustOpen,
  sampleBill,
  sampleIds,
  seededBytes,
  setUpDesk,
  tickingClock,
} from '#tests/fixtures/sample-shop.ts';
import { canMount, mountSmallDisk } from '#tests/fixtures/small-disk.ts';
import { makeBills } from './bills.ts';
import { connect, isNodeTooOld, isSqliteTooOld, makeDurable, whatIsNotDurable } from './connection.ts';
import { isDiskFault } from './disk-fault.ts';
import { schemaVersion } from './migrations.ts';
import { openShop, type OpenRefusal, type ShopDb } from './open.ts';

const folders: ReturnType<typeof makeFolder>[] = [];
const newFolder = (): string => {
  const folder = makeFolder();
  folders.push(folder);
  return folder.dir;
};
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const open = (dir: string) => openShop(dir, { clock: tickingClock(), randomBytes: seededBytes(1) });
const refusalOf = (dir: string): OpenRefusal | null => {
  const opened = open(dir);
  if (!opened.ok) return opened.error;
  opened.value.close();
  return null;
};

/** A shop with bills whose log is in the file, or still beside it when it is not closed. */
function fill(dir: string, bills: number): ShopDb {
  const shop = mustOpen(dir);
  const newId = sampleIds();
  const { desk, items } = setUpDesk(shop, newId, 12);
  const noun = makeBills(shop);
  for (let n = 1; n <= bills; n += 1) shop.transact(() => noun.insertBill(sampleBill(newId, desk, items, n)));
  return shop;
}
const overwrite = (path: string, at: number, bytes: Uint8Array): void => {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
};

describe('opening a shop', () => {
  it('makes the folder and the file, durable on every connection and after the first write', () => {
    const dir = join(newFolder(), 'नई दुकान', 'a b');
    const shop = mustOpen(dir);
    expect(whatIsNotDurable(shop.sql)).toBe('');
    expect(shop.sql.pragma('synchronous', { simple: true })).toBe(2);
    expect(shop.sql.pragma('page_size', { simple: true })).toBe(4096);
    expect(shop.sql.pragma('user_version', { simple: true })).toBe(schemaVersion);
    expect(shop.carts.pragma('synchronous', { simple: true })).toBe(1);
    expect(shop.wasClean).toBe(true);
    shop.close();
    shop.close();
    expect(refusalOf(dir)).toBeNull();
  });

  it('would see a connection that is not durable', () => {
    const db = connect(join(newFolder(), 'x.db'));
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE t (x)');
    expect(whatIsNotDurable(db)).toBe('synchronous is 1');
    makeDurable(db);
    expect(whatIsNotDurable(db)).toBe('');
    db.pragma('wal_autocheckpoint = 100');
    expect(whatIsNotDurable(db)).toBe('wal_autocheckpoint is on');
    db.close();
  });

  it('knows a Node and an SQLite that are too old', () => {
    expect(isNodeTooOld('9')).toBe(true);
    expect(isNodeTooOld('10')).toBe(false);
    expect(isNodeTooOld(undefined)).toBe(isNodeTooOld(process.versions['napi']));
    expect(['3.40.1', '3.51.2', '3.9.0'].map(isSqliteTooOld)).toEqual([true, true, true]);
    expect(['3.51.3', '3.52.0', '4.0.0', '3.54.1'].map(isSqliteTooOld)).toEqual([false, false, false, false]);
  });

  it('says whether the last stop was clean', () => {
    const dir = newFolder();
    const shop = fill(dir, 3);
    const copy = newFolder();
    for (const name of readdirSync(dir).filter((n) => n.startsWith('shop.db')))
      copyFileSync(join(dir, name), join(copy, name));
    shop.close();
    const afterCrash = mustOpen(copy);
    expect(afterCrash.wasClean).toBe(false);
    expect(makeBills(afterCrash).last()?.sequence).toBe(3);
    afterCrash.close();
    const afterClose = mustOpen(dir);
    expect(afterClose.wasClean).toBe(true);
    afterClose.close();
  });

  it('tells how far it is', () => {
    const said: string[] = [];
    const opened = openShop(newFolder(), {
      clock: tickingClock(),
      randomBytes: seededBytes(1),
      onProgress: (p) => said.push(p.doing),
    });
    if (opened.ok) opened.value.close();
    expect([...new Set(said)]).toEqual(['opening', 'migrating', 'checking']);
  });
});

describe('what is not opened', () => {
  it('a file of a newer program, unchanged', () => {
    const dir = newFolder();
    const shop = mustOpen(dir);
    shop.sql.pragma(`user_version = ${schemaVersion + 3}`);
    shop.close();
    expect(refusalOf(dir)).toEqual({ type: 'SchemaNewer', fileVersion: schemaVersion + 3, ownVersion: schemaVersion });
    const file = connect(join(dir, 'shop.db'));
    expect(file.pragma('user_version', { simple: true })).toBe(schemaVersion + 3);
    file.close();
  });

  it('a file of another program, unchanged', () => {
    const dir = newFolder();
    const other = connect(join(dir, 'shop.db'));
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    expect(refusalOf(dir)).toMatchObject({ type: 'FileDamaged' });
    const again = connect(join(dir, 'shop.db'));
    expect(again.pragma('journal_mode', { simple: true })).toBe('delete');
    again.close();
  });

  it.each([
    ['cut in the header', (path: string) => truncateSync(path, 60)],
    ['cut in the middle', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096)],
    ['a header of zeros', (path: string) => overwrite(path, 0, Buffer.alloc(100))],
    ['not a database at all', (path: string) => writeFileSync(path, 'x'.repeat(20_000))],
    [
      'garbage in every page but the first',
      (path: string) => {
        const size = statSync(path).size - 4096;
        overwrite(path, 4096, Buffer.from(seededBytes(3)(size)));
      },
    ],
    [
      'zeros in every page but the first',
      (path: string) => overwrite(path, 4096, Buffer.alloc(statSync(path).size - 4096)),
    ],
  ])('a damaged file: %s', (_what, damage) => {
    const dir = newFolder();
    fill(dir, 30).close();
    damage(join(dir, 'shop.db'));
    expect(refusalOf(dir)).toMatchObject({ type: 'FileDamaged' });
  });

  it('bills that lost a line, or no longer add up', () => {
    for (const change of [
      'DELETE FROM document_line WHERE line_key = (SELECT max(line_key) FROM document_line)',
      'UPDATE document SET payable_paise = payable_paise + 100 WHERE document_no = 30',
      'DELETE FROM document_tender WHERE tender_key = (SELECT max(tender_key) FROM document_tender)',
    ]) {
      const dir = newFolder();
      const shop = fill(dir, 30);
      shop.sql.exec(change);
      shop.close();
      expect(refusalOf(dir)).toMatchObject({ type: 'FileDamaged', detail: expect.stringContaining('K3T1/2627/00030') });
    }
  });

  it('an empty file beside a log with bills in it', () => {
    const dir = newFolder();
    const shop = fill(dir, 3);
    const copy = newFolder();
    copyFileSync(join(dir, 'shop.db-wal'), join(copy, 'shop.db-wal'));
    shop.close();
    expect(refusalOf(copy)).toMatchObject({ type: 'FileDamaged' });
    expect(statSync(join(copy, 'shop.db-wal')).size).toBeGreaterThan(0);
    writeFileSync(join(copy, 'shop.db'), '');
    expect(refusalOf(copy)).toMatchObject({ type: 'FileDamaged' });
  });

  it('a folder that another till has, in this process', () => {
    const dir = newFolder();
    const shop = mustOpen(dir);
    expect(refusalOf(dir)).toEqual({ type: 'FolderInUse', pid: process.pid });
    expect(refusalOf(dir)).toEqual({ type: 'FolderInUse', pid: process.pid });
    makeBills(shop);
    shop.close();
    expect(refusalOf(dir)).toBeNull();
  });

  it('a folder that another process has, until that is killed', async () => {
    const dir = newFolder();
    const child = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '-e',
        `const { openShop } = await import(${JSON.stringify(new URL('./open.ts', import.meta.url).href)});
         const opened = openShop(${JSON.stringify(dir)}, { clock: { now: () => 1 }, randomBytes: (n) => new Uint8Array(n) });
         console.log(opened.ok ? 'open' : JSON.stringify(opened.error));
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
    expect(said.trim()).toBe('open');
    expect(refusalOf(dir)).toEqual({ type: 'FolderInUse', pid: child.pid });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const shop = mustOpen(dir);
    expect(shop.wasClean).toBe(false);
    shop.close();
  });

  it('a folder that is a file, or that would lie in one', () => {
    const path = join(newFolder(), 'file');
    writeFileSync(path, 'x');
    expect(refusalOf(path)).toEqual({ type: 'NotAFolder', path });
    const under = join(path, 'shop');
    expect(refusalOf(under)).toEqual({ type: 'NotAFolder', path: under });
    expect(readFileSync(path, 'utf8')).toBe('x');
  });
});

describe('carts.db', () => {
  it('is set aside when it is damaged, and the shop opens', () => {
    const dir = newFolder();
    mustOpen(dir).close();
    writeFileSync(join(dir, 'carts.db'), 'x'.repeat(5_000));
    const shop = mustOpen(dir);
    expect(shop.cartsSetAside).toBe(true);
    shop.close();
    expect(existsSync(join(dir, 'carts-damaged-1.db'))).toBe(true);
    expect(mustOpen(dir).close()).toBeUndefined();
  });
});

describe('a disk in trouble', () => {
  const isMountable = canMount();
  const why = isMountable ? '' : ' (skipped: no right to mount a small disk here)';

  it('full by page count: the bill is refused whole, and bills go on once there is room', () => {
    const dir = newFolder();
    const shop = fill(dir, 2);
    const newId = sampleIds(9);
    const bills = makeBills(shop);
    const last = bills.last();
    if (last === null) throw new Error('no bill');
    shop.sql.pragma(`max_page_count = ${String(shop.sql.pragma('page_count', { simple: true }))}`);
    let faults = 0;
    let sequence = 3;
    const sell = (): void => {
      const bill = { ...last, id: newId(), sequence, number: `K3T1/2627/${String(sequence).padStart(5, '0')}` };
      shop.transact(() => bills.insertBill(bill));
      sequence += 1;
    };
    while (faults < 5) {
      try {
        sell();
      } catch (error) {
        if (!isDiskFault(error)) throw error;
        expect(error.kind).toBe('diskFull');
        faults += 1;
      }
    }
    expect(bills.firstGap('K3T1', last.financialYear)).toBeNull();
    shop.sql.pragma('max_page_count = 4294967294');
    for (let n = 0; n < 50; n += 1) sell();
    expect(bills.last()?.sequence).toBe(sequence - 1);
    expect(shop.sql.pragma('quick_check', { simple: true })).toBe('ok');
    shop.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it.skipIf(!isMountable)(`full for real: bills before it stand, after room was made they go on${why}`, () => {
    const disk = mountSmallDisk(3);
    if (disk === null) throw new Error('mounted a moment ago');
    try {
      const shop = fill(disk.dir, 2);
      const newId = sampleIds(9);
      const bills = makeBills(shop);
      const last = bills.last();
      if (last === null) throw new Error('no bill');
      let sequence = 3;
      const sell = (): void => {
        const bill = { ...last, id: newId(), sequence, number: `K3T1/2627/${String(sequence).padStart(5, '0')}` };
        shop.transact(() => bills.insertBill(bill));
        sequence += 1;
      };
      const ballast = join(disk.dir, 'ballast');
      writeFileSync(ballast, Buffer.alloc(500_000));
      let fault: unknown = null;
      while (fault === null) {
        try {
          sell();
        } catch (error) {
          fault = error;
        }
      }
      expect(isDiskFault(fault) && fault.kind).toBe('diskFull');
      expect(bills.last()?.sequence).toBe(sequence - 1);
      expect(() => sell()).toThrow(/diskFull/);
      rmSync(ballast);
      for (let n = 0; n < 3; n += 1) sell();
      expect(bills.firstGap('K3T1', last.financialYear)).toBeNull();
      expect(shop.sql.pragma('quick_check', { simple: true })).toBe('ok');
      shop.close();
    } finally {
      disk.remove();
    }
  });

  it.skipIf(!isMountable)(`full before it opens${why}`, () => {
    const disk = mountSmallDisk(1);
    if (disk === null) throw new Error('mounted a moment ago');
    try {
      expect(() => writeFileSync(join(disk.dir, 'ballast'), Buffer.alloc(2_000_000))).toThrow(/ENOSPC/);
      expect(refusalOf(disk.dir)).toEqual({ type: 'DiskFull' });
    } finally {
      disk.remove();
    }
  });

  it.skipIf(!isMountable)(`read-only: refused at opening, an old folder and a new one${why}`, () => {
    const disk = mountSmallDisk(16);
    if (disk === null) throw new Error('mounted a moment ago');
    try {
      fill(disk.dir, 3).close();
      disk.setReadOnly(true);
      expect(refusalOf(disk.dir)).toEqual({ type: 'DiskReadOnly' });
      expect(refusalOf(join(disk.dir, 'new'))).toEqual({ type: 'DiskReadOnly' });
      disk.setReadOnly(false);
      const shop = mustOpen(disk.dir);
      expect(makeBills(shop).last()?.sequence).toBe(3);
      shop.close();
    } finally {
      disk.remove();
    }
  });

  it('a books file that may not be written', () => {
    const shop = mustOpen(newFolder());
    shop.sql.pragma('query_only = ON');
    let fault: unknown = null;
    try {
      shop.transact(() => shop.sql.exec('UPDATE shop_state SET opened_at_ms = 1'));
    } catch (error) {
      fault = error;
    }
    expect(isDiskFault(fault) && fault.kind).toBe('diskReadOnly');
    shop.sql.pragma('query_only = OFF');
    expect(shop.transact(() => 7)).toBe(7);
    shop.close();
  });
});
