/** How the jobs went is told to head office's own people, without the failure's inner words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobsApi } from '#contract/jobs.ts';
import { inTenant } from '#sync-server/postgres/in-tenant.ts';
import { type Office, officeStartMs, openOffice, openPerson } from '#tests/fixtures/office.ts';

const ours = '01935000-0000-7000-8000-00000000aaaa';
const theirs = '01935000-0000-7000-8000-00000000bbbb';
let office: Office;

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(ours, 'Sharma Stores');
  await office.addTenant(theirs, 'Gupta Stores');
  await inTenant(office.pool, ours, (on) =>
    on.query(
      `INSERT INTO job_result (tenant_id, name, ok_at_ms, failed_at_ms, failure, detail, started_at_ms, heard_at_ms,
         progress_done, progress_of) VALUES
         ($1, 'exportBills', 5, NULL, NULL, '{"days": 1, "documents": 3, "lastDay": "2026-11-20"}', NULL, 5, 0, 0),
         ($1, 'proveBackups', 4, 9, 'connect ECONNREFUSED 10.0.0.1', '{"proved": 2, "broken": 1}', $2, $2, 0, 0),
         ($1, 'forecastTrain', 5, NULL, NULL, '{"rows": 900}', 7, $3, 3, 16),
         ($1, 'forecastPredict', 5, NULL, NULL, '{"waits": "There are no bills yet."}', NULL, NULL, NULL, NULL)`,
      [ours, officeStartMs - 61_000, officeStartMs - 59_000],
    ),
  );
}, 60_000);
afterAll(() => office.stop());

describe('how the jobs went', () => {
  it('is told of each, also of one that has not run, and no inner word with it', async () => {
    const owner = await openPerson(office, ours, { email: 'owner@a.in', role: 'chain' });
    const { body } = await owner.call(jobsApi.jobs, {});
    const never = { okAtMs: null, failedAtMs: null, done: 0, broken: 0, isWaiting: false, running: null };
    const held = { ...never, okAtMs: 5 };
    expect(body).toEqual([
      { ...held, name: 'exportBills', done: 3 },
      // Its server died: it was not heard for a minute.
      { ...never, name: 'proveBackups', okAtMs: 4, failedAtMs: 9, done: 2, broken: 1 },
      { ...never, name: 'tidyBackups' },
      { ...never, name: 'tidyExports' },
      { ...never, name: 'tidyPublications' },
      { ...never, name: 'forecastIngest' },
      { ...never, name: 'forecastClean' },
      { ...never, name: 'forecastFeatures' },
      { ...held, name: 'forecastTrain', done: 900, running: { sinceMs: 7, done: 3, of: 16 } },
      { ...held, name: 'forecastPredict', isWaiting: true },
      { ...never, name: 'forecastStore' },
    ]);
  });

  it('is not told to another organisation', async () => {
    const stranger = await openPerson(office, theirs, { email: 'owner@b.in', role: 'chain' });
    const { body } = await stranger.call(jobsApi.jobs, {});
    expect(body).toHaveLength(11);
    for (const job of body) expect(job).toMatchObject({ okAtMs: null, failedAtMs: null, done: 0, running: null });
  });
});
