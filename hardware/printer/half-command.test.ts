import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { blankBitmap, setBlack } from '../text/bitmap.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { joinBytes, qrCode, raster } from './escpos-commands.ts';
import { bytesThatComplete } from './half-command.ts';
import { findModel } from './models.ts';
import { openPrinter } from './open-printer.ts';

const text = (line: string): Buffer => Buffer.from(`\x1b@${line}\n\x1dV\0`, 'latin1');
const picture = blankBitmap(576, 40);
for (let x = 0; x < 576; x++) setBlack(picture, x, x % 40);
const job = joinBytes([Buffer.from('\x1b@head\n', 'latin1'), raster(picture, 1024), qrCode('upi://pay?pa=x', 5, 'M')]);

/** A printer that keeps its half command when the cable goes, as those do whose own power stays on. */
function stubborn() {
  const emulator = makeEmulator({ widthDots: 576 });
  return { emulator, next: () => emulator.receipts().map((receipt) => printedText(receipt).at(-1)) };
}

describe('a job cut at any byte', () => {
  it('takes nothing of the next receipt', () => {
    const fill = bytesThatComplete(job);
    for (let at = 1; at < job.length; at += 7) {
      const { emulator, next } = stubborn();
      emulator.feed(job.subarray(0, at));
      emulator.feed(fill);
      emulator.feed(text('next'));
      expect(next(), `cut after ${at}`).toEqual([expect.stringMatching(/next$/)]);
    }
  });

  it('would have, without that', () => {
    const { emulator, next } = stubborn();
    emulator.feed(job.subarray(0, 200));
    emulator.feed(text('next'));
    expect(next()).toEqual([]);
  });

  it('is filled up with little', () => {
    expect(bytesThatComplete(text('x')).length).toBeLessThanOrEqual(256);
    expect(bytesThatComplete(job).length).toBeLessThanOrEqual(72 * 40);
  });
});

describe('over a network', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  it('the receipt after the cut one comes out whole', async () => {
    let left = Number.POSITIVE_INFINITY;
    const emulators = stubborn();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        emulators.emulator.feed(bytes.subarray(0, left));
        left -= bytes.length;
        if (left <= 0) {
          left = Number.POSITIVE_INFINITY;
          socket.resetAndDestroy();
        }
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const printer = openPrinter({ kind: 'tcp', host: '127.0.0.1', port }, findModel('generic-80-plain'), {
      answerMs: 100,
    });
    expect(await printer.write(text('before'))).toEqual({ kind: 'done' });
    left = 500;
    expect(await printer.write(job)).toMatchObject({ kind: 'cut' });
    expect(await printer.write(text('after'))).toEqual({ kind: 'done' });
    await expect.poll(emulators.next).toEqual(['before', expect.stringMatching(/after$/)]);
    await printer.close();
  });
});
