import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** One that hangs is ended before its test is over: a test that waits for it so can't be stopped itself. */
const bench = (...words: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'tools', 'bench.ts'), ...words], {
    cwd: root,
    encoding: 'utf8',
    timeout: 110_000,
  });

/** The names that shared figures go by; the numbers of a quick run are not judged. */
const names = [
  'commit.p50_over_raw_ms',
  'commit.p99_excess_share',
  'wal_bytes_per_bill',
  'fsyncs_per_bill',
  'search_100k.p99_ms',
  'open_100k_ms',
  'scan_to_feed.p99_ms',
  'till_rss_mb',
  'scan_to_paint.p99_ms',
  'bills_per_hour_ui',
];

describe('the bench of the till', () => {
  it('quick: every figure is taken, and says its samples, cores and load', { timeout: 120_000 }, () => {
    const run = bench('till', '--quick');
    expect(run.status, run.stderr).toBe(0);
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line['name'])).toEqual(names);
    for (const line of lines) {
      expect(line).toMatchObject({ bench: 'till', unit: expect.any(String), cores: expect.any(Number) });
      expect(line['load']).toEqual(expect.any(Number));
      if (line['why'] === undefined) expect(line['value'], String(line['name'])).toEqual(expect.any(Number));
      else expect(line['value']).toBe(null);
    }
    const bytes = lines.find((line) => line['name'] === 'wal_bytes_per_bill')?.['value'];
    expect(bytes).toBeGreaterThan((12 * 4_096) / 2);
    expect(bytes).toBeLessThanOrEqual(73_728);
  });
  it('refuses a name it does not know', () => {
    expect(bench('nothing')).toMatchObject({ status: 2, stdout: '' });
  });
});
