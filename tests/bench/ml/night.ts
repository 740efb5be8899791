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
import { fillWeeks, measurePages } from './pages.ts';
import { putNets } from './night-nets.ts';
import { copyNightShop, type NightShop } from './night-shop.ts';

export type NightSize = {
  readonly shop: NightShop;
  readonly nights: number;
  readonly asks: number;
  /** So often each of the owner's pages is asked for afterwards; nought: not at all. */
  readonly pages: number;
  /** Rows that a model with nets learns from; null: the shop's own trees run, where its past is long enough for them. */
  readonly netRows: number | null;
};

const usualItems = 5_000;

/** Highest that it ever was, MB; null where the system does not say. */
function peakMb(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? null : Number(line[1]) / 1024;
}

export async function measureNight({ shop, nights, asks, pages, netRows }: NightSize): Promise<readonly Figure[]> {
  await buildPart('till');
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-night-'));
  try {
    await copyNightShop(shop, dir);
    if (netRows !== null) await putNets(shop, dir, netRows);
    if (pages > 0) await fillWeeks(dir);
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
    if (netRows !== null && model.reason !== 'best')
      throw new Error(`the model with nets did not run: ${model.reason}`);
    const counter = await linkTo(till);
    await signInOwner(counter.client);
    const shown = pages === 0 ? [] : await measurePages(client, counter.client, pages);
    counter.close();
    link.close();
    await till.stop();
    say(`${list.total} items, ${model.rung}, ${model.reason}`);
    const beside = { items: list.total, rung: model.rung };
    const kind = `${netRows === null ? '' : 'nets_'}${shop.items > usualItems ? `${shop.items}_` : ''}`;
    return [
      {
        name: `nightly_${kind === '' ? `${usualItems}_` : netRows === null ? kind : `${kind}${usualItems}_`}items_s`,
        value: median(seconds),
        unit: 's',
        n: nights,
        bar: shop.items > usualItems ? null : { atMost: 20 },
        beside: { worst: round(worst(seconds)), ...beside },
      },
      peak === null
        ? { name: `nightly_${kind}rss_mb`, value: null, unit: 'MB', n: 0, bar: null, why: 'only Linux tells a peak' }
        : {
            name: `nightly_${kind}rss_mb`,
            value: peak,
            unit: 'MB',
            n: nights,
            bar: { atMost: 400 },
            beside: { before_mb: round(before), ...beside },
          },
      { name: `nightly_${kind}gap_ms`, value: worst(gaps), unit: 'ms', n: nights, bar: { atMost: 50 }, beside },
      ...(ones.length === 0
        ? []
        : [
            {
              name: 'one_item_ms',
              value: median(ones),
              unit: 'ms',
              n: ones.length,
              bar: { atMost: 20 },
              beside: { p99: round(quantile(ones, 0.99)), worst: round(worst(ones)) },
            },
          ]),
      ...shown,
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
