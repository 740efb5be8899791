/** A slice of the isolation rig, and its control: with a policy gone it finds foreign rows. */
import { describe, expect, it } from 'vitest';
import { askForOthers } from './isolation.ts';

const said: string[] = [];
const options = { seed: 1, say: (line: string) => void said.push(line) };

describe('isolation', () => {
  it('shows nobody what is another’s', async () => {
    const { foreignRows, faults, statuses, pairs, pairsAsked } = await askForOthers({
      ...options,
      requests: 900,
      dropPolicy: false,
    });
    expect([foreignRows, faults, said]).toEqual([0, 0, []]);
    expect(pairsAsked).toBe(Math.min(pairs, 900));
    expect(statuses[200]).toBeGreaterThan(100);
    expect(statuses[500]).toBeUndefined();
  }, 60_000);

  it('finds foreign rows where a policy is gone', async () => {
    const { foreignRows } = await askForOthers({ ...options, requests: 200, dropPolicy: true });
    expect(foreignRows).toBeGreaterThan(0);
  }, 60_000);
});
