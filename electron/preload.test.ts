/** The bridge shows one function, and the port goes to the page's own origin only. */
import { afterEach, expect, it, vi } from 'vitest';
import { makeFakeElectron } from '#tests/electron/fake-electron.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('electron');
});

it('exposes one function that asks, and passes the port on', async () => {
  const fake = makeFakeElectron();
  const postMessage = vi.fn();
  vi.stubGlobal('window', { postMessage, location: { origin: 'app://till' } });
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  await import('./preload.ts');

  expect(fake.electron.contextBridge.exposeInMainWorld).toHaveBeenCalledOnce();
  const [name, api] = fake.electron.contextBridge.exposeInMainWorld.mock.calls[0] ?? [];
  expect(name).toBe('billmitra');
  expect(Object.keys(api as object)).toEqual(['requestTillPort']);

  (api as { requestTillPort: (...args: unknown[]) => void }).requestTillPort('anything', 'else');
  expect(fake.electron.ipcRenderer.send.mock.calls).toEqual([['till:port']]);

  const port = { fake: 'port' };
  fake.electron.ipcRenderer.emit('till:port', { ports: [port] });
  expect(postMessage).toHaveBeenCalledWith('billmitra:till-port', 'app://till', [port]);
});
