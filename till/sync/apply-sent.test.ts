import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyStoreId } from '#contract/sent-shapes.ts';
import type { ShopDb } from '#db/open.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { listSent, officeSetting, readSent } from '../sent-rows.ts';
import { openTables, type Tables } from '../tables.ts';
import { makeRowApplier, type RowChange, type TakeRow } from './apply-sent.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let tables: Tables;
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  tables = openTables(shop);
});
afterEach(() => {
  shop.close();
  folder.remove();
});

const ownStore = '01935000-0000-7000-8000-00000000bbbb';
const place = { handle: 'h', offset: '5_0' };
const now = async (): Promise<void> => undefined;
const put = (key: string, content: unknown, isOwn = false): RowChange => ({
  kind: 'put',
  row: { storeId: isOwn ? ownStore : everyStoreId, isOwn, key, content: JSON.stringify(content) },
});
const drop = (key: string, isOwn = false): RowChange => ({ kind: 'drop', row: { key, isOwn } });
const days = (value: number) => ({ name: 'returnDays', value });

describe('rows of a small shape', () => {
  it('are read all at once when they are fetched anew, in pieces of any size', async () => {
    const applier = makeRowApplier(tables, 'storeDays', null);
    const day = { bills: 1, creditNotes: 0, salesPaise: 100, refundsPaise: 0 };
    const keys = Array.from({ length: 1_300 }, (_, i) => `2026-${String(i).padStart(4, '0')}`);
    applier.beginStaging();
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      expect([0, 1_300]).toContain(listSent(tables, 'storeDays').length);
    };
    await applier.stage(
      keys.map((key) => put(key, day)),
      pause,
    );
    expect(applier.place()).toBeNull();
    await applier.finishStaging(place, pause);
    expect(pauses).toBeGreaterThan(2);
    expect(applier.place()).toEqual(place);
    applier.beginStaging();
    await applier.stage([put('2027-01-01', day)], now);
    expect(listSent(tables, 'storeDays')).toHaveLength(1_300);
    // Cut off here: begun again, what was gathered before does not count.
    const again = makeRowApplier(tables, 'storeDays', null);
    again.beginStaging();
    await again.stage([put('2027-01-02', day)], now);
    await again.finishStaging(place, now);
    expect(listSent(tables, 'storeDays').map((row) => row.key)).toEqual(['2027-01-02']);
    expect(shop.sql.prepare('SELECT count(*) AS n FROM sent_row').get()).toEqual({ n: 1 });
  });

  it("count a store's own row before the one for every store, and the shop's own where there is none", () => {
    const applier = makeRowApplier(tables, 'settings', null);
    expect(officeSetting(tables, 'returnDays')).toBeNull();
    applier.apply([put('returnDays', days(7)), put('returnDays', days(3), true)], place);
    expect(officeSetting(tables, 'returnDays')).toBe(3);
    applier.apply([drop('returnDays', true)], place);
    expect(officeSetting(tables, 'returnDays')).toBe(7);
    applier.apply([drop('returnDays')], place);
    expect(officeSetting(tables, 'returnDays')).toBeNull();
  });

  it('of a version that is not known are kept for the audit and read by nobody', () => {
    const applier = makeRowApplier(tables, 'settings', null);
    applier.apply([put('returnDays', { name: 'returnDays', value: { days: 7 } })], place);
    expect(readSent(tables, 'settings', 'returnDays')).toBeNull();
    expect(applier.audit().count).toBe(1);
  });

  it('move the place only with their rows, and with the table that is kept from them', () => {
    const failing: TakeRow<'settings'> = () => {
      throw new Error('disk full');
    };
    const applier = makeRowApplier(tables, 'settings', failing);
    expect(() => applier.apply([put('returnDays', days(7))], place)).toThrow('disk full');
    expect(applier.place()).toBeNull();
    expect(officeSetting(tables, 'returnDays')).toBeNull();
  });

  it('come to the same whatever the batches and however often it was fetched anew', async () => {
    const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), isOwn: fc.boolean(), value: fc.option(fc.nat(9)) });
    const step = fc.record({ isAnew: fc.boolean(), changes: fc.array(change, { maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        tables.transact(() => shop.sql.exec('DELETE FROM sent_row; DELETE FROM sent_shape'));
        const told = new Map<string, unknown>();
        const applier = makeRowApplier(tables, 'settings', (key, content) => {
          if (content === null) told.delete(key);
          else told.set(key, content.value);
        });
        const rows = new Map<string, number>();
        for (const { isAnew, changes } of steps) {
          if (isAnew) rows.clear();
          const sent = changes.map(({ key, isOwn, value }): RowChange => {
            const name = `${key} ${isOwn ? 1 : 0}`;
            if (value === null) rows.delete(name);
            else rows.set(name, value);
            return value === null ? drop(key, isOwn) : put(key, days(value), isOwn);
          });
          if (isAnew) {
            applier.beginStaging();
            await applier.stage(sent, now);
            await applier.finishStaging(place, now);
          } else applier.apply(sent, place);
        }
        const wanted = ['a', 'b', 'c'].flatMap((key) => {
          const value = rows.get(`${key} 1`) ?? rows.get(`${key} 0`);
          return value === undefined ? [] : [[key, value] as const];
        });
        expect(listSent(tables, 'settings').map(({ key, content }) => [key, content.value])).toEqual(wanted);
        expect([...told].toSorted()).toEqual(wanted);
        expect(applier.audit().count).toBe(rows.size);
      }),
      { numRuns: Math.ceil(propertyRuns() / 10) },
    );
  });
});
