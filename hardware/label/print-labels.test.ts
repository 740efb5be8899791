/**
 * Printing labels over TCP, a serial cable and a device file (two ends of a pty pair) and, where
 * BILLMITRA_LABEL_PRINTER names one, on iron (two small labels come out):
 * BILLMITRA_LABEL_PRINTER='{"target":{"kind":"tcp","host":"192.168.1.60","port":9100},"language":"tspl","dpi":203}'
 */
import { afterEach, describe, expect, it } from 'vitest';
import { fillLabel } from '#core/label/fill-label.ts';
import type { LabelFacts } from '#core/label/label-facts.ts';
import { findPreset } from '#core/label/label-presets.ts';
import type { LabelDpi } from '#core/label/fill-label.ts';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { openWire } from '../wire/open-wire.ts';
import type { SerialFormat, Wire, WireTarget } from '../wire/wire.ts';
import { type LabelEmulator, startLabelEmulator } from './emulator-server.ts';
import { encodeSheet } from './label-preview.ts';
import { openLabelRaster } from './label-raster.ts';
import type { LabelLanguageName } from './label-sheet.ts';
import { noMatrixCodes } from './matrix-code.ts';
import { type LabelChunk, type LabelOutcome, type LabelProgress, printLabels } from './print-labels.ts';

const raster = await openLabelRaster();
if (raster === null) throw new Error('no font engine');
const tools = { raster, matrix: noMatrixCodes };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const facts = {
  item: {
    name: 'Toor dal 500 g',
    nameHi: 'तूर दाल',
    brand: null,
    code: '1',
    unit: 'pc',
    mrpPaise: 8_000,
    sellingPricePaise: 7_000,
    barcodes: [{ code: '8901030865275' }],
  },
  batch: null,
  weightMilli: null,
  today: '2026-11-21',
  shop: { name: 'Mitra', address: '', phone: '', fssai: null, masks: [] },
} as unknown as LabelFacts;

function chunks(language: LabelLanguageName, dpi: LabelDpi, counts: readonly number[]): readonly LabelChunk[] {
  const design = findPreset('item-33x15');
  if (design === null) throw new Error('no preset');
  const { layout } = fillLabel(design, facts, { language: 'hi', dpi, measure: tools.raster.measure });
  const setup = { language, dpi, letters: 'drawn', darkness: null } as const;
  return counts.map((copies) => ({
    bytes: encodeSheet({ paper: design.paper, rows: [{ labels: [layout], copies }] }, setup, tools),
    labels: copies,
  }));
}

const format: SerialFormat = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const open = async (target: WireTarget): Promise<Wire> => {
  const opened = await openWire(target);
  if (!opened.ok) throw new Error(opened.error);
  closing.push(() => opened.value.close());
  return opened.value;
};
async function emulator(language: LabelLanguageName): Promise<LabelEmulator> {
  const made = await startLabelEmulator({ language });
  closing.push(made.close);
  return made;
}
const tcp = (port: number): WireTarget => ({ kind: 'tcp', host: '127.0.0.1', port });

/** The emulator at the right end of a pty pair; the left end's path. */
async function overPty(printer: LabelEmulator): Promise<string> {
  const pair = await openPtyPair();
  closing.push(() => pair.close());
  const [cable, socket] = [
    await open({ kind: 'serial', path: pair.right, format, identity: null }),
    await open(tcp(printer.port)),
  ];
  cable.onData((bytes) => void socket.write(bytes, 2_000));
  socket.onData((bytes) => void cable.write(bytes, 2_000));
  return pair.left;
}

async function print(language: LabelLanguageName, target: WireTarget, counts: readonly number[], dpi: LabelDpi = 203) {
  const seen: LabelProgress[] = [];
  const run = printLabels({
    openWire,
    target,
    language,
    chunks: chunks(language, dpi, counts),
    onProgress: (now) => seen.push(now),
  });
  const outcome: LabelOutcome = await run.outcome;
  return { outcome, seen };
}

describe.each(['zpl', 'tspl'] as const)('%s', (language) => {
  it('over TCP: every label confirmed, progress never goes back', async () => {
    const printer = await emulator(language);
    const { outcome, seen } = await print(language, tcp(printer.port), [4, 1, 2]);
    expect(outcome).toEqual({ kind: 'printed', printed: 7 });
    expect(printer.rows().length).toBe(7);
    const printed = seen.map((now) => now.printed);
    expect(printed).toEqual(printed.toSorted((a, b) => a - b));
    expect(seen.every((now) => now.printed <= now.sent && now.total === 7)).toBe(true);
  });
  it.skipIf(!hasPty)(`over a serial cable and a device file ${noPty}`, async () => {
    const printer = await emulator(language);
    const path = await overPty(printer);
    for (const target of [
      { kind: 'serial', path, format, identity: null },
      { kind: 'deviceFile', path },
    ] as const) {
      const before = printer.rows().length;
      expect((await print(language, target, [2, 1])).outcome).toEqual({ kind: 'printed', printed: 3 });
      expect(printer.rows().length - before).toBe(3);
    }
  });
  it('nobody there: nothing printed, nothing unsure', async () => {
    const printer = await emulator(language);
    await printer.close();
    expect((await print(language, tcp(printer.port), [3])).outcome).toMatchObject({
      kind: 'stopped',
      printed: 0,
      maybe: 0,
    });
  });
});

const named = process.env['BILLMITRA_LABEL_PRINTER'];
it.skipIf(named === undefined)(
  'on the printer that BILLMITRA_LABEL_PRINTER names (not set: not run)',
  async () => {
    const { target, language, dpi } = JSON.parse(named ?? '{}') as {
      readonly target: WireTarget;
      readonly language: LabelLanguageName;
      readonly dpi: LabelDpi;
    };
    const { outcome } = await print(language, target, [2], dpi);
    expect(['printed', 'sent']).toContain(outcome.kind);
  },
  30_000,
);
