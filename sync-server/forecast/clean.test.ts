/** Days of a shop as files, and the demand that comes of them: stock-outs, returns, prices, a store that fell silent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dayOf } from '#ml/calendar/days.ts';
import { billFrame } from '#ml/frame/bill-frame.ts';
import { type Cell, type Column, openParquet } from '../lake/parquet-file.ts';
import { openFolderStore } from '../objects/folder-store.ts';
import { finishVersion } from '../objects/versions.ts';
import { readFileSync } from 'node:fs';
import { clean } from './clean.ts';
import { bookDays, readBooks } from './store-books.ts';
import { readStoreFrame } from './store-frames.ts';
import { newestVersion, placeOf, type StepWorld, usualSettings } from './step.ts';

const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const dir = mkdtempSync(join(tmpdir(), 'billmitra-clean-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const text = (name: string): Column => ({ name, type: 'text' });
const whole = (name: string): Column => ({ name, type: 'int64' });
const store = await openFolderStore(join(dir, 'objects'), () => 0);
const world: StepWorld = {
  store,
  tenantId,
  settings: usualSettings,
  signal: new AbortController().signal,
  tell: () => undefined,
};
let files = 0;

async function put(prefix: string, name: string, columns: readonly Column[], rows: readonly Record<string, Cell>[]) {
  const path = join(dir, `file-${(files += 1)}`);
  const file = openParquet(path, columns);
  await file.add(rows);
  await file.finish();
  await store.put(`${prefix}/v000001/${name}`, readFileSync(path));
}

/** Noon in India; `qty` in pieces, below zero came back. */
async function putDay(day: string, lines: readonly { store: string; item: string; qty: number; rupees: number }[]) {
  const prefix = `processed/bills/tenant=${tenantId}/day=${day}`;
  const at = Date.parse(`${day}T06:30:00Z`);
  const bills = lines.map((line, n) => ({ store_id: line.store, bill_id: `${day}-${n}`, occurred_at_ms: at }));
  await put(prefix, 'bills.parquet', [text('store_id'), text('bill_id'), whole('occurred_at_ms')], bills);
  const columns = [...['store_id', 'bill_id', 'item_id'].map(text), whole('qty_milli'), whole('total_paise')];
  const rows = lines.map((line, n) => ({
    store_id: line.store,
    bill_id: `${day}-${n}`,
    item_id: line.item,
    qty_milli: line.qty * 1_000,
    total_paise: Math.abs(line.qty) * line.rupees * 100,
  }));
  await put(prefix, 'lines.parquet', columns, rows);
  await finishVersion(store, prefix, 1, {});
}

async function putEvening(day: string, levels: Readonly<Record<string, number>>) {
  const prefix = `${placeOf('shop', tenantId)}/day=${day}`;
  const items = Object.keys(levels).map((item) => ({ store_id: 's1', item_id: item, category: 'Tea', unit: 'pc' }));
  await put(prefix, 'stores.parquet', [text('store_id'), text('state_code')], [{ store_id: 's1', state_code: '08' }]);
  const itemColumns = [...['store_id', 'item_id', 'category', 'unit'].map(text), whole('selling_price_paise')];
  await put(prefix, 'items.parquet', itemColumns, items);
  const rows = Object.entries(levels).map(([item, qty]) => ({ store_id: 's1', item_id: item, qty_milli: qty * 1_000 }));
  await put(prefix, 'levels.parquet', [text('store_id'), text('item_id'), whole('qty_milli')], rows);
  await finishVersion(store, prefix, 1, {});
}

const line = (item: string, qty: number, rupees = 10, of = 's1') => ({ store: of, item, qty, rupees });

describe('demand of the days', () => {
  it('is not known where there was none to sell, nets what came back, and ends where a store fell silent', async () => {
    await putDay('2026-10-01', [line('tea', 4), line('salt', 1), line('oil', 2, 10, 's2')]);
    await putEvening('2026-10-01', { tea: 5, salt: 9 });
    await putDay('2026-10-02', [line('tea', 5), line('salt', 3)]);
    await putEvening('2026-10-02', { tea: 0, salt: 6 });
    await putDay('2026-10-03', [line('salt', 2), line('salt', -1)]);
    await putEvening('2026-10-03', { tea: 0, salt: 5 });
    await putDay('2026-10-04', [line('salt', 2, 12)]);
    await putEvening('2026-10-04', { tea: 20, salt: 3 });
    await putDay('2026-10-05', [line('tea', 6), line('salt', 1, 12)]);
    await putEvening('2026-10-05', { tea: 14, salt: 2 });
    expect((await clean(world)).facts).toEqual({ days: 5, stores: 2 });
    const version = await newestVersion(store, placeOf('frames', tenantId));
    if (version === null) throw new Error('no frames');
    const { frame, itemIds } = await readStoreFrame(store, version, 's1', 2);
    expect([itemIds, frame.firstDay, frame.days]).toEqual([['salt', 'tea'], dayOf('2026-10-01'), 7]);
    const unknown = Number.NaN;
    expect([...frame.units.subarray(0, 7)]).toEqual([1, 3, 1, 2, 1, unknown, unknown]);
    // Out by noon of the second: what it sold is what counts. Out all of the third and fourth.
    expect([...frame.units.subarray(7)]).toEqual([4, expect.any(Number), unknown, unknown, 6, unknown, unknown]);
    expect(frame.units[8]).toBeGreaterThanOrEqual(5);
    expect([...(frame.price ?? []).subarray(0, 7)]).toEqual([10, 10, 10, 12, 12, 12, 12]);
    const other = await readStoreFrame(store, version, 's2', 0);
    expect([...other.frame.units]).toEqual([2, unknown, unknown, unknown, unknown]);
  });

  it('is read back as the builder made it, and made again only when a day changed', async () => {
    const version = await newestVersion(store, placeOf('frames', tenantId));
    if (version === null) throw new Error('no frames');
    const books = await readBooks(world, await bookDays(world));
    const built = billFrame(books.rowsOf('s1'));
    const { frame } = await readStoreFrame(store, version, 's1', 0);
    expect(frame.units).toEqual(built.units);
    expect(frame.price).toEqual(built.price);
    expect(frame.groupings).toEqual(built.groupings);
    expect((await clean(world)).isNew).toBe(false);
    await putDay('2026-10-06', [line('tea', 1)]);
    expect(await clean(world)).toMatchObject({ isNew: true, version: 2 });
  });
});
