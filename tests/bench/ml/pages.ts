/**
 * What the owner's pages ask of the till, at a shop's full size: the list by what runs out, a category, the shop, how good
 * it was over half a year of weeks, the order list. Meanwhile somebody else asks the till for its state every few
 * milliseconds, as the counter would. Rule kept: answers are whole ones over the wire, on the shop as a night left it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { addDays } from '#core/time.ts';
import { tryAssemble } from '#till/assemble.ts';
import type { TillClient } from '#tools/till-client.ts';
import { type Figure, median, round, worst } from '../till/figures.ts';

const weeks = 26;
const weekDays = 7;

/** The weeks that the shop has kept, once more before them until there are half a year of them. Before the till starts. */
export async function fillWeeks(shopDir: string): Promise<void> {
  const opened = await tryAssemble({ shopDir });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const till = opened.value;
  const { tables, today } = till.context;
  const first = addDays(today(), -weeks * weekDays);
  const kept = tables.forecastWeeks.judgedFrom(first, -1, Number.MAX_SAFE_INTEGER);
  const had = new Set(kept.map(({ weekStart }) => weekStart)).size;
  for (let back = had; had > 0 && back < weeks; back += had)
    tables.forecastWeeks.add(kept.map((week) => ({ ...week, weekStart: addDays(week.weekStart, -back * weekDays) })));
  await till.close();
}

/** Each page's answers in turn; `counter` is another's line to the same till. */
export async function measurePages(
  client: TillClient,
  counter: TillClient,
  rounds: number,
): Promise<readonly Figure[]> {
  const list = { search: '', category: null, from: 0, count: 50 } as const;
  const { categories } = await client.forecast.list({ ...list, order: 'name' });
  const pages: Readonly<Record<string, (round: number) => Promise<unknown>>> = {
    list: () => client.forecast.list({ ...list, order: 'daysLeft' }),
    list_by_name: () => client.forecast.list({ ...list, order: 'name' }),
    category: (at) => client.forecast.group({ of: 'category', name: categories[at % categories.length] ?? '' }),
    shop: () => client.forecast.group({ of: 'store', name: null }),
    accuracy: () => client.forecast.accuracy(),
    order_list: () => client.orderList.get({ groupBy: 'category' }),
    model: () => client.forecast.model(),
  };
  const figures: Figure[] = [];
  let longest: readonly [string, number] = ['', 0];
  for (const [name, ask] of Object.entries(pages)) {
    const took: number[] = [];
    let isOver = false;
    const others = (async (): Promise<void> => {
      while (!isOver) {
        const from = performance.now();
        await counter.forecast.job();
        const waited = performance.now() - from;
        if (waited > longest[1]) longest = [name, waited];
        await pause(3);
      }
    })();
    for (let round = 0; round < rounds; round += 1) {
      const from = performance.now();
      await ask(round);
      took.push(performance.now() - from);
      await pause(5);
    }
    isOver = true;
    await others;
    figures.push({
      name: `owner_${name}_ms`,
      value: median(took),
      unit: 'ms',
      n: rounds,
      bar: { atMost: 300 },
      beside: { worst: round(worst(took)) },
    });
  }
  figures.push({
    name: 'owner_pages_gap_ms',
    value: longest[1],
    unit: 'ms',
    n: rounds,
    bar: { atMost: 50 },
    beside: { page: longest[0] },
  });
  return figures;
}
