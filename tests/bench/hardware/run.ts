/**
 * `npm run bench -- hardware`: every figure of the devices, one after the other. Rule kept: one thing is measured at a
 * time; a quick run takes every figure with few samples, and its numbers are not judged.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, say } from '../till/figures.ts';
import { build } from '../till/run.ts';
import { quickScale } from '../till/scale.ts';
import { copyShop } from '../till/shop.ts';
import { firstByte } from './first-byte.ts';
import { indicReceipt } from './indic.ts';
import { printTime } from './print-time.ts';
import { receiptBytesText } from './receipt-bytes.ts';
import { scaleStable } from './scale.ts';
import { scanBurstLost } from './scans.ts';

type Measured = Figure | readonly Figure[] | AsyncIterable<Figure>;

/** Parts that can be asked for alone, in the order they run. */
export const hardwareParts = ['receipt-bytes', 'first-byte', 'print-time', 'indic', 'scans', 'scale'] as const;
export type HardwarePart = (typeof hardwareParts)[number];

/** A small shop: what is in the catalogue weighs nothing on the way from a bill to its paper. */
async function measureFirstByte(isQuick: boolean): Promise<Figure> {
  await build(['till']);
  const scratch = mkdtempSync(join(tmpdir(), 'billmitra-bench-hardware-'));
  try {
    await copyShop(quickScale, scratch);
    return await firstByte(scratch, { ...quickScale, isQuick }, isQuick ? 10 : 1_000);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function* figuresOf(measured: Measured): AsyncGenerator<Figure> {
  if ('name' in measured) yield measured;
  else yield* measured;
}

function measure(part: HardwarePart, isQuick: boolean): AsyncGenerator<Figure> {
  const one = async function* (work: Promise<Measured>): AsyncGenerator<Figure> {
    yield* figuresOf(await work);
  };
  switch (part) {
    case 'receipt-bytes':
      return one(receiptBytesText());
    case 'first-byte':
      return one(measureFirstByte(isQuick));
    case 'print-time':
      return one(printTime(isQuick ? 1 : 3));
    case 'indic':
      return one(isQuick ? indicReceipt(20, 1) : indicReceipt());
    case 'scans':
      return one(scanBurstLost(isQuick));
    case 'scale':
      return one(scaleStable(isQuick));
    default:
      return part satisfies never;
  }
}

export async function* runHardwareBench(
  isQuick: boolean,
  only: readonly HardwarePart[] = hardwareParts,
): AsyncGenerator<Figure> {
  for (const part of hardwareParts) {
    if (!only.includes(part)) continue;
    say(`hardware: ${part}`);
    yield* measure(part, isQuick);
  }
}
