/**
 * Electron's main process: the counter's window, the customer's, one till in a process of its own, and ports between
 * them. Rule kept: no message of a page passes through here, only the port does, and only for a page that we serve;
 * the customer's is of a lesser kind. It holds no bill, opens no database and knows none of the till's words.
 */
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  ipcMain,
  Menu,
  MessageChannelMain,
  session,
  type UtilityProcess,
  utilityProcess,
} from 'electron';
import { followSecondDisplay } from './customer-window.ts';
import { lockContents, lockSession, openWindow, origin, registerScheme, serveRenderer } from './window.ts';

const here = import.meta.dirname;
/** A till that falls over more often than this within a minute is not started again. */
const mostRestarts = 3;
const graceMs = 5000;

let window: BrowserWindow | undefined;
let customer: () => BrowserWindow | undefined = () => undefined;
let till: { readonly process: UtilityProcess; readonly spawned: Promise<void> } | undefined;
let isQuitting = false;
const restarts: number[] = [];

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  app.enableSandbox();
  registerScheme();
  // Chromium's own files stay out of the shop's folder.
  app.setPath('userData', join(app.getPath('appData'), 'BillMitra', 'window'));
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('second-instance', focusWindow);
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', closeTillFirst);
  ipcMain.on('till:port', (event) => void handOverPort(event));
  void app.whenReady().then(() => {
    Menu.setApplicationMenu(null);
    lockSession(session.defaultSession);
    serveRenderer(join(here, '..', 'renderer'));
    startTill();
    const preload = join(here, 'preload.cjs');
    window = openWindow(preload, '', { width: 1366, height: 768, minWidth: 1024, minHeight: 600 });
    customer = followSecondDisplay(preload, window);
  });
}

function startTill(): void {
  // --shop DIR and the like are the till's to read; Electron's own switches stay here.
  const own = process.argv.slice(1).filter((arg, i, all) => arg === '--shop' || all[i - 1] === '--shop');
  const env = { UV_THREADPOOL_SIZE: '64', MALLOC_ARENA_MAX: '2', ...process.env }; // Why: tools/install.mjs.
  const child = utilityProcess.fork(join(here, 'till-process.mjs'), own, { serviceName: 'BillMitra till', env });
  till = { process: child, spawned: new Promise((done) => child.once('spawn', () => done())) };
  child.once('exit', (code) => tillEnded(code));
}

function tillEnded(code: number): void {
  till = undefined;
  if (isQuitting) return app.quit();
  restarts.push(Date.now());
  if (restarts.filter((at) => at > Date.now() - 60_000).length > mostRestarts) {
    dialog.showErrorBox(
      'BillMitra',
      `The till stopped (${code}) and could not be started again. Bills already made are safe on this computer. ` +
        'Start BillMitra again; if it stops again, call support before anything is deleted.',
    );
    return app.quit();
  }
  startTill();
  // The page asks for a new port when it is drawn anew; the cart comes back from the till's disk.
  for (const each of [window, customer()]) each?.webContents.reload();
}

/** Makes a channel, gives one end to the till and the other to the page, if it is our page that asks. */
async function handOverPort(event: IpcMainEvent): Promise<void> {
  const frame = event.senderFrame;
  const isCustomer = event.sender === customer()?.webContents;
  const isOurs = frame !== null && frame.parent === null && (isCustomer || event.sender === window?.webContents);
  if (!isOurs || !frame.url.startsWith(`${origin}/`) || till === undefined) return;
  const asked = till;
  await asked.spawned;
  if (asked !== till || frame.isDestroyed()) return;
  const { port1, port2 } = new MessageChannelMain();
  asked.process.postMessage({ type: isCustomer ? 'customerPort' : 'port' }, [port1]);
  frame.postMessage('till:port', null, [port2]);
}

/** Quitting waits for the till to finish what it is writing, but not for ever. */
function closeTillFirst(event: { readonly preventDefault: () => void }): void {
  isQuitting = true;
  if (till === undefined) return;
  event.preventDefault();
  const { process: child } = till;
  child.postMessage({ type: 'close' });
  setTimeout(() => child.kill(), graceMs).unref();
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}
