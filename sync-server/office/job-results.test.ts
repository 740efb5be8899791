/** How the jobs went is told to head office's own people, without the failure's inner words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobsApi } from '#contract/jobs.ts';
import { inTenant } from '#sync-server/postgres/in-tenant.ts';
import { type Office, openOffice, openPerson } from '#tests/fixtures/office.ts';

const ours = '01935000-0000-7000-8000-00000000aaaa';
const theirs = '01935000-0000-7000-8000-00000000bbbb';
let office: Office;

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(ours, 'Sharma Stores');
  await office.addTenant(theirs, 'Gupta Stores');
  await inTenant(office.pool, ours, (on) =>
    on.query(
      `INSERT INTO job_result (tenant_id, name, ok_at_ms, failed_at_ms, failure, detail) VALUES
         ($1, 'exportBills', 5, NULL, NULL, '{"days": 1, "documents": 3, "lastDay": "2026-11-20"}'),
         ($1, 'proveBackups', 4, 9, 'connect ECONNREFUSED 10.0.0.1', '{"proved": 2, "broken": 1}')`,
      [ours],
    ),
  );
}, 60_000);
afterAll(() => office.stop());

describe('how the jobs went', () => {
  it('is told of each, also of one that has not run, and no inner word with it', async () => {
    const owner = await openPerson(office, ours, { email: 'owner@a.in', role: 'chain' });
    const { body } = await owner.call(jobsApi.jobs, {});
    expect(body).toEqual([
      { name: 'exportBills', okAtMs: 5, failedAtMs: null, done: 3, broken: 0 },
      { name: 'proveBackups', okAtMs: 4, failedAtMs: 9, done: 2, broken: 1 },
      { name: 'tidyBackups', okAtMs: null, failedAtMs: null, done: 0, broken: 0 },
      { name: 'tidyExports', okAtMs: null, failedAtMs: null, done: 0, broken: 0 },
    ]);
  });

  it('is not told to another organisation', async () => {
    const stranger = await openPerson(office, theirs, { email: 'owner@b.in', role: 'chain' });
    const { body } = await stranger.call(jobsApi.jobs, {});
    expect(body).toMatchObject([{ okAtMs: null, done: 0 }, { failedAtMs: null, broken: 0 }, {}, {}]);
  });
});
