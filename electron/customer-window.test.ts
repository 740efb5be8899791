/** The customer's window against the fake electron: where it stands, when it comes and goes, what its port is. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeElectron, FakeFrame, makeFakeElectron } from '#tests/electron/fake-electron.ts';

const second = { id: 2, bounds: { x: 1366, y: 0, width: 1024, height: 600 } };

async function startShell(displays: readonly (typeof second)[] = []): Promise<FakeElectron> {
  const fake = makeFakeElectron();
  fake.displays.push(...displays);
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  await import('./main.ts');
  await vi.dynamicImportSettled();
  await Promise.resolve();
  return fake;
}
const settle = () => new Promise((done) => setImmediate(done));
const open = (fake: FakeElectron) => fake.windows.filter((window) => !window.destroyed);
const windowOf = (fake: FakeElectron, at: number) => {
  const window = open(fake)[at];
  if (window === undefined) throw new Error(`no window ${at}`);
  return window;
};
const plug = (fake: FakeElectron): void => {
  fake.displays.push(second);
  fake.screen.emit('display-added');
};
const unplug = (fake: FakeElectron): void => {
  fake.displays.splice(1);
  fake.screen.emit('display-removed');
};

afterEach(() => vi.doUnmock('electron'));

describe('the window', () => {
  it('is not there with one monitor', async () => {
    const fake = await startShell();
    expect(fake.windows.map((window) => window.loaded)).toEqual([['app://till/']]);
  });
  it('covers the second monitor with the same walls, and never takes the keyboard', async () => {
    const fake = await startShell([second]);
    const window = windowOf(fake, 1);
    expect(window.loaded).toEqual(['app://till/?screen=customer']);
    expect(window.given).toMatchObject({ ...second.bounds, fullscreen: true, focusable: false, show: false });
    expect(window.given.webPreferences).toEqual(windowOf(fake, 0).given.webPreferences);
    window.emit('ready-to-show');
    expect([window.shown, window.shownQuietly]).toEqual([false, true]);
  });
  it('comes and goes with the monitor; another change of the monitors leaves it alone', async () => {
    const fake = await startShell();
    plug(fake);
    fake.screen.emit('display-metrics-changed');
    expect(open(fake)).toHaveLength(2);
    expect(fake.windows).toHaveLength(2);
    unplug(fake);
    expect(open(fake)).toHaveLength(1);
    plug(fake);
    expect(open(fake)).toHaveLength(2);
  });
  it('gives way where the counter is dragged, and goes with the counter', async () => {
    const fake = await startShell([second]);
    const counter = windowOf(fake, 0);
    counter.bounds = { ...counter.bounds, x: 1500 };
    counter.emit('moved');
    expect(windowOf(fake, 1).given).toMatchObject({ x: 0, width: 1366 });
    counter.destroy();
    expect(open(fake)).toEqual([]);
  });
});

describe('its link', () => {
  it('is a port of the lesser kind; the counter keeps its own', async () => {
    const fake = await startShell([second]);
    const [child] = fake.children;
    child?.emit('spawn');
    const ask = async (at: number): Promise<FakeFrame> => {
      const frame = new FakeFrame(`app://till/${at === 1 ? '?screen=customer' : ''}`);
      fake.electron.ipcMain.emit('till:port', { sender: windowOf(fake, at).webContents, senderFrame: frame });
      await settle();
      return frame;
    };
    expect((await ask(1)).posted).toHaveLength(1);
    expect((await ask(0)).posted).toHaveLength(1);
    expect(child?.posted.map(({ message }) => message)).toEqual([{ type: 'customerPort' }, { type: 'port' }]);
  });
  it('is asked for anew, as is the counter’s, when the till fell over', async () => {
    const fake = await startShell([second]);
    fake.children[0]?.emit('exit', 139);
    expect([0, 1].map((at) => windowOf(fake, at).webContents.reloads)).toEqual([1, 1]);
  });
});
