import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, mustOpen, sampleBill, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { makeBills } from './bills.ts';
import { startCheckpointer } from './checkpoint.ts';
import type { ShopDb } from './open.ts';
import { quickCheckOnSnapshot } from './quick-check.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let sellOne: () => void;
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  const newId = sampleIds();
  const { desk, items } = setUpDesk(shop, newId, 12);
  const bills = makeBills(shop);
  let n = 0;
  sellOne = () => {
    n += 1;
    const bill = sampleBill(newId, desk, items, n);
    shop.transact(() => bills.insertBill(bill));
  };
});
afterEach(() => {
  shop.close();
  folder.remove();
});
const walFile = (): number => statSync(join(folder.dir, 'shop.db-wal')).size;

describe('checkpointer', () => {
  it('copies the log off the sale, lets it begin again, and its file stops growing', async () => {
    const troubles: string[] = [];
    let restarted = 0;
    let whenRestarted: () => void = () => undefined;
    const checkpointer = startCheckpointer(shop, {
      fromBytes: 200_000,
      onTrouble: (message) => troubles.push(message),
      onRestarted: () => {
        restarted += 1;
        whenRestarted();
      },
    });
    let afterFirst = 0;
    for (let round = 0; round < 4; round += 1) {
      for (let i = 0; i < 20; i += 1) sellOne();
      expect(checkpointer.logBytes()).toBeGreaterThan(200_000);
      const again = new Promise<void>((resolve) => {
        whenRestarted = resolve;
      });
      checkpointer.look();
      // The look after the next bill begins, or one in an idle moment.
      if (round % 2 === 0) sellOne();
      checkpointer.look(round % 2 === 1);
      await again;
      expect(checkpointer.logBytes()).toBeLessThan(10 * 4_120);
      expect(checkpointer.isBackfilled()).toBe(false);
      if (round === 0) afterFirst = walFile();
    }
    expect(restarted).toBe(4);
    expect(troubles).toEqual([]);
    // Four times as many bills, in the room of one round (the set-up and its first bill were in it too).
    expect(walFile()).toBe(afterFirst);
    await checkpointer.stop();
    await checkpointer.stop();
    expect(shop.sql.pragma('quick_check', { simple: true })).toBe('ok');
    expect(shop.sql.pragma('synchronous', { simple: true })).toBe(2);
  });

  it('bounds the log also where bills come without a pause, and more of them while it copies', async () => {
    const checkpointer = startCheckpointer(shop, { fromBytes: 400_000 });
    let largest = 0;
    let duringCopy = 0;
    for (let i = 0; i < 400; i += 1) {
      sellOne();
      checkpointer.look();
      largest = Math.max(largest, checkpointer.logBytes());
      duringCopy = checkpointer.isCopying() ? duringCopy + 1 : 0;
      // Counted in bills, not in milliseconds: when the worker gets its turn of the machine is not ours to test.
      while (duringCopy >= 4 && checkpointer.isCopying()) await new Promise((resolve) => setImmediate(resolve));
    }
    await checkpointer.stop();
    // 400 bills write more than twenty times that.
    expect(largest).toBeLessThan(1_000_000);
  });

  it('never leaves the log copied whole while a bill could come: no bill pays the second sync', async () => {
    const checkpointer = startCheckpointer(shop, { fromBytes: 100_000 });
    for (let i = 0; i < 300; i += 1) {
      expect(checkpointer.isBackfilled()).toBe(false);
      sellOne();
      checkpointer.look();
      await new Promise((resolve) => {
        setTimeout(resolve, i % 4);
      });
    }
    await checkpointer.stop();
    expect(shop.sql.prepare('SELECT log_restarts FROM shop_state').pluck().get()).toBeGreaterThan(2);
  });

  it('leaves a short log alone, and says when its worker can not work', async () => {
    const checkpointer = startCheckpointer(shop, { fromBytes: 100_000_000 });
    sellOne();
    checkpointer.look();
    await checkpointer.stop();
    expect(checkpointer.isBackfilled()).toBe(false);
    const trouble = await new Promise<string>((resolve) => {
      startCheckpointer(
        { sql: shop.sql, dir: join(folder.dir, 'nowhere') },
        { onTrouble: (message) => resolve(message) },
      );
    });
    expect(trouble).toMatch(/director|open/);
  });
});

describe('quick check on a snapshot', () => {
  it('finds a sound shop sound while bills go on, and leaves nothing behind', async () => {
    for (let i = 0; i < 10; i += 1) sellOne();
    const outcome = quickCheckOnSnapshot(shop);
    for (let i = 0; i < 10; i += 1) sellOne();
    expect(await outcome).toEqual({ kind: 'sound' });
    expect(existsSync(join(folder.dir, 'quick-check.tmp.db'))).toBe(false);
  });

  it('finds a damaged page in the middle of the file', async () => {
    for (let i = 0; i < 200; i += 1) sellOne();
    shop.sql.pragma('wal_checkpoint(TRUNCATE)');
    const root = shop.sql.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'item_trigram_data'").pluck().get();
    const fd = openSync(join(folder.dir, 'shop.db'), 'r+');
    writeSync(fd, Buffer.alloc(4096, 0xa5), 0, 4096, (Number(root) - 1) * 4096);
    closeSync(fd);
    const outcome = await quickCheckOnSnapshot(shop);
    expect(outcome.kind).toBe('damaged');
    sellOne();
  });

  it('says that it was not done where there is nothing to check', async () => {
    expect((await quickCheckOnSnapshot({ dir: join(folder.dir, 'nowhere') })).kind).toBe('notDone');
  });
});
