/**
 * The made-up past of a demo shop in small: the same seed gives the same shop, its books hold together, and
 * the counter looks as on a fresh morning.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { creditNoteSeries } from '#core/billing/bill-number.ts';
import type { Uuid } from '#core/ids.ts';
import { type BusinessDate, financialYearOf, instant } from '#core/time.ts';
import { assemble } from '#till/assemble.ts';
import { type DemoOptions, makeDemo } from '#till/demo-make.ts';
import { localClient } from '#till/local-client.ts';
import { startTill } from '#till/node.ts';
import { crowdOn, payingTime, wantedOn } from '#till/past-calendar.ts';

const folders: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-seed-'));
  folders.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const lastDate = '2026-11-10' as BusinessDate;
const small = (change: Partial<DemoOptions> = {}): DemoOptions => ({
  shopDir: folder(),
  days: 10,
  billsPerDay: 30,
  items: 560,
  seed: 7,
  lastDate,
  ...change,
});
const morning = { now: () => instant(Date.parse('2026-11-11T03:30:00Z')) };

describe('the made-up past', () => {
  it('is the same for the same seed, and another for another', async () => {
    const first = await makeDemo(small());
    expect(first).toEqual(await makeDemo(small()));
    expect(first).not.toEqual(await makeDemo(small({ seed: 8 })));
    expect(first.refused).toBe(0);
    expect(first.items).toBe(560);
    expect(first.bills).toBeGreaterThan(150);
  });

  it('leaves books that hold together and a counter that is ready', async () => {
    const options = small();
    const made = await makeDemo(options);
    const till = await assemble({ shopDir: options.shopDir, clock: morning });
    const client = localClient(till);
    const { tables, settings } = till.context;
    await client.staff.signIn({ staffId: null, pin: settings.get().demoPins.at(-1)?.pin ?? '' });
    expect((await client.stock.verify()).differing).toBe(0);
    const year = financialYearOf(lastDate);
    const { series } = settings.get();
    expect(tables.bills.firstGap(series, year)).toBeNull();
    expect(tables.bills.firstGap(creditNoteSeries(series), year)).toBeNull();
    expect(tables.bills.last()?.sequence).toBe(made.bills);
    expect(tables.bills.last()?.businessDate).toBe(lastDate);
    const state = await client.shift.state();
    expect([state.shift, state.heldCount, state.waitingUpi]).toEqual([null, 0, []]);
    expect((await client.cart.get()).lines).toEqual([]);
    expect(settings.get().printer.kind).toBe('file');

    const ids: Uuid[] = [];
    const severalMrps: Uuid[] = [];
    tables.items.each((item) => {
      ids.push(item.id);
      if (new Set(item.batches.map((b) => b.mrpPaise)).size > 1) severalMrps.push(item.id);
    });
    const empty = ids.filter((id) => tables.stock.onHand(id) <= 0);
    expect(empty.length).toBeLessThan(ids.length * 0.03);
    expect(severalMrps.length).toBeGreaterThan(5);
    await client.shift.open({ key: 'open-shift', floatPaise: tables.shifts.lastClosedCash() ?? (0 as never) });
    const [first] = severalMrps;
    const asked = severalMrps.filter((id) => tables.stock.onHandByBatch(id).size > 1);
    expect(asked.length).toBe(severalMrps.length);
    const scanned = await client.cart.addItem({ key: 'add-several', itemId: first as Uuid });
    expect(scanned.outcome).toBe('choose');
    await till.close();
  });

  it('does not touch a folder that holds a shop', async () => {
    const options = small({ days: 1, items: 30 });
    await makeDemo(options);
    await expect(makeDemo(options)).rejects.toThrow('holds a shop already');
  });

  it('comes with the first start of the demo, and only then', async () => {
    const shopDir = folder();
    const bills: number[] = [];
    for (let n = 0; n < 2; n++) {
      const server = createServer();
      await new Promise<void>((done) => server.listen({ host: '127.0.0.1', port: 0 }, done));
      const started = await startTill({
        shopDir,
        server,
        rendererDir: null,
        demo: true,
        demoPastDays: 2,
        clock: morning,
      });
      bills.push(started.till.context.tables.bills.last()?.sequence ?? 0);
      await started.close();
    }
    expect(bills[0]).toBeGreaterThan(30);
    expect(bills[1]).toBe(bills[0]);
  });
});

describe('the calendar of the made-up past', () => {
  it('knows weekdays, paydays, festivals and the hours of a shop', () => {
    const on = (date: string): number => crowdOn(date as BusinessDate);
    expect(on('2026-06-14')).toBeGreaterThan(on('2026-06-16'));
    expect(on('2026-06-02')).toBeGreaterThan(on('2026-06-16'));
    expect(on('2026-11-08')).toBeGreaterThan(on('2026-11-15'));
    expect(wantedOn('Pooja', '2026-11-07' as BusinessDate)).toBeGreaterThan(3);
    expect(wantedOn('Drinks', '2026-05-10' as BusinessDate)).toBeGreaterThan(1.5);
    for (const dice of [0, 0.5, 0.99]) {
      expect(payingTime(dice, dice, dice)).toBeGreaterThan(8 * 3_600_000);
      expect(payingTime(dice, dice, dice)).toBeLessThan(21.5 * 3_600_000);
    }
  });
});
