/**
 * A slow cable: the system takes a whole receipt at once and the port needs its time. The wire here is made by hand,
 * for a pty has no speed; everything behind it is the emulator.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Wire } from '../wire/wire.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { findModel } from './models.ts';
import { openWirePrinter } from './wire-printer.ts';

/** Takes bytes at once, hands them on at `bytesPerSecond`. */
function slowCable(bytesPerSecond: number) {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const emulator = makeEmulator({
    widthDots: 576,
    onReply: (bytes) => {
      for (const listener of listeners) listener(bytes);
    },
  });
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  const wire: Wire = {
    write: (bytes) => {
      const copy = bytes.slice();
      last = last.then(async () => {
        await sleep((copy.length / bytesPerSecond) * 1_000);
        emulator.feed(copy);
      });
      return Promise.resolve({ kind: 'sent' });
    },
    onData: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ended: new Promise(() => undefined),
    isOpen: () => isOpen,
    close: async () => {
      isOpen = false;
      await last;
    },
  };
  return { wire, printed: () => emulator.receipts().map((receipt) => printedText(receipt).length) };
}

it('is waited for as long as it needs for the bytes, beyond the stall limit', async () => {
  const { wire, printed } = slowCable(20_000);
  const printer = openWirePrinter({
    name: 'slow',
    open: () => Promise.resolve({ ok: true, value: wire }),
    model: findModel('generic-80'),
    askQueue: null,
    isHeld: true,
    bytesPerSecond: 20_000,
    times: { answerMs: 100, stallMs: 150 },
  });
  const lines = Array.from({ length: 300 }, (_, i) => `line ${i} of a long receipt`).join('\n');
  const job = Buffer.from(`\x1b@${lines}\n\x1dV\0`, 'latin1');
  // 8 KB and what goes before them: half a second.
  expect(job.length).toBeGreaterThan(7_000);
  expect(await printer.write(job)).toEqual({ kind: 'done' });
  expect(printed()).toEqual([300]);
  await printer.close();
});
