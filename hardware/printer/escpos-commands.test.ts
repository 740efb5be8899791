/**
 * Our commands' bytes, by name; and a peer's recorded calls through an adapter. Left out of escpos_calls.json:
 * "image(canvas, 8, 8)": that peer sends ESC * columns, we send GS v 0 rows, which need no line spacing restored;
 * "raw": bytes handed in as they are have no command of ours.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataPath, noData } from '#tests/data.ts';
import { blankBitmap, setBlack } from '../text/bitmap.ts';
import { encodeText } from './code-pages.ts';
import * as esc from './escpos-commands.ts';
import { makeReader } from './escpos-reader.ts';
import type { ReaderEvent } from './escpos-table.ts';

describe('raster', () => {
  it('goes in bands of at most the given rows, without blank columns at the right', () => {
    const bitmap = blankBitmap(24, 5);
    for (let y = 0; y < 5; y++) setBlack(bitmap, 9, y);
    const events: ReaderEvent[] = [];
    const sent = esc.raster(bitmap, 2);
    makeReader((event) => events.push(event)).feed(Uint8Array.from(sent));
    expect([...sent].slice(0, 12)).toEqual([0x1d, 0x76, 0x30, 0, 2, 0, 2, 0, 0, 0x40, 0, 0x40]);
    const rows = events.map((event) => (event.kind === 'rasterStart' ? [event.stride, event.rows] : event.kind));
    expect(rows).toEqual([
      [2, 2],
      'rasterRow',
      'rasterRow',
      'rasterEnd',
      [2, 2],
      'rasterRow',
      'rasterRow',
      'rasterEnd',
      [2, 1],
      'rasterRow',
      'rasterEnd',
    ]);
  });

  it('of nothing feeds the paper as far', () => {
    expect([...esc.raster(blankBitmap(576, 300), 2303)]).toEqual([0x1b, 0x4a, 255, 0x1b, 0x4a, 45]);
  });
});

it('a brace in Code 128 is doubled', () => {
  expect([...esc.code128('A{', { height: 60, module: 2, isTextBelow: true })].slice(-8)).toEqual(
    [0x1d, 0x6b, 73, 5, 0x7b, 0x42, 0x41, 0x7b, 0x7b].slice(-8),
  );
});

type Call = { readonly name: string; readonly call: string; readonly bytes: readonly number[] };
const path = dataPath('vectors/escpos_calls.json');
const calls: readonly Call[] = path === null ? [] : JSON.parse(readFileSync(path, 'utf8'));
const text = (value: string): esc.Bytes => encodeText(value, 'cp437') ?? [];
const bars = { height: 60, module: 3, isTextBelow: false };
const padded = (value: string, before: number, after: number): esc.Bytes =>
  text(' '.repeat(before) + value + ' '.repeat(after));

/** The peer's calls in our commands; each of theirs ends with LF CR, ours with LF alone. */
const ours: Readonly<Record<string, readonly esc.Bytes[]>> = {
  "encoder.text('hello').encode()": [text('hello')],
  "encoder.text('hello').newline().newline().encode()": [text('hello'), [0x0a, 0x0d]],
  "encoder.text('héllo').encode()": [text('héllo')],
  "encoder.underline(true).text('hello').underline(false).encode()": [
    esc.underline(true),
    text('hello'),
    esc.underline(false),
  ],
  "encoder.width(2).text('hello').width(1).encode()": [esc.size(2, 1), text('hello'), esc.size(1, 1)],
  "encoder.height(2).text('hello').height(1).encode()": [esc.size(1, 2), text('hello'), esc.size(1, 1)],
  "encoder.align('left').line('hello').encode()": [padded('hello', 0, 5)],
  "encoder.align('center').line('hello').encode()": [padded('hello', 2, 3)],
  "encoder.qrcode('https://nielsleenheer.com').encode()": [esc.qrCode('https://nielsleenheer.com', 6, 'M')],
  "encoder.barcode('3130630574613', 'ean13', 60).encode()": [esc.ean13('3130630574613', bars)],
  "encoder.barcode('CODE128', 'code128', 60).encode()": [esc.code128('CODE128', bars)],
};
const leftOut = ['image(canvas', 'raw('];

describe.skipIf(path === null)(path === null ? `a peer's calls (${noData})` : "a peer's calls", () => {
  it.each(calls.filter((call) => !leftOut.some((name) => call.name.startsWith(name))))('$name', ({ call, bytes }) => {
    const made = ours[call];
    expect(made, 'a call that this adapter does not know').toBeDefined();
    expect([...esc.joinBytes([...(made ?? []), [0x0a, 0x0d]])]).toEqual(bytes);
  });
});
