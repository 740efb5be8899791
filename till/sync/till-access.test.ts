/** The till's way to an access token, against a head office of real sockets that loses answers on purpose. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { firstRing, hashOfKey, type KeyRing } from './key-ring.ts';
import { makeTillAccess, type TillAccess } from './till-access.ts';

type Asked = { readonly refresh: string; readonly nextHash: string; readonly earlier?: readonly string[] };
const hourMs = 3_600_000;
let server: Server;
let url = '';
let asked: Asked[] = [];
/** Taken from the front: what becomes of the next call for a token. */
let fates: ('lost' | 'portal' | 'unknown' | 'reused' | 'restored')[] = [];
let waitsFor = '';
let issued = 0;
/** Access tokens that are good. */
let good = new Set<string>();
let uptimeMs = 0;
let ring: KeyRing;
let access: TillAccess;

const secretOf = (): string => randomBytes(32).toString('base64url');
/** The till, started anew: only what was written down is left. */
const start = (): void => {
  access = makeTillAccess({
    url,
    tillId: 't',
    key: {
      get: () => ring,
      set: (to) => {
        ring = to;
      },
    },
    makeSecret: secretOf,
    uptimeMs: () => uptimeMs,
  });
};

beforeEach(async () => {
  [asked, fates, issued, good, uptimeMs] = [[], [], 0, new Set(), 0];
  ring = firstRing(secretOf());
  waitsFor = hashOfKey(ring.refresh);
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const say = (status: number, body: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      if (request.url !== '/v1/sync/token') {
        const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
        return good.has(token) ? say(200, { fine: true }) : say(401, { reason: 'expired' });
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as Asked;
      asked.push(body);
      const fate = fates.shift();
      if (fate === 'portal') return response.writeHead(401).end('<html>Log in to this hotel</html>');
      if (fate === 'unknown' || fate === 'reused') return say(401, { ok: false, reason: fate });
      if (fate === 'restored' && body.earlier === undefined) {
        fates.unshift('restored');
        return say(401, { ok: false, reason: 'unknown' });
      }
      waitsFor = body.nextHash;
      issued += 1;
      const token = `access-token-number-${issued}`;
      good.add(token);
      if (fate === 'lost') return request.socket.destroy();
      return say(200, { ok: true, access: token, livesMs: hourMs });
    });
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  start();
});
afterEach(() => new Promise((go) => server.close(go)));

const call = async (): Promise<number> => (await access.fetch(`${url}/v1/sync/push`)).status;

it('turns its key once for many calls, and again when its hour is nearly over', async () => {
  expect(await Promise.all([call(), call(), call()])).toEqual([200, 200, 200]);
  expect(asked).toHaveLength(1);
  uptimeMs += hourMs - 60_000;
  expect(await call()).toBe(200);
  expect(asked).toHaveLength(2);
  expect(hashOfKey(ring.refresh)).toBe(waitsFor);
});

it('turns it when the server says so, whatever its own clocks say, and the call goes on', async () => {
  await call();
  good.clear();
  expect(await call()).toBe(200);
  expect(asked).toHaveLength(2);
});

it('offers the same successor until it is answered: over lost answers, and when it died over one', async () => {
  fates = ['lost', 'lost'];
  await expect(call()).rejects.toThrow();
  await expect(call()).rejects.toThrow();
  start();
  expect(await call()).toBe(200);
  expect(new Set(asked.map((one) => `${one.refresh} ${one.nextHash}`)).size).toBe(1);
  expect(hashOfKey(ring.refresh)).toBe(waitsFor);
  expect(ring.next).toBeNull();
});

it('takes the page of a portal for no network, never for being shut out', async () => {
  fates = ['portal'];
  await expect(call()).rejects.toThrow(TypeError);
  expect(access.shutOut()).toBeNull();
  expect(await call()).toBe(200);
});

it('shows a server that has forgotten the last turns what it used before', async () => {
  await call();
  good.clear();
  await call();
  good.clear();
  fates = ['restored'];
  expect(await call()).toBe(200);
  expect(asked.at(-1)?.earlier).toHaveLength(2);
});

it('says why it is shut out, and keeps its key for the day that it is let in', async () => {
  fates = ['reused'];
  const before = ring.refresh;
  expect(await call()).toBe(401);
  expect(access.shutOut()).toBe('reused');
  expect(ring.refresh).toBe(before);
  expect(await call()).toBe(200);
  expect(access.shutOut()).toBeNull();
});
