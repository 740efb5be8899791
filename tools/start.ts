/**
 * `npm start`: opens the till. The port answers at once with a page that says what is being made ready; the
 * till takes the same listening server over when it is built. Rule kept: a page in a browser never sees a
 * refused connection between the two. Electron is opened instead where its binary is and nobody asked for a port.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultShopDir } from '#till/shop-folder.ts';
import { electronBinary } from './electron-binary.ts';
import { openInBrowser } from './open-browser.ts';

const root = resolve(import.meta.dirname, '..');
const usualPort = 4180;

/** What till/node.ts answers to: it takes over a server that already listens. */
type StartTill = (options: {
  readonly shopDir: string;
  readonly server: Server;
  readonly rendererDir: string;
  readonly demo: boolean;
  readonly say: (text: string) => void;
}) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>;

type Arguments = {
  readonly shop?: string;
  readonly port?: string;
  readonly fresh: boolean;
  readonly open: boolean;
  readonly demo: boolean;
};

const say = (text: string): void => console.log(text);
let stage = 'Starting…';

try {
  await main();
} catch (error) {
  console.error(`BillMitra could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const args = readArguments();
  if (args === null) return;
  const electron = args.open && args.port === undefined ? electronBinary(root) : null;
  if (electron !== null) return startElectron(electron, shopDirOf(args));
  if (!existsSync(join(root, 'till', 'node.ts'))) {
    console.error('There is no till to start yet: till/node.ts is missing from this checkout.');
    process.exitCode = 1;
    return;
  }
  const server = await listen(args.port);
  if (server === null) return;
  const shopDir = shopDirOf(args);
  const { port } = server.address() as { port: number };
  say(`BillMitra is getting ready on http://127.0.0.1:${port}/ …`);
  say(`  shop's folder: ${shopDir}`);
  await runBuild('till', 'Building the till…');
  await runBuild('renderer', 'Building the screens…');
  stage = 'Opening the shop…';
  const bundle: { startTill: StartTill } = await import(pathToFileURL(join(root, 'dist', 'till', 'till.mjs')).href);
  const progress = (text: string): void => {
    stage = text;
    say(`  ${text}`);
  };
  const rendererDir = join(root, 'dist', 'renderer');
  const till = await bundle.startTill({ shopDir, server, rendererDir, demo: args.demo, say: progress });
  say(`\nBillMitra is open: ${till.url}\n(Ctrl-C closes it)`);
  closeOnSignals(till.close);
  if (args.open) openInBrowser(till.url);
}

function readArguments(): Arguments | null {
  try {
    const { values } = parseArgs({
      options: {
        shop: { type: 'string' },
        port: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
      },
    });
    const { shop, port, fresh } = values;
    if (fresh && shop !== undefined) throw new Error('--fresh makes a shop of its own: leave out --shop');
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 65_536)) throw new Error(`not a port: ${port}`);
    return {
      ...(shop === undefined ? {} : { shop }),
      ...(port === undefined ? {} : { port }),
      fresh,
      open: !values['no-open'],
      // A folder somebody names is a shop of their own: empty, it begins with the set-up questions.
      demo: values.demo || shop === undefined,
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error('usage: npm start -- [--shop DIR [--demo]] [--port N] [--fresh] [--no-open]');
    process.exitCode = 2;
    return null;
  }
}

function shopDirOf(args: Arguments): string {
  if (args.fresh) return mkdtempSync(join(tmpdir(), 'billmitra-fresh-'));
  const dir = args.shop ?? defaultShopDir({ platform: process.platform, env: process.env, home: homedir() });
  return resolve(dir);
}

/** Listens on loopback only. A port that was asked for must be free; the usual one gives way to any other. */
async function listen(asked: string | undefined): Promise<Server | null> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(waitingPage(stage));
  });
  const attempt = (port: number): Promise<NodeJS.ErrnoException | null> =>
    new Promise((done) => {
      server.once('error', done);
      server.listen({ port, host: '127.0.0.1' }, () => {
        server.removeListener('error', done);
        done(null);
      });
    });
  const first = await attempt(asked === undefined ? usualPort : Number(asked));
  if (first === null) return server;
  if (asked === undefined && (await attempt(0)) === null) return server;
  console.error(
    `Port ${asked ?? usualPort} can't be used (${first.code}). Close what uses it, or choose another --port.`,
  );
  process.exitCode = 1;
  return null;
}

/** Nothing but text, and it looks again every second; the till's own page follows at the same address. */
function waitingPage(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>BillMitra</title><body><h1>BillMitra</h1><p role="status">${text}</p></body></html>`;
}

/** In a process of its own, so that the builder's memory is not the till's. */
async function runBuild(part: string, text: string): Promise<void> {
  stage = text;
  const child = spawn(process.execPath, [join(root, 'tools', 'build.ts'), part], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`building the ${part} failed (see above)`);
}

async function startElectron(binary: string, shopDir: string): Promise<void> {
  for (const part of ['renderer', 'electron']) await runBuild(part, 'Building…');
  const child = spawn(binary, [join(root, 'dist', 'electron', 'main.mjs'), '--shop', shopDir], { stdio: 'inherit' });
  closeOnSignals(async () => void child.kill());
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function closeOnSignals(close: () => Promise<void>): void {
  let isClosing = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) {
    // SIGBREAK is Windows' Ctrl-Break and closed console; other platforms don't know it.
    if (signal === 'SIGBREAK' && process.platform !== 'win32') continue;
    process.on(signal, () => {
      if (isClosing) return;
      isClosing = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error('closing the till:', error);
          process.exit(1);
        },
      );
    });
  }
}
