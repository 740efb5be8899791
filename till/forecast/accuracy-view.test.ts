/** The accuracy page's figures from pieces of weeks are those of all weeks at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Milli, milli } from '#core/quantity.ts';
import { addDays, type BusinessDate } from '#core/time.ts';
import type { KeptWeek } from '#db/forecast-weeks.ts';
import { readListedItems } from '#db/sold-by-day.ts';
import { seeded } from '#ml/random.ts';
import { assemble } from '../assemble.ts';
import { seedDemoShop } from '../demo-shop.ts';
import { accuracyView } from './accuracy-view.ts';

const first = '2026-01-05' as BusinessDate;
const weekCount = 26;
const random = seeded(4);
const draw = (): Milli => milli(Math.floor(random() * 90_000));
const dir = mkdtempSync(join(tmpdir(), 'billmitra-accuracy-'));
const till = await assemble({ shopDir: dir });
const { tables } = till.context;
let weeks: readonly KeptWeek[] = [];
let items = 0;
const names = new Map<number, string>();
beforeAll(() => {
  seedDemoShop(till.context, { atMost: 80 });
  const listed = readListedItems(tables.shop.sql);
  items = listed.length;
  for (const { itemNo } of listed) names.set(itemNo, tables.forecastWeeks.itemOf(itemNo)?.name ?? '');
  weeks = Array.from({ length: weekCount }, (_, w) => addDays(first, 7 * w)).flatMap((weekStart) =>
    listed.map(({ itemNo }) => {
      const p50Milli = draw();
      return {
        weekStart,
        itemNo,
        p10Milli: milli(Math.floor(p50Milli / 2)),
        p50Milli,
        p90Milli: milli(p50Milli * 2),
        naiveMilli: draw(),
        soldMilli: milli(Math.floor(draw() * (1 + itemNo / 20))),
      };
    }),
  );
  tables.forecastWeeks.add(weeks);
});
afterAll(async () => {
  await till.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the accuracy of half a year of weeks', () => {
  it('counts every week once, by item and by speed', async () => {
    const from = addDays(first, 7);
    const view = await accuracyView(tables.forecastWeeks, from);
    const wanted = weeks.filter(({ weekStart }) => weekStart >= from);
    const sum = (of: (week: KeptWeek) => number, some: readonly KeptWeek[] = wanted): number =>
      some.reduce((all, week) => all + of(week), 0);
    const miss = (week: KeptWeek): number => Math.abs(week.soldMilli - week.p50Milli);
    const sold = (week: KeptWeek): number => week.soldMilli;
    expect(view.weeks).toBe((weekCount - 1) * items);
    expect(view.weeks).toBeGreaterThan(1_500);
    expect(view.inside).toBe(
      wanted.filter(({ soldMilli, p10Milli, p90Milli }) => soldMilli >= p10Milli && soldMilli <= p90Milli).length,
    );
    expect(view.missBp).toBe(Math.round((10_000 * sum(miss)) / sum(sold)));
    expect(view.bySpeed.reduce((all, { weeks: some }) => all + some, 0)).toBe(view.weeks);
    expect(view.bySpeed.reduce((all, { items: some }) => all + some, 0)).toBe(items);
    const byItem = Map.groupBy(wanted, ({ itemNo }) => itemNo);
    const worst = [...byItem].toSorted(([, a], [, b]) => sum(miss, b) - sum(miss, a)).slice(0, 10);
    expect(view.worst.map(({ name }) => name)).toEqual(worst.map(([itemNo]) => names.get(itemNo)));
    expect(view.worst[0]?.soldMilli).toBe(sum(sold, worst[0]?.[1]));
  });
});
