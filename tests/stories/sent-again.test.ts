/** A till and a head office, both real: what was refused is sent again after an update, judged anew, counted once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { codes, type Desk, openCounter, openDesk, pieces, sell, start, uuidKey } from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-again-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
let server: SyncServer;
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock: { now: () => start } });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

let desk: Desk;
let storeNo = 0;
let storeId = '';
beforeEach(async () => {
  storeNo += 1;
  storeId = `01935000-0000-7000-8000-00000000d${String(storeNo).padStart(3, '0')}`;
  desk = await openDesk();
  desk.till().context.settings.save({ series: 'K3T1', tillId: storeId.replace('d', 'e') as Uuid });
  await desk.signIn('owner');
  const { pool, url } = server;
  await pool.query("INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'J')", [
    tenantId,
    storeId,
  ]);
  const expiresAtMs = start + 600_000;
  const asked = { tenantId, storeId, isNewStore: false, storeName: 'J', region: 'North', expiresAtMs };
  await desk.rpc.sync.join({ serverUrl: url, code: await makeCode(pool, asked) });
  await openCounter(desk);
}, 30_000);
afterEach(async () => {
  await desk.close();
});

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1_000; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};
const allSent = async (): Promise<boolean> => (await desk.rpc.sync.state()).toSend === 0;
const rows = async (text: string): Promise<readonly unknown[]> => (await server.pool.query(text, [storeId])).rows;
const sums = () =>
  rows(`SELECT bills::int, sales_paise::int AS sales, (SELECT sum(qty_milli)::int FROM stock_level s
    WHERE s.store_id = d.store_id) AS stock FROM store_day d WHERE store_id = $1`);
const counted = () => rows('SELECT documents::int, refused::int FROM till WHERE store_id = $1');

/** A server that faults over every bill, until it is updated. */
async function sellToOldServer() {
  await until(allSent);
  const check = `CHECK (store_id <> '${storeId}' OR kind <> 'bill' OR content IS NOT NULL)`;
  await server.pool.query(`ALTER TABLE document ADD CONSTRAINT old_server ${check} NOT VALID`);
  const sold = await sell(desk.rpc, codes.soap, codes.soap);
  await until(async () => (await allSent()) && (await desk.rpc.sync.state()).refused === 1);
  await desk.signIn('supervisor');
  return sold;
}
const updateServer = () => server.pool.query('ALTER TABLE document DROP CONSTRAINT old_server');

describe('a bill that was kept aside', () => {
  it('is taken when it is sent again to an updated server, counted once however often it comes', async () => {
    await sellToOldServer();
    const [kept] = await desk.rpc.sync.refused();
    expect(kept).toMatchObject({ state: 'open', reason: 'fault' });
    const seq = kept?.seq ?? 0;
    expect(await sums()).toEqual([]);
    // Not updated yet: it faults again and says so, nothing changes.
    expect(await desk.rpc.sync.sendAgain({ seq })).toMatchObject([{ state: 'open', reason: 'fault' }]);
    const before = await counted();
    await updateServer();
    // Its answer is lost: head office has it, the till does not know.
    expect(await desk.till().context.sync.pushAgain(seq)).toMatchObject({ answers: [{ outcome: 'accepted' }] });
    const once = await sums();
    expect(once).toMatchObject([{ bills: 1, sales: kept?.payablePaise }]);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 1 });
    const both = await Promise.all([1, 2].map(() => desk.rpc.sync.sendAgain({ seq })));
    expect(both).toMatchObject([[{ state: 'sentAgain', decidedBy: 'Sita' }], [{ state: 'sentAgain' }]]);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 0 });
    expect(await sums()).toEqual(once);
    expect(before).toMatchObject([{ refused: 1 }]);
    await until(allSent);
    expect(await counted()).toMatchObject([{ refused: 0 }]);
    // What it was told stays, the text is whole, and pushing all again changes nothing.
    const reason = "SELECT rejection->>'reason' AS reason, refusal_no FROM document_refusal WHERE store_id = $1";
    expect(await rows(reason)).toEqual([{ reason: 'fault', refusal_no: 1 }]);
    desk.till().context.tables.transact(() => desk.till().context.tables.journal.sendAgainAfter(0));
    desk.till().context.sync.kick();
    await until(allSent);
    expect(await sums()).toEqual(once);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 0 });
  }, 60_000);

  it('is settled by itself when it was taken back whole, and not before', async () => {
    const bill = await sellToOldServer();
    await updateServer();
    const takeBack = (qtyMilli: Milli) =>
      desk.rpc.creditNote.commitForBill({
        key: uuidKey(),
        billId: bill.id,
        lines: [{ billLineNo: 1, qtyMilli, isRestocked: true }],
        reason: 'damaged',
        refundKind: 'cash',
      });
    await takeBack(pieces(1));
    expect(await desk.rpc.sync.refused()).toMatchObject([{ state: 'open' }]);
    const note = (await takeBack(pieces(1))).creditNote.number;
    expect(await desk.rpc.sync.refused()).toMatchObject([{ state: 'reversed', note, decidedBy: 'Sita' }]);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 0 });
    await until(allSent);
    const notes = await rows('SELECT source, by_name, note FROM refusal_note WHERE store_id = $1');
    expect(notes).toEqual([{ source: 'reversed', by_name: 'Sita', note }]);
  }, 60_000);

  it('stays refused where it adds up no better, says so by the rules of today, and never replaces another', async () => {
    await sellToOldServer();
    await updateServer();
    const [kept] = await desk.rpc.sync.refused();
    const seq = kept?.seq ?? 0;
    // As if head office had kept another text under this id.
    await server.pool.query(`UPDATE document SET text_hash = sha256('x'), content = 'x' WHERE rejection IS NOT NULL`);
    expect(await desk.rpc.sync.sendAgain({ seq })).toMatchObject([{ state: 'open', reason: 'changed' }]);
    expect(await sums()).toEqual([]);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 1 });
    await server.pool.query('UPDATE till SET revoked_at_ms = 1 WHERE store_id = $1', [storeId]);
    await expect(desk.rpc.sync.sendAgain({ seq })).rejects.toMatchObject({ data: { type: 'HeadOfficeSilent' } });
  }, 60_000);
});
