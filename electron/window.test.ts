/** The walls of the window, against the fake electron: what is refused, what is served, what is set. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session, WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeContents, type FakeElectron, type Handler, makeFakeElectron } from '#tests/electron/fake-electron.ts';

let fake: FakeElectron;
let folder: string;

async function load(options: Parameters<typeof makeFakeElectron>[0] = {}) {
  fake = makeFakeElectron(options);
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  return import('./window.ts');
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billmitra-window-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'renderer', 'index.html'), '<style nonce="__CSP_NONCE__"></style>');
  writeFileSync(join(folder, 'renderer', 'assets', 'a b.js'), 'x');
  writeFileSync(join(folder, 'renderer', 'shop.db'), 'x');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.doUnmock('electron');
});

describe('the content policy', () => {
  it('has no unsafe-inline, no eval, no foreign host, and starts from nothing', async () => {
    const { contentPolicy } = await load();
    const policy = contentPolicy('abc');
    expect(policy).not.toMatch(/unsafe|\*|https?:|ws:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'nonce-abc';");
  });
});

describe('app://till', () => {
  const serve = async (): Promise<Handler> => {
    const { serveRenderer } = await load();
    serveRenderer(join(folder, 'renderer'));
    const handler = fake.served.get('app');
    if (handler === undefined) throw new Error('nothing handles app:');
    return handler;
  };
  // A Request of Node refuses no scheme, as Chromium's would once app: is registered.
  const get = (handler: Handler, url: string, method = 'GET') => handler({ url, method } as Request);

  it('is registered as a secure origin of its own', async () => {
    const { registerScheme } = await load();
    registerScheme();
    expect(fake.electron.protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });
  it('serves the page with a nonce of this load, in the header and in the page', async () => {
    const handler = await serve();
    const [one, two] = [await get(handler, 'app://till/'), await get(handler, 'app://till/')];
    const nonce = /nonce="([^"]{22,})"/.exec(await one.text())?.[1] ?? 'none';
    expect(one.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(await two.text()).not.toContain(nonce);
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
  });
  it('serves the files of the renderer by their type', async () => {
    const file = await get(await serve(), 'app://till/assets/a%20b.js');
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toContain('text/javascript');
  });
  it.each([
    'app://till/../secret.html',
    'app://till/%2e%2e%2fsecret.html',
    'app://till/..%5csecret.html',
    'app://till/assets/../../secret.html',
    'app://other/index.html',
    'app://till/shop.db',
    'app://till/nothing.js',
    'app://till/%ff',
    'app://till/assets',
  ])('refuses %s', async (url) => {
    const quiet = vi.spyOn(console, 'error').mockReturnValue();
    expect((await get(await serve(), url)).status).toBe(404);
    quiet.mockRestore();
  });
  it('refuses anything but GET', async () => {
    expect((await get(await serve(), 'app://till/', 'POST')).status).toBe(404);
  });
});

describe('the session', () => {
  const lock = async (options: Parameters<typeof makeFakeElectron>[0] = {}) => {
    const { lockSession } = await load(options);
    lockSession(fake.session as unknown as Session);
  };
  it('refuses every permission, asked or checked', async () => {
    await lock();
    const ask = fake.session.setPermissionRequestHandler.mock.calls[0]?.[0];
    const answers: boolean[] = [];
    ask?.({} as WebContents, 'media', (answer) => answers.push(answer), {
      isMainFrame: true,
      requestingUrl: 'app://till/',
    });
    expect(answers).toEqual([false]);
    const check = fake.session.setPermissionCheckHandler.mock.calls[0]?.[0] as (() => boolean) | undefined;
    expect(check?.()).toBe(false);
    const device = fake.session.setDevicePermissionHandler.mock.calls[0]?.[0] as (() => boolean) | undefined;
    expect(device?.()).toBe(false);
  });
  it.each([
    ['app://till/assets/a.js', false, false],
    ['https://example.in/x', false, true],
    ['http://127.0.0.1:4180/', false, true],
    ['file:///etc/passwd', false, true],
    ['app://tillx/', false, true],
    ['devtools://devtools/x', false, false],
    ['devtools://devtools/x', true, true],
  ])('%s, packaged %s: cancelled %s', async (url, isPackaged, cancel) => {
    await lock({ isPackaged });
    const listener = fake.session.webRequest.onBeforeRequest.mock.calls[0]?.[0] as unknown as (
      details: { url: string },
      answer: (response: unknown) => void,
    ) => void;
    const answer = vi.fn();
    listener({ url }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel });
  });
  it('downloads nothing', async () => {
    await lock();
    const event = { preventDefault: vi.fn() };
    fake.session.emit('will-download', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });
});

describe('contents', () => {
  it('open no window, go nowhere, embed nothing', async () => {
    const { lockContents } = await load();
    const contents = new FakeContents();
    lockContents(contents as unknown as WebContents);
    expect(contents.windowOpenHandler?.({ url: 'https://example.in' })).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const event = { preventDefault: vi.fn() };
      contents.emit(name, event);
      expect(event.preventDefault, name).toHaveBeenCalledOnce();
    }
  });
});

describe('the window', () => {
  it('is isolated, sandboxed and without Node, and is shown once it has a picture', async () => {
    const { openWindow } = await load({ isPackaged: true });
    openWindow('preload.cjs', '', { width: 1366, height: 768 });
    const window = fake.windows[0];
    expect(window?.given.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: false,
      preload: 'preload.cjs',
    });
    expect(window?.loaded).toEqual(['app://till/']);
    expect(window?.shown).toBe(false);
    window?.emit('ready-to-show');
    expect(window?.shown).toBe(true);
  });
  it('comes back when its page has crashed, not when it was closed', async () => {
    const { openWindow } = await load();
    openWindow('preload.cjs', '', { width: 1366, height: 768 });
    const contents = fake.windows[0]?.webContents;
    contents?.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(contents?.reloads).toBe(0);
    contents?.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(contents?.reloads).toBe(1);
  });
});
