/**
 * One body of promises, kept by every printer: file, folder, and TCP against the emulator. What only a wire can do
 * (cut, paper out, silence) is in tcp.test.ts. A printer of iron is not attached here.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmulatorServer } from './emulator-server.ts';
import { printedText } from './emulator-paper.ts';
import { makeEmulator } from './emulator.ts';
import { findModel } from './models.ts';
import { openPrinter } from './open-printer.ts';
import type { Printer } from './port.ts';

const folder = mkdtempSync(join(tmpdir(), 'billmitra-printer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const server = await startEmulatorServer();
afterAll(() => server.close());

const job = (text: string): Uint8Array => Buffer.from(`\x1b@${text}\n\x1dV\x42\x00`, 'latin1');
const textOfBytes = (bytes: Uint8Array): string[] => {
  const emulator = makeEmulator({ widthDots: 576 });
  emulator.feed(bytes);
  return emulator.receipts().map((receipt) => printedText(receipt).join('|'));
};

type Kind = { readonly name: string; readonly open: () => Printer; readonly printed: () => readonly string[] };
const model = findModel('generic-80');
const kinds: readonly Kind[] = [
  {
    name: 'a growing file',
    open: () => openPrinter({ kind: 'file', path: join(folder, 'a', 'receipts.bin'), mode: 'append' }, model),
    printed: () => textOfBytes(readFileSync(join(folder, 'a', 'receipts.bin'))),
  },
  {
    name: 'a file a job',
    open: () => openPrinter({ kind: 'file', path: join(folder, 'b'), mode: 'folder' }, model),
    printed: () =>
      readdirSync(join(folder, 'b'))
        .toSorted()
        .flatMap((name) => textOfBytes(readFileSync(join(folder, 'b', name)))),
  },
  {
    name: 'TCP',
    open: () => openPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port }, model),
    printed: () => server.emulator.receipts().map((receipt) => printedText(receipt).join('|')),
  },
];

describe.each(kinds)('$name', ({ open, printed }) => {
  it('prints jobs whole, in the order given, even when given at once', async () => {
    const printer = open();
    expect(await printer.status()).toBe('ready');
    const outcomes = await Promise.all(['one', 'two', 'three'].map((text) => printer.write(job(text))));
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
    expect(printed()).toEqual(['one', 'two', 'three']);
    await printer.close();
  });

  it('opened again goes on after what is there', async () => {
    const printer = open();
    expect(await printer.write(job('four'))).toEqual({ kind: 'done' });
    expect(printed()).toEqual(['one', 'two', 'three', 'four']);
    await printer.close();
  });

  it('closed takes nothing and says so', async () => {
    const printer = open();
    await printer.close();
    expect(await printer.write(job('late'))).toMatchObject({ kind: 'notStarted' });
    expect(await printer.status()).toBe('offline');
    expect(printed()).not.toContain('late');
  });
});

describe('what is not there', () => {
  it('no printer is a state, not a fault', async () => {
    const printer = openPrinter({ kind: 'none' }, model);
    expect(await printer.status()).toBe('notSet');
    expect(await printer.write(job('x'))).toEqual({ kind: 'notStarted', reason: 'offline' });
  });

  it('a file in the place of a folder is a state, not a fault', async () => {
    writeFileSync(join(folder, 'taken'), '');
    for (const mode of ['append', 'folder'] as const) {
      const printer = openPrinter({ kind: 'file', path: join(folder, 'taken', 'x'), mode }, model);
      expect(await printer.status()).toBe('offline');
      expect(await printer.write(job('x'))).toMatchObject({ kind: 'notStarted' });
    }
  });
});
