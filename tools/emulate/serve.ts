/**
 * The desk's page on this PC: the picture grows while the device works, the buttons do what a hand would. Rule kept: it
 * answers on loopback only, to pages of its own (Host and Origin are looked at), and sends nothing anywhere.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Desk, useControl } from './desk.ts';
import { pageOf } from './page.ts';

/** A growing paper is shown this often. */
const everyMs = 80;
const mostBody = 20_000;

export async function servePage(
  desk: Desk,
  port = 0,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer = null;
    const text = `data: ${JSON.stringify(desk.view())}\n\n`;
    for (const response of listeners) response.write(text);
  };
  desk.onChange(() => {
    timer ??= setTimeout(tell, everyMs);
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  });
  const isOurs = ({ headers }: IncomingMessage): boolean => {
    const { port: own } = server.address() as AddressInfo;
    const hosts = [`127.0.0.1:${own}`, `localhost:${own}`];
    if (!hosts.includes(headers.host ?? '')) return false;
    return headers.origin === undefined || hosts.includes(headers.origin.replace(/^http:\/\//, ''));
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = URL.parse(request.url ?? '/', 'http://127.0.0.1')?.pathname ?? '';
    if (!isOurs(request)) return void response.writeHead(403).end();
    if (request.method === 'POST' && path.startsWith('/use/')) {
      const isDone = useControl(desk, path.slice('/use/'.length), await bodyOf(request));
      return void response.writeHead(isDone ? 204 : 404).end();
    }
    if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      return void response.end(pageOf(desk));
    }
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`data: ${JSON.stringify(desk.view())}\n\n`);
      listeners.add(response);
      return void response.on('close', () => listeners.delete(response));
    }
    const png = path.startsWith('/paper/') ? desk.paper(path.slice('/paper/'.length)) : null;
    if (png === null) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' }).end(png);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        if (timer !== null) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > mostBody) throw new Error('too much to send to a device at once');
  }
  return text;
}
