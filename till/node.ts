/**
 * The till in plain Node: HTTP for the page, WebSocket (and HTTP) for the contract. Rule kept: loopback
 * only, a random token, and a check of Host and Origin, so that no other page in the browser and no other
 * PC can reach the till. It adds nothing to what assemble.ts built.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RPCHandler as HttpHandler } from '@orpc/server/node';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { addDays, type Clock } from '#core/time.ts';
import { type Till, tryAssemble } from './assemble.ts';
import type { CallContext } from './context.ts';
import { customerRouter } from './customer-routes.ts';
import { makeDemo } from './demo-make.ts';
import { seedDemoShop } from './demo-shop.ts';
import { logEvent } from './log.ts';
import { openWords } from './open-words.ts';
import { servePageFile } from './page-files.ts';
import { tillRouter } from './router.ts';
import { keepYoungHeapSmall } from './young-heap.ts';

export type StartOptions = {
  readonly shopDir: string;
  /** Listens on 127.0.0.1 already; the till takes it over. */
  readonly server: Server;
  /** Built screens; null serves the contract only. */
  readonly rendererDir: string | null;
  /** Fill an empty folder with the demo shop. */
  readonly demo: boolean;
  /** Days of made-up past that the demo shop gets, ending yesterday; 0 = its catalogue only. */
  readonly demoPastDays?: number | undefined;
  readonly clock?: Clock | undefined;
  /** The thread that runs models, where it is not the usual one. */
  readonly modelProgram?: URL | undefined;
  /** Hears what takes longer than a moment. */
  readonly say?: ((text: string) => void) | undefined;
};

/** Twelve weeks: enough for the forecasts to have learnt the week and to be judged. */
const usualPastDays = 84;
const usualBillsPerDay = 35;

export type StartedTill = {
  readonly url: string;
  readonly token: string;
  readonly till: Till;
  readonly close: () => Promise<void>;
};

/** Thrown when the shop can't be opened; the message is the sentence to show. */
export class ShopNotOpened extends Error {}

/** Opens the shop's folder and serves it on a listening server. Throws ShopNotOpened with a sentence. */
export async function startTill(options: StartOptions): Promise<StartedTill> {
  const till = await openTill(options);
  const { server, shopDir } = options;
  const { port } = server.address() as AddressInfo;
  const token = randomBytes(24).toString('base64url');
  // The page on the customer's screen gets one that opens its feed and nothing else.
  const customerToken = randomBytes(24).toString('base64url');
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const isOurs = (request: IncomingMessage): boolean => {
    const { host, origin } = request.headers;
    if (host === undefined || !hosts.has(host)) return false;
    return origin === undefined || hosts.has(origin.replace(/^http:\/\//, ''));
  };
  const isToken = (given: string | null, wanted = token): boolean =>
    given !== null && given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));

  const overHttp = new HttpHandler<CallContext>(tillRouter);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOurs(request)) return refuseRequest(response, 403, 'This till answers only on this PC.');
    const url = urlOf(request);
    if (url === null) return refuseRequest(response, 404, 'Not found');
    if (url.pathname === '/health') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    } else if (url.pathname.startsWith('/rpc/')) {
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
      if (!isToken(bearer)) return refuseRequest(response, 401, "The token of the shop's till.json is needed.");
      const login = till.context.logins.get(String(request.headers['x-billmitra-login'] ?? '')) ?? null;
      const { matched } = await overHttp.handle(request, response, {
        prefix: '/rpc',
        context: { till: till.context, connection: { login, windowId: null } },
      });
      if (!matched) refuseRequest(response, 404, 'No such method.');
    } else if (options.rendererDir !== null && request.method === 'GET') {
      const isForCustomers = url.searchParams.get('screen') === 'customer';
      await servePageFile(response, options.rendererDir, url.pathname, isForCustomers ? customerToken : token);
    } else refuseRequest(response, 404, 'Not found');
  };

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 * 1024 });
  const overSocket = new SocketHandler<CallContext>(tillRouter);
  const overCustomerSocket = new SocketHandler<CallContext>(customerRouter);
  const upgrade = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    // A caller that hangs up in the middle is no fault of the till.
    socket.on('error', () => socket.destroy());
    const url = isOurs(request) ? urlOf(request) : null;
    const given = url?.pathname === '/rpc' ? url.searchParams.get('token') : null;
    const isCustomer = isToken(given, customerToken);
    if (!isCustomer && !isToken(given)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    socket.setNoDelay(true);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', (error) => logEvent('warn', 'link', { message: error.message }));
      if (isCustomer) {
        const connection = { login: null, windowId: null };
        void overCustomerSocket.upgrade(ws, { context: { till: till.context, connection } });
        return;
      }
      const connection = till.connect();
      ws.on('close', () => till.disconnect(connection));
      void overSocket.upgrade(ws, { context: { till: till.context, connection } });
    });
  };

  server.removeAllListeners('request');
  server.removeAllListeners('upgrade');
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logEvent('error', 'http', { message: String(error) });
      if (!response.headersSent) refuseRequest(response, 500, 'The till could not answer.');
    });
  });
  server.on('upgrade', upgrade);
  const joinFile = join(shopDir, 'till.json');
  writeFileSync(joinFile, JSON.stringify({ port, token, pid: process.pid }), { mode: 0o600 });

  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      rmSync(joinFile, { force: true });
      for (const ws of sockets.clients) ws.terminate();
      server.close();
      server.closeAllConnections();
      await till.close();
    })();
    return closing;
  };
  return { url: `http://127.0.0.1:${port}/`, token, till, close };
}

/** null for a path that is none ("//"): any page on this PC can send it, so it must not throw. */
const urlOf = (request: IncomingMessage): URL | null => URL.parse(request.url ?? '/', 'http://127.0.0.1');

async function openTill(options: StartOptions): Promise<Till> {
  const till = await openFolder(options);
  if (!options.demo || !isBlank(till)) return till;
  const days = options.demoPastDays ?? usualPastDays;
  if (days === 0) {
    seedDemoShop(till.context);
    return till;
  }
  // The past has a clock of its own: this till makes room for one that lives it, and opens again afterwards.
  const lastDate = addDays(till.context.today(), -1);
  await till.close();
  await makeDemo({
    shopDir: options.shopDir,
    days,
    billsPerDay: usualBillsPerDay,
    seed: 1,
    lastDate,
    say: options.say,
  });
  return openFolder(options);
}

async function openFolder(options: StartOptions): Promise<Till> {
  const opened = await tryAssemble(options);
  if (opened.ok) return opened.value;
  const words = openWords(opened.error);
  throw new ShopNotOpened(`${words.en}\n${words.hi}`);
}

const isBlank = (till: Till): boolean =>
  till.context.tables.staff.list().length === 0 &&
  till.context.tables.items.count() === 0 &&
  !till.context.settings.get().isSetUp;

function refuseRequest(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

/** `node till.mjs --shop DIR [--port N] [--renderer DIR] [--demo]`: how benches, fault tests and services run it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      shop: { type: 'string' },
      port: { type: 'string', default: '0' },
      renderer: { type: 'string' },
      demo: { type: 'boolean', default: false },
    },
  });
  if (values.shop === undefined) {
    process.stderr.write('usage: till --shop DIR [--port N] [--renderer DIR] [--demo]\n');
    process.exitCode = 2;
    return;
  }
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen({ host: '127.0.0.1', port: Number(values.port) }, done);
  });
  const started = await startTill({
    shopDir: values.shop,
    server,
    rendererDir: values.renderer ?? null,
    demo: values.demo,
  }).catch((error: unknown) => {
    server.close();
    process.stderr.write(`${error instanceof ShopNotOpened ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return null;
  });
  if (started === null) return;
  keepYoungHeapSmall();
  process.stdout.write(`${JSON.stringify({ url: started.url, token: started.token })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void started.close().then(() => process.exit(0)));
}

if (import.meta.main) await main();
