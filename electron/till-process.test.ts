/** The utility process: assembles the till of the named folder, hands it ports, closes it, ignores the rest. */
import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
  Reflect.deleteProperty(process, 'parentPort');
  vi.doUnmock('#till/assemble.ts');
  vi.restoreAllMocks();
});

async function startProcess(...args: readonly string[]) {
  const till = { upgrade: vi.fn(), upgradeCustomer: vi.fn(), close: vi.fn(() => Promise.resolve()) };
  const assemble = vi.fn(() => Promise.resolve(till));
  const parentPort = new EventEmitter();
  Object.defineProperty(process, 'parentPort', { value: parentPort, configurable: true });
  process.argv = ['node', 'till-process.mjs', ...args];
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  vi.resetModules();
  vi.doMock('#till/assemble.ts', () => ({ assemble }));
  await import('./till-process.ts');
  return { till, assemble, parentPort, exit };
}

it('assembles the till of the folder it is told, else of its default', async () => {
  expect((await startProcess('--shop', 'D:\\shop')).assemble).toHaveBeenCalledWith({ shopDir: 'D:\\shop' });
  expect((await startProcess()).assemble).toHaveBeenCalledWith({ shopDir: undefined });
});

it('hands each port to the till and starts it', async () => {
  const { till, parentPort } = await startProcess();
  const port = { start: vi.fn() };
  parentPort.emit('message', { data: { type: 'port' }, ports: [port] });
  expect(till.upgrade).toHaveBeenCalledWith(port);
  expect(port.start).toHaveBeenCalledOnce();
});

it('hands the port of a customer screen to the lesser link only', async () => {
  const { till, parentPort } = await startProcess();
  const port = { start: vi.fn() };
  parentPort.emit('message', { data: { type: 'customerPort' }, ports: [port] });
  expect(till.upgradeCustomer).toHaveBeenCalledWith(port);
  expect(till.upgrade).not.toHaveBeenCalled();
  expect(port.start).toHaveBeenCalledOnce();
});

it('closes the till before it ends', async () => {
  const { till, parentPort, exit } = await startProcess();
  parentPort.emit('message', { data: { type: 'close' }, ports: [] });
  expect(till.close).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
});

it.each([null, 'port', 7, {}, { type: 'port' }, { type: 'eval' }])('is unmoved by %j', async (data) => {
  const { till, parentPort, exit } = await startProcess();
  parentPort.emit('message', { data, ports: [] });
  expect([till.upgrade, till.close, exit].map((f) => f.mock.calls.length)).toEqual([0, 0, 0]);
});
