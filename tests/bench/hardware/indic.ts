/**
 * How long a receipt of 40 lines of mixed Hindi and Tamil takes at 80 mm, from the document to the printer's bytes:
 * layout, shaping, rasterising, bands. Rule kept: cold is a process of its own (no engine, no font, no drawn word);
 * warm has the engine open and words of which most were drawn before, as a shop's are.
 */
import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { layoutBill } from '#core/billing/receipt.ts';
import { encodeReceipt } from '#hardware/printer/encode-receipt.ts';
import { measureFor } from '#hardware/printer/escpos-encode.ts';
import { findModel } from '#hardware/printer/models.ts';
import { openTextRaster } from '#hardware/text/raster.ts';
import type { TextRaster } from '#hardware/text/text-raster.ts';
import { billOf, type Goods, shop } from '#tests/fixtures/receipt-documents.ts';
import { type Figure, median, worst } from '../till/figures.ts';

const lines = 40;
const hindi = [
  'तूर दाल',
  'आशीर्वाद आटा',
  'सर्फ़ एक्सेल',
  'नेस्कैफ़े क्लासिक',
  'फ़ॉर्च्यून सरसों तेल',
  'श्री गोपाल मिष्ठान्न',
  'कोका-कोला',
  'चीनी खुली',
];
const tamil = [
  'துவரம் பருப்பு',
  'நல்லெண்ணெய்',
  'கொத்தமல்லித் தூள்',
  'பால் கொழுப்பு நிறைந்தது',
  'ஸ்ரீ முருகன் அப்பளம்',
  'பிஸ்கட்',
  'வெல்லம்',
  'மிளகாய்த் தூள்',
];
const words = hindi.flatMap((word, i) => [word, tamil[i] ?? word]);

/** The goods of the `nth` bill: names with a number of their own in `freshShare` of the lines, so that no cache has them. */
const goodsOf = (nth: number, freshEvery: number): readonly Goods[] =>
  Array.from({ length: lines }, (_, i) => {
    const word = words[(i * 5 + nth) % words.length] ?? '';
    const name = i % freshEvery === 0 ? `${word} ${nth * lines + i} ₹${i}` : `${word} ${(i % 4) + 1} kg`;
    return { name, nameHi: name, price: 45.5 + i, mrp: 60 + i, qty: (i % 3) + 1, hsn: '0713', rate: 5 };
  });

/** Bytes of the whole receipt. */
function printable(raster: TextRaster, goods: readonly Goods[]): Uint8Array {
  const model = findModel('generic-80');
  const layout = layoutBill(billOf({ goods, cash: 20_000 }), {
    widthMm: 80,
    measure: measureFor(model, raster),
    language: 'hi',
    shop,
    isDuplicate: false,
  });
  return encodeReceipt(layout, model, raster);
}

/** For the process of a cold measurement: from nothing to bytes, in ms, the engine's loading included. */
export async function measureCold(): Promise<number> {
  const from = performance.now();
  const raster = await openTextRaster();
  if (raster === null) return Number.NaN;
  printable(raster, goodsOf(0, 1));
  return performance.now() - from;
}

const coldScript = `
import { measureCold } from ${JSON.stringify(import.meta.url)};
process.stdout.write(String(await measureCold()));
`;

/** The worst of `bills` warm ones (one line in eight is new), and of `starts` cold processes. */
export async function indicReceipt(bills = 1_000, starts = 7): Promise<readonly Figure[]> {
  const raster = await openTextRaster();
  const why = raster === null ? 'the font engine does not load' : undefined;
  const warm: number[] = [];
  let bytes = 0;
  // The first ones only warm up.
  for (let nth = -20; raster !== null && nth < bills; nth++) {
    const goods = goodsOf(nth + 20, 8);
    const from = performance.now();
    bytes = printable(raster, goods).length;
    if (nth >= 0) warm.push(performance.now() - from);
  }
  const cold: number[] = [];
  for (let i = 0; raster !== null && i < starts; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', coldScript]);
    cold.push(Number(stdout));
  }
  return [
    {
      name: 'indic_receipt_ms',
      value: warm.length === 0 ? null : worst(warm),
      unit: 'ms',
      n: warm.length,
      bar: { atMost: 300 },
      beside: warm.length === 0 ? {} : { lines, bytes, median: median(warm) },
      why,
    },
    {
      name: 'indic_receipt_cold_ms',
      value: cold.length === 0 ? null : worst(cold),
      unit: 'ms',
      n: cold.length,
      bar: { atMost: 1_500 },
      beside: cold.length === 0 ? {} : { lines, median: median(cold) },
      why,
    },
  ];
}
