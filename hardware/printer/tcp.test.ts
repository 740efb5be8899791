import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { printedText } from './emulator-paper.ts';
import { type EmulatorServer, type EmulatorServerOptions, startEmulatorServer } from './emulator-server.ts';
import { findModel, type PrinterModel } from './models.ts';
import type { Printer } from './port.ts';
import { openPrinter } from './open-printer.ts';

const model = findModel('generic-80');
const quick = { connectMs: 500, answerMs: 150, stallMs: 500 };
const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function pair(
  options: EmulatorServerOptions = {},
  as: PrinterModel = model,
): Promise<{ server: EmulatorServer; printer: Printer }> {
  const server = await startEmulatorServer(options);
  opened.push(server);
  return { server, printer: openPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port }, as, quick) };
}
const job = (text: string): Uint8Array => Buffer.from(`\x1b@${text}\n\x1dV\x42\x00`, 'latin1');
const long = job(Array.from({ length: 600 }, (_, i) => `line ${i} of a long receipt`).join('\n'));
const texts = (server: EmulatorServer): string[] =>
  server.emulator.receipts().map((receipt) => printedText(receipt).join('\n'));

describe('before the first byte', () => {
  it('nobody there: not started', async () => {
    const { server, printer } = await pair();
    await server.close();
    expect(await printer.write(job('x'))).toEqual({ kind: 'notStarted', reason: 'offline' });
    expect(await printer.status()).toBe('offline');
  });

  it.each([
    [{ paper: 'out' }, 'paperOut'],
    [{ isCoverOpen: true }, 'coverOpen'],
    [{ hasError: true }, 'error'],
    [{ isOnline: false }, 'offline'],
  ] as const)('%o: not started, and prints once it is well', async (trouble, reason) => {
    const { server, printer } = await pair();
    server.setState(trouble);
    expect(await printer.status()).toBe(reason);
    expect(await printer.write(job('waits'))).toEqual({ kind: 'notStarted', reason });
    server.setState({ paper: 'ok', isCoverOpen: false, hasError: false, isOnline: true });
    expect(await printer.status()).toBe('ready');
    expect(await printer.write(job('waits'))).toEqual({ kind: 'done' });
    expect(texts(server)).toEqual(['waits']);
  });

  it('little paper left is still ready', async () => {
    const { server, printer } = await pair();
    server.setState({ paper: 'low' });
    expect(await printer.status()).toBe('ready');
  });
});

describe('in the middle', () => {
  it('a cut after any byte is never called done, and not started only when nothing of the job left', async () => {
    const { server, printer } = await pair();
    // What it answers is known from the first job on: then 9 bytes of questions, the job, the last questions.
    expect(await printer.write(job('first'))).toEqual({ kind: 'done' });
    const total = 9 + long.length;
    const places = [1, 8, 9, 10, 11, 500, 2_057, 2_058, 5_000, total - 1, total, total + 2];
    for (const place of places) {
      const before = texts(server).length;
      server.cutAfter(place);
      const outcome = await printer.write(long);
      if (place < 9) expect(outcome, `cut after ${place}`).toEqual({ kind: 'notStarted', reason: 'offline' });
      else if (outcome.kind === 'notStarted') expect(place, 'only with the last question').toBe(9);
      else expect(outcome, `cut after ${place}`).toMatchObject({ kind: 'cut', totalBytes: long.length });
      const hasPrinted = texts(server).length > before;
      expect(hasPrinted, `whole paper after ${place}`).toBe(place >= total);
      // What goes before the next job to end a half command goes before this one.
      server.cutAfter(null);
      expect(await printer.write(job('between'))).toEqual({ kind: 'done' });
    }
    expect(await printer.write(job('well again'))).toEqual({ kind: 'done' });
  });

  it('the roll ends in the middle: cut with the reason; a new roll gives the rest of the paper', async () => {
    const { server, printer } = await pair();
    server.paperOutAfter(long.length - 1_000);
    expect(await printer.write(long)).toMatchObject({ kind: 'cut', reason: 'paperOut', sentBytes: long.length });
    expect(texts(server)).toHaveLength(0);
    server.setState({ paper: 'ok' });
    await expect.poll(() => texts(server)).toHaveLength(1);
    expect(texts(server)[0]).toContain('line 599');
  });

  it('the roll ends and its buffer is full, so that it takes no more: cut, and the next question says why', async () => {
    const { server, printer } = await pair();
    server.paperOutAfter(1_000);
    expect(await printer.write(long)).toMatchObject({ kind: 'cut' });
    expect(await printer.status()).toBe('paperOut');
  });

  it('a slow head is waited for', async () => {
    const { printer, server } = await pair({ bytesPerSecond: 60_000 });
    expect(await printer.write(long)).toEqual({ kind: 'done' });
    expect(texts(server)[0]).toContain('line 599');
  });
});

describe('a printer whose own plug is pulled while it prints', () => {
  it('is not done with a job that lay in its buffer, although it had taken every byte and said that it is ready', async () => {
    const { server, printer } = await pair({ mmPerSecond: 150 });
    expect(await printer.status()).toBe('ready');
    const writing = printer.write(long.subarray(0, 2_000));
    await expect.poll(() => server.emulator.current().items.length).toBeGreaterThan(2);
    expect(server.receivedBytes()).toBeGreaterThanOrEqual(2_000);
    server.powerOff();
    expect(await writing).toMatchObject({ kind: 'cut', reason: 'offline' });
    server.setSpeed(null);
    expect(await printer.write(job('well again'))).toEqual({ kind: 'done' });
  });

  it('one that answers in real time only is done when it took every byte: more is not known of it', async () => {
    const { server, printer } = await pair({ mmPerSecond: 20, answersInTurn: false });
    expect(await printer.write(job('one\ntwo\nthree'))).toEqual({ kind: 'done' });
    expect(texts(server)).toEqual([]);
  });
});

describe('printers that say nothing', () => {
  const mute = findModel('generic-80-plain');
  it('a model without status is done when the link ended cleanly', async () => {
    const { server, printer } = await pair({ hasStatus: false }, mute);
    expect(await printer.status()).toBe('ready');
    expect(await printer.write(job('mute'))).toEqual({ kind: 'done' });
    expect(texts(server)).toEqual(['mute']);
  });

  it('one that should answer and never did is printed on all the same', async () => {
    const { server, printer } = await pair({ hasStatus: false });
    expect(await printer.write(job('mute'))).toEqual({ kind: 'done' });
    expect(texts(server)).toEqual(['mute']);
  });

  it('a cut is still seen', async () => {
    const { server, printer } = await pair({ hasStatus: false }, mute);
    server.cutAfter(3_000);
    expect(await printer.write(long)).toMatchObject({ kind: 'cut' });
  });

  it('something else on the port, which takes the call and reads nothing, is not "done" for a printer that answered before', async () => {
    const { server, printer } = await pair();
    expect(await printer.write(job('fine'))).toEqual({ kind: 'done' });
    const port = server.port;
    await server.close();
    const stranger: Server = createServer((socket) => socket.on('error', () => undefined).pause());
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
    expect(await printer.write(job('lost?'))).toEqual({ kind: 'notStarted', reason: 'offline' });
    stranger.close();
  });
});
