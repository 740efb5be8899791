/** Transfers on a real Postgres: asked by head office, sent and received by tills, in any order and twice, conserved. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transferApi } from '#contract/transfers.ts';
import type { Milli } from '#core/quantity.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import type { Uuid } from '#core/ids.ts';
import { saveItem } from '../catalogue/items.ts';
import {
  type Browser,
  type Office,
  openOffice,
  openPerson,
  openTill,
  type OfficeTill,
} from '#tests/fixtures/office.ts';
import {
  calledOff,
  dispatched,
  itemIdOf,
  pusherOf,
  received,
  requested,
  storeIdOf,
} from '#tests/fixtures/transfer-events.ts';

const ours = '01935000-0000-7000-8000-00000000aaaa';
let office: Office;
let owner: Browser;
const tills = new Map<number, OfficeTill>();
let seq = 0;

const push = async (by: number, ...events: readonly TransferEvent[]) => {
  const entries = events.map((event) => {
    seq += 1;
    return { seq, kind: event.type, id: randomUUID(), atMs: event.atMs, content: JSON.stringify(event) };
  });
  const send = () =>
    office.app.inject({
      method: 'POST',
      url: '/v1/sync/push',
      headers: { authorization: tills.get(by)?.authorization ?? '' },
      payload: { entries },
    });
  const answer = await send();
  // Whatever is pushed comes twice: the same answer, and nothing moves again.
  expect((await send()).json().answers).toEqual(answer.json().answers);
  return answer.json().answers.map((one: { reason?: string; outcome: string }) => one.reason ?? one.outcome);
};
const levels = async (item: number) => {
  const stock = await office.pool.query('SELECT store_id, qty_milli FROM stock_level WHERE item_id = $1 ORDER BY 1', [
    itemIdOf(item),
  ]);
  const way = await office.pool.query('SELECT qty_milli, lost_milli FROM transit_level WHERE item_id = $1', [
    itemIdOf(item),
  ]);
  return {
    stock: stock.rows.map((row) => Number(row.qty_milli)),
    onWay: Number(way.rows[0]?.qty_milli ?? 0),
    lost: Number(way.rows[0]?.lost_milli ?? 0),
  };
};
const oneOf = async (n: number) =>
  (await owner.call(transferApi.transfer, { transferId: dispatched(n, [], { transfer: n }).transferId })).body;

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(ours, 'Sharma Stores');
  for (const n of [1, 2, 3]) {
    const region = n === 3 ? 'Kota' : 'Jaipur';
    tills.set(n, await openTill(office, { tenantId: ours, ...pusherOf(n), region, name: `Store ${n}` }));
  }
  owner = await openPerson(office, ours, { email: 'owner@a.in', role: 'chain' });
  const who = { tenantId: ours, region: null, storeId: null, email: 'owner@a.in' };
  const soap = { name: 'Soap', unit: 'pc', sellingPricePaise: 2_500 } as never;
  await saveItem(office.pool, who, { itemId: itemIdOf(1), revision: 0, change: soap }, 1);
}, 60_000);
afterAll(() => office.stop());

describe('a transfer', () => {
  it('moves stock from shelf to road to shelf, names what is lost, whatever comes twice', async () => {
    const way = { transfer: 11 };
    const send = dispatched(11, [[1, 8_000]], way);
    expect(await push(2, requested(10, [[1, 10_000]], way))).toEqual(['accepted']);
    expect((await oneOf(11))?.head).toMatchObject({ state: 'requested', fromName: 'Store 1', items: 1 });
    expect(await push(1, send)).toEqual(['accepted']);
    expect(await levels(1)).toEqual({ stock: [-8_000], onWay: 8_000, lost: 0 });
    expect((await oneOf(11))?.head).toMatchObject({ state: 'inTransit', inTransitPaise: send.valuePaise });
    expect(await push(2, received(12, send, [[6_000, 1_000]]))).toEqual(['accepted']);
    expect(await levels(1)).toEqual({ stock: [-8_000, 6_000], onWay: 0, lost: 2_000 });
    const closed = await oneOf(11);
    expect(closed?.head).toMatchObject({ state: 'closed', hasVariance: true, hasConflict: false, inTransitPaise: 0 });
    expect(closed?.detail.lines).toMatchObject([
      { wantedMilli: 10_000, sentMilli: 8_000, goodMilli: 6_000, damagedMilli: 1_000, differenceMilli: -1_000 },
    ]);
  });

  it('takes a receipt before its challan, and settles when that comes', async () => {
    const send = dispatched(21, [[2, 3_000]], { transfer: 21 });
    expect(await push(2, received(22, send))).toEqual(['accepted']);
    expect(await levels(2)).toEqual({ stock: [], onWay: 0, lost: 0 });
    expect(await push(1, send)).toEqual(['accepted']);
    expect(await levels(2)).toEqual({ stock: [-3_000, 3_000], onWay: 0, lost: 0 });
    expect((await oneOf(21))?.head.state).toBe('closed');
  });

  it('refuses who it does not concern, a forged value, a number drawn twice, stores that are not there', async () => {
    const send = dispatched(31, [[3, 1_000]], { transfer: 31 });
    expect(await push(2, send)).toEqual(['notYours']);
    expect(await push(1, { ...send, valuePaise: 1 } as TransferEvent)).toEqual(['doesNotAddUp']);
    expect(await push(1, dispatched(32, [[3, 1_000]], { transfer: 31, to: 9 }))).toEqual(['notYours']);
    expect(await push(1, send)).toEqual(['accepted']);
    const other = dispatched(33, [[3, 500]], { transfer: 33 });
    expect(await push(1, { ...other, number: send.number, sequence: send.sequence })).toEqual(['numberTaken']);
    expect(await push(1, dispatched(34, [[3, 500]], { transfer: 31, to: 3 }))).toEqual(['notYours']);
    expect(await push(2, { ...received(35, send), dispatchId: 'x' } as never)).toEqual(['unreadable']);
    expect(await push(1, { ...send, note: 'another' })).toEqual(['changed']);
    expect(await levels(3)).toEqual({ stock: [-1_000], onWay: 1_000, lost: 0 });
  });

  it('counts goods that went though it was called off, and shows it', async () => {
    const way = { transfer: 41 };
    await push(2, requested(40, [[4, 1_000]], way), calledOff(41, 'transferCancelled', way));
    expect((await oneOf(41))?.head.state).toBe('cancelled');
    expect(await push(1, dispatched(42, [[4, 1_000]], way))).toEqual(['accepted']);
    expect((await oneOf(41))?.head).toMatchObject({ state: 'inTransit', hasConflict: true });
  });
});

describe('head office', () => {
  const transferId = '01935000-0000-7000-8000-0000000000f1' as Uuid;
  const wanted = (from: number, to: number, qty = 4_000) => ({
    transferId,
    fromStoreId: storeIdOf(from),
    toStoreId: storeIdOf(to),
    lines: [{ itemId: itemIdOf(1), qtyMilli: qty as Milli }],
    note: '',
  });

  it('asks once for what it asks twice, and calls off only what has not gone', async () => {
    const asked = await owner.call(transferApi.request, wanted(1, 2));
    expect(asked.body).toMatchObject({ ok: true, transfer: { state: 'requested', items: 1 } });
    expect((await owner.call(transferApi.request, wanted(1, 2))).body).toEqual(asked.body);
    expect((await oneOf(0)) ?? null).toBeNull();
    expect((await owner.call(transferApi.callOff, { transferId, note: '' })).body).toMatchObject({
      ok: true,
      transfer: { state: 'cancelled' },
    });
    const gone = dispatched(51, [[5, 1_000]], { transfer: 51 });
    await push(1, gone);
    const late = await owner.call(transferApi.callOff, { transferId: gone.transferId, note: '' });
    expect(late.body).toEqual({ ok: false, reason: 'tooLate' });
  });

  it('refuses the same store, no quantity, and stores of two GSTINs', async () => {
    const reply = async (input: ReturnType<typeof wanted>) => (await owner.call(transferApi.request, input)).body;
    expect(await reply(wanted(1, 1))).toMatchObject({ reason: 'sameStore' });
    expect(await reply(wanted(1, 2, 0))).toMatchObject({ reason: 'quantity' });
    for (const [n, gstin] of [
      [1, '08ABCDE1234F1Z5'],
      [3, '27ABCDE1234F1Z5'],
    ] as const) {
      const content = JSON.stringify({ name: 'S', address: 'A', stateCode: gstin.slice(0, 2), gstin });
      seq += 1;
      await office.app.inject({
        method: 'POST',
        url: '/v1/sync/push',
        headers: { authorization: tills.get(n)?.authorization ?? '' },
        payload: { entries: [{ seq, kind: 'shopTold', id: randomUUID(), atMs: 5, content }] },
      });
    }
    expect(await reply({ ...wanted(1, 3), transferId: randomUUID() as Uuid })).toMatchObject({ reason: 'invoiceDue' });
  });

  it("shows a region's people theirs, and lets them ask only between their own stores", async () => {
    const kota = await openPerson(office, ours, { email: 'kota@a.in', role: 'region', region: 'Kota' });
    expect((await kota.call(transferApi.transfers, { limit: 50 })).body).toEqual({
      transfers: [],
      open: 0,
      inTransitPaise: 0,
    });
    expect((await kota.call(transferApi.transfer, { transferId })).body).toBeNull();
    expect((await kota.call(transferApi.request, { ...wanted(1, 3), transferId: randomUUID() as Uuid })).status).toBe(
      404,
    );
    expect((await kota.call(transferApi.callOff, { transferId, note: '' })).status).toBe(404);
    const jaipur = await openPerson(office, ours, { email: 'jaipur@a.in', role: 'region', region: 'Jaipur' });
    const theirs = (await jaipur.call(transferApi.transfers, { limit: 2 })).body;
    expect(theirs.transfers.length).toBe(2);
    const onWay = await office.pool.query(
      'SELECT sum(in_transit_paise) AS paise FROM store_transfer WHERE store_id = from_store_id',
    );
    expect(theirs).toMatchObject({ inTransitPaise: Number(onWay.rows[0].paise) });
    expect(theirs.open).toBeGreaterThan(2);
  });
});
