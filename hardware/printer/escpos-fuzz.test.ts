/**
 * Any bytes at all into the emulator: random ones, commands with random arguments, and whole receipts with bytes
 * changed, left out and doubled, cut up anywhere. 20,000 inputs, with BILLMITRA_FULL=1 a million. A failure names
 * its seed; the same seed makes the same bytes.
 */
import { expect, it } from 'vitest';
import { layoutBill } from '#core/billing/receipt.ts';
import { seededRandom } from '#tests/faults/seeded-random.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { encodeReceipt } from './encode-receipt.ts';
import { measureFor } from './escpos-encode.ts';
import { commandTable } from './escpos-table.ts';
import { findModel } from './models.ts';

const inputs = process.env['BILLMITRA_FULL'] === '1' ? 1_000_000 : 20_000;
const model = findModel('generic-58');
const receipt = encodeReceipt(
  layoutBill(billOf({ goods: monthly.slice(0, 2) }), {
    widthMm: 58,
    measure: measureFor(model, null),
    language: 'en',
    shop,
    isDuplicate: false,
  }),
  model,
  null,
);
const leads = [...commandTable].flatMap(([first, family]) =>
  family.kind === 'single' ? [[first]] : [...family.commands.keys()].map((second) => [first, second]),
);
const end = Buffer.from('\x1b@alive\n\x1dV\0', 'latin1');

type Random = (below: number) => number;

function makeInput(random: Random): Uint8Array {
  const kind = random(3);
  if (kind === 0) return Uint8Array.from({ length: random(60) }, () => random(256));
  if (kind === 1) {
    const bytes: number[] = [];
    for (let i = random(6); i >= 0; i--) {
      bytes.push(...(leads[random(leads.length)] ?? []));
      // Small arguments, so that lengths are sometimes kept.
      for (let n = random(9); n > 0; n--) bytes.push(random(4) === 0 ? random(256) : random(5));
    }
    return Uint8Array.from(bytes);
  }
  const from = random(receipt.length);
  const bytes = [...receipt.subarray(from, from + random(80))];
  for (let i = random(4); i > 0; i--) bytes.splice(random(bytes.length + 1), random(3), random(256));
  return Uint8Array.from(bytes);
}

it(`survives ${inputs} inputs, holds little of any, and prints the next receipt`, () => {
  for (let seed = 1; seed <= inputs; seed++) {
    const random = seededRandom(seed).below;
    const bytes = makeInput(random);
    const emulator = makeEmulator({ widthDots: 384, keep: 3 });
    try {
      const middle = random(bytes.length + 1);
      emulator.feed(bytes.subarray(0, middle));
      if (random(8) === 0) emulator.setState({ paper: random(2) === 0 ? 'out' : 'low' });
      emulator.feed(bytes.subarray(middle));
      const held = emulator.heldBytes();
      emulator.dropLink();
      emulator.setState({ paper: 'ok' });
      emulator.feed(end);
      const last = emulator.receipts().at(-1);
      const isAlive = last !== undefined && (printedText(last).at(-1) ?? '').includes('alive');
      if (held > bytes.length || !isAlive) throw new Error(`held ${held} of ${bytes.length}, printed ${isAlive}`);
    } catch (error) {
      expect.fail(`seed ${seed}, ${Buffer.from(bytes).toString('hex')}: ${String(error)}`);
    }
  }
}, 600_000);
