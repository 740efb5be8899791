import { describe, expect, it } from 'vitest';
import { breakScanners } from './scanner.ts';

// The bounded slice; the full count is `npm run -s faults -- scanner --scans 100000`.
const silent = (): void => {};

describe('scanners on bad days', () => {
  it('make no wrong line and lose no clean scan', async () => {
    const said: string[] = [];
    const outcome = await breakScanners({ scans: 2_000, seed: 11, isNaive: false, say: (line) => said.push(line) });
    expect({ ...outcome, said }).toMatchObject({ wrongLines: 0, lost: 0, changed: 0, leaked: 0, said: [] });
    expect(outcome.clean).toBeGreaterThan(1_000);
    expect(outcome.spoiled).toBeGreaterThan(100);
  }, 30_000);
  it('do make them where each chunk is cut for itself: the rig can fail', async () => {
    const outcome = await breakScanners({ scans: 800, seed: 11, isNaive: true, say: silent });
    expect(outcome.wrongLines).toBeGreaterThan(0);
    expect(outcome.lost).toBeGreaterThan(0);
  }, 30_000);
});
