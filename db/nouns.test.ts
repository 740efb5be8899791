import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainRateRows, type RateRow } from '#core/gst/rates.ts';
import type { NewId } from '#core/ids.ts';
import type { BasisPoints, Paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import {
  firstMoment,
  makeFolder,
  mustOpen,
  sampleDate,
  sampleIds,
  sampleItem,
  setUpDesk,
} from '#tests/fixtures/sample-shop.ts';
import { makeCartStore } from './cart-store.ts';
import { makeCommandKeys } from './command-keys.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { makePrintJobs } from './print-jobs.ts';
import { makeSettings } from './settings.ts';
import { makeShifts } from './shifts.ts';
import { makeStaff, noLockout } from './staff.ts';
import { makeTaxRates } from './tax-rates.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let newId: NewId;
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  newId = sampleIds();
});
afterEach(() => {
  shop.close();
  folder.remove();
});
const reopen = (): void => {
  shop.close();
  shop = mustOpen(folder.dir);
};
const at = (n: number): Instant => n as Instant;

describe('items', () => {
  const whole = (n: number) =>
    sampleItem(newId(), n, {
      nameHi: 'चीनी',
      brand: 'Amul',
      category: 'Grocery',
      costPricePaise: 10 as Paise,
      looseSlot: 12 - n,
      barcodes: [
        { code: `890${n}`, packQtyMilli: milli(1000), packName: null, sellingPricePaise: null, mrpPaise: null },
        {
          code: `100${n}`,
          packQtyMilli: milli(12_000),
          packName: 'case of 12',
          sellingPricePaise: 500 as Paise,
          mrpPaise: 600 as Paise,
        },
      ],
      batches: [
        {
          id: newId(),
          code: 'L1',
          mrpPaise: 600 as Paise,
          sellingPricePaise: 500 as Paise,
          packedOn: '2026-01-01' as BusinessDate,
          expiresOn: null,
        },
      ],
    });

  it('come back equal by id, code and any barcode', () => {
    const items = makeItems(shop);
    const item = whole(1);
    items.insert(item);
    expect(items.byId(item.id)).toEqual(item);
    expect(items.byCode('C1')).toEqual(item);
    expect(items.byBarcode('1001')).toEqual({ item, barcode: item.barcodes[1] });
    expect([items.byId(newId()), items.byCode('x'), items.byBarcode('x')]).toEqual([null, null, null]);
    expect(items.barcodeOwner('8901')).toEqual({ itemId: item.id, name: item.name });
    expect(items.codeOwner('C1')).toEqual({ itemId: item.id, name: item.name });
    expect(items.codeOwner('nobody')).toBeNull();
    expect(items.existingBarcodes(['8901', '5'])).toEqual(new Set(['8901']));
    expect(items.existingCodes(['C1', 'C2'])).toEqual(new Set(['C1']));
  });

  it('are imported all or none', () => {
    const items = makeItems(shop);
    expect(() => items.insertMany([whole(1), whole(2), { ...whole(3), code: 'C1' }])).toThrow(/UNIQUE/);
    expect(items.count()).toBe(0);
    const three = [whole(1), whole(2), whole(3)];
    items.insertMany(three);
    const seen: string[] = [];
    items.each((item) => seen.push(item.code));
    expect(seen).toEqual(['C1', 'C2', 'C3']);
    expect(items.looseBoard().map((item) => item.code)).toEqual(['C3', 'C2', 'C1']);
  });

  it('change whole; batches stay, since movements name them', () => {
    const items = makeItems(shop);
    const item = whole(1);
    items.insert(item);
    const changed = {
      ...item,
      name: 'New',
      sellingPricePaise: 7 as Paise,
      barcodes: item.barcodes.slice(1),
      batches: item.batches.map((b) => ({ ...b, sellingPricePaise: 8 as Paise })),
    };
    items.update(changed);
    expect(items.byId(item.id)).toEqual(changed);
    expect(items.byBarcode('8901')).toBeNull();
    items.update({ ...changed, batches: [] });
    expect(items.byId(item.id)?.batches).toEqual(changed.batches);
    expect(() => items.update(whole(2))).toThrow(/no item/);
    const batch = { ...changed.batches[0], id: newId(), code: null } as (typeof changed.batches)[number];
    items.insertBatch(item.id, batch);
    expect(items.batchById(batch.id)).toEqual({ itemId: item.id, batch });
    expect(items.batchById(newId())).toBeNull();
    expect(items.lastUsedBatch(item.id)).toBeNull();
    items.setLastUsedBatch(item.id, batch.id);
    expect(items.lastUsedBatch(item.id)).toBe(batch.id);
  });

  it('draw codes and in-store numbers that nobody has, across restarts', () => {
    makeItems(shop).insert({ ...whole(1), code: '10002' });
    expect([1, 2].map(() => makeItems(shop).nextItemCode())).toEqual(['10001', '10003']);
    expect(makeItems(shop).nextInStoreNumber()).toBe(1);
    reopen();
    expect(makeItems(shop).nextItemCode()).toBe('10004');
    expect(makeItems(shop).nextInStoreNumber()).toBe(2);
  });
});

describe('people and shifts', () => {
  it('staff come back equal, and a lock-out outlives a restart', () => {
    const staff = makeStaff(shop);
    const row = {
      id: newId(),
      name: 'Meena',
      role: 'owner',
      language: 'hi',
      pinHash: 'h',
      pinSalt: 's',
      isActive: true,
    } as const;
    staff.insert(row);
    staff.update({ ...row, language: 'en', isActive: false });
    expect(staff.list()).toEqual([{ ...row, language: 'en', isActive: false }]);
    expect(staff.get(newId())).toBeNull();
    expect(() => staff.update({ ...row, id: newId() })).toThrow(/no staff/);
    expect(staff.lockout(row.id)).toEqual(noLockout);
    const lockout = { failures: 6, lockedUntilMs: at(99), lastSeenMs: at(50) };
    staff.saveLockout(row.id, lockout);
    reopen();
    expect(makeStaff(shop).lockout(row.id)).toEqual(lockout);
    makeStaff(shop).saveLockout(row.id, noLockout);
    expect(makeStaff(shop).lockout(row.id)).toEqual(noLockout);
  });

  it('one shift is open at a time; a closed one keeps its count', () => {
    const { desk } = setUpDesk(shop, newId, 0);
    const shifts = makeShifts(shop);
    const open = shifts.current();
    expect(open).toEqual({
      id: desk.shiftId,
      cashierId: desk.cashierId,
      cashierName: 'Meena',
      openedAtMs: firstMoment,
      businessDate: sampleDate,
      floatPaise: 50_000,
      closing: null,
    });
    if (open === null) throw new Error('no shift');
    expect(() => shifts.open({ ...open, id: newId() })).toThrow(/UNIQUE/);
    expect(shifts.lastClosedCash()).toBeNull();
    const closing = {
      closedAtMs: at(9),
      closedBy: desk.cashierId,
      expectedCashPaise: 5 as Paise,
      countedCashPaise: 4 as Paise,
      firstCountPaise: 3 as Paise,
      reason: 'short',
    };
    shifts.close(open.id, closing);
    expect(() => shifts.close(open.id, closing)).toThrow(/not open/);
    expect(shifts.current()).toBeNull();
    expect(shifts.byId(open.id)).toEqual({ ...open, closing });
    expect(shifts.lastClosedCash()).toBe(4);
    shifts.open({ ...open, id: newId() });
    expect(shifts.recent(5)).toHaveLength(2);
  });
});

describe('rates, settings, answers', () => {
  it('rates come back equal, by class and by code, and are put twice without doubling', () => {
    const rates = makeTaxRates(shop);
    const cess: RateRow = {
      classKey: '2402-cigarettes',
      hsn: '2402',
      description: 'd',
      condition: 'c',
      from: '2026-02-01' as BusinessDate,
      to: null,
      rate: {
        rateBp: 4000 as BasisPoints,
        cess: { rateBp: 500 as BasisPoints, perUnitMilliPaise: 159_100, rule: 'max' },
        treatment: 'taxable',
        valuation: 'retailSalePrice',
      },
    };
    const before = { ...cess, from: '2017-07-01' as BusinessDate, to: '2026-01-31' as BusinessDate };
    rates.put([...plainRateRows(), cess, before]);
    rates.put([cess, before]);
    expect(rates.rowsOf('2402-cigarettes')).toEqual([before, cess]);
    expect(rates.byHsn('2402')).toEqual([before, cess]);
    expect(rates.byHsn('')).toHaveLength(plainRateRows().length);
    expect(rates.count()).toBe(plainRateRows().length + 2);
    expect(rates.all()).toHaveLength(rates.count());
    expect(rates.rowsOf('none')).toEqual([]);
  });

  it('settings and answers are kept; a key is answered once', () => {
    const settings = makeSettings(shop);
    settings.set('a', '1');
    settings.set('a', '"२"');
    settings.set('b', '{}');
    expect(settings.all()).toEqual(
      new Map([
        ['a', '"२"'],
        ['b', '{}'],
      ]),
    );
    settings.remove('b');
    expect(settings.get('b')).toBeNull();
    const keys = makeCommandKeys(shop);
    keys.put('key-one', '{"done":true}', at(5));
    expect(keys.get('key-one')).toBe('{"done":true}');
    expect(() => keys.put('key-one', '{}', at(6))).toThrow(/UNIQUE/);
    keys.prune(at(5));
    expect(keys.get('key-one')).not.toBeNull();
    keys.prune(at(6));
    expect(keys.get('key-one')).toBeNull();
  });
});

describe('spool and carts', () => {
  it('jobs wait in the order they were made, whatever becomes of them', () => {
    const jobs = makePrintJobs(shop);
    const job = (n: number) =>
      ({
        id: newId(),
        documentId: newId(),
        kind: 'bill',
        createdAtMs: at(n),
        isDuplicate: n === 2,
        opensDrawer: true,
      }) as const;
    const [one, two, three] = [job(1), job(2), job(3)];
    for (const j of [three, one, two]) jobs.add(j);
    expect(jobs.next()).toEqual({ ...one, state: 'waiting', changedAtMs: 1 });
    jobs.setState(one.id, 'printing', at(9));
    expect(jobs.next()?.id).toBe(two.id);
    expect(jobs.waitingCount()).toBe(3);
    expect(jobs.printing().map((j) => j.id)).toEqual([one.id]);
    jobs.setState(one.id, 'cut', at(10));
    expect(jobs.firstCut()?.id).toBe(one.id);
    expect(jobs.waitingCount()).toBe(2);
    reopen();
    const again = makePrintJobs(shop);
    again.setState(one.id, 'done', at(11));
    again.setState(two.id, 'abandoned', at(11));
    expect(again.firstCut()).toBeNull();
    expect(again.get(one.id)).toEqual({ ...one, state: 'done', changedAtMs: 11 });
    expect(again.next()?.id).toBe(three.id);
    expect(() => again.setState(newId(), 'done', at(1))).toThrow(/no print job/);
  });

  it('carts come back as they were saved, the books apart from them', () => {
    const carts = makeCartStore(shop);
    const cart = { id: newId(), state: 'open', json: '{"lines":["चीनी"]}', savedAtMs: at(5) } as const;
    carts.save(cart);
    carts.save({ ...cart, state: 'held', savedAtMs: at(7) });
    const other = { ...cart, id: newId() };
    carts.save(other);
    reopen();
    expect(makeCartStore(shop).load()).toEqual([other, { ...cart, state: 'held', savedAtMs: 7 }]);
    makeCartStore(shop).remove(other.id);
    expect(makeCartStore(shop).load()).toHaveLength(1);
  });
});
