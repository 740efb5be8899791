import { gzipSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { findDelimiter, writeCsv } from './import-csv.ts';
import { type ImportTable, readImportFile } from './import-file.ts';
import { cellText } from './import-xlsx.ts';
import { readZip, writeStoredZip } from './zip-file.ts';

const open = async (content: string | Uint8Array): Promise<ImportTable> => {
  const result = await readImportFile(typeof content === 'string' ? Buffer.from(content) : content);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const refusal = async (content: string | Uint8Array): Promise<string> => {
  const result = await readImportFile(typeof content === 'string' ? Buffer.from(content) : content);
  return result.ok ? 'read' : result.error.reason;
};
const cells = (table: ImportTable) => table.rows.map((row) => row.cells);

describe('CSV', () => {
  const text = 'Item,MRP,Rate\r\n"Dal, Toor",180,"168.00"\r\nचीनी,45,44\r\n';
  const expected = [
    ['Dal, Toor', '180', '168.00'],
    ['चीनी', '45', '44'],
  ];

  it('reads UTF-8 with and without BOM, UTF-16 with and without, and gzip', async () => {
    const utf16 = Buffer.from(text, 'utf16le');
    const big = Buffer.from(utf16).swap16();
    const forms: Uint8Array[] = [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      gzipSync(text),
    ];
    for (const form of forms) {
      const table = await open(form);
      expect(table.columns).toEqual(['Item', 'MRP', 'Rate']);
      expect(cells(table)).toEqual(expected);
    }
    const latin = 'Item,Rate\nSugar,44\n';
    expect(cells(await open(Buffer.from(latin, 'utf16le')))).toEqual([['Sugar', '44']]);
  });

  it('falls back to Windows-1252', async () => {
    const bytes = Buffer.concat([Buffer.from('Item,Rate\nCaf'), Buffer.from([0xe9, 0x96]), Buffer.from(',5\n')]);
    expect(cells(await open(bytes))).toEqual([['Café–', '5']]);
  });

  it('finds the delimiter: semicolon, tab, bar, and what Excel’s sep line says', async () => {
    expect(findDelimiter('a;b;c\n1;2,5;3\n')).toBe(';');
    expect(findDelimiter('a\tb\n1\t2\n')).toBe('\t');
    expect(findDelimiter('a|b\n1|2\n')).toBe('|');
    const table = await open('sep=;\r\nItem;Rate\r\nSalt, iodised;27\r\n');
    expect(table.columns).toEqual(['Item', 'Rate']);
    expect(table.rows).toEqual([{ rowNo: 2, cells: ['Salt, iodised', '27'], broken: null }]);
  });

  it('keeps line breaks, doubled quotes and stray quotes inside names', async () => {
    const table = await open('Item,Rate\n"Soap\n""Neem"" 75 g",31.5\nPipe 12",40\n');
    expect(cells(table)).toEqual([
      ['Soap\n"Neem" 75 g', '31.5'],
      ['Pipe 12"', '40'],
    ]);
  });

  it('a broken quote costs one line, not the rest of the file', async () => {
    const good = Array.from({ length: 200 }, (_, i) => `Item ${i},${i + 1}`).join('\n');
    const table = await open(`Item,Rate\n"Never closed,5\n"Goes" on,6\n${good}\n`);
    expect(table.rows.filter((row) => row.broken !== null).map((row) => row.broken)).toEqual([
      '"Never closed,5',
      '"Goes" on,6',
    ]);
    expect(table.rows.filter((row) => row.broken === null)).toHaveLength(200);
  });

  it('a comma that slipped into a name breaks its row instead of shifting prices', async () => {
    const table = await open('Item,MRP,Rate\nDal, Toor,180,168\nSalt,28,27\n');
    expect(table.rows[0]?.broken).toBe('Dal |  Toor | 180 | 168');
    expect(table.rows[1]).toEqual({ rowNo: 3, cells: ['Salt', '28', '27'], broken: null });
  });

  it('passes over a title, blank rows and the till’s own reason columns, and names what has no name', async () => {
    const table = await open(
      'Stock of Sharma Stores\n\nBillMitra: reason,Item,Rate,Rate,\nPRICE_INVALID,Salt,27,26,x\n,,,,\n',
    );
    expect(table.columns).toEqual(['Item', 'Rate', 'Rate (2)', 'Column 5']);
    expect(table.rows).toEqual([{ rowNo: 4, cells: ['Salt', '27', '26', 'x'], broken: null }]);
  });

  it('says why a file is no table', async () => {
    expect(await refusal('')).toBe('empty');
    expect(await refusal('Item,Rate\n')).toBe('empty');
    expect(await refusal(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]))).toBe('notTable');
    expect(await refusal('%PDF-1.7 …')).toBe('notTable');
    expect(await refusal('<html><table></table></html>')).toBe('notTable');
    expect(await refusal('\ufeff<?xml version="1.0"?><ENVELOPE/>')).toBe('notTable');
    expect(await refusal('{"items":[]}')).toBe('notTable');
    expect(await refusal(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from([0x00, 0xd8, 0x41, 0x00])]))).toBe(
      'encoding',
    );
    expect(await refusal(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))).toBe('notTable');
    expect(await refusal(gzipSync(Buffer.alloc(61_000_000, 65)))).toBe('tooLarge');
    expect(await refusal(Buffer.from('PK\x03\x04 and nothing more'))).toBe('notTable');
    expect(await refusal(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('notTable');
    const locked = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]);
    expect(await refusal(locked)).toBe('password');
  });

  it('property: any bytes are a table or a plain refusal', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', 'a', '1', ' '), maxLength: 80 })
        .map((s) => Buffer.from(s)),
      fc.uint8Array({ maxLength: 60 }).map((b) => Buffer.concat([Buffer.from('PK\x03\x04'), b])),
      fc.uint8Array({ maxLength: 60 }).map((b) => Buffer.concat([Buffer.from([0x1f, 0x8b]), b])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        const result = await readImportFile(file);
        if (result.ok) for (const row of result.value.rows) expect(row.rowNo).toBeGreaterThan(0);
        else expect(['empty', 'notTable', 'tooLarge', 'encoding', 'password']).toContain(result.error.reason);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is not misled by another delimiter between stray quotes', async () => {
    const filled = [
      ['x;', '\n;-'],
      ['x', ";\n;'"],
    ];
    expect(cells(await open(writeCsv(['Item', 'Rate'], filled)))).toEqual(filled);
  });

  it('property: what is written is read back, cell by cell', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('"', ',', ';', '\n', 'a', 'नि', '=', "'", '-', ' ', '@'),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), async (rows) => {
        const filled = rows.map(([a, b]) => [`x${a}`, b]);
        const table = await open(writeCsv(['Item', 'Rate'], filled));
        expect(cells(table)).toEqual(filled);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('XLSX', () => {
  const workbook = async (fill: (book: ExcelJS.Workbook) => void): Promise<Uint8Array> => {
    const book = new ExcelJS.Workbook();
    fill(book);
    return new Uint8Array(await book.xlsx.writeBuffer());
  };

  it('reads cells as a person sees them', async () => {
    const file = await workbook((book) => {
      const sheet = book.addWorksheet('Items');
      sheet.addRow(['Item', 'Barcode', 'HSN', 'GST %', 'MRP', 'Rate', 'Expiry']);
      sheet.addRow([
        { richText: [{ text: 'Amul ' }, { text: 'Butter' }] },
        8901262010016,
        405,
        0.05,
        58,
        { formula: 'E2-1', result: 57 },
        new Date(Date.UTC(2027, 0, 31)),
      ]);
      sheet.addRow(['चीनी', '', '', '', 45, 0.1 + 0.2, null]);
      sheet.getCell('C2').numFmt = '0000';
      sheet.getCell('D2').numFmt = '0%';
    });
    const table = await open(file);
    expect(table.columns).toEqual(['Item', 'Barcode', 'HSN', 'GST %', 'MRP', 'Rate', 'Expiry']);
    expect(table.rows).toEqual([
      { rowNo: 2, cells: ['Amul Butter', '8901262010016', '0405', '5%', '58', '57', '2027-01-31'], broken: null },
      { rowNo: 3, cells: ['चीनी', '', '', '', '45', '0.3', ''], broken: null },
    ]);
  });

  it('reads headings that are merged over two rows, below a title, on the sheet that says most', async () => {
    const file = await workbook((book) => {
      book.addWorksheet('Read me').addRow(['Fill in the next sheet', 'and save']);
      const sheet = book.addWorksheet('Items');
      sheet.addRow(['Sharma Stores']);
      sheet.addRow(['Item', 'HSN', 'Price', '']);
      sheet.addRow(['', '', 'MRP', 'Sale price']);
      sheet.mergeCells('A1:D1');
      sheet.mergeCells('A2:A3');
      sheet.mergeCells('C2:D2');
      sheet.addRow(['Salt', '2501', 28, 27]);
    });
    const table = await open(file);
    expect(table.columns).toEqual(['Item', 'HSN', 'MRP', 'Sale price']);
    expect(cells(table)).toEqual([['Salt', '2501', '28', '27']]);
  });

  it('refuses a damaged workbook and an empty one', async () => {
    const file = await workbook((book) => book.addWorksheet('Items').addRow(['Item', 'Rate']));
    expect(await refusal(file)).toBe('empty');
    expect(await refusal(file.slice(0, 2000))).toBe('notTable');
    const holes = Buffer.from(file).fill(0x5a, 200, file.length - 800);
    expect(['notTable', 'empty']).toContain(await refusal(holes));
  });

  it('property: a workbook with bytes changed anywhere is a table or a refusal, soon', async () => {
    const file = Buffer.from(
      await workbook((book) => {
        const sheet = book.addWorksheet('Items');
        sheet.addRow(['Item', 'Rate']);
        for (let i = 1; i < 60; i += 1) sheet.addRow([`Item ${i}`, i]);
      }),
    );
    const change = fc.tuple(fc.nat(file.length - 1), fc.uint8Array({ minLength: 1, maxLength: 80 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const spoilt = Buffer.from(file);
        for (const [at, bytes] of changes) spoilt.set(bytes.subarray(0, spoilt.length - at), at);
        expect(['read', 'notTable', 'empty', 'tooLarge']).toContain(await refusal(spoilt));
      }),
      { numRuns: 300 },
    );
  }, 30_000);

  it('writes out numbers as they were typed', () => {
    expect(cellText(8901719100017, '')).toBe('8901719100017');
    expect(cellText(0.0000005, '')).toBe('0.0000005');
    expect(cellText(0.025, '0.0%')).toBe('2.5%');
    expect(cellText(12, '0" %"')).toBe('12');
    expect(cellText({ error: '#N/A' }, '')).toBe('#N/A');
    expect(cellText({ text: 'a', hyperlink: 'mailto:a' }, '')).toBe('a');
    expect(cellText(Number.NaN, '')).toBe('');
  });
});

describe('zip', () => {
  const entries = [
    { name: 'a.xml', data: Buffer.from('<a>चीनी</a>') },
    { name: 'b/empty', data: Buffer.alloc(0) },
  ];
  const stored = Buffer.concat(writeStoredZip(entries));
  const all = (): boolean => true;

  it('reads what it wrote, and only what is wanted', async () => {
    expect(await readZip(stored, all, 1000)).toEqual({ ok: true, entries });
    expect(await readZip(stored, (name) => name === 'a.xml', 1000)).toEqual({ ok: true, entries: entries.slice(0, 1) });
  });

  it('refuses a wrong checksum, a missing end and more than is allowed', async () => {
    const at = stored.indexOf('चीनी');
    const spoilt = Buffer.from(stored).fill(0x20, at, at + 3);
    expect(await readZip(spoilt, all, 1000)).toEqual({ ok: false, reason: 'damaged' });
    expect(await readZip(stored.subarray(0, -10), all, 1000)).toEqual({ ok: false, reason: 'damaged' });
    expect(await readZip(stored, all, 10)).toEqual({ ok: false, reason: 'tooLarge' });
  });
});
