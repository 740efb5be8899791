/** The plain-Node host: loopback only, a token, Host and Origin checked, one till on a folder; and a full disk. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { assemble } from '#till/assemble.ts';
import { ShopNotOpened, startTill, type StartedTill } from '#till/node.ts';
import { makeFolder } from '../fixtures/sample-shop.ts';
import { canMount, mountSmallDisk } from '../fixtures/small-disk.ts';

const listen = async () => {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen({ host: '127.0.0.1', port: 0 }, done);
  });
  return server;
};

let folder: ReturnType<typeof makeFolder>;
let started: StartedTill;
beforeEach(async () => {
  folder = makeFolder();
  const rendererDir = join(folder.dir, 'page');
  mkdirSync(rendererDir);
  writeFileSync(join(rendererDir, 'index.html'), '<html><head><style nonce="__CSP_NONCE__"></style></head></html>');
  writeFileSync(join(rendererDir, 'secret.key'), 'no');
  started = await startTill({ shopDir: folder.dir, server: await listen(), rendererDir, demo: false });
});
afterEach(async () => {
  await started.close();
  folder.remove();
});

type Answer = { readonly status: number; readonly text: string; readonly headers: Record<string, unknown> };
/** By hand, since fetch forbids Host and Origin. */
function call(path: string, headers: Record<string, string> = {}, body: string | null = null): Promise<Answer> {
  const { port } = new URL(started.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method: body === null ? 'GET' : 'POST', headers },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      },
    );
    asked.on('error', reject);
    asked.end(body ?? undefined);
  });
}
const bearer = () => ({ authorization: `Bearer ${started.token}`, 'content-type': 'application/json' });
/** null when the link opened. */
const link = (path: string, headers: Record<string, string> = {}): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${started.url.replace('http', 'ws').replace(/\/$/, '')}${path}`, { headers });
    socket.on('open', () => {
      resolve(null);
      socket.close();
    });
    socket.on('error', (error) => resolve(error.message));
  });

describe('the page', () => {
  it('comes with a fresh nonce, a strict policy and the token; nothing else of the folder does', async () => {
    const first = await call('/');
    const second = await call('/');
    expect(first.status).toBe(200);
    expect(first.text).toContain(`content="${started.token}"`);
    const policy = String(first.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe/);
    const nonce = /nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    expect(first.text).toContain(`nonce="${nonce}"`);
    expect(second.text).not.toContain(nonce);
    expect(first.headers['cache-control']).toBe('no-store');
    for (const path of ['/secret.key', '/../till.json', '/%2e%2e/till.json', '/..%2ftill.json', '/none.js']) {
      expect((await call(path)).status, path).toBe(404);
    }
    expect((await call('/%')).status).toBe(404);
    expect((await call('/')).status).toBe(200);
  });
});

describe('who is let in', () => {
  it('only this PC’s own pages: foreign Host and Origin are refused', async () => {
    const { host } = new URL(started.url);
    expect((await call('/', { host: 'evil.example' })).status).toBe(403);
    expect((await call('/', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await call('/', { origin: `https://${host}` })).status).toBe(403);
    expect((await call('/', { origin: `http://${host}` })).status).toBe(200);
    expect((await call('/health')).text).toBe('{"ok":true}');
  });

  it('only with the token: over HTTP and over the socket', async () => {
    expect((await call('/rpc/shop/get', {}, '{}')).status).toBe(401);
    expect((await call('/rpc/shop/get', { authorization: 'Bearer wrong' }, '{}')).status).toBe(401);
    const answer = await call('/rpc/shop/get', bearer(), '{}');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ json: { isDemo: false } });
    expect((await call('/rpc/no/such', bearer(), '{}')).status).toBe(404);
    const refused = await call('/rpc/bill/get', bearer(), '{"json":{"id":"x"}}');
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text)).toMatchObject({ json: { data: { type: 'InputInvalid', field: 'id' } } });
    expect(await link(`/rpc?token=${started.token}`)).toBeNull();
    expect(await link('/rpc?token=wrong')).toMatch(/403/);
    expect(await link('/rpc')).toMatch(/403/);
    expect(await link(`/other?token=${started.token}`)).toMatch(/403/);
    expect(await link(`/rpc?token=${started.token}`, { origin: 'http://evil.example' })).toMatch(/403/);
  });

  it('a path that is no path does not end the till', async () => {
    expect(await link('//')).toMatch(/403/);
    expect((await call('//')).status).toBe(404);
    expect((await call('/health')).status).toBe(200);
  });
});

describe('the folder', () => {
  it('has till.json while the till runs, for its owner’s eyes only', async () => {
    const file = join(folder.dir, 'till.json');
    const { port, token, pid } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect([`http://127.0.0.1:${port}/`, token, pid]).toEqual([started.url, started.token, process.pid]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
    await started.close();
    expect(existsSync(file)).toBe(false);
  });

  it('takes one till: a second gets a sentence and leaves till.json alone', async () => {
    const server = await listen();
    const second = startTill({ shopDir: folder.dir, server, rendererDir: null, demo: false });
    await expect(second).rejects.toThrow(ShopNotOpened);
    await expect(second).rejects.toThrow(/already open/);
    expect((server.address() as AddressInfo).port).toBeGreaterThan(0);
    server.close();
    expect(existsSync(join(folder.dir, 'till.json'))).toBe(true);
    expect((await call('/health')).status).toBe(200);
  });
});

const mountable = canMount();
describe('a full or read-only disk', () => {
  it.skipIf(!mountable)(
    mountable
      ? 'is said in words, keeps the cart, and the bill goes through once there is room'
      : 'is said in words (skipped: this machine lets no small disk be mounted)',
    async () => {
      const disk = mountSmallDisk(12);
      if (disk === null) throw new Error('no disk');
      const { openDesk, openCounter, refusalOf, scan, cash, codes } = await import('../fixtures/till-desk.ts');
      const desk = await openDesk(disk.dir);
      try {
        await openCounter(desk);
        await scan(desk.rpc, codes.soap);
        await cash(desk.rpc);
        const { cartId } = (await desk.rpc.cart.get()).header;
        const ballast = join(disk.dir, 'ballast');
        const fill = (): void => {
          for (;;) writeFileSync(ballast, Buffer.alloc(4096), { flag: 'a' });
        };
        expect(fill).toThrow(/ENOSPC/);
        let refused = await refusalOf(desk.rpc.bill.commit({ cartId }));
        // Room that the log had set aside may carry a few bills more.
        for (let i = 0; i < 400 && refused === null; i += 1) {
          await scan(desk.rpc, codes.salt);
          await cash(desk.rpc);
          refused = await refusalOf(desk.rpc.bill.commit({ cartId: (await desk.rpc.cart.get()).header.cartId }));
        }
        expect(refused).toEqual({ type: 'DiskFull' });
        expect((await desk.rpc.till.status()).trouble).toBe('diskFull');
        const cart = await desk.rpc.cart.get();
        expect(cart.lines).toHaveLength(1);
        await scan(desk.rpc, codes.soap);
        writeFileSync(ballast, '');
        await cash(desk.rpc);
        const { bill } = await desk.rpc.bill.commit({ cartId: cart.header.cartId });
        expect(await desk.rpc.bill.get({ id: bill.id })).toEqual(bill);
        const numbers = (await desk.rpc.bill.find({ text: '', limit: 500 })).map((b) => Number(b.number.slice(-5)));
        expect(numbers).toEqual(numbers.map((_, i) => numbers.length - i));
      } finally {
        await desk.close();
        disk.remove();
      }
    },
  );
});

describe('assemble', () => {
  it('throws the sentence itself for hosts that only show it', async () => {
    await expect(assemble({ shopDir: folder.dir })).rejects.toThrow(/already open in another BillMitra/);
  });
});
