import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ImportDefaults } from '#core/catalogue/import-types.ts';
import { isGtin } from '#core/catalogue/ean.ts';
import { parseRateTable } from '#core/gst/rate-table.ts';
import { makeIds, type Uuid } from '#core/ids.ts';
import { type BusinessDate, instant } from '#core/time.ts';
import { makeItems } from '#db/items.ts';
import { openShop } from '#db/open.ts';
import { makeStock } from '#db/stock.ts';
import { dataPath, noData } from '#tests/data.ts';
import { type ImportDeps, type Imports, makeImports } from './imports.ts';
import { Refusal } from './refusal.ts';

const table = parseRateTable(readFileSync(join(import.meta.dirname, '../assets/gst/rates.csv'), 'utf8'));
if (!table.ok) throw new Error(JSON.stringify(table.error));
const rates = table.value;

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A shop of its own in a temporary folder, with what of the dependencies a test changes. */
function makeShop(change: (deps: ImportDeps) => Partial<ImportDeps> = () => ({})) {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-import-'));
  let nowMs = Date.UTC(2026, 10, 20, 6, 0, 0);
  const clock = { now: () => instant((nowMs += 1)) };
  const random = (n: number): Uint8Array => randomBytes(n);
  const opened = openShop(dir, { clock, randomBytes: random });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const shop = opened.value;
  open.push(() => {
    shop.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const items = makeItems(shop);
  const stock = makeStock(shop);
  const deps: ImportDeps = {
    items,
    stock,
    taxRates: { all: () => rates },
    transact: (work) => shop.transact(work),
    newId: makeIds(clock, random),
    clock,
    businessDate: () => '2026-11-20' as BusinessDate,
  };
  return { items, stock, imports: makeImports({ ...deps, ...change(deps) }) };
}

const defaults: ImportDefaults = { unit: 'pc', isInclusive: true, taxClassKey: null, taxClassByCategory: {} };
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const readAndCheck = async (imports: Imports, text: string | Uint8Array, given: Partial<ImportDefaults> = {}) => {
  const draft = await imports.read('items.csv', base64(text));
  const report = await imports.check(draft.importId, { ...draft.guess }, { ...defaults, ...given });
  return { draft, report, importId: draft.importId };
};
const refusalOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof Refusal) return cause.error;
    throw cause;
  }
  return null;
};

const file = [
  'Item,Barcode,MRP,Price,HSN,GST,Stock,Category',
  'Surf Excel 1 kg,8901030700132,160,155,34025000,18%,40,Detergents',
  'Toor Dal,,,168,0713,,75.5,Pulses',
  'Surf again,8901030700132,160,155,3402,18%,1,Detergents',
  'Bad digit,8901030700133,160,155,3402,18%,1,Detergents',
  'Too dear,,100,101,,,,Misc',
  'Pipe,,40,40,,,,Misc',
  ',,10,10,,,,',
].join('\n');

describe('an import', () => {
  it('writes nothing before it is accepted, then the good rows with codes and opening stock', async () => {
    const { imports, items, stock } = makeShop();
    const { report, importId, draft } = await readAndCheck(imports, file);
    expect(draft).toMatchObject({ rows: 7, columns: file.split('\n')[0]?.split(',') });
    expect(report).toMatchObject({
      rows: 7,
      addable: 3,
      flagged: { noHsn: 1, noTaxClass: 2, noBarcode: 2 },
      untaxedCategories: [
        { category: 'Pulses', rows: 1 },
        { category: 'Misc', rows: 1 },
      ],
      refused: { BARCODE_DUPLICATE: 1, BARCODE_CHECK_DIGIT: 1, PRICE_ABOVE_MRP: 1, NAME_MISSING: 1 },
    });
    expect(report.refusedRows[0]).toEqual({
      rowNo: 4,
      reason: 'BARCODE_DUPLICATE',
      field: 'barcode',
      value: '8901030700132',
      name: 'Surf again',
    });
    expect(items.count()).toBe(0);

    const done = await imports.accept(importId);
    expect(done).toEqual({ rows: 7, added: 3, refused: report.refused, seconds: expect.any(Number) });
    expect(items.count()).toBe(3);
    const surf = items.byBarcode('8901030700132')?.item;
    expect(surf).toMatchObject({ name: 'Surf Excel 1 kg', sellingPricePaise: 15500, taxClassKey: '3402-detergent' });
    expect(surf && stock.onHand(surf.id)).toBe(40_000);
    const names: string[] = [];
    items.each((item) => {
      names.push(item.name);
      const [barcode] = item.barcodes;
      expect(barcode !== undefined && isGtin(barcode.code)).toBe(true);
    });
    expect(names).toEqual(['Surf Excel 1 kg', 'Toor Dal', 'Pipe']);
    expect(stock.verify()).toEqual({ items: 2, movements: 2, differing: 0 });
    expect(await imports.accept(importId)).toEqual(done);
    expect(items.count()).toBe(3);
  });

  it('gives codes that neither the file nor the shop has', async () => {
    const { imports, items } = makeShop();
    const first = await readAndCheck(imports, 'Item,Item code,Price\nA,,1\nB,10002,2\nC,,3\nD,10004,4\nE,,5\n');
    await imports.accept(first.importId);
    const second = await readAndCheck(imports, 'Item,Price\nF,1\nG,2\n');
    await imports.accept(second.importId);
    const codes: string[] = [];
    const barcodes: string[] = [];
    items.each((item) => {
      codes.push(item.code);
      barcodes.push(...item.barcodes.map((barcode) => barcode.code));
    });
    expect(codes.slice(0, 5)).toEqual(['10001', '10002', '10003', '10004', '10005']);
    expect(new Set(codes).size).toBe(7);
    expect(new Set(barcodes).size).toBe(7);
    expect(items.existingCodes([items.nextItemCode()]).size).toBe(0);
  });

  it('takes a category’s default for rows without HSN and rate', async () => {
    const { imports, items } = makeShop();
    const given = { taxClassByCategory: { Pulses: '0713-pulses-loose' }, taxClassKey: 'plain-500' };
    const { report, importId } = await readAndCheck(imports, file, given);
    expect(report.flagged.noTaxClass).toBe(0);
    await imports.accept(importId);
    const classes: (string | null)[] = [];
    items.each((item) => classes.push(item.taxClassKey));
    expect(classes).toEqual(['3402-detergent', '0713-pulses-loose', 'plain-500']);
  });

  it('is all or nothing: a fault while writing leaves the shop as it was, and it can be accepted again', async () => {
    let isDiskFull = true;
    const { imports, items, stock } = makeShop((deps) => ({
      stock: {
        append: (movements) => {
          deps.stock.append(movements);
          if (isDiskFull) throw new Error('disk full');
        },
      },
    }));
    const { importId } = await readAndCheck(imports, file);
    await expect(imports.accept(importId)).rejects.toThrow('disk full');
    expect(items.count()).toBe(0);
    expect(stock.verify().movements).toBe(0);
    isDiskFull = false;
    expect((await imports.accept(importId)).added).toBe(3);
    expect(items.count()).toBe(3);
  });

  it('looks again when the shop changed between the check and the writing', async () => {
    const { imports, items } = makeShop();
    const one = await readAndCheck(imports, file);
    const other = await readAndCheck(imports, 'Item,Barcode,Price\nSurf elsewhere,8901030700132,150\n');
    await imports.accept(other.importId);
    expect(await imports.accept(one.importId)).toMatchObject({ added: 2, refused: { BARCODE_DUPLICATE: 2 } });
    expect(items.byBarcode('8901030700132')?.item.name).toBe('Surf elsewhere');
  });

  it('cancelled at any moment leaves nothing', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `Item ${i},${i + 1}`).join('\n');
    for (let turns = 0; turns < 40; turns += 3) {
      const { imports, items } = makeShop();
      const { importId } = await readAndCheck(imports, `Item,Price\n${rows}\n`);
      const accepted = imports.accept(importId).then(
        (done) => done.added,
        (cause: unknown) => (cause instanceof Refusal ? cause.error.type : cause),
      );
      for (let i = 0; i < turns; i += 1) await new Promise(setImmediate);
      const isBefore = items.count() === 0;
      if (isBefore) imports.cancel(importId);
      expect(await accepted).toBe(isBefore ? 'NotFound' : 3000);
      expect(items.count()).toBe(isBefore ? 0 : 3000);
      if (isBefore)
        expect(await refusalOf(() => imports.accept(importId))).toEqual({ type: 'NotFound', what: 'import' });
    }
  });

  it('mends a row in place, and frees what it had taken', async () => {
    const { imports, items } = makeShop();
    const { importId } = await readAndCheck(imports, file);
    await imports.mend(importId, 2, 'barcode', '8901262010016');
    const report = await imports.mend(importId, 5, 'barcode', '8901719100017');
    expect(report).toMatchObject({ addable: 5, refused: { PRICE_ABOVE_MRP: 1, NAME_MISSING: 1 } });
    expect(await refusalOf(() => imports.mend(importId, 99, 'name', 'x'))).toMatchObject({ type: 'InputInvalid' });
    expect(await refusalOf(() => imports.mend(importId, 5, 'colour', 'x'))).toMatchObject({ type: 'InputInvalid' });
    expect((await imports.accept(importId)).added).toBe(5);
    expect(items.byBarcode('8901030700132')?.item.name).toBe('Surf again');
  });

  it('gives the refused rows as a file that is refused alike, and imports once it is mended', async () => {
    const { imports, items } = makeShop();
    const broken = `${file}\n"Open quote,,1,1,,,,\nDal, Toor,,10,10,,,,\n`;
    const { importId, report } = await readAndCheck(imports, broken);
    await imports.accept(importId);
    const refused = await imports.refusedFile(importId);
    expect(refused.fileName).toBe('items-refused.csv');
    const text = Buffer.from(refused.base64, 'base64').toString('utf8');
    expect(text.split('\r\n')[0]).toBe(
      '\ufeffBillMitra: reason,BillMitra: field,BillMitra: value,Item,Barcode,MRP,Price,HSN,GST,Stock,Category',
    );

    const again = await readAndCheck(imports, text);
    expect(again.draft.columns).toEqual(file.split('\n')[0]?.split(','));
    const { ROW_BROKEN, ...others } = report.refused;
    expect(ROW_BROKEN).toBe(2);
    // The row with a comma too many is still broken; the open quote is now a letter like any other.
    expect(again.report.refused).toEqual({ ...others, ROW_BROKEN: 1 });

    const mended = text
      .replace(/Surf again,8901030700132/, 'Surf again,8901719100017')
      .replace(/Bad digit,8901030700133/, 'Good digit,8901262010016')
      .replace(/,100,101,/, ',100,99,')
      .replace(/,,,10,10,/, ',Named,,10,10,')
      .replace('Dal," Toor"', '"Dal, Toor"');
    const last = await readAndCheck(imports, mended);
    expect(last.report.refused).toEqual({});
    await imports.accept(last.importId);
    expect(items.count()).toBe(report.rows);
  });

  it('keeps in the file of refused rows what was typed on the screen', async () => {
    const { imports } = makeShop();
    const { importId } = await readAndCheck(imports, 'Item,Price\nSalt,x\n');
    await imports.mend(importId, 2, 'sellingPrice', '=27');
    await imports.mend(importId, 2, 'brand', 'Tata');
    const text = Buffer.from((await imports.refusedFile(importId)).base64, 'base64').toString('utf8');
    expect(text).toContain('Item,Price,brand\r\n');
    expect(text).toContain(`Salt,"'=27",Tata\r\n`);
    const again = await imports.read('again.csv', base64(text));
    expect(again.sample).toEqual([['Salt', '=27', 'Tata']]);
  });

  it('answers plainly what cannot be', async () => {
    const { imports } = makeShop();
    const unknown = '01a1fbbd-007d-7390-92f1-8c01757b56a8' as Uuid;
    const notFound = { type: 'NotFound', what: 'import' };
    expect(await refusalOf(() => imports.check(unknown, {}, defaults))).toEqual(notFound);
    expect(await refusalOf(() => imports.cancel(unknown))).toEqual(notFound);
    expect(await refusalOf(() => imports.read('x.csv', ''))).toEqual({ type: 'FileUnreadable', reason: 'empty' });
    const { importId } = await imports.read('x.csv', base64('Item,Price\nA,1\n'));
    const check = (mapping: Record<string, string>, given: Partial<ImportDefaults> = {}) =>
      refusalOf(() => imports.check(importId, mapping, { ...defaults, ...given }));
    expect(await refusalOf(() => imports.accept(importId))).toMatchObject({ type: 'MappingIncomplete' });
    expect(await check({ name: 'Item' })).toEqual({ type: 'MappingIncomplete', missing: ['sellingPrice'] });
    expect(await check({ name: 'Nope' })).toMatchObject({ type: 'InputInvalid', reason: 'unknownColumn' });
    expect(await check({ colour: 'Item' })).toMatchObject({ type: 'InputInvalid', reason: 'unknownField' });
    const mapping = { name: 'Item', sellingPrice: 'Price' };
    expect(await check(mapping, { taxClassKey: 'nope' })).toMatchObject({ type: 'InputInvalid' });
    expect(await check(mapping)).toBeNull();
  });

  it('tells its progress and lets the counter go first while it checks', async () => {
    const { imports } = makeShop();
    const rows = Array.from({ length: 20_000 }, (_, i) => `Item number ${i},${i + 1},${i + 2}`).join('\n');
    const draft = await imports.read('big.csv', base64(`Item,Price,MRP\n${rows}\n`));
    const stop = new AbortController();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const { doing } of imports.feed(draft.importId, stop.signal)) {
        heard.push(doing);
        if (doing === 'done') return;
      }
    })();
    let turns = 0;
    let isOver = false;
    const counter = (async () => {
      while (!isOver) {
        await new Promise(setImmediate);
        turns += 1;
      }
    })();
    await imports.check(draft.importId, { ...draft.guess }, defaults);
    isOver = true;
    await counter;
    // A check that held the loop would give one turn or two.
    expect(turns).toBeGreaterThan(5);
    await imports.accept(draft.importId);
    await listening;
    expect([...new Set(heard)]).toEqual(['reading', 'checking', 'writing', 'done']);
  });

  it('property: every row is added or refused, and what was promised is what is written', async () => {
    const { imports, items } = makeShop();
    const cell = fc.constantFrom(
      '',
      'Salt',
      'चीनी',
      '27',
      '28',
      '-1',
      '0',
      'x',
      '8901719100017',
      '8901719100018',
      '"',
      '18%',
      '3402',
      '9',
    );
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, async (body) => {
        const before = items.count();
        const text = `Item,Barcode,MRP,Price,HSN,GST\n${body.map((row) => `x${row.join(',')}`).join('\n')}\n`;
        const { report, importId } = await readAndCheck(imports, text);
        const refused = Object.values(report.refused).reduce((sum, n) => sum + n, 0);
        expect(report.addable + refused).toBe(report.rows);
        expect(report.refusedRows).toHaveLength(refused);
        expect(items.count()).toBe(before);
        const done = await imports.accept(importId);
        expect(done).toMatchObject({ added: report.addable, refused: report.refused });
        expect(items.count()).toBe(before + report.addable);
      }),
      { numRuns: 200 },
    );
  });
});

describe('real files', () => {
  const vyapar = dataPath('imports/handmade_vyapar_items.csv');
  it.skipIf(vyapar === null)(
    `a counter program’s export with its dirt${vyapar === null ? ` (${noData})` : ''}`,
    async () => {
      const { imports, items, stock } = makeShop();
      const { report, importId } = await readAndCheck(imports, readFileSync(vyapar ?? ''));
      expect(report).toMatchObject({ rows: 7, addable: 5, refused: { BARCODE_DUPLICATE: 1, NAME_MISSING: 1 } });
      await imports.accept(importId);
      const parle = items.byBarcode('8901719100017')?.item;
      expect(parle).toMatchObject({ costPricePaise: 820, hsn: '19053100', taxClassKey: 'plain-500', unit: 'pc' });
      expect(parle && stock.onHand(parle.id)).toBe(480_000);
    },
  );

  const zepto = dataPath('catalogue/zepto_v2.csv');
  it.skipIf(zepto === null)(`3,732 products of a delivery app${zepto === null ? ` (${noData})` : ''}`, async () => {
    const { imports } = makeShop();
    const { report } = await readAndCheck(imports, readFileSync(zepto ?? ''));
    expect(report).toMatchObject({ rows: 3732, addable: 3731, refused: { PRICE_NOT_POSITIVE: 1 } });
  });

  const bigbasket = dataPath('catalogue/bigbasket_products.csv.gz');
  it.skipIf(bigbasket === null)(
    `20,000 products in under 30 s${bigbasket === null ? ` (${noData})` : ''}`,
    async () => {
      const { imports, items } = makeShop();
      const from = performance.now();
      const { report, importId } = await readAndCheck(imports, readFileSync(bigbasket ?? ''));
      expect(report).toMatchObject({
        rows: 20_000,
        addable: 19_994,
        flagged: { noHsn: 19_994, noTaxClass: 19_994, noBarcode: 19_994 },
        refused: { NAME_MISSING: 1, NAME_TOO_LONG: 5 },
      });
      await imports.accept(importId);
      expect(performance.now() - from).toBeLessThan(30_000);
      expect(items.count()).toBe(19_994);
    },
  );
});
