/**
 * The forecast's job when it fails, is called off or is cut off, through the real thread on real books: what was there
 * stands, the owner is told with an incident, and the next try makes it whole.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addDays, type BusinessDate } from '#core/time.ts';
import { shopFile } from '#db/open.ts';
import type { ForecastJobView } from '#contract/till-forecast.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { makeDemo } from '#till/demo-make.ts';
import { type LocalClient, localClient, makeSetClock } from '#till/local-client.ts';
import { makeFolder } from '../fixtures/sample-shop.ts';

const lastDate = '2026-06-30' as BusinessDate;
const morning = (date: BusinessDate): number => Date.parse(`${date}T04:30:00Z`);
const night = (date: BusinessDate): number => Date.parse(`${date}T21:30:00Z`);

describe.skipIf(process.platform === 'win32')('the forecast’s job', () => {
  const folder = makeFolder();
  const clock = makeSetClock(morning(addDays(lastDate, 1)));
  const said: string[] = [];
  let till: Till;
  let rpc: LocalClient;
  const open = async (): Promise<void> => {
    till = await assemble({ shopDir: folder.dir, clock });
    rpc = localClient(till);
    await rpc.staff.signIn({ staffId: null, pin: till.context.settings.get().demoPins.at(-1)?.pin ?? '' });
  };
  const originNow = async () =>
    (await rpc.forecast.list({ search: '', category: null, order: 'name', from: 0, count: 1 })).origin;
  /** Resolves when the job shows what is asked for; `act` is done in that very moment. */
  const until = (isIt: (job: ForecastJobView) => boolean, act: () => unknown = () => null): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isIt(till.context.forecast.view())) return;
        stop();
        act();
        resolve();
      };
      const stop = till.context.forecast.feed.listen(look);
    });

  beforeAll(async () => {
    await makeDemo({ shopDir: folder.dir, days: 60, billsPerDay: 8, seed: 3, lastDate, items: 30 });
    await open();
    await rpc.forecast.start();
    await till.context.forecast.idle();
    await till.close();
  }, 60_000);
  afterAll(() => folder.remove());
  beforeEach(async () => {
    said.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
    await open();
  });
  afterEach(async () => {
    await till.close();
    vi.restoreAllMocks();
  });

  it('that can’t read the books fails with an incident; the forecasts of before stand, and the next try is whole', async () => {
    clock.set(morning(addDays(lastDate, 2)));
    const [file, away] = [shopFile(folder.dir), join(folder.dir, 'away.db')];
    // The till has it open; a thread that opens it anew finds nothing there.
    renameSync(file, away);
    try {
      await rpc.forecast.start();
      await till.context.forecast.idle();
    } finally {
      renameSync(away, file);
    }
    const failed = await rpc.forecast.job();
    expect(failed).toMatchObject({ state: 'failed', kind: 'asked', stage: null });
    expect(failed.endedAtMs).toBe(clock.now());
    // What the page shows is what the log has it under.
    const logged = said
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ event }) => event === 'fault');
    expect(failed.incidentId).toBe(logged?.['incident']);
    expect(String(logged?.['message'])).toContain('database');
    expect(existsSync(away)).toBe(false);
    expect(await originNow()).toBe(lastDate);

    await rpc.forecast.start();
    await till.context.forecast.idle();
    expect(await rpc.forecast.job()).toMatchObject({ state: 'done', incidentId: null });
    expect(await originNow()).toBe(addDays(lastDate, 1));
  }, 30_000);

  it('that is called off while it writes leaves the run of before, and begins anew when asked', async () => {
    const before = await originNow();
    clock.set(morning(addDays(lastDate, 3)));
    await rpc.forecast.start();
    await until(
      ({ stage }) => stage === 'writing',
      () => till.context.forecast.cancel(),
    );
    expect(await rpc.forecast.job()).toMatchObject({ state: 'cancelled', stage: null, incidentId: null });
    expect(await originNow()).toBe(before);
    await rpc.forecast.start();
    await till.context.forecast.idle();
    expect(await originNow()).toBe(addDays(lastDate, 2));
  }, 30_000);

  it('that is cut off by the till’s end is due again when the till is back', async () => {
    const before = await originNow();
    clock.set(night(addDays(lastDate, 4)));
    till.context.forecast.look();
    await until(({ stage }) => stage === 'forecasting');
    await till.close();
    await open();
    expect(await originNow()).toBe(before);
    expect((await rpc.forecast.job()).state).toBe('idle');
    till.context.forecast.look();
    expect(till.context.forecast.view().state).toBe('running');
    await till.context.forecast.idle();
    expect(till.context.forecast.view().state).toBe('done');
    expect(await originNow()).toBe(addDays(lastDate, 4));
  }, 60_000);

  it('that fails at night is tried again by itself, later each time, three times and no more', async () => {
    const from = night(addDays(lastDate, 5));
    const minutes = async (after: number): Promise<string> => {
      clock.set(from + after * 60_000);
      till.context.forecast.look();
      const { state, startedAtMs } = till.context.forecast.view();
      const began = startedAtMs === clock.now() ? 'begins' : 'waits';
      await till.context.forecast.idle();
      return began === 'begins' ? `${began}, ${till.context.forecast.view().state}` : `${began}, ${state}`;
    };
    const [file, away] = [shopFile(folder.dir), join(folder.dir, 'away.db')];
    renameSync(file, away);
    const tries: string[] = [];
    try {
      for (const after of [0, 4, 5, 19, 20, 64, 65, 66, 170]) tries.push(`${after}: ${await minutes(after)}`);
    } finally {
      renameSync(away, file);
    }
    const failed = (after: number): string => `${after}: begins, failed`;
    const waits = (after: number): string => `${after}: waits, failed`;
    expect(tries).toEqual([
      failed(0),
      waits(4),
      failed(5),
      waits(19),
      failed(20),
      waits(64),
      failed(65),
      waits(66),
      waits(170),
    ]);
    // The next night begins anew, and has its tries again.
    const day = 24 * 60;
    renameSync(file, away);
    try {
      expect(await minutes(day)).toBe('begins, failed');
    } finally {
      renameSync(away, file);
    }
    expect(await minutes(day + 1)).toBe('waits, failed');
    expect(await minutes(day + 5)).toBe('begins, done');
    expect(await minutes(day + 60)).toBe('waits, done');
    expect(await originNow()).toBe(addDays(lastDate, 6));
  }, 60_000);
});
