/**
 * Asks a real head office for what is somebody else's: every call, every role, both organisations, every shape, with
 * ids of others in every field. Rule kept: a foreign row is counted by what stands in the answer (marks that only its
 * owner may read, and every id of the other organisation's rows) or by a command that another's row obeyed; the control
 * takes a policy away and must find some.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { officeHeader, todayFeedPath } from '#contract/server.ts';
import { instant } from '#core/time.ts';
import { syncShapes } from '#sync-server/shapes/sync-shapes.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { billOf, entryOf } from './isolation-bills.ts';
import { type Hint, inputFor } from './isolation-fields.ts';
import { type Endpoint, findEndpoints, namesSisters } from './isolation-matrix.ts';
import { letters, makeWorld, type Visitor, type World } from './isolation-world.ts';
import { type Random, seededRandom } from './seeded-random.ts';

export type IsolationOutcome = {
  readonly requests: number;
  readonly foreignRows: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly endpoints: number;
  /** Endpoint and visitor: how many there are, and how many were asked. */
  readonly pairs: number;
  readonly pairsAsked: number;
  /** Answers 5xx. */
  readonly faults: number;
  readonly perSecond: number;
};
export type IsolationOptions = {
  readonly requests: number;
  readonly seed: number;
  /** Row-level security of stores and tills is taken away. */
  readonly dropPolicy: boolean;
  readonly say: (line: string) => void;
};

/** Of these only others' rows are named: one's own would be gone for the rest of the run. */
const onlyOthers = new Set(['revokeTill', 'disableAccount', 'enableAccount']);
/** A foreign row that obeys one of these is a foreign row too. */
const commands = new Set([...onlyOthers, 'makeCode']);

type Asked = {
  readonly name: string;
  readonly target: string;
  readonly response: Promise<Response>;
  readonly sent: string;
};
/** Ids of an organisation's rows, by column. */
type Ids = ReadonlyMap<string, readonly string[]>;

function headersOf(visitor: Visitor, random: Random): Record<string, string> {
  // Not the refresh token: signing out is asked for too, and would end the visitor's run.
  const cookie = [...visitor.cookies]
    .filter(([name]) => !name.includes('refresh'))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return {
    [officeHeader]: random.isLikely(0.97) ? '1' : '0',
    ...(cookie === '' ? {} : { cookie }),
    ...(visitor.authorization === null ? {} : { authorization: visitor.authorization }),
  };
}

/** Every id in every table, by organisation and column: what is added by a later migration too. */
async function readIds(pool: Pool, tenantId: string): Promise<Ids> {
  const columns = await pool.query<{ table: string; column: string }>(
    `SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
     JOIN information_schema.columns t USING (table_schema, table_name)
     JOIN pg_class k ON k.relname = c.table_name AND NOT k.relispartition
     WHERE c.table_schema = 'public' AND c.data_type = 'uuid' AND c.column_name <> 'tenant_id'
       AND t.column_name = 'tenant_id'`,
  );
  const ids = new Map<string, string[]>();
  for (const { table, column } of columns.rows) {
    const found = await pool.query<{ id: string }>(
      `SELECT DISTINCT "${column}"::text AS id FROM "${table}" WHERE tenant_id = $1 AND "${column}" IS NOT NULL LIMIT 300`,
      [tenantId],
    );
    ids.set(column, [...(ids.get(column) ?? []), ...found.rows.map((row) => row.id)]);
  }
  return ids;
}

type Asking = {
  readonly url: string;
  readonly world: World;
  readonly ids: Readonly<Record<'a' | 'b', Ids>>;
  readonly visitor: Visitor;
  readonly random: Random;
};

const snakeOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a field is given by its name, the same store for all fields of one request. */
function hintOf({ world, ids, visitor, random }: Asking, name: string): Hint {
  const { a, b } = world.organisations;
  const others = visitor.tenant === 'a' ? b : a;
  const own = visitor.tenant === 'b' ? b : a;
  const isOthers = onlyOthers.has(name) || random.isLikely(0.6);
  const of = isOthers ? others : own;
  // The first of A's has its twin at B: there the same ids are B's own.
  const store = random.pick(onlyOthers.has(name) ? of.stores.slice(1) : of.stores);
  const fixed: Readonly<Record<string, unknown>> = {
    storeId: store.storeId,
    tillId: onlyOthers.has(name) || random.isLikely(0.8) ? store.tillId : random.pick(others.stores).tillId,
    accountId: random.pick(of.accountIds),
    tenantId: of.tenantId,
    itemId: store.itemId,
    region: random.isLikely(0.9) ? store.region : null,
    password: 'wrong, wrong, wrong',
    code: '000000',
    text: random.pick(['', 'Salt', store.itemName]),
    limit: 100,
    revision: 0,
    effectiveAtMs: 0,
    email: `chain@${random.pick(letters)}.isolation`,
  };
  return (field) => {
    if (Object.hasOwn(fixed, field)) return fixed[field];
    if (field.endsWith('StoreId')) return random.pick([...others.stores, ...own.stores]).storeId;
    if (!field.endsWith('Id')) return undefined;
    const known = ids[random.pick(letters)].get(snakeOf(field)) ?? [];
    return known.length > 0 && random.isLikely(0.8) ? random.pick(known) : random.uuid();
  };
}

function ask(asking: Asking, endpoint: Endpoint): Asked {
  const { url, world, visitor, random } = asking;
  const headers = headersOf(visitor, random);
  const hint = hintOf(asking, endpoint.name);
  const victim = random.pick(world.organisations[random.pick(letters)].stores);
  const target = String(hint(endpoint.name.endsWith('Account') ? 'accountId' : 'storeId', random));
  const post = (sent: string): Asked => {
    const more = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: sent };
    const path = endpoint.path.replace(':name', random.pick(Object.keys(syncShapes)));
    return { name: endpoint.name, target, response: fetch(new URL(path, url), more), sent };
  };
  const get = (path: string, name = endpoint.name): Asked => {
    return { name, target, response: fetch(new URL(path, url), { headers }), sent: path };
  };
  if (endpoint.call !== null) {
    const body = inputFor(endpoint.call, hint, random);
    if (endpoint.call.method === 'POST') return post(JSON.stringify(body));
    return get(`${endpoint.path}?${new URLSearchParams(body as Record<string, string>)}`);
  }
  if (endpoint.path === '/v1/sync/push') {
    return post(JSON.stringify({ entries: [entryOf(billOf(victim, random.uuid(), random.below(90_000) + 2), 2)] }));
  }
  if (endpoint.path === todayFeedPath) {
    const stop = new AbortController();
    const first = fetch(new URL(todayFeedPath, url), { headers, signal: stop.signal }).then(async (answer) => {
      if (answer.body === null || !answer.ok) return answer;
      const { value } = await answer.body.getReader().read();
      stop.abort();
      return new Response(value ?? null, { status: answer.status });
    });
    return { name: endpoint.name, target, response: first, sent: '' };
  }
  const fields = {
    offset: '-1',
    table: random.pick(['store', 'bill', 'account', 'store_item']),
    where: `store_id = '${victim.storeId}'`,
    columns: '*',
    store_id: victim.storeId,
    storeId: victim.storeId,
    tillId: victim.tillId,
    'params[1]': victim.storeId,
    code: 'AAAABBBB',
    tillName: 'made',
    hasDocuments: true,
    tokenHash: 'ab'.repeat(32),
    refresh: random.uuid(),
    verdicts: [{ modelId: String(hint('modelId', random)), what: 'refused', why: 'worse', atMs: 1, figures: {} }],
    nextHash: 'cd'.repeat(32),
  };
  if (endpoint.method !== 'GET') return post(JSON.stringify(fields));
  // A shape, an audit, a file: what its path leaves open is a shape's name or somebody's id.
  const name = random.pick([...Object.keys(syncShapes), 'store', '../../health']);
  const path = endpoint.path
    .replace(':name', encodeURIComponent(name))
    .replace(':modelId', String(hint('modelId', random)))
    .replace(':file', 'model.onnx')
    .replaceAll(/:\w+/g, () => victim.storeId)
    .replace('*', victim.storeId);
  const isShape = endpoint.path.startsWith('/v1/sync/') && endpoint.path.includes(':name');
  return get(
    `${path}?${new URLSearchParams(fields as unknown as Record<string, string>)}`,
    isShape ? `shape ${name}` : undefined,
  );
}

const idsIn = (text: string): readonly string[] => text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];

type AllIds = Readonly<Record<'a' | 'b', Ids>> & { readonly all: Readonly<Record<'a' | 'b', ReadonlySet<string>>> };
async function readAll(pool: Pool, { organisations }: World): Promise<AllIds> {
  const [a, b] = [await readIds(pool, organisations.a.tenantId), await readIds(pool, organisations.b.tenantId)];
  const flat = (ids: Ids) => new Set([...ids.values()].flat());
  return { a, b, all: { a: flat(a), b: flat(b) } };
}

export async function askForOthers(options: IsolationOptions): Promise<IsolationOutcome> {
  const random = seededRandom(options.seed);
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-isolation-'));
  const clock = { nowMs: Date.UTC(2026, 10, 20, 6) };
  const server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    clock: { now: () => instant(clock.nowMs) },
  });
  try {
    const world = await makeWorld(server.pool, server.url, clock.nowMs);
    if (options.dropPolicy) {
      await server.pool.query(
        'ALTER TABLE store DISABLE ROW LEVEL SECURITY; ALTER TABLE till DISABLE ROW LEVEL SECURITY',
      );
    }
    const endpoints = await findEndpoints(server.routes);
    const pairs = endpoints.flatMap((endpoint) => world.visitors.map((visitor) => ({ endpoint, visitor })));
    let ids = await readAll(server.pool, world);
    /** What somebody of an organisation has sent may stand in its rows from then on. */
    const everSent = { a: new Set<string>(), b: new Set<string>() };
    let foreignRows = 0;
    let faults = 0;
    const statuses: Record<string, number> = {};
    const seen = new Set<string>();
    const startedMs = performance.now();
    const one = async (at: number): Promise<void> => {
      const { endpoint, visitor } = pairAt(at);
      // Each person may ask a hundred times a minute: the server's clock goes on, an hour's token lasts for all.
      clock.nowMs += Math.min(100, Math.floor(3_000_000 / options.requests));
      const asked = ask({ url: server.url, world, ids, visitor, random }, endpoint);
      for (const id of idsIn(asked.sent)) if (visitor.tenant !== null) everSent[visitor.tenant].add(id);
      const answer = await asked.response;
      const text = await answer.text();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      seen.add(`${endpoint.name} ${visitor.name}`);
      if (answer.status >= 500) {
        faults += 1;
        options.say(`${asked.name} as ${visitor.name}: ${answer.status} ${text.slice(0, 200)}`);
      }
      const forbidden = [...visitor.foreign, ...(namesSisters[asked.name] === undefined ? visitor.siblings : [])];
      const marks = forbidden.filter((mark) => text.includes(mark) && !asked.sent.includes(mark));
      const strange = idsIn(text).filter((id) => isForeignId(id, visitor) && !asked.sent.includes(id));
      const isForeign = [...visitor.foreign, ...visitor.siblings].includes(asked.target) || onlyOthers.has(asked.name);
      const hasObeyed = answer.ok && commands.has(asked.name) && isForeign;
      const found = [...new Set([...marks, ...strange, ...(hasObeyed ? [`obeyed ${asked.target}`] : [])])];
      if (found.length > 0) options.say(`${asked.name} as ${visitor.name}: ${found.slice(0, 3).join(', ')}`);
      foreignRows += found.length;
    };
    /** An id of the other organisation's rows, of none of one's own, that nobody of one's own ever sent. */
    const isForeignId = (id: string, { tenant }: Visitor): boolean => {
      if (tenant === null) return has('a', id) || has('b', id);
      return has(tenant === 'a' ? 'b' : 'a', id) && !has(tenant, id) && !everSent[tenant].has(id);
    };
    const has = (letter: 'a' | 'b', id: string): boolean => ids.all[letter].has(id);
    let order: typeof pairs = [];
    /** Every pair once, in another order each round. */
    const pairAt = (at: number) => {
      if (at % pairs.length === 0) {
        order = pairs
          .map((pair) => ({ pair, by: random.fraction() }))
          .toSorted((x, y) => x.by - y.by)
          .map(({ pair }) => pair);
      }
      const pair = order[at % pairs.length];
      if (pair === undefined) throw new Error('no pairs');
      return pair;
    };
    let asked = 0;
    const run = async (): Promise<void> => {
      while (asked < options.requests) {
        const at = asked;
        asked += 1;
        await one(at);
        // What the run itself has made is asked for too.
        if (at % 1_000 === 999) ids = await readAll(server.pool, world);
      }
    };
    await Promise.all(Array.from({ length: 8 }, run));
    const perSecond = Math.round(options.requests / ((performance.now() - startedMs) / 1_000));
    return {
      requests: options.requests,
      foreignRows,
      statuses,
      endpoints: endpoints.length,
      pairs: pairs.length,
      pairsAsked: seen.size,
      faults,
      perSecond,
    };
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
