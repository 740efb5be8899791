/**
 * Asks a real head office for what is somebody else's: every call, every role, both organisations, every shape, with
 * ids of others in every field. Rule kept: a foreign row is counted by what stands in the answer (marks that only its
 * owner may read) or by a command that another's row obeyed; the control takes a policy away and must find some.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishApi } from '#contract/publish.ts';
import { type OfficeCall, officeApi, officeHeader, todayFeedPath } from '#contract/server.ts';
import { instant } from '#core/time.ts';
import { syncShapes } from '#sync-server/shapes/sync-shapes.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { billOf, entryOf } from './isolation-bills.ts';
import { letters, makeWorld, type Visitor, type World } from './isolation-world.ts';
import { type Random, seededRandom } from './seeded-random.ts';

export type IsolationOutcome = {
  readonly requests: number;
  readonly foreignRows: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly endpoints: number;
  readonly perSecond: number;
};
export type IsolationOptions = {
  readonly requests: number;
  readonly seed: number;
  /** Row-level security of stores and tills is taken away. */
  readonly dropPolicy: boolean;
  readonly say: (line: string) => void;
};

/** Would end the visitors' own logins. */
const notAsked = new Set(['signOut', 'refresh', 'changePassword', 'signIn', 'acceptInvite']);
/** Of these only others' rows are named: one's own would be gone for the rest of the run. */
const onlyOthers = new Set(['revokeTill', 'disableAccount']);
/** A foreign row that obeys one of these is a foreign row too. */
const commands = new Set(['revokeTill', 'disableAccount', 'makeCode']);

type Asked = {
  readonly name: string;
  readonly target: string;
  readonly response: Promise<Response>;
  readonly sent: string;
};

const calls: readonly (readonly [string, OfficeCall])[] = [
  ...Object.entries(officeApi),
  ...Object.entries(publishApi),
].filter(([name]) => !notAsked.has(name)) as readonly (readonly [string, OfficeCall])[];

function headersOf(visitor: Visitor, random: Random): Record<string, string> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    [officeHeader]: random.isLikely(0.97) ? '1' : '0',
    ...(cookie === '' ? {} : { cookie }),
    ...(visitor.authorization === null ? {} : { authorization: visitor.authorization }),
  };
}

/** Every field that a call of any table knows; each call's schema takes its own. */
function bodyOf(world: World, visitor: Visitor, random: Random, name: string): Record<string, unknown> {
  const { a, b } = world.organisations;
  const others = visitor.tenant === 'a' ? b : a;
  const own = visitor.tenant === 'b' ? b : a;
  const of = onlyOthers.has(name) || random.isLikely(0.6) ? others : own;
  // The first of A's has its twin at B: there the same ids are B's own.
  const store = random.pick(onlyOthers.has(name) ? of.stores.slice(1) : of.stores);
  const scope = random.pick([
    { kind: 'all' },
    { kind: 'region', region: store.region },
    { kind: 'stores', storeIds: [store.storeId] },
  ]);
  return {
    storeId: store.storeId,
    tillId: onlyOthers.has(name) || random.isLikely(0.8) ? store.tillId : random.pick(others.stores).tillId,
    accountId: random.pick(of.accountIds),
    tenantId: of.tenantId,
    region: random.isLikely(0.9) ? store.region : null,
    role: random.pick(['chain', 'region', 'store']),
    name: `made ${random.below(50)}`,
    storeName: 'made',
    password: 'wrong',
    code: '000000',
    text: random.pick(['', 'Salt', store.itemName]),
    limit: 100,
    itemId: store.itemId,
    revision: 0,
    change: { name: 'made', sellingPricePaise: 100 },
    lines: [{ itemId: store.itemId, change: { sellingPricePaise: 100 } }],
    scope,
    publicationId: random.uuid(),
    proposalId: random.uuid(),
    effectiveAtMs: 0,
    decision: 'reject',
    state: 'open',
  };
}

function ask(url: string, world: World, visitor: Visitor, random: Random): Asked {
  const headers = headersOf(visitor, random);
  const kind = visitor.role === 'till' ? random.pick(['shape', 'push', 'call'] as const) : 'call';
  if (kind === 'shape') {
    const name = random.pick(Object.keys(syncShapes));
    const victim = random.pick(world.organisations[random.pick(letters)].stores);
    const query = new URLSearchParams({
      offset: '-1',
      table: random.pick(['store', 'bill', 'account', 'store_item']),
      where: `store_id = '${victim.storeId}'`,
      columns: '*',
      store_id: victim.storeId,
      'params[1]': victim.storeId,
    });
    const path = `/v1/sync/shape/${name}?${query}`;
    return { name: `shape ${name}`, target: '', response: fetch(new URL(path, url), { headers }), sent: path };
  }
  if (kind === 'push') {
    const victim = random.pick(world.organisations[random.pick(letters)].stores);
    const sent = JSON.stringify({ entries: [entryOf(billOf(victim, random.uuid(), random.below(90_000) + 2), 2)] });
    const more = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: sent };
    return { name: 'push', target: '', response: fetch(new URL('/v1/sync/push', url), more), sent };
  }
  if (random.isLikely(0.02)) {
    const stop = new AbortController();
    const first = fetch(new URL(todayFeedPath, url), { headers, signal: stop.signal }).then(async (answer) => {
      if (answer.body === null || !answer.ok) return answer;
      const { value } = await answer.body.getReader().read();
      stop.abort();
      return new Response(value ?? null, { status: answer.status });
    });
    return { name: 'todayFeed', target: '', response: first, sent: '' };
  }
  const [name, call] = random.pick(calls);
  const body = bodyOf(world, visitor, random, name);
  const target = name === 'disableAccount' ? String(body['accountId']) : String(body['storeId']);
  if (call.method === 'GET') {
    const path = `${call.path}?${new URLSearchParams(body as Record<string, string>)}`;
    return { name, target, response: fetch(new URL(path, url), { headers }), sent: path };
  }
  const sent = JSON.stringify(body);
  const more = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: sent };
  return { name, target, response: fetch(new URL(call.path, url), more), sent };
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
    let foreignRows = 0;
    const statuses: Record<string, number> = {};
    const seen = new Set<string>();
    const startedMs = performance.now();
    const one = async (): Promise<void> => {
      const visitor = random.pick(world.visitors);
      // Each person may ask a hundred times a minute: the server's clock goes on, an hour's token lasts for all.
      clock.nowMs += Math.min(100, Math.floor(3_000_000 / options.requests));
      const asked = ask(server.url, world, visitor, random);
      const answer = await asked.response;
      const text = await answer.text();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      seen.add(asked.name);
      if (answer.status >= 500) options.say(`${asked.name} as ${visitor.name}: ${answer.status} ${text.slice(0, 200)}`);
      const marks = visitor.foreign.filter((mark) => text.includes(mark) && !asked.sent.includes(mark));
      const isForeign = visitor.foreign.includes(asked.target) || onlyOthers.has(asked.name);
      const hasObeyed = answer.ok && commands.has(asked.name) && isForeign;
      const found = [...marks, ...(hasObeyed ? [`obeyed ${asked.target}`] : [])];
      if (found.length > 0) options.say(`${asked.name} as ${visitor.name}: ${found.slice(0, 3).join(', ')}`);
      foreignRows += found.length;
    };
    let left = options.requests;
    const run = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await one();
      }
    };
    await Promise.all(Array.from({ length: 8 }, run));
    const perSecond = Math.round(options.requests / ((performance.now() - startedMs) / 1_000));
    return { requests: options.requests, foreignRows, statuses, endpoints: seen.size, perSecond };
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
