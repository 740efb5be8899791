/**
 * A catalogue read by plain requests and by Electric's client, from a real server: the same messages, also where the
 * shape is thrown away in the middle and begun anew. Rule kept: both begin at the start and both see it end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, ShapeStream } from '@electric-sql/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { enrol, makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer as Office } from '#sync-server/start.ts';
import { newTillSecret } from '#tests/fixtures/office.ts';
import { sampleIds } from '#tests/fixtures/sample-shop.ts';
import { makeGoods } from '#tests/bench/sync/shapes.ts';
import { hashOfKey } from '#till/sync/key-ring.ts';
import { messagesIn, readFromStart, type TextRow } from '#till/sync/read-from-start.ts';
import type { SyncServer } from '#till/sync/till-access.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-readers-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeId = '01935000-0000-7000-8000-00000000bbbb';
let office: Office;
let access = '';
// A page is 4 MB: three of them.
const goods: readonly Item[] = makeGoods(1_200).map((item) => ({
  ...item,
  name: `${item.name} "},{"आटा\\`,
  category: `},\n{"${'long '.repeat(1_600)}`,
}));
beforeAll(async () => {
  await layPostgres(dir);
  office = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0 });
  await office.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
  const asked = { tenantId, storeId, isNewStore: true, storeName: 'Jaipur', region: 'North' };
  const code = await makeCode(office.pool, { ...asked, expiresAtMs: Date.now() + 600_000 });
  const tillId = sampleIds()();
  const who = { code, tillId, storeId, tillName: 'Till 1', hasDocuments: false };
  const joined = await enrol(office.pool, { ...who, tokenHash: hashOfKey(newTillSecret()) }, Date.now());
  if (!joined.ok) throw new Error(JSON.stringify(joined));
  access = joined.access;
  await publishItems(office.pool, tenantId, [storeId], goods, Date.now());
}, 60_000);
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** `onFurther`: before a page behind the first one is asked for the first time. */
function till(onFurther: () => Promise<void>): SyncServer & { readonly statuses: number[] } {
  const statuses: number[] = [];
  let further: Promise<void> | null = null;
  return {
    url: office.url,
    statuses,
    fetch: async (input, init) => {
      if (!String(input).includes('offset=-1')) await (further ??= onFurther());
      const answer = await fetch(input, { ...init, headers: { authorization: `Bearer ${access}` } });
      statuses.push(answer.status);
      return answer;
    },
  };
}
type Said = { readonly what: string; readonly id: string; readonly content: string };
const said = (message: Message<TextRow>): Said =>
  'value' in message
    ? {
        what: String(message.headers.operation),
        id: message.value['item_id'] ?? '',
        content: message.value['item'] ?? '',
      }
    : { what: String((message.headers as { control?: string }).control), id: '', content: '' };
const later = (work: () => void): (() => void) => {
  const timer = setTimeout(work, 20);
  return () => clearTimeout(timer);
};

async function byPlainRequests(server: SyncServer): Promise<readonly Said[]> {
  const all: Said[] = [];
  const { signal } = new AbortController();
  let place: unknown = null;
  for await (const part of readFromStart({ server, shape: 'catalogue', signal, later, pieceLength: 100_000 })) {
    all.push(...part.messages.map(said));
    place = part.place;
  }
  expect(place).not.toBeNull();
  return all;
}
function byClient(server: SyncServer): Promise<readonly Said[]> {
  const all: Said[] = [];
  const stopping = new AbortController();
  const url = `${server.url}/v1/sync/shape/catalogue`;
  const asText = (text: string): string => text;
  return new Promise((done, fail) => {
    const stream = new ShapeStream<TextRow>({
      url,
      fetchClient: server.fetch,
      parser: { uuid: asText, jsonb: asText },
      signal: stopping.signal,
      onError: fail,
    });
    stream.subscribe((messages: Message<TextRow>[]) => {
      all.push(...messages.map(said));
      if (all.at(-1)?.what !== 'up-to-date') return;
      stopping.abort();
      done(all);
    });
  });
}
/** Rows of one page have no order between two readings of a shape that was made anew. */
const inParts = (all: readonly Said[]): readonly (readonly Said[])[] => {
  const at = all.findIndex(({ what }) => what === 'must-refetch');
  const byId = (part: readonly Said[]): Said[] => part.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return at < 0 ? [all] : [byId(all.slice(at))];
};

it('both give the same messages in the same order', async () => {
  const server = till(async () => undefined);
  const ours = await byPlainRequests(server);
  expect(server.statuses.length).toBeGreaterThan(2);
  expect(ours.filter(({ what }) => what === 'insert')).toHaveLength(goods.length);
  expect(ours.at(-1)?.what).toBe('up-to-date');
  expect(ours).toEqual(await byClient(till(async () => undefined)));
}, 30_000);

it('both say that all is void when the shape ends in the middle, and then all of the new one', async () => {
  const refill = async (): Promise<void> => {
    await office.pool.query('TRUNCATE store_item');
    await publishItems(office.pool, tenantId, [storeId], goods.slice(0, 900), Date.now());
    await new Promise((go) => setTimeout(go, 500));
  };
  const first = till(refill);
  const ours = inParts(await byPlainRequests(first));
  expect(first.statuses).toContain(409);
  const theirs = inParts(await byClient(till(refill)));
  expect(ours).toHaveLength(1);
  expect(ours[0]?.filter(({ what }) => what === 'insert')).toHaveLength(900);
  expect(ours).toEqual(theirs);
}, 30_000);

it('a cut in the middle of a text is not made, and what is no list is not read', () => {
  const [a, b] = [
    { headers: {}, value: { item: '},{"x' } },
    { headers: {}, value: { item: 'end },{' } },
  ];
  for (const joint of [',', ',\n', ' , ']) {
    const text = `[${JSON.stringify(a)}${joint}${JSON.stringify(b)}${joint}${JSON.stringify(a)}]`;
    for (let length = 1; length < 60; length += 1) {
      expect([...messagesIn(text, length)].flat()).toEqual([a, b, a]);
    }
  }
  expect(() => [...messagesIn('<html>', 10)]).toThrow(SyntaxError);
});
