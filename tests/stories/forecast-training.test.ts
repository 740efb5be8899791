import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, type BusinessDate } from '#core/time.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { makeDemo } from '#till/demo-make.ts';
import { type LocalClient, localClient, makeSetClock } from '#till/local-client.ts';
import { makeFolder } from '../fixtures/sample-shop.ts';

const lastDate = '2026-06-30' as BusinessDate;
const night = (date: BusinessDate): number => Date.parse(`${date}T21:30:00Z`);

describe('a shop on its own', () => {
  const folder = makeFolder();
  const clock = makeSetClock(night(lastDate));
  let till: Till;
  let rpc: LocalClient;
  beforeAll(async () => {
    await makeDemo({ shopDir: folder.dir, days: 130, billsPerDay: 7, seed: 5, lastDate, items: 24 });
    till = await assemble({ shopDir: folder.dir, clock });
    rpc = localClient(till);
    await rpc.staff.signIn({ staffId: null, pin: till.context.settings.get().demoPins.at(-1)?.pin ?? '' });
  }, 120_000);
  afterAll(async () => {
    await till.close();
    folder.remove();
  });

  it('trains its own model after its first night, holds it against what runs on the second, and keeps both on the page', async () => {
    till.context.forecast.look();
    const seen = new Set<string>();
    const stop = till.context.forecast.feed.listen(() => {
      const { stage } = till.context.forecast.view();
      if (stage !== null) seen.add(stage);
    });
    await till.context.forecast.idle();
    stop();
    expect(till.context.forecast.view()).toMatchObject({ state: 'done', kind: 'nightly' });
    expect([...seen]).toEqual(['reading', 'judging', 'forecasting', 'writing', 'training']);
    const first = await rpc.forecast.model();
    expect(first).toMatchObject({ rung: 'seedModel', reason: 'noModel' });
    expect(till.context.tables.forecasts.current()?.modelVersion).toMatch(/^seed-[0-9a-f]{8}$/);
    expect(first.events.map(({ what }) => what)).toContain('trainedHere');

    clock.set(night(addDays(lastDate, 1)));
    till.context.forecast.look();
    await till.context.forecast.idle();
    expect(till.context.forecast.view().state).toBe('done');
    const second = await rpc.forecast.model();
    const own = second.models.find(({ origin }) => origin === 'thisShop');
    // Better or not is the shop's own days' to say; that it was judged is ours.
    expect(['running', 'shadow', 'refused']).toContain(own?.state);
    expect(own?.wql).toBeGreaterThan(0);
    expect(second.rung).toBe(own?.state === 'running' ? 'trees' : 'seedModel');
    const list = await rpc.forecast.list({ search: '', category: null, order: 'name', from: 0, count: 50 });
    expect(list.rows.every(({ nextWeek }) => nextWeek.p10Milli >= 0 && nextWeek.p10Milli <= nextWeek.p90Milli)).toBe(
      true,
    );
    // A week has not passed: no second training.
    expect(second.events.filter(({ what }) => what === 'trainedHere')).toHaveLength(1);
  }, 120_000);
});
