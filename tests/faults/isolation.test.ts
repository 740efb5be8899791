/** A slice of the isolation rig, and its control: with a policy gone it finds foreign rows. */
import { describe, expect, it } from 'vitest';
import { askForOthers } from './isolation.ts';
import { contractCalls, findEndpoints } from './isolation-matrix.ts';

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

describe('what is asked', () => {
  it('is every route and every call of contract/, or the run does not begin', async () => {
    const calls = await contractCalls();
    expect(calls.length).toBeGreaterThan(30);
    const routes = calls.map(([, call]) => `${call.method} ${call.path}`);
    expect(await findEndpoints([...routes, 'GET /v1/sync/new/:id'])).toHaveLength(routes.length + 1);
    await expect(findEndpoints(routes.slice(1))).rejects.toThrow('no route serves');
    await expect(findEndpoints([...routes, 'POST /v1/office/new'])).rejects.toThrow('stands in no table');
  });
});
