/** Labels through the till: what prints is what was shown, an outcome never says more than the printer did. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabelJob, LabelSetting } from '#contract/till-label.ts';
import type { Uuid } from '#core/ids.ts';
import { type LabelEmulator, type LabelEmulatorOptions, startLabelEmulator } from '#hardware/label/emulator-server.ts';
import { cutOut } from '#hardware/label/label-dots.ts';
import { labelPng } from '#hardware/label/label-preview.ts';
import {
  barcode,
  type Desk,
  goods,
  newKey,
  openDesk,
  refusalOf,
  rupees,
  type TillClient,
} from '../fixtures/till-desk.ts';

let desk: Desk;
let rpc: TillClient;
let emulator: LabelEmulator | null = null;
let dal: Uuid;
let lot: Uuid;
beforeEach(async () => {
  desk = await openDesk();
  rpc = desk.rpc;
  await desk.signIn('owner');
  const added = await rpc.item.add({
    key: newKey(),
    item: goods('Toor dal 500 g', rupees(72), {
      nameHi: 'तूर दाल 500 ग्राम',
      mrpPaise: rupees(80),
      barcodes: [barcode('8901030865275')],
    }),
  });
  dal = added.id;
  lot = (
    await rpc.item.addBatch({
      key: newKey(),
      itemId: dal,
      code: 'L7',
      mrpPaise: rupees(80),
      sellingPricePaise: rupees(70),
      packedOn: '2026-10-01' as never,
      expiresOn: '2027-03-31' as never,
    })
  ).batchId;
});
afterEach(async () => {
  await desk.close();
  await emulator?.close();
  emulator = null;
});

const plug = async (options: LabelEmulatorOptions, more: Partial<LabelSetting> = {}): Promise<LabelEmulator> => {
  emulator = await startLabelEmulator(options);
  await rpc.label.set({
    target: { kind: 'tcp', host: '127.0.0.1', port: emulator.port },
    language: options.language,
    dpi: 203,
    letters: 'drawn',
    darkness: null,
    ...more,
  });
  return emulator;
};
const job = async (): Promise<LabelJob | null> => {
  for await (const now of await rpc.label.feed()) return now;
  return null;
};
const until = async (isDone: (now: LabelJob | null) => boolean): Promise<LabelJob> => {
  for (let i = 0; i < 800; i += 1) {
    const now = await job();
    if (now !== null && isDone(now)) return now;
    await sleep(10);
  }
  throw new Error(`waited in vain: ${JSON.stringify(await job())}`);
};
const ended = (): Promise<LabelJob> => until((now) => now !== null && now.state !== 'running');
const print = (count: number, designId = 'item-50x25', batchId: Uuid | null = lot) =>
  rpc.label.print({ key: newKey(), designId, language: 'hi', lines: [{ itemId: dal, batchId, count }] });
const designOf = async (id: string) => {
  const design = (await rpc.label.designs()).designs.find((one) => one.id === id);
  if (design === undefined) throw new Error(id);
  return design;
};

describe.each(['zpl', 'tspl'] as const)('%s', (language) => {
  it('what comes out over the network is the preview, dot for dot', async () => {
    const printer = await plug({ language });
    const design = await designOf('item-50x25');
    const preview = await rpc.label.preview({ design, language: 'hi', itemId: dal, batchId: lot });
    await print(3);
    expect(await ended()).toMatchObject({ state: 'printed', printed: 3, total: 3, maybe: 0 });
    const rows = printer.rows();
    expect(rows.length).toBe(3);
    for (const row of rows) expect(labelPng(cutOut(row, 0, preview.widthDots))).toBe(preview.pngBase64);
  });
  it('paper out is a wait: the printer goes on with the rest, and none comes twice', async () => {
    const printer = await plug({ language, rowMs: 1 });
    printer.paperOutAfter(4);
    await print(30);
    const waiting = await until((now) => now?.trouble === 'paperOut');
    expect(waiting.state).toBe('running');
    expect(waiting.printed).toBeLessThanOrEqual(4);
    printer.setState({ isPaperOut: false });
    expect(await ended()).toMatchObject({ state: 'printed', printed: 30 });
    expect(printer.rows().length).toBe(30);
  });
  it('stopped by a person while the head is open: says what is sure, goes on from there', async () => {
    const printer = await plug({ language, rowMs: 1 });
    printer.paperOutAfter(25);
    await print(40);
    await until((now) => now?.trouble === 'paperOut');
    await rpc.label.cancel();
    const stopped = await ended();
    expect(stopped.state).toBe('cancelled');
    const out = printer.rows().length;
    expect(stopped.printed).toBeLessThanOrEqual(out);
    expect(stopped.printed + stopped.maybe).toBeGreaterThanOrEqual(out);
    printer.setState({ isPaperOut: false });
    await rpc.label.goOn({ no: stopped.no, after: out });
    expect(await ended()).toMatchObject({ state: 'printed', printed: 40 });
    expect(printer.rows().length).toBe(40);
  });
  it('a link that breaks: never more printed than came out, never fewer than it owns to', async () => {
    for (const at of [10, 900, 4_000, 12_000]) {
      const printer = await plug({ language });
      printer.cutAfter(at);
      await print(60);
      const now = await ended();
      const out = printer.rows().length;
      if (now.state === 'printed') expect(out).toBe(60);
      else {
        expect(now).toMatchObject({ state: 'stopped' });
        expect(now.printed).toBeLessThanOrEqual(out);
        expect(now.printed + now.maybe).toBeGreaterThanOrEqual(out);
      }
      await rpc.label.dismiss();
      await printer.close();
    }
  });
  it('a printer that never answers is sent all of it and said to have been sent', async () => {
    const printer = await plug({ language, hasStatus: false });
    await print(12);
    expect(await ended()).toMatchObject({ state: 'sent', printed: 0, sent: 12 });
    for (let i = 0; i < 100 && printer.rows().length < 12; i += 1) await sleep(10);
    expect(printer.rows().length).toBe(12);
  });
});

it('two across: an odd count leaves the last place white', async () => {
  const printer = await plug({ language: 'tspl' });
  await print(5, 'item-38x25-two');
  expect(await ended()).toMatchObject({ state: 'printed', printed: 5 });
  expect(printer.rows().length).toBe(3);
});

it('a folder gets the bytes of a print', async () => {
  const setting = await rpc.label.setting();
  await rpc.label.set({ ...setting, target: { kind: 'folder', path: 'labels' } });
  await print(2);
  expect(await ended()).toMatchObject({ state: 'sent', sent: 2 });
  const [file = ''] = readdirSync(join(desk.dir(), 'labels'));
  expect(readFileSync(join(desk.dir(), 'labels', file)).toString('latin1')).toContain('PRINT 1,2');
});

it('is refused whole, by name, and nothing is printed', async () => {
  expect(await refusalOf(print(1))).toEqual({ type: 'LabelPrinterNotSet' });
  const printer = await plug({ language: 'zpl' });
  expect(await refusalOf(print(1_001))).toEqual({ type: 'LabelTooMany', asked: 1_001, max: 1_000 });
  expect(await refusalOf(print(1, 'matrix-50x25', null))).toMatchObject({
    type: 'LabelNotReady',
    itemName: 'Toor dal 500 g',
    why: 'missing',
    field: 'expiresOn',
  });
  expect(await refusalOf(print(1, 'none'))).toEqual({ type: 'NotFound', what: 'design' });
  expect(printer.rows()).toEqual([]);
});

it('one print at a time; a repeated key prints once', async () => {
  const printer = await plug({ language: 'zpl', rowMs: 5 });
  const asked = { key: newKey(), designId: 'item-50x25', language: 'en', lines: [{ itemId: dal, count: 20 }] } as const;
  const [first, second] = await Promise.all([rpc.label.print(asked), rpc.label.print(asked)]);
  expect(second.no).toBe(first.no);
  expect(await refusalOf(print(1))).toEqual({ type: 'LabelBusy' });
  await ended();
  expect(printer.rows().length).toBe(20);
});

it('scans find goods, their lot and weight; designs of the shop are kept, presets stay', async () => {
  expect(await rpc.label.find({ code: '8901030865275' })).toMatchObject({ itemId: dal, batchId: lot });
  const gs1 = ']d2010890103086527510L7';
  expect(await rpc.label.find({ code: gs1 })).toMatchObject({ itemId: dal, batchId: lot });
  expect(await refusalOf(rpc.label.find({ code: '8901030865276' }))).toMatchObject({ type: 'BadCheckDigit' });
  const preset = await designOf('item-50x25');
  expect(await refusalOf(rpc.label.saveDesign({ design: preset }))).toMatchObject({ type: 'InputInvalid' });
  const made = await rpc.label.saveDesign({ design: { ...preset, name: 'Ours', items: preset.items.slice(0, 2) } });
  expect(made.id).not.toBe(preset.id);
  expect(await designOf('item-50x25')).toEqual(preset);
  await rpc.label.saveDesign({ design: { ...made, name: 'Ours 2' } });
  expect((await designOf(made.id)).name).toBe('Ours 2');
  const wide = { ...made, paper: { ...made.paper, widthMm: 60, across: 3 as const } };
  expect(await refusalOf(rpc.label.saveDesign({ design: wide }))).toMatchObject({ reason: 'tooWideTogether' });
  expect((await rpc.label.removeDesign({ id: made.id })).designs.length).toBe(10);
  expect(await refusalOf(rpc.label.removeDesign({ id: 'item-50x25' }))).toEqual({ type: 'NotFound', what: 'design' });
});
