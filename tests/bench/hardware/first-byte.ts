/**
 * From a bill's answer to the first byte of its receipt at the printer: a real till process, its own commit, spool,
 * encoder and driver, and the emulator on a socket. Rule kept: questions about the printer's state are no receipt, but
 * their time counts; bills come at once after another and after pauses in which the idle printer is looked after.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TillClient } from '#tools/till-client.ts';
import { startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { type Figure, median, quantile, round, say, worst } from '../till/figures.ts';
import { barcodeOf, basket, seeded } from '../till/goods.ts';
import { linesPerBill, type Scale } from '../till/scale.ts';
import { linkTo, signInOwner, startTillProcess } from '../till/till-process.ts';

const warmUpBills = 20;
/** Every so many bills the counter rests for about as long as an idle printer is left alone. */
const restEvery = 20;
const restMs = 1_500;
const mostMs = 10_000;
const escape = 0x1b;

export async function firstByte(shopDir: string, scale: Scale, bills: number): Promise<Figure> {
  let onFirst = (_atMs: number): void => {};
  const printer = await startEmulatorServer({
    // A receipt begins with ESC @; a question with DLE or GS, and what ends a half command of before is NULs.
    onBytes: (bytes) => {
      if (bytes.includes(escape)) onFirst(performance.now());
    },
  });
  const till = await startTillProcess(shopDir);
  const { client, close } = await linkTo(till);
  await signInOwner(client);
  await client.device.setPrinter({ target: { kind: 'tcp', host: '127.0.0.1', port: printer.port }, widthMm: 80 });
  const random = seeded(43);
  const samples: number[] = [];
  try {
    for (let n = -warmUpBills; n < bills; n += 1) {
      await fillCart(client, basket(random, scale.items, linesPerBill));
      await paperIsOut(client);
      if (!scale.isQuick && n % restEvery === 0) await sleep(restMs - 50 + Math.floor(random() * 100));
      const { header } = await client.cart.get();
      const first = new Promise<number>((resolve) => {
        onFirst = resolve;
      });
      await client.bill.commit({ cartId: header.cartId });
      const answeredAt = performance.now();
      // The byte may overtake the answer on its way here.
      const cameAt = await Promise.race([first, sleep(mostMs, null, { ref: false })]);
      if (cameAt === null) throw new Error(`bill ${n}: no receipt within ${mostMs} ms`);
      const ms = Math.max(0, cameAt - answeredAt);
      if (n >= 0) samples.push(ms);
      if (n > 0 && n % 250 === 0) say(`${n} bills`);
    }
    await paperIsOut(client);
    if (printer.emulator.cuts() !== bills + warmUpBills) throw new Error('not every bill is on paper');
  } finally {
    close();
    await till.stop();
    await printer.close();
  }
  return {
    name: 'first_byte_after_commit.p99_ms',
    value: quantile(samples, 0.99),
    unit: 'ms',
    n: samples.length,
    bar: { atMost: 100 },
    beside: { median: round(median(samples)), worst: round(worst(samples)), lines: linesPerBill },
  };
}

async function fillCart(client: TillClient, goods: readonly number[]): Promise<void> {
  for (const n of goods) await client.cart.scan({ key: randomUUID(), code: barcodeOf(n) });
  await client.cart.addTender({ key: randomUUID(), kind: 'cash', amountPaise: null });
}

async function paperIsOut(client: TillClient): Promise<void> {
  for (;;) {
    const { waitingJobs, cutJob, printer } = await client.device.state();
    if (cutJob !== null) throw new Error(`a receipt was cut: ${printer}`);
    if (waitingJobs === 0) return;
    await sleep(2);
  }
}
