/**
 * The dead till: a till process is killed after some byte of a receipt has left, and the next one must ask about
 * that receipt, or print it where nothing of it had left. Rule kept: the answer is given by the paper; a till that
 * is not asked to answer may not print the same receipt a second time unmarked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Paise } from '#core/money.ts';
import { type EmulatorServer, startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { printedText } from '#hardware/printer/emulator-paper.ts';
import type { TillClient } from '#tools/till-client.ts';
import { ownerPin, plainBarcodes } from './demo-goods.ts';
import { type Random, seededRandom } from './seeded-random.ts';
import { spawnTill } from './till-process.ts';

export type Killed = { readonly lost: number; readonly doubledUnmarked: number; readonly asked: number };

const tillEntry = join(import.meta.dirname, '..', '..', 'till', 'node.ts');

export async function killWhilePrinting(kills: number, seed: number, say: (line: string) => void): Promise<Killed> {
  const random = seededRandom(seed + 1);
  const home = mkdtempSync(join(tmpdir(), 'billmitra printer-kill दुकान-'));
  const shop = join(home, 'shop');
  let onBytes = (_count: number): void => {};
  const server = await startEmulatorServer({ onBytes: (bytes) => onBytes(bytes.length) });
  const total = { lost: 0, doubledUnmarked: 0, asked: 0 };
  let till = spawnTill(tillEntry, ['--shop', shop, '--demo']);
  const signIn = async (): Promise<TillClient> => {
    const client = await till.join();
    await client.staff.signIn({ staffId: null, pin: ownerPin });
    return client;
  };
  try {
    let client = await signIn();
    const target = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
    await client.device.setPrinter({ target, widthMm: 80 });
    if ((await client.shift.state()).shift === null) {
      await client.shift.open({ key: random.uuid(), floatPaise: 50_000 as Paise });
    }
    // The first receipt tells how long one is.
    const from = server.receivedBytes();
    await sell(client, random);
    await until(async () => server.emulator.cuts() === 1 && (await client.device.state()).waitingJobs === 0);
    const length = server.receivedBytes() - from;
    for (let n = 0; n < kills; n += 1) {
      const before = server.emulator.cuts();
      const place = 1 + Math.floor(((n + random.fraction()) / kills) * length);
      let left = place;
      const dying = till;
      // The shop's power fails: what had not arrived never will.
      server.cutAfter(place);
      // After this byte; should none come (it died before), the kill comes anyway.
      onBytes = (count) => {
        left -= count;
        if (left <= 0) dying.kill();
      };
      const number = await sell(client, random).catch(() => null);
      const late = setTimeout(dying.kill, 2_000);
      await dying.gone;
      clearTimeout(late);
      onBytes = () => {};
      server.cutAfter(null);
      till = spawnTill(tillEntry, ['--shop', shop]);
      client = await signIn();
      // Its answer may have died with it: the bill is there or it is not.
      const { bill } = await lastBill(client, number);
      await drained(client);
      for (;;) {
        const { cutJob } = await client.device.state();
        if (cutJob === null) break;
        total.asked += 1;
        await client.device.answerCut({
          jobId: cutJob.jobId,
          cameOutWhole: wholes(server, before, cutJob.number ?? '').plain > 0,
        });
        await drained(client);
      }
      const { plain, marked } = wholes(server, before, bill);
      if (plain + marked === 0) total.lost += 1;
      if (plain > 1) total.doubledUnmarked += 1;
      say(`killed ${n + 1} of ${kills}: ${total.asked} asked, ${total.lost} lost, ${total.doubledUnmarked} doubled`);
    }
  } finally {
    till.stop();
    await till.gone;
    await server.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
  return total;
}

async function sell(client: TillClient, random: Random): Promise<string> {
  for (let n = 0; n < 3; n += 1) await client.cart.scan({ key: random.uuid(), code: random.pick(plainBarcodes()) });
  await client.cart.addTender({ key: random.uuid(), kind: 'cash', amountPaise: null });
  const { header } = await client.cart.get();
  return (await client.bill.commit({ cartId: header.cartId })).bill.number;
}

async function lastBill(client: TillClient, number: string | null): Promise<{ readonly bill: string }> {
  const [row] = await client.bill.find({ text: '', limit: 1 });
  return { bill: number ?? row?.number ?? '' };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    if (await isSo()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}
const drained = (client: TillClient): Promise<void> =>
  until(async () => (await client.device.state()).waitingJobs === 0);

/** Whole receipts of this bill on the paper since then: its number near the top, and as bars at the very end. */
function wholes(server: EmulatorServer, sinceCuts: number, number: string) {
  const fresh = server.emulator.cuts() - sinceCuts;
  const pieces = fresh === 0 ? [] : server.emulator.receipts().slice(-fresh);
  const lines = [...pieces, server.emulator.current()].flatMap(printedText).map((line) => line.trim());
  const ending = `[bars ${number}]`;
  let [plain, marked] = [0, 0];
  let isOurs = false;
  let isMarked = false;
  for (const line of lines) {
    if (/duplicate/i.test(line)) isMarked = true;
    if (line.includes(number)) isOurs = true;
    if (line !== ending) continue;
    if (isOurs) [plain, marked] = isMarked ? [plain, marked + 1] : [plain + 1, marked];
    isOurs = false;
    isMarked = false;
  }
  return { plain, marked };
}
