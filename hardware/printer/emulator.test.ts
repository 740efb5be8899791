import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataPath, noData } from '#tests/data.ts';
import { inkOf, isBlack } from '../text/bitmap.ts';
import { makeEmulator } from './emulator.ts';
import { drawReceipt } from './emulator-picture.ts';
import { printedText } from './emulator-paper.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const run = (input: Uint8Array, widthDots = 576) => {
  const replies: number[] = [];
  const emulator = makeEmulator({ widthDots, onReply: (reply) => replies.push(...reply) });
  emulator.feed(input);
  return { emulator, replies, paper: emulator.receipts()[0] ?? emulator.current() };
};

describe('text on the paper', () => {
  it('has its style and place', () => {
    const { paper } = run(
      bytes('plain\n', [0x1b, 0x45, 1, 0x1d, 0x21, 0x11], 'BIG\n', [0x1b, 0x40, 0x1b, 0x61, 2], 'right\n'),
    );
    expect(paper.items).toMatchObject([
      { y: 0, runs: [{ x: 0, text: 'plain', style: { bold: false, width: 1 } }] },
      { y: 30, height: 48, runs: [{ x: 0, text: 'BIG', style: { bold: true, width: 2, height: 2 } }] },
      { y: 78, runs: [{ x: 516, text: 'right' }] },
    ]);
  });

  it('wraps at the paper, reads code pages, counts what it does not know', () => {
    const { paper } = run(bytes('a'.repeat(33), [0x0a, 0x1b, 0x74, 16, 0xe9, 0x0a, 0x01, 0x1b, 0x07, 0x0a]), 384);
    expect(printedText(paper)).toEqual(['a'.repeat(32), 'a', 'é', '']);
    expect(paper.unknown).toEqual(['01', '1b07']);
  });

  it('is the same however the bytes are cut up', () => {
    const all = bytes(
      [0x1b, 0x40],
      'Rs 10\n',
      [0x1d, 0x76, 0x30, 0, 2, 0, 2, 0, 0xff, 0, 0, 0xff],
      [0x1d, 0x56, 66, 5],
    );
    const whole = run(all).paper;
    const emulator = makeEmulator({ widthDots: 576 });
    for (const byte of all) emulator.feed(Uint8Array.of(byte));
    expect(emulator.receipts()[0]).toEqual(whole);
  });
});

describe('pictures, codes, cuts, the drawer', () => {
  it('puts GS v 0 dot for dot', () => {
    const { paper } = run(bytes([0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0b10000001, 0b00010000]));
    const picture = drawReceipt(paper, null);
    expect([picture.width, picture.height, inkOf(picture)]).toEqual([576, 2, 3]);
    expect([isBlack(picture, 0, 0), isBlack(picture, 7, 0), isBlack(picture, 3, 1)]).toEqual([true, true, true]);
  });

  it('cuts receipts apart and remembers the pulse', () => {
    const { emulator } = run(bytes('one\n', [0x1b, 0x70, 0, 60, 120, 0x1d, 0x56, 1], 'two\n', [0x1d, 0x56, 65, 9]));
    expect(emulator.receipts().map((receipt) => [printedText(receipt), receipt.cut, receipt.pulses.length])).toEqual([
      [['one'], 'partial', 1],
      [['two'], 'full', 0],
    ]);
    expect(emulator.receipts()[0]?.pulses).toEqual([{ pin: 0, onMs: 120, offMs: 240, at: 30 }]);
  });
});

describe('status', () => {
  it('answers DLE EOT as the reference says, paper with 0x12, 0x1E and 0x72', () => {
    const ask = (n: number): Uint8Array => bytes([0x10, 0x04, n]);
    const { emulator, replies } = run(ask(4));
    emulator.setState({ paper: 'low' });
    emulator.feed(ask(4));
    emulator.setState({ paper: 'out' });
    emulator.feed(ask(4));
    emulator.feed(ask(1));
    emulator.feed(ask(2));
    expect(replies).toEqual([0x12, 0x1e, 0x72, 0x1a, 0x32]);
  });

  it('holds what comes while it has no paper, and prints it after, answering no question twice', () => {
    const { emulator, replies } = run(bytes());
    emulator.setState({ paper: 'out' });
    emulator.feed(bytes('held', [0x10, 0x04, 4], '\n'));
    expect([emulator.current().items.length, emulator.heldBytes(), replies]).toEqual([0, 8, [0x72]]);
    emulator.setState({ paper: 'ok' });
    expect([printedText(emulator.current()), replies]).toEqual([['held'], [0x72]]);
  });

  it('tells of itself when asked to (GS a)', () => {
    const { emulator, replies } = run(bytes([0x1d, 0x61, 0xff]));
    emulator.setState({ paper: 'out' });
    expect(replies).toEqual([0x10, 0, 0, 0, 0x18, 0, 0x0c, 0]);
  });
});

describe('any bytes at all', () => {
  it('never break it, and a cut after them is a cut again', () => {
    const numRuns = process.env['BILLMITRA_FULL'] === '1' ? 100_000 : 20_000;
    const lead = fc.constantFrom(0x1b, 0x1d, 0x1c, 0x10, 0x0a, 0x41);
    const input = fc.array(fc.oneof({ weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) }, lead), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(input, (list) => {
        const { emulator } = run(Uint8Array.from(list));
        emulator.dropLink();
        const before = emulator.receipts().length;
        emulator.feed(bytes([0x1b, 0x40], 'alive\n', [0x1d, 0x56, 0]));
        expect(emulator.receipts()).toHaveLength(before + 1);
        expect(printedText(emulator.receipts().at(-1) ?? emulator.current()).at(-1)).toContain('alive');
      }),
      { numRuns },
    );
  });

  it('a picture that says 65,535 × 65,535 and never comes takes no memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const { emulator } = run(bytes([0x1d, 0x76, 0x30, 3, 0xff, 0xff, 0xff, 0xff], 'x'.repeat(1000)));
    expect(emulator.heldBytes()).toBe(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });
});

describe.skipIf(dataPath('escpos') === null)(
  dataPath('escpos') ? 'streams of a real library' : `streams of a real library (${noData})`,
  () => {
    it.each([
      ['barcode', 1],
      ['bit-image', 1],
      ['character-tables', 1],
      ['demo', 14],
      ['margins-and-spacing', 1],
      ['qr-code', 1],
      ['text-size', 1],
      ['unifont-print-buffer', 1],
    ] as const)('%s: no command unknown, %i cut', (name, cuts) => {
      const { emulator } = run(readFileSync(dataPath(`escpos/${name}.bin`) ?? ''));
      const papers = [...emulator.receipts(), emulator.current()];
      expect(papers.flatMap((paper) => paper.unknown)).toEqual([]);
      expect(emulator.receipts()).toHaveLength(cuts);
      expect(emulator.heldBytes()).toBe(0);
    });

    it('reads the text and the codes that are in them', () => {
      const { emulator } = run(readFileSync(dataPath('escpos/qr-code.bin') ?? ''));
      const lines = printedText(emulator.receipts()[0] ?? emulator.current());
      expect(lines[0]).toContain('QR code demo');
      expect(lines.filter((line) => line.startsWith('[qr ')).length).toBeGreaterThan(5);
    });
  },
);
