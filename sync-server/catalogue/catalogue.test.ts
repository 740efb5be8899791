/** On a real Postgres: head office's items, publications to them and what branches propose. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { listItems, saveItem } from './items.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { decideCase, listDecided, listOpen } from './proposals.ts';
import { takeProposal, takeTakenBack } from './take-proposals.ts';
import { listPublications, preview, publish, readPublication } from './publication.ts';
import { takeBack } from './take-back.ts';

const id = (n: number): Uuid => `01935000-0000-7000-8000-${String(n).padStart(12, '0')}` as Uuid;
const who = { tenantId: id(1), region: null, storeId: null, email: 'ravi@example.in' };
const north = { ...who, region: 'North' };
const stores = [id(10), id(11), id(12)];
let postgres: EmbeddedPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await openPostgres(mkdtempSync(join(tmpdir(), 'billmitra-pg-')), 'newest');
  pool = makePool(postgres.url, 4, () => undefined);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('INSERT INTO tenant VALUES ($1, $2)', [who.tenantId, 'Sharma']);
  for (const [i, store] of stores.entries()) {
    const region = i < 2 ? 'North' : 'South';
    await client.query('INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4)', [
      who.tenantId,
      store,
      region,
      `Store ${i}`,
    ]);
    await client.query("INSERT INTO till (tenant_id, store_id, till_id, name) VALUES ($1, $2, $3, 'T')", [
      who.tenantId,
      store,
      id(100 + i),
    ]);
  }
  await client.end();
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const soap = id(50);
const rice = id(51);
const order = (n: number, lines: Parameters<typeof publish>[3]['lines'], scope: Parameters<typeof preview>[3]) => ({
  publicationId: id(n),
  lines,
  scope,
  effectiveAtMs: 5_000,
  note: '',
});

describe("head office's catalogue", () => {
  it('takes a change by the revision its author saw, and answers both sides where another came in between', async () => {
    const change = { name: 'Soap', unit: 'pc', sellingPricePaise: paise(4_500), mrpPaise: paise(5_000) } as const;
    const made = await saveItem(pool, who, { itemId: soap, revision: 0, change }, 1);
    expect(made).toMatchObject({ ok: true, item: { revision: 1, sellingPricePaise: 4_500 } });
    const late = await saveItem(pool, who, { itemId: soap, revision: 0, change: { name: 'Soap bar' } }, 2);
    expect(late).toMatchObject({ ok: false, reason: 'changedMeanwhile', theirs: { name: 'Soap', revision: 1 } });
    const above = await saveItem(
      pool,
      who,
      { itemId: soap, revision: 1, change: { sellingPricePaise: paise(5_001) } },
      2,
    );
    expect(above).toMatchObject({ ok: false, fault: { reason: 'aboveMrp', mrpPaise: 5_000 } });
    await saveItem(
      pool,
      who,
      { itemId: rice, revision: 0, change: { ...change, name: 'Rice 100%', mrpPaise: null } },
      1,
    );
    expect((await listItems(pool, who, { text: '0%', after: null, limit: 10 })).items.map((i) => i.name)).toEqual([
      'Rice 100%',
    ]);
    const first = await listItems(pool, who, { text: '', after: null, limit: 1 });
    expect(first).toMatchObject({ items: [{ name: 'Rice 100%' }], next: rice });
    expect((await listItems(pool, who, { text: '', after: first.next, limit: 1 })).items).toMatchObject([{ id: soap }]);
  });

  it('publishes what may be sold so and refuses the rest line by line; twice is once', async () => {
    const lines = [
      { itemId: soap, change: { sellingPricePaise: paise(4_800) } },
      { itemId: rice, change: { sellingPricePaise: paise(0) } },
      { itemId: id(99), change: { sellingPricePaise: paise(100) } },
    ];
    const region = { kind: 'region', region: 'North' } as const;
    expect(await preview(pool, who, lines, region)).toMatchObject({
      stores: 2,
      tills: 2,
      lines: [
        { oldPaise: 4_500, newPaise: 4_800, marginPaise: null, fault: null },
        { fault: { reason: 'notPositive' } },
        { fault: { reason: 'unknownItem' } },
      ],
    });
    const sent = await publish(pool, who, 10, order(200, lines, region));
    expect(sent).toMatchObject({ publication: { lines: 1, stores: 2, tills: 2, tillsWithIt: 0 } });
    expect(sent.refused.map((line) => line.fault.reason)).toEqual(['notPositive', 'unknownItem']);
    expect(await publish(pool, who, 11, order(200, lines, region))).toEqual(sent);
    expect((await readPublication(pool, who, id(200)))?.missing.map((till) => till.storeName)).toEqual([
      'Store 0',
      'Store 1',
    ]);
    // Head office's own price is changed by what goes to all.
    expect((await listItems(pool, who, { text: 'Soap', after: null, limit: 1 })).items[0]?.sellingPricePaise).toBe(
      4_500,
    );
    await publish(
      pool,
      who,
      12,
      order(201, [{ itemId: soap, change: { sellingPricePaise: paise(4_600) } }], { kind: 'all' }),
    );
    expect((await listItems(pool, who, { text: 'Soap', after: null, limit: 1 })).items[0]).toMatchObject({
      sellingPricePaise: 4_600,
      revision: 2,
    });
  });

  it('takes two at one moment one after the other: both count, in one order, and one order sent twice is one', async () => {
    const prices = [4_610, 4_620, 4_630, 4_640];
    const sent = await Promise.all(
      prices.flatMap((price, i) => {
        const lines = [
          {
            itemId: soap,
            change: i % 2 === 0 ? { sellingPricePaise: paise(price) } : { costPricePaise: paise(price - 600) },
          },
        ];
        const once = () => publish(pool, who, 13, order(210 + i, lines, { kind: 'all' }));
        return [once(), once()];
      }),
    );
    expect(sent.map((one) => one.publication?.id)).toEqual([0, 0, 1, 1, 2, 2, 3, 3].map((i) => id(210 + i)));
    expect(new Set(sent.map((one) => one.publication?.publishedAtMs)).size).toBe(4);
    const inOrder = sent.toSorted((a, b) => (a.publication?.publishedAtMs ?? 0) - (b.publication?.publishedAtMs ?? 0));
    const last = (isPrice: boolean) =>
      inOrder
        .map((one) => prices.findIndex((_, i) => id(210 + i) === one.publication?.id))
        .findLast((i) => (i % 2 === 0) === isPrice) ?? 0;
    // Neither undid the other's field.
    expect((await listItems(pool, who, { text: 'Soap', after: null, limit: 1 })).items[0]).toMatchObject({
      sellingPricePaise: prices[last(true)],
      costPricePaise: (prices[last(false)] ?? 0) - 600,
    });
  });

  it("lets a region's person publish to their region only", async () => {
    const lines = [{ itemId: soap, change: { sellingPricePaise: paise(4_700) } }];
    const sent = await publish(pool, north, 20, order(202, lines, { kind: 'all' }));
    expect(sent.publication?.stores).toBe(2);
    const south = await publish(pool, north, 20, order(203, lines, { kind: 'stores', storeIds: [id(12)] }));
    expect(south.publication).toBeNull();
    expect((await listPublications(pool, who, 10))[0]).toMatchObject({ id: id(202), publishedBy: 'ravi@example.in' });
  });

  it('a price that is published now counts before one that took effect earlier', async () => {
    const tea = id(59);
    await saveItem(
      pool,
      who,
      { itemId: tea, revision: 0, change: { name: 'Tea', unit: 'pc', sellingPricePaise: paise(2_000) } },
      1,
    );
    const at = (paisa: number) => [{ itemId: tea, change: { sellingPricePaise: paise(paisa) } }];
    await publish(pool, who, 40, { ...order(230, at(2_100), { kind: 'all' }), effectiveAtMs: 9_000 });
    const sent = await publish(pool, who, 9_500, { ...order(231, at(2_200), { kind: 'all' }), effectiveAtMs: 0 });
    expect(sent.publication?.effectiveAtMs).toBe(9_000);
    const [line] = (await preview(pool, who, [{ itemId: tea, change: {} }], { kind: 'all' })).lines;
    expect(line?.storesWithOtherPrice).toBe(0);
  });

  it('prices are put back store by store, at the time of what is taken back and after it; later ones stay', async () => {
    const jam = id(60);
    const first = { name: 'Jam', unit: 'pc', mrpPaise: paise(9_900), sellingPricePaise: paise(8_000) } as const;
    await saveItem(pool, who, { itemId: jam, revision: 0, change: first }, 1);
    const at = (paisa: number) => [{ itemId: jam, change: { sellingPricePaise: paise(paisa) } }];
    // Store 0 sells it cheaper than the rest.
    await publish(pool, who, 9_600, {
      ...order(240, at(7_500), { kind: 'stores', storeIds: [id(10)] }),
      effectiveAtMs: 0,
    });
    const summed = await preview(pool, who, at(8_800), { kind: 'all' });
    expect(summed).toMatchObject({ up: 1, down: 0, same: 0, mostUpBp: 1_000, mostDownBp: 0 });
    const printed = summed.printed[0]?.en.map((row) => row.map((cell) => cell.text).join('|')).join('\n') ?? '';
    expect(printed).toContain('Jam');
    expect(printed).toContain('88.00');
    expect(printed).toContain('99.00');
    const sent = await publish(pool, who, 9_700, { ...order(241, at(8_800), { kind: 'all' }), effectiveAtMs: 20_000 });
    await publish(pool, who, 9_800, { ...order(242, at(9_000), { kind: 'all' }), effectiveAtMs: 30_000 });
    const asked = { publicationId: id(243), of: id(241) };
    // Who sees a part of its stores may not: it would be half taken back.
    expect(await takeBack(pool, north, 9_900, asked)).toEqual({ ok: false, reason: 'unknown' });
    expect(await takeBack(pool, who, 9_900, asked)).toMatchObject({ ok: true });
    const other = { ...north, email: 'sita@example.in' };
    expect(await takeBack(pool, other, 9_900, { ...asked, of: id(242) })).toEqual({ ok: false, reason: 'unknown' });
    // The same command again, and another one for the same, change nothing.
    const again = await takeBack(pool, who, 9_950, { publicationId: id(244), of: id(241) });
    expect(again).toMatchObject({ ok: true, publication: { id: id(243), effectiveAtMs: 20_000, takesBack: id(241) } });
    const list = await listPublications(pool, who, 10);
    expect(list.find((one) => one.id === id(241))?.isTakenBack).toBe(true);
    expect(list.filter((one) => one.takesBack !== null)).toHaveLength(1);
    const rows = await pool.query<{ store_id: string; change: string }>(
      'SELECT store_id, change FROM store_publication_row WHERE publication_id = $1 ORDER BY store_id',
      [id(243)],
    );
    expect(rows.rows.map((row) => JSON.parse(row.change).sellingPricePaise)).toEqual([7_500, 8_000, 8_000]);
    const heads = await pool.query<{ published_at_ms: string; effective_at_ms: string }>(
      'SELECT DISTINCT published_at_ms, effective_at_ms FROM store_publication WHERE publication_id = $1',
      [id(243)],
    );
    expect(Number(heads.rows[0]?.published_at_ms)).toBeGreaterThan(sent.publication?.publishedAtMs ?? 0);
    // Head office's own price is the later publication's: nobody's is undone.
    expect((await listItems(pool, who, { text: 'Jam', after: null, limit: 1 })).items[0]?.sellingPricePaise).toBe(
      9_000,
    );
    const more = [{ itemId: jam, change: { name: 'Fine jam', sellingPricePaise: paise(9_100) } }];
    await publish(pool, who, 9_960, { ...order(245, more, { kind: 'all' }), effectiveAtMs: 40_000 });
    const refused = await takeBack(pool, who, 9_970, { publicationId: id(246), of: id(245) });
    expect(refused).toEqual({ ok: false, reason: 'notOnlyPrices' });
  });
});

describe('what branches wish', () => {
  const till = (n: number) => ({ tenantId: who.tenantId, storeId: stores[n] ?? '', tillId: id(100 + n) });
  const rusk = id(54);
  const wish = (n: number, at: number, base: number, wished: number) =>
    inTenant(pool, who.tenantId, (on) =>
      takeProposal(on, till(at), {
        seq: n,
        kind: 'itemProposed',
        id: id(n),
        atMs: n,
        content: JSON.stringify({
          id: id(n),
          itemId: rusk,
          change: { sellingPricePaise: wished },
          base: { sellingPricePaise: base },
          byName: 'Sita',
        }),
      }),
    );
  const told = async (n: number) => {
    const found = await pool.query("SELECT content FROM sent_row WHERE shape = 'proposals' AND row_key = $1", [id(n)]);
    return JSON.parse(found.rows[0]?.content ?? 'null');
  };
  const ruskCase = async () => (await listOpen(pool, who)).find((one) => one.itemId === rusk);
  beforeAll(async () => {
    const change = {
      name: 'Rusk',
      unit: 'pc',
      sellingPricePaise: paise(5_200),
      mrpPaise: paise(5_500),
      costPricePaise: paise(4_000),
    } as const;
    await saveItem(pool, who, { itemId: rusk, revision: 0, change }, 1);
  });

  it('is listed with what it means, told to its store, and taken once for that store', async () => {
    await wish(400, 0, 5_200, 4_900);
    await wish(400, 0, 5_200, 4_900);
    const one = await ruskCase();
    expect(one).toMatchObject({
      reasons: [],
      proposals: [{ byName: 'Sita', marginPaise: 900, marginNowPaise: 1_200, fault: null }],
    });
    expect(await told(400)).toMatchObject({ state: 'open', change: { sellingPricePaise: 4_900 } });
    const asked = {
      itemId: rusk,
      seen: one?.seen ?? '',
      decision: { kind: 'accept', proposalId: id(400), scope: 'store' },
      note: 'good',
    } as const;
    expect(await decideCase(pool, who, { ...asked, seen: 'x' }, 500)).toEqual({
      ok: false,
      reason: 'changedMeanwhile',
    });
    expect(await decideCase(pool, who, asked, 500)).toEqual({ ok: true });
    expect(await decideCase(pool, who, asked, 501)).toEqual({ ok: false, reason: 'decided' });
    expect(await told(400)).toMatchObject({ state: 'accepted', note: 'good', decidedBy: who.email });
    const sent = await pool.query('SELECT store_id, change FROM store_publication_row WHERE item_id = $1', [rusk]);
    expect(sent.rows).toEqual([{ store_id: stores[0], change: '{"sellingPricePaise":4900}' }]);
    expect((await listItems(pool, who, { text: 'Rusk', after: null, limit: 1 })).items[0]?.sellingPricePaise).toBe(
      5_200,
    );
  });

  it('stands in one conflict with all sides where head office or another branch said otherwise; none is lost', async () => {
    await wish(401, 1, 5_200, 4_800);
    await wish(402, 2, 5_200, 4_700);
    const revision = (await listItems(pool, who, { text: 'Rusk', after: null, limit: 1 })).items[0]?.revision ?? 0;
    await saveItem(pool, who, { itemId: rusk, revision, change: { sellingPricePaise: paise(5_400) } }, 600);
    const one = await ruskCase();
    expect(one?.reasons).toEqual(['officeChanged', 'branchesDiffer']);
    expect(one?.proposals.map((side) => side.fields)).toMatchObject([
      [{ base: 5_200, value: 4_800, office: { value: 5_400, before: 5_200, by: who.email, atMs: 600 } }],
      [{ base: 5_200, value: 4_700, office: { value: 5_400 } }],
    ]);
    const asked = {
      itemId: rusk,
      seen: one?.seen ?? '',
      decision: { kind: 'accept', proposalId: id(401), scope: 'all' },
      note: 'this one',
    } as const;
    await wish(403, 0, 4_900, 4_600);
    expect(await decideCase(pool, who, asked, 700)).toEqual({ ok: false, reason: 'changedMeanwhile' });
    expect(await decideCase(pool, who, { ...asked, seen: (await ruskCase())?.seen ?? '' }, 700)).toEqual({ ok: true });
    expect(await ruskCase()).toBeUndefined();
    expect([await told(401), await told(402), await told(403)].map((row) => row.state)).toEqual([
      'accepted',
      'declined',
      'declined',
    ]);
    const decided = (await listDecided(pool, who)).find((two) => two.itemId === rusk);
    expect(decided?.proposals.find((side) => side.id === id(402))?.fields).toMatchObject([
      { value: 4_700, office: { value: 5_400 } },
    ]);
    expect((await listItems(pool, who, { text: 'Rusk', after: null, limit: 1 })).items[0]?.sellingPricePaise).toBe(
      4_800,
    );
  });

  it('above the MRP is not taken, and what a till takes back is no longer asked', async () => {
    await wish(404, 0, 4_800, 5_600);
    const one = await ruskCase();
    expect(one?.proposals[0]?.fault).toMatchObject({ reason: 'aboveMrp' });
    const asked = {
      itemId: rusk,
      seen: one?.seen ?? '',
      decision: { kind: 'accept', proposalId: id(404), scope: 'store' },
      note: '',
    } as const;
    expect(await decideCase(pool, who, asked, 800)).toMatchObject({
      ok: false,
      reason: 'refused',
      fault: { reason: 'aboveMrp' },
    });
    expect(await told(404)).toMatchObject({ state: 'open' });
    const back = { seq: 9, kind: 'proposalTakenBack', id: id(9), atMs: 900, content: JSON.stringify({ id: id(404) }) };
    await inTenant(pool, who.tenantId, (on) => takeTakenBack(on, till(1), back));
    expect(await told(404)).toMatchObject({ state: 'open' });
    await inTenant(pool, who.tenantId, (on) => takeTakenBack(on, till(0), back));
    expect(await told(404)).toMatchObject({ state: 'takenBack' });
    expect(await ruskCase()).toBeUndefined();
  });
});
