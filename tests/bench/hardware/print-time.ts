/**
 * How much longer a receipt takes than its paper: bytes as text over a socket to a printer of 150 and of 300 mm a
 * second with a buffer of 4 KB, in real time, from handing the job over until the knife has cut. Rule kept: the
 * length is that of the paper which came out; 300 ms are allowed for questions, start and cut (reliability.md).
 */
import { layoutBill } from '#core/billing/receipt.ts';
import { encodeReceipt } from '#hardware/printer/encode-receipt.ts';
import { startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { measureFor } from '#hardware/printer/escpos-encode.ts';
import { findModel } from '#hardware/printer/models.ts';
import { openPrinter } from '#hardware/printer/open-printer.ts';
import { openWire } from '#hardware/wire/open-wire.ts';
import { openTextRaster } from '#hardware/text/raster.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { type Figure, median, round, worst } from '../till/figures.ts';

const allowedMs = 300;
const speeds = [150, 300] as const;
const dotsPerMm = 8;
/** Lines of the receipts: a few, a month's shopping, a long one that fills the buffer more than once. */
const sizes = [3, 12, 40] as const;

/** `repeats` of each size at each speed; the worst counts. */
export async function printTime(repeats: number): Promise<Figure> {
  const model = findModel('generic-80');
  const raster = await openTextRaster();
  const ratios: number[] = [];
  const plain: number[] = [];
  const worstAt = new Map<number, number>();
  for (const speed of speeds) {
    const server = await startEmulatorServer({ mmPerSecond: speed });
    const target = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    const printer = openPrinter(target, model, {}, openWire);
    try {
      for (const size of Array.from({ length: repeats }, () => sizes).flat()) {
        const goods = Array.from({ length: size }, (_, i) => monthly[i % monthly.length]).flatMap((one) => one ?? []);
        const layout = layoutBill(billOf({ goods, cash: 20_000 }), {
          widthMm: 80,
          widthDots: model.dots,
          measure: measureFor(model, raster),
          language: 'en',
          shop,
          isDuplicate: false,
        });
        const bytes = encodeReceipt(layout, model, raster);
        const dots = server.emulator.travelDots();
        const from = performance.now();
        const outcome = await printer.write(bytes);
        await server.idle();
        const totalMs = performance.now() - from;
        if (outcome.kind !== 'done') throw new Error(`a receipt ended as ${JSON.stringify(outcome)}`);
        const paperMs = ((server.emulator.travelDots() - dots) / dotsPerMm / speed) * 1_000;
        const ratio = (totalMs - allowedMs) / paperMs;
        ratios.push(ratio);
        plain.push(totalMs / paperMs);
        worstAt.set(speed, Math.max(worstAt.get(speed) ?? 0, ratio));
      }
    } finally {
      await printer.close();
      await server.close();
    }
  }
  const at = Object.fromEntries([...worstAt].map(([speed, ratio]) => [`worst_${speed}_mm_s`, round(ratio)]));
  return {
    name: 'print_time_ratio',
    value: Math.max(...ratios),
    unit: 'share',
    n: ratios.length,
    bar: { atMost: 1.1 },
    beside: { median: round(median(ratios)), without_allowance: round(worst(plain)), ...at },
  };
}
