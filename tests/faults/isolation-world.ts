/**
 * Two organisations in one head office, each with regions, stores, tills, goods, bills and a person of every role, and
 * what of each nobody else may ever read. Rule kept: what is foreign is known by marks (ids and names) that were put
 * in, not by asking the server again.
 */
import type { Pool } from 'pg';
import type { SentContent } from '#contract/sent-shapes.ts';
import { officeApi, officeHeader, type OfficeRole } from '#contract/server.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { releasePlace } from '#sync-server/forecast/release.ts';
import { makeInvite } from '#sync-server/identity/accounts.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { hashOfSecret, newTillSecret } from '../fixtures/office.ts';
import { seedBills } from './isolation-bills.ts';

export const letters = ['a', 'b'] as const;
export type Letter = (typeof letters)[number];

export type WorldStore = {
  readonly storeId: string;
  readonly tillId: string;
  readonly name: string;
  readonly region: string;
  readonly itemId: string;
  readonly itemName: string;
  readonly authorization: string;
};
export type Visitor = {
  readonly name: string;
  readonly tenant: Letter | null;
  readonly role: OfficeRole | 'till' | 'nobody';
  readonly cookies: Map<string, string>;
  readonly authorization: string | null;
  /** Text that must never stand in an answer to it. An item's id is none: head office chooses its own, also that one. */
  readonly foreign: readonly string[];
  /** The same of its own organisation's other stores; some answers name those too (isolation-matrix.ts). */
  readonly siblings: readonly string[];
};
export type Organisation = {
  readonly tenantId: string;
  readonly stores: readonly WorldStore[];
  readonly accountIds: readonly string[];
};
export type World = {
  readonly organisations: Readonly<Record<Letter, Organisation>>;
  readonly visitors: readonly Visitor[];
};

const id = (letter: Letter, kind: string, n: number): string => `01935000-0000-7000-8${kind}-0000000000${letter}${n}`;
const password = 'ten letters and more';

const saltOf = (itemId: string, name: string): Item => ({
  id: itemId as Uuid,
  code: itemId.slice(-4),
  name,
  nameHi: null,
  brand: null,
  category: null,
  unit: 'pc',
  hsn: null,
  taxClassKey: null,
  isInclusive: true,
  mrpPaise: null,
  sellingPricePaise: paise(2_000),
  costPricePaise: null,
  looseSlot: null,
  isActive: true,
  barcodes: [],
  batches: [],
});

/** What tills are told of a model that is there only to be asked for. */
function releaseOf(modelId: string, nowMs: number): SentContent<'modelReleases'> {
  const sha256 = '0'.repeat(64);
  const file = (name: string) => ({ url: `/v1/sync/models/${modelId}/${name}`, sha256, bytes: 1 });
  return {
    kind: 'demand',
    version: '1.0.0+20261101',
    releasedAtMs: nowMs,
    isWithdrawn: false,
    featureSchema: { id: 'demand@1.0', sha256 },
    manifest: file('manifest.json'),
    onnx: file('model.onnx'),
  };
}

async function post(url: string, path: string, body: object): Promise<Response> {
  return fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [officeHeader]: '1' },
    body: JSON.stringify(body),
  });
}

/** `A North 1`: its region is part of its name, so that a name alone says whose it is. */
async function makeOrganisation(pool: Pool, url: string, letter: Letter, nowMs: number): Promise<Organisation> {
  const tenantId = id(letter, '0f0', 0);
  const upper = letter.toUpperCase();
  await pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, `${upper} Kirana Chain`]);
  const stores: WorldStore[] = [];
  for (const [n, region] of [`${upper}-North`, `${upper}-North`, `${upper}-South`].entries()) {
    const store = { storeId: id(letter, '0a0', n + 1), tillId: id(letter, '0b0', n + 1), region };
    const name = `${region} shop ${n + 1}`;
    const asked = { tenantId, storeId: store.storeId, isNewStore: true, storeName: name, region };
    const code = await makeCode(pool, { ...asked, expiresAtMs: nowMs + 60_000 });
    const { storeId, tillId } = store;
    const enrolled = await post(url, '/v1/enrol', {
      code,
      tillId,
      storeId,
      tillName: `${name} till`,
      hasDocuments: true,
      tokenHash: hashOfSecret(newTillSecret()),
    });
    const { access } = (await enrolled.json()) as { access: string };
    const goods = { itemId: id(letter, '0c0', n + 1), itemName: `Salt of ${name}` };
    await publishItems(pool, tenantId, [storeId], [saltOf(goods.itemId, goods.itemName)], nowMs);
    stores.push({ ...store, ...goods, name, authorization: `Bearer ${access}` });
  }
  for (const store of stores) await seedBills(url, store);
  const modelId = id(letter, '0d0', 1);
  await pool.query(
    `INSERT INTO model_release (tenant_id, model_id, kind, version, prefix, content, released_at_ms)
     VALUES ($1, $2, 'demand', '1.0.0+20261101', $3, $4, $5)`,
    [tenantId, modelId, releasePlace(tenantId, modelId), JSON.stringify(releaseOf(modelId, nowMs)), nowMs],
  );
  return { tenantId, stores, accountIds: [] };
}

async function signIn(url: string, code: string, email: string): Promise<Map<string, string>> {
  const answer = await post(url, officeApi.acceptInvite.path, { code, email, password });
  if (!answer.ok) throw new Error(`no account: ${await answer.text()}`);
  return new Map(
    answer.headers.getSetCookie().map((set) => {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      return [name, value];
    }),
  );
}

const marksOfStore = (store: WorldStore): readonly string[] => [
  store.storeId,
  store.tillId,
  store.name,
  store.itemName,
];

export async function makeWorld(pool: Pool, url: string, nowMs: number): Promise<World> {
  const made = {
    a: await makeOrganisation(pool, url, 'a', nowMs),
    b: await makeOrganisation(pool, url, 'b', nowMs),
  };
  const visitors: Visitor[] = [];
  const accountIds: Record<Letter, string[]> = { a: [], b: [] };
  for (const letter of letters) {
    const own = made[letter];
    const other = made[letter === 'a' ? 'b' : 'a'];
    const otherLetter = letter === 'a' ? 'B' : 'A';
    const marks = [
      other.tenantId,
      `${otherLetter}-North`,
      `${otherLetter}-South`,
      `${otherLetter} Kirana Chain`,
      `@${otherLetter.toLowerCase()}.isolation`,
      ...other.stores.flatMap((store) => marksOfStore(store)),
    ];
    const [first] = own.stores;
    if (first === undefined) throw new Error('no store');
    const seats = [
      { role: 'chain', region: null, storeId: null, sees: () => true },
      { role: 'region', region: first.region, storeId: null, sees: (s: WorldStore) => s.region === first.region },
      { role: 'store', region: null, storeId: first.storeId, sees: (s: WorldStore) => s === first },
    ] as const;
    for (const { sees, ...place } of seats) {
      const email = `${place.role}@${letter}.isolation`;
      const code = await makeInvite(pool, own.tenantId, place, nowMs + 60_000);
      visitors.push({
        name: email,
        tenant: letter,
        role: place.role,
        cookies: await signIn(url, code, email),
        authorization: null,
        foreign: marks,
        siblings: own.stores.filter((store) => !sees(store)).flatMap(marksOfStore),
      });
    }
    const found = await pool.query<{ account_id: string }>('SELECT account_id FROM account WHERE tenant_id = $1', [
      own.tenantId,
    ]);
    accountIds[letter].push(...found.rows.map((row) => row.account_id));
    for (const store of own.stores) {
      const siblings = own.stores.filter((one) => one !== store).flatMap(marksOfStore);
      visitors.push({
        name: store.name,
        tenant: letter,
        role: 'till',
        cookies: new Map(),
        authorization: store.authorization,
        foreign: marks,
        siblings,
      });
    }
  }
  // A till of B that gave itself the ids of one of A's: it is B's all the same.
  const [victim] = made.a.stores;
  if (victim === undefined) throw new Error('no store');
  const asked = { tenantId: made.b.tenantId, storeId: victim.storeId, isNewStore: true, storeName: 'Twin' };
  const code = await makeCode(pool, { ...asked, region: 'Twins', expiresAtMs: nowMs + 60_000 });
  const { storeId, tillId } = victim;
  const tokenHash = hashOfSecret(newTillSecret());
  const twin = await post(url, '/v1/enrol', { code, tillId, storeId, tillName: 'Twin', hasDocuments: true, tokenHash });
  const { access } = (await twin.json()) as { access: string };
  const isShared = (mark: string): boolean => mark === storeId || mark === tillId;
  const marksOfA = made.a.stores.flatMap((store) => marksOfStore(store));
  const all = visitors.map((one) =>
    one.tenant === 'b' ? { ...one, foreign: one.foreign.filter((mark) => !isShared(mark)) } : one,
  );
  const nobody = [...marksOfA, ...made.b.stores.flatMap((store) => marksOfStore(store))];
  return {
    organisations: {
      a: { ...made.a, accountIds: accountIds.a },
      b: { ...made.b, accountIds: accountIds.b },
    },
    visitors: [
      ...all,
      {
        name: 'twin',
        tenant: 'b',
        role: 'till',
        cookies: new Map(),
        authorization: `Bearer ${access}`,
        foreign: [made.a.tenantId, ...marksOfA.filter((mark) => !isShared(mark))],
        siblings: [],
      },
      {
        name: 'nobody',
        tenant: null,
        role: 'nobody',
        cookies: new Map(),
        authorization: null,
        foreign: nobody,
        siblings: [],
      },
    ],
  };
}
