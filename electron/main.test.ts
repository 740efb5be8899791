/** The main process against the fake electron: who gets the port, what happens when the till falls over. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeContents, type FakeElectron, FakeFrame, makeFakeElectron } from '#tests/electron/fake-electron.ts';

const argv = process.argv;

async function startShell(options: Parameters<typeof makeFakeElectron>[0] = {}): Promise<FakeElectron> {
  const fake = makeFakeElectron(options);
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  await import('./main.ts');
  await vi.dynamicImportSettled();
  await Promise.resolve();
  return fake;
}

const settle = () => new Promise((done) => setImmediate(done));
const childOf = (fake: FakeElectron, i = 0) => {
  const child = fake.children[i];
  if (child === undefined) throw new Error(`no till process ${i}`);
  return child;
};
const windowOf = (fake: FakeElectron) => {
  const window = fake.windows[0];
  if (window === undefined) throw new Error('no window');
  return window;
};

afterEach(() => {
  process.argv = argv;
  vi.useRealTimers();
  vi.doUnmock('electron');
});

describe('start', () => {
  it('leaves to the window that is already there', async () => {
    const fake = await startShell({ isFirst: false });
    expect(fake.app.quit).toHaveBeenCalledOnce();
    expect([fake.windows, fake.children]).toEqual([[], []]);
  });
  it('puts up the sandbox and the scheme before anything opens; no menu', async () => {
    const fake = await startShell();
    expect(fake.order).toEqual(['enableSandbox', 'registerScheme']);
    expect(fake.electron.Menu.setApplicationMenu).toHaveBeenCalledWith(null);
    expect(fake.windows).toHaveLength(1);
    expect(windowOf(fake).webContents.windowOpenHandler?.({ url: 'x' })).toEqual({ action: 'deny' });
  });
  it("hands the till its shop folder and none of Electron's switches", async () => {
    process.argv = ['electron', '.', '--shop', 'D:\\shop one', '--inspect', '--remote-debugging-port=1'];
    const fake = await startShell();
    expect(childOf(fake).args).toEqual(['--shop', 'D:\\shop one']);
    expect(childOf(fake).path).toMatch(/till-process\.mjs$/);
  });
  it('starts the till with room for ports and little for freed memory', async () => {
    const { env } = childOf(await startShell()).options;
    expect(env).toMatchObject({ UV_THREADPOOL_SIZE: '64', MALLOC_ARENA_MAX: '2', PATH: process.env.PATH });
  });
  it('comes to the front when it is started a second time', async () => {
    const fake = await startShell();
    windowOf(fake).minimized = true;
    fake.app.emit('second-instance');
    expect([windowOf(fake).minimized, windowOf(fake).focused]).toEqual([false, 1]);
  });
});

describe('the port', () => {
  const ask = async (fake: FakeElectron, sender: FakeContents, senderFrame: FakeFrame | null) => {
    fake.electron.ipcMain.emit('till:port', { sender, senderFrame });
    await settle();
  };
  it('goes to our page and to the till, one end each, once the till has been spawned', async () => {
    const fake = await startShell();
    const frame = new FakeFrame('app://till/');
    await ask(fake, windowOf(fake).webContents, frame);
    expect(frame.posted).toEqual([]);
    childOf(fake).emit('spawn');
    await settle();
    expect(frame.posted).toEqual([{ channel: 'till:port', ports: [{ end: 'page' }] }]);
    expect(childOf(fake).posted).toEqual([{ message: { type: 'port' }, ports: [{ end: 'till' }] }]);
  });
  it.each([
    ['another site', () => new FakeFrame('https://example.in/')],
    ['a look-alike host', () => new FakeFrame('app://till.example/')],
    ['a frame inside our page', () => new FakeFrame('app://till/', new FakeFrame('app://till/'))],
    ['a frame that is gone', () => null],
  ])('is refused to %s', async (_, makeFrame) => {
    const fake = await startShell();
    childOf(fake).emit('spawn');
    const frame = makeFrame();
    await ask(fake, windowOf(fake).webContents, frame);
    expect([frame?.posted ?? [], childOf(fake).posted, fake.channels]).toEqual([[], [], []]);
  });
  it('is refused to contents that are not our window', async () => {
    const fake = await startShell();
    childOf(fake).emit('spawn');
    await ask(fake, new FakeContents(), new FakeFrame('app://till/'));
    expect(fake.channels).toEqual([]);
  });
  it('is the only message that is listened to', async () => {
    const fake = await startShell();
    expect(fake.electron.ipcMain.eventNames()).toEqual(['till:port']);
  });
});

describe('a till that falls over', () => {
  it('is started again and the page drawn anew', async () => {
    const fake = await startShell();
    childOf(fake).emit('exit', 139);
    expect(fake.children).toHaveLength(2);
    expect(windowOf(fake).webContents.reloads).toBe(1);
    expect(fake.app.quit).not.toHaveBeenCalled();
  });
  it('is given up after three times within a minute, with a sentence', async () => {
    const fake = await startShell();
    for (const i of [0, 1, 2, 3]) childOf(fake, i).emit('exit', 1);
    expect(fake.children).toHaveLength(4);
    expect(fake.electron.dialog.showErrorBox.mock.calls[0]?.[1]).toContain('safe on this computer');
    expect(fake.app.quit).toHaveBeenCalledOnce();
  });
});

describe('quitting', () => {
  it('waits for the till to close and starts no new one', async () => {
    const fake = await startShell();
    const event = { preventDefault: vi.fn() };
    fake.app.emit('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(childOf(fake).posted).toEqual([{ message: { type: 'close' }, ports: [] }]);
    childOf(fake).emit('exit', 0);
    expect(fake.children).toHaveLength(1);
    expect(fake.app.quit).toHaveBeenCalledOnce();
    const again = { preventDefault: vi.fn() };
    fake.app.emit('before-quit', again);
    expect(again.preventDefault).not.toHaveBeenCalled();
  });
  it('does not wait for ever', async () => {
    const fake = await startShell();
    vi.useFakeTimers();
    fake.app.emit('before-quit', { preventDefault: vi.fn() });
    vi.advanceTimersByTime(4999);
    expect(childOf(fake).killed).toBe(0);
    vi.advanceTimersByTime(1);
    expect(childOf(fake).killed).toBe(1);
  });
  it('follows the last window', async () => {
    const fake = await startShell();
    fake.app.emit('window-all-closed');
    expect(fake.app.quit).toHaveBeenCalledOnce();
  });
});
