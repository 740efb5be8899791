/**
 * A night at the shop: 5,000 items and 400 days of real bills in SQLite, forecast by the till as it ships. Rule kept: what
 * is timed is all of it from the start of the job to the last row on the disk — reading, demand, season, features, the
 * model in its thread, bands, weeks, writing; the weekly training is not in it. Meanwhile somebody asks the till for its
 * state every few milliseconds: how long the longest answer took is what the counter could have waited.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ForecastJobView } from '#contract/till-forecast.ts';
import { buildPart } from '#tools/build.ts';
import { type Figure, median, quantile, round, say, worst } from '../till/figures.ts';
import { linkTo, signInOwner, startTillProcess } from '../till/till-process.ts';
import { copyNightShop, type NightShop } from './night-shop.ts';

export type NightSize = { readonly shop: NightShop; readonly nights: number; readonly asks: number };

/** Highest that it ever was, MB; null where the system does not say. */
function peakMb(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? null : Number(line[1]) / 1024;
}

export async function measureNight({ shop, nights, asks }: NightSize): Promise<readonly Figure[]> {
  await buildPart('till');
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-night-'));
  try {
    await copyNightShop(shop, dir);
    const till = await startTillProcess(dir);
    const link = await linkTo(till);
    const { client } = link;
    await signInOwner(client);
    const before = (till.rssBytes() ?? 0) / 2 ** 20;
    const [seconds, gaps, ones]: [number[], number[], number[]] = [[], [], []];
    let last: ForecastJobView = await client.forecast.job();
    for (let night = 0; night < nights; night += 1) {
      const from = performance.now();
      await client.forecast.start();
      let longest = 0;
      for (;;) {
        const asked = performance.now();
        last = await client.forecast.job();
        longest = Math.max(longest, performance.now() - asked);
        if (last.state !== 'running') break;
        await pause(3);
      }
      seconds.push((performance.now() - from) / 1000);
      gaps.push(longest);
      if (last.state !== 'done') throw new Error(`the night ended ${last.state} (${last.incidentId ?? ''})`);
    }
    const peak = peakMb(till.pid);
    const list = await client.forecast.list({ search: '', category: null, order: 'nextWeek', from: 0, count: 200 });
    for (let n = 0; n < asks; n += 1) {
      const row = list.rows[n % list.rows.length];
      if (row === undefined) throw new Error('nothing was forecast');
      const from = performance.now();
      await client.forecast.item({ itemId: row.itemId });
      if (n >= 20) ones.push(performance.now() - from);
    }
    const model = await client.forecast.model();
    link.close();
    await till.stop();
    say(`${list.total} items, ${model.rung}, ${model.reason}`);
    const beside = { items: list.total, rung: model.rung };
    return [
      {
        name: 'nightly_5000_items_s',
        value: median(seconds),
        unit: 's',
        n: nights,
        bar: { atMost: 20 },
        beside: { worst: round(worst(seconds)), ...beside },
      },
      peak === null
        ? { name: 'nightly_rss_mb', value: null, unit: 'MB', n: 0, bar: null, why: 'only Linux tells a peak' }
        : {
            name: 'nightly_rss_mb',
            value: peak,
            unit: 'MB',
            n: nights,
            bar: { atMost: 400 },
            beside: { before_mb: round(before), ...beside },
          },
      { name: 'nightly_gap_ms', value: worst(gaps), unit: 'ms', n: nights, bar: { atMost: 50 }, beside },
      {
        name: 'one_item_ms',
        value: median(ones),
        unit: 'ms',
        n: ones.length,
        bar: { atMost: 20 },
        beside: { p99: round(quantile(ones, 0.99)), worst: round(worst(ones)) },
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
