/**
 * A window and its walls: isolated, sandboxed, no Node, no menu, nowhere to go but app://till, no
 * permissions, a content policy without unsafe-inline or eval. Rule kept: whatever the page is made to ask for,
 * the answer is no unless it is a file of the built renderer. It knows nothing of bills.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import {
  app,
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  protocol,
  type Session,
  type WebContents,
} from 'electron';

export const origin = 'app://till';
/** Stands in index.html wherever a nonce belongs; replaced at each load. */
const noncePlaceholder = '__CSP_NONCE__';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Mantine writes its variables into one style element: it gets a nonce of this load, no style else is inline. */
export const contentPolicy = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
  "font-src 'self'; media-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Before 'ready': app: is a standard, secure origin, so that the page has one of its own. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, and nothing outside its folder, under app://till. */
export function serveRenderer(folder: string): void {
  protocol.handle('app', async (request) => {
    try {
      const url = new URL(request.url);
      const path = url.pathname === '/' ? 'index.html' : decodeURIComponent(url.pathname.slice(1));
      const file = normalize(join(folder, path));
      const type = contentTypes[extname(file)];
      const isOurs = url.host === 'till' && file.startsWith(folder + sep) && type !== undefined;
      if (request.method !== 'GET' || !isOurs) return notFound();
      const nonce = randomBytes(16).toString('base64');
      const bytes = await readFile(file);
      const body = type.startsWith('text/html') ? bytes.toString('utf8').replaceAll(noncePlaceholder, nonce) : bytes;
      const headers = {
        'content-type': type,
        'content-security-policy': contentPolicy(nonce),
        'x-content-type-options': 'nosniff',
      };
      return new Response(typeof body === 'string' ? body : new Uint8Array(body), { headers });
    } catch (error) {
      console.error(`${request.url}: ${String(error)}`);
      return notFound();
    }
  });
}

/** Every permission is refused, and every request that is not for the renderer's own files. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isAllowedUrl(details.url) }));
  session.on('will-download', (event) => event.preventDefault());
}

/** Whatever WebContents ever comes to be: it opens no window, goes nowhere and embeds nothing. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Opens a window; it is shown when the first picture is ready, so that nobody sees a white flash. */
export function openWindow(preload: string, query: string, place: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...place,
    show: false,
    backgroundColor: '#1a1b1e',
    title: 'BillMitra',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  // One that may not have the keyboard must not take it by being shown either.
  window.once('ready-to-show', () => (place.focusable === false ? window.showInactive() : window.show()));
  // A crashed page comes back by itself: the cart is in the till, so nothing of the sale is lost.
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') window.webContents.reload();
  });
  void window.loadURL(`${origin}/${query}`);
  return window;
}

const notFound = (): Response => new Response('not found', { status: 404 });

const isAllowedUrl = (url: string): boolean =>
  [`${origin}/`, `blob:${origin}/`, 'data:image/'].some((start) => url.startsWith(start)) ||
  (url.startsWith('devtools:') && !app.isPackaged);
