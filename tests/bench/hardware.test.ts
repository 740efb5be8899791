import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The names that shared figures go by; the numbers of a quick run are not judged. */
const names = ['receipt_bytes_text', 'first_byte_after_commit.p99_ms', 'print_time_ratio', 'indic_receipt_ms'];

describe('the bench of the hardware', () => {
  it('quick: every figure is taken, and says its samples, cores and load', { timeout: 120_000 }, () => {
    const run = spawnSync(process.execPath, [join(root, 'tools', 'bench.ts'), 'hardware', '--quick'], {
      cwd: root,
      encoding: 'utf8',
      // One that hangs is ended: a test that waits for it so can't be stopped itself.
      timeout: 110_000,
    });
    expect(run.status, run.stderr).toBe(0);
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line['name'])).toEqual(expect.arrayContaining(names));
    for (const line of lines) {
      expect(line).toMatchObject({ bench: 'hardware', unit: expect.any(String), cores: expect.any(Number) });
      if (line['why'] === undefined) expect(line['value'], String(line['name'])).toEqual(expect.any(Number));
    }
  });
});
