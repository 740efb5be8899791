import { addPaise } from '#core/money.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, businessDateOf } from '#core/time.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { makeDemo } from '#till/demo-make.ts';
import { type LocalClient, localClient, makeSetClock } from '#till/local-client.ts';
import { makeFolder } from '../fixtures/sample-shop.ts';

const lastDate = '2026-06-30' as BusinessDate;
const morning = (date: BusinessDate): number => Date.parse(`${date}T04:30:00Z`);

describe('a shop forecasts from its own bills', () => {
  const folder = makeFolder();
  const clock = makeSetClock(morning(addDays(lastDate, 1)));
  let till: Till;
  let rpc: LocalClient;
  const open = async (): Promise<void> => {
    till = await assemble({ shopDir: folder.dir, clock });
    rpc = localClient(till);
    const owner = till.context.settings.get().demoPins.at(-1);
    await rpc.staff.signIn({ staffId: null, pin: owner?.pin ?? '' });
  };
  beforeAll(async () => {
    await makeDemo({ shopDir: folder.dir, days: 70, billsPerDay: 12, seed: 3, lastDate, items: 60 });
  }, 60_000);
  afterAll(() => folder.remove());
  beforeEach(open);
  afterEach(async () => {
    await till.close();
  });

  it('of nothing says that there is nothing', async () => {
    expect(await rpc.forecast.list({ search: '', category: null, order: 'name', from: 0, count: 10 })).toEqual({
      rows: [],
      total: 0,
      categories: [],
      origin: null,
      madeAtMs: null,
      today: addDays(lastDate, 1),
    });
    expect((await rpc.forecast.model()).reason).toBe('notYetRun');
    expect((await rpc.orderList.get({ groupBy: 'category' })).lines).toEqual([]);
  });

  it('runs when asked, and shows items, groups, orders', async () => {
    expect((await rpc.forecast.start()).state).toBe('running');
    await till.context.forecast.idle();
    expect(await rpc.forecast.job()).toMatchObject({ state: 'done', kind: 'asked', incidentId: null });
    const list = await rpc.forecast.list({ search: '', category: null, order: 'nextWeek', from: 0, count: 5 });
    expect(list.origin).toBe(lastDate);
    expect(list.total).toBeGreaterThan(50);
    const [first] = list.rows;
    if (first === undefined) throw new Error('no rows');
    expect(first.nextWeek.p50Milli).toBeGreaterThan(0);
    expect(first.nextWeek.p10Milli).toBeLessThanOrEqual(first.nextWeek.p50Milli);
    const item = await rpc.forecast.item({ itemId: first.itemId });
    expect(item.days).toHaveLength(14);
    expect(item.days[0]?.date).toBe(addDays(lastDate, 1));
    expect(item.past.at(-1)?.date).toBe(lastDate);
    expect(item.past.reduce((sum, day) => sum + day.soldMilli, 0)).toBeGreaterThan(0);
    const effects = item.drivers.reduce((sum, driver) => sum + driver.effectMilli, 0);
    expect(item.plainWeekMilli + effects).toBe(item.row.nextWeek.p50Milli);
    const store = await rpc.forecast.group({ of: 'store', name: null });
    expect(store.nextWeek.p50).toBeGreaterThan(0);
    const category = list.categories[0] ?? '';
    expect((await rpc.forecast.group({ of: 'category', name: category })).days).toHaveLength(14);
    await rpc.orderList.saveRules({ leadDays: 3, coverDays: 21, serviceLevelBp: 9_500 });
    const line = await rpc.orderList.add({ itemId: first.itemId });
    expect((await rpc.orderList.setPacks({ itemId: line.itemId, packs: 7 })).packs).toBe(7);
    const saved = await rpc.orderList.saveItem({
      itemId: line.itemId,
      packMilli: 12_000,
      supplier: 'Gupta Traders',
      shelfDays: 30,
    });
    expect(saved).toMatchObject({ packMilli: 12_000, supplier: 'Gupta Traders', packs: 7 });
    const orders = await rpc.orderList.get({ groupBy: 'supplier' });
    expect(addPaise(...orders.groups.map(({ valuePaise }) => valuePaise))).toBe(orders.valuePaise);
    expect(orders.groups.flatMap(({ itemIds }) => itemIds)).toEqual(orders.lines.map(({ itemId }) => itemId));
    expect(orders.lines[0]?.supplier).toBe('Gupta Traders');
    expect(orders.itemsWatched).toBe(list.total);
    const file = await rpc.orderList.export();
    expect(file.text).toContain('Gupta Traders');
    expect((await rpc.orderList.print()).lines).toBe(orders.lines.filter(({ packs }) => packs > 0).length);
    expect((await rpc.orderList.setPacks({ itemId: line.itemId, packs: null })).packs).toBe(saved.advisedPacks);
  });

  it('judges its week when it is over, and keeps the old forecasts when a job is called off', async () => {
    clock.set(morning(addDays(lastDate, 8)));
    await rpc.forecast.start();
    const cancelled = await rpc.forecast.cancel();
    expect(cancelled.state).toBe('cancelled');
    const before = await rpc.forecast.list({ search: '', category: null, order: 'name', from: 0, count: 1 });
    expect(before.origin).toBe(lastDate);
    await rpc.forecast.start();
    await till.context.forecast.idle();
    const accuracy = await rpc.forecast.accuracy();
    expect(accuracy.weeks).toBeGreaterThan(20);
    expect(accuracy.bySpeed.reduce((sum, one) => sum + one.weeks, 0)).toBe(accuracy.weeks);
    const after = await rpc.forecast.list({ search: '', category: null, order: 'name', from: 0, count: 1 });
    expect(after.origin).toBe(addDays(lastDate, 7));
  });

  it('is due once a day, and not when the clock was set back', async () => {
    const at = addDays(businessDateOf(clock.now()), 1);
    clock.set(Date.parse(`${at}T21:30:00Z`));
    till.context.forecast.look();
    expect(till.context.forecast.view().state).toBe('running');
    await till.context.forecast.idle();
    till.context.forecast.look();
    expect(till.context.forecast.view().state).toBe('done');
    clock.set(morning(addDays(lastDate, -20)) - 6 * 3_600_000);
    till.context.forecast.look();
    expect(till.context.forecast.view().state).toBe('done');
  });
});
