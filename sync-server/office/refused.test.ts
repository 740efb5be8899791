/** What was kept aside is shown to its own people in rupees, and to nobody else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusedApi } from '#contract/refused.ts';
import type { Uuid } from '#core/ids.ts';
import { type Office, openOffice, openPerson, openTill, type OfficeTill } from '#tests/fixtures/office.ts';

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
const { storeId, tillId } = golden;
const ours = '01935000-0000-7000-8000-00000000aaaa';
const theirs = '01935000-0000-7000-8000-00000000bbbb';
const order = {
  storeId,
  tillId,
  documentId: golden.id,
  kind: 'bill',
  noteId: '01935000-0000-7000-8000-0000000000f1' as Uuid,
  note: 'Asked the shop: typed by hand',
};
let office: Office;
let till: OfficeTill;

const push = (entry: object) =>
  office.app.inject({
    method: 'POST',
    url: '/v1/sync/push',
    headers: { authorization: till.authorization },
    payload: { entries: [entry] },
  });

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(ours, 'Sharma Stores');
  await office.addTenant(theirs, 'Gupta Stores');
  till = await openTill(office, { tenantId: ours, storeId, tillId, region: 'West', name: 'MG Road' });
}, 60_000);
afterAll(() => office.stop());

describe('what was kept aside', () => {
  it('is told with what the bill says and what its lines add up to', async () => {
    const wrong = { ...golden, payablePaise: golden.payablePaise + 50 };
    const answer = await push({ seq: 1, kind: 'bill', id: golden.id, atMs: 5, content: JSON.stringify(wrong) });
    expect(answer.json().answers[0].outcome).toBe('rejected');
    await push({ seq: 2, kind: 'bill', id: '01935000-0000-7000-8000-0000000000e1', atMs: 9, content: 'no document' });
    const owner = await openPerson(office, ours, { email: 'owner@a.in', role: 'chain' });
    const lines = golden.lines.reduce((sum: number, line: { totalPaise: number }) => sum + line.totalPaise, 0);
    const { body } = await owner.call(refusedApi.refused, { storeId, tillId });
    expect(body).toMatchObject([
      { reason: 'unreadable', number: null, payablePaise: null, linesPaise: null },
      { reason: 'doesNotAddUp', number: golden.number, payablePaise: golden.payablePaise + 50, linesPaise: lines },
    ]);
  });

  it('is not shown to another organisation', async () => {
    const stranger = await openPerson(office, theirs, { email: 'owner@b.in', role: 'chain' });
    expect((await stranger.call(refusedApi.refused, { storeId, tillId })).body).toEqual([]);
    expect((await stranger.call(refusedApi.settle, order)).status).toBe(404);
  });

  it('is accepted with a note once, and leaves the list of what somebody has to look at', async () => {
    const owner = await openPerson(office, ours, { email: 'second@a.in', role: 'chain' });
    const left = async () => Number((await office.pool.query('SELECT refused FROM till')).rows[0]?.refused);
    expect(await left()).toBe(2);
    expect((await owner.call(refusedApi.settle, { ...order, kind: 'shiftClosed' })).status).toBe(404);
    for (const _ of [1, 2]) {
      expect((await owner.call(refusedApi.settle, order)).body).toMatchObject([{ reason: 'unreadable' }]);
    }
    expect(await left()).toBe(1);
    const notes = await office.pool.query('SELECT source, by_name, note FROM refusal_note');
    expect(notes.rows).toEqual([{ source: 'office', by_name: 'second@a.in', note: 'Asked the shop: typed by hand' }]);
    const again = await push({ seq: 3, kind: 'bill', id: golden.id, atMs: 5, content: JSON.stringify(golden) });
    expect(again.json().answers[0]).toMatchObject({ outcome: 'rejected', reason: 'changed' });
  });
});
