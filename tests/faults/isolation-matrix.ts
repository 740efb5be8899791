/**
 * What the isolation rig asks: every route that the server has and every call that a table of contract/ names, found by
 * looking, not by a list. Rule kept: a call that is added is asked from then on; a contract's call that no route serves,
 * or a route of head office that no contract names, is a fault of the rig's run.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type OfficeCall, todayFeedPath } from '#contract/server.ts';

export type Endpoint = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Of a contract; null: a till's call, a feed, a page. */
  readonly call: OfficeCall | null;
};

/** Feeds and files of head office: no calls of a table, their fields are in their path and query. */
const feeds = [todayFeedPath];

/**
 * These name other stores of the SAME organisation on purpose; why. Whatever is not here shows a person or a till its
 * own stores only. The other organisation's marks are looked for in all of them.
 */
export const namesSisters: Readonly<Record<string, string>> = {
  'shape stores': 'where goods can be sent to',
  'shape sisterStock': 'what a sister store has of an item',
  'shape sent sisterStock': 'what a sister store has of an item',
  'shape transfers': 'goods come from a sister store',
  transfers: 'goods of one store go to another',
  transfer: 'goods of one store go to another',
  request: 'goods of one store go to another',
  callOff: 'goods of one store go to another',
};

const contractDir = join(import.meta.dirname, '../../contract');
const isCall = (value: unknown): value is OfficeCall =>
  typeof value === 'object' && value !== null && 'path' in value && 'roles' in value && 'input' in value;

/** Every table of every file of contract/. */
export async function contractCalls(): Promise<readonly (readonly [string, OfficeCall])[]> {
  const files = readdirSync(contractDir).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const found: (readonly [string, OfficeCall])[] = [];
  for (const file of files) {
    const exported: Readonly<Record<string, unknown>> = await import(join(contractDir, file));
    for (const table of Object.values(exported)) {
      if (typeof table !== 'object' || table === null) continue;
      for (const [name, call] of Object.entries(table)) if (isCall(call)) found.push([name, call]);
    }
  }
  return found;
}

/** `routes`: `GET /path`, as the server says them. Throws where contract and routes are not one. */
export async function findEndpoints(routes: readonly string[]): Promise<readonly Endpoint[]> {
  const calls = await contractCalls();
  const served = new Set(routes);
  const missing = calls.filter(([, call]) => !served.has(`${call.method} ${call.path}`));
  if (missing.length > 0) throw new Error(`no route serves ${missing.map(([name]) => name).join(', ')}`);
  return routes
    .filter((route) => !route.startsWith('HEAD ') && !route.startsWith('OPTIONS '))
    .map((route): Endpoint => {
      const [method = '', path = ''] = route.split(' ');
      const named = calls.find(([, call]) => call.method === method && call.path === path);
      if (named !== undefined) return { name: named[0], method, path, call: named[1] };
      if (path.startsWith('/v1/office/') && !feeds.includes(path)) {
        throw new Error(`${route} stands in no table of contract/: the rig does not know its fields`);
      }
      return { name: route, method, path, call: null };
    });
}
