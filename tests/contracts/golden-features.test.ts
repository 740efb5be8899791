/**
 * The golden batch from both programs' books: the till's SQLite through db/demand.ts, and plain rows in a process of its
 * own, as head office reads them. Each must make the committed features to 1e-6.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BillLine, CreditNoteLine } from '#core/documents.ts';
import { milli } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { instant } from '#core/time.ts';
import { makeBills } from '#db/bills.ts';
import { readDemand } from '#db/demand.ts';
import { makeEnquiries } from '#db/enquiries.ts';
import { makeItems } from '#db/items.ts';
import { makeStock } from '#db/stock.ts';
import { textOfDay } from '#ml/calendar/days.ts';
import type { LineRow } from '#ml/frame/bill-rows.ts';
import { featureBatch, worstDifference } from '#ml/schema/golden-batch.ts';
import { goldenDays, goldenFirst, goldenItems, goldenLast, goldenRows } from '#ml/schema/golden-shop.ts';
import { goldenNames, goldenValues } from '#ml/schema/golden-values.ts';
import {
  makeFolder,
  mustOpen,
  sampleBill,
  sampleIds,
  sampleItem,
  sampleNote,
  setUpDesk,
} from '../fixtures/sample-shop.ts';

const golden = new Float32Array(Uint8Array.from(Buffer.from(goldenValues, 'base64')).buffer);
/** UTC milliseconds of a minute of a day at the shop. */
const at = (day: number, minute: number) => instant(day * 86_400_000 + (minute - 330) * 60_000);
const dateOf = (day: number): BusinessDate => textOfDay(day) as BusinessDate;

/** The made-up shop's rows, written into a shop's books as bills, credit notes, movements and enquiries. */
function writeGolden(shop: ReturnType<typeof mustOpen>): void {
  const newId = sampleIds();
  const { desk } = setUpDesk(shop, newId, 1);
  const items = goldenItems.map(({ no, isMeasured, groups }) =>
    sampleItem(newId(), 100 + no, {
      unit: isMeasured ? 'kg' : 'pc',
      category: groups['category'] ?? null,
      brand: groups['brand'] || null,
    }),
  );
  makeItems(shop).insertMany(items);
  const rows = goldenRows();
  const bill = sampleBill(newId, desk, items.slice(0, 1), 1);
  const note = sampleNote(newId, desk, bill, { atMs: bill.occurredAtMs });
  const [billLine] = bill.lines;
  const [noteLine] = note.lines;
  if (billLine === undefined || noteLine === undefined) throw new Error('no sample');
  const lineOf = <T extends BillLine | CreditNoteLine>(line: T, row: LineRow): T => ({
    ...line,
    itemId: items[row.item - 1]?.id ?? null,
    qtyMilli: milli(row.qtyMilli),
    grossPaise: row.paidPaise + (row.isPromoted ? 100 : 0),
    lineDiscountPaise: row.isPromoted ? 100 : 0,
  });
  const [bills, stock, enquiries] = [makeBills(shop), makeStock(shop), makeEnquiries(shop)];
  shop.transact(() => {
    let sequence = 0;
    for (const row of rows.lines) {
      sequence += 1;
      const when = { businessDate: dateOf(row.day), occurredAtMs: at(row.day, row.minute) };
      const head = { id: newId(), sequence, number: `K/${sequence}`, ...when };
      if (row.isReturn) {
        const billDate = row.soldOn === null ? null : dateOf(row.soldOn);
        bills.insertCreditNote({ ...note, ...head, billDate, lines: [lineOf(noteLine, row)] });
      } else bills.insertBill({ ...bill, ...head, lines: [lineOf(billLine, row)] });
    }
    stock.append(
      [...rows.movements].map((row) => ({
        id: newId(),
        itemId: items[row.item - 1]?.id ?? newId(),
        batchId: null,
        qtyMilli: milli(row.qtyMilli),
        kind: row.kind === 'sale' ? 'sale' : 'receive',
        refId: null,
        refLineNo: null,
        businessDate: dateOf(row.day),
        occurredAtMs: at(row.day, row.minute),
        costPricePaise: null,
        note: null,
      })),
    );
    for (const row of rows.wishes) {
      enquiries.add({
        id: newId(),
        text: 'wanted',
        itemId: items[row.item - 1]?.id ?? null,
        staffId: desk.cashierId,
        atMs: at(row.day, 900),
        businessDate: dateOf(row.day),
      });
    }
  });
}

describe('the golden batch', () => {
  it('comes out of the till’s books', () => {
    const folder = makeFolder();
    const shop = mustOpen(folder.dir);
    try {
      writeGolden(shop);
      const read = readDemand(shop.sql, { from: goldenFirst, to: goldenLast, store: 'golden' });
      // The sample desk's own item has no past; prices and schemes of days to come are not in the books yet.
      const named = goldenRows();
      const items = [...read.items].filter(({ groups }) => groups['category'] !== '');
      const first = items[0]?.no ?? 1;
      const prices = [...named.prices].map((row) => ({ ...row, item: row.item + first - 1 }));
      const promotions = [...named.promotions].map((row) => ({ ...row, item: row.item + first - 1 }));
      const made = featureBatch({ ...read, items, prices, promotions }, goldenDays);
      expect(made.names.join(' ')).toBe(goldenNames);
      expect(worstDifference(made.values, golden)).toBeLessThanOrEqual(1e-6);
    } finally {
      shop.close();
      folder.remove();
    }
  });

  it('comes out of plain rows in another process', () => {
    const lists = Object.entries(goldenRows()).map(([name, list]) => [
      name,
      typeof list === 'number' ? list : [...list],
    ]);
    const program = `
      import { readFileSync } from 'node:fs';
      import { featureBatch } from '#ml/schema/golden-batch.ts';
      const { values } = featureBatch(JSON.parse(readFileSync(0, 'utf8')), ${goldenDays});
      process.stdout.write(Buffer.from(values.buffer).toString('base64'));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: join(import.meta.dirname, '..', '..', 'sync-server'),
      input: JSON.stringify(Object.fromEntries(lists)),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(stdout, stderr).not.toBe('');
    const values = new Float32Array(Uint8Array.from(Buffer.from(stdout, 'base64')).buffer);
    expect(worstDifference(values, golden)).toBeLessThanOrEqual(1e-6);
  });
});
