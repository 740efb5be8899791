/**
 * A till that works through some hours of a shop in one process, for the tracer: sales, returns, shift close,
 * goods received, folding, checkpoints, a clean stop and a new start. Rule kept: everything goes through the
 * router, as from a screen, and each answer is written to the file of acknowledgements before the next command.
 * `--normal-sync` is the control: the very mistake that better-sqlite3's default would be.
 *   node scenario.ts DIR SEED SALES ACKS [--normal-sync] [--old-schema]
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import type { Uuid } from '#core/ids.ts';
import { startCheckpointer } from '#db/checkpoint.ts';
import { connect, makeDurable } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { assemble } from '#till/assemble.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { tillRouter } from '#till/router.ts';
import { type Ack, ackOf, ackOfBill } from './audit.ts';
import { ownerPin, plainBarcodes } from './demo-goods.ts';
import { seededRandom } from './seeded-random.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'normal-sync': { type: 'boolean', default: false }, 'old-schema': { type: 'boolean', default: false } },
});
const [dir = '', seed = '1', sales = '40', ackFile = ''] = positionals;
const random = seededRandom(Number(seed));
const acks = openSync(ackFile, 'a');
const acknowledge = (ack: Ack): void => void writeSync(acks, `${JSON.stringify(ack)}\n`);
const barcodes = plainBarcodes();

/** One run of the till, from start to stop. */
async function live(sales: number, isDemoSeeded: boolean): Promise<void> {
  const till = await assemble({ shopDir: dir });
  const { tables } = till.context;
  // The harness breaks it on purpose, from outside: the product has no such switch.
  if (values['normal-sync']) tables.shop.sql.pragma('synchronous = NORMAL');
  // Much earlier than the till's own, so that a short trace holds many checkpoints and restarts of the log.
  const fromBytes = 500_000 + random.below(2_500_000);
  const checkpointer = startCheckpointer(tables.shop, { fromBytes });
  if (!isDemoSeeded) seedDemoShop(till.context);
  const client = createRouterClient(tillRouter, { context: { till: till.context, connection: till.connect() } });
  await client.staff.signIn({ staffId: null, pin: ownerPin });

  const command = async (work: (key: string) => Promise<unknown>): Promise<void> => {
    const key = random.uuid();
    await work(key);
    acknowledge({ kind: 'command', key });
  };
  const openShift = () => command((key) => client.shift.open({ key, floatPaise: 50_000 as Paise }));
  const closeShift = async (): Promise<void> => {
    const { expectedCashPaise } = await client.shift.report();
    await command((key) =>
      client.shift.close({ key, countedCashPaise: expectedCashPaise, firstCountPaise: null, reason: null }),
    );
  };
  const sold: Uuid[] = [];
  const sell = async (): Promise<void> => {
    const lines = 1 + random.below(12);
    for (let n = 0; n < lines; n += 1) await client.cart.scan({ key: random.uuid(), code: random.pick(barcodes) });
    if (random.isLikely(0.15)) {
      await client.cart.hold({ key: random.uuid() });
      const [held] = await client.cart.held();
      if (held !== undefined) await client.cart.recall({ key: random.uuid(), heldId: held.id });
    }
    const kind = random.pick(['cash', 'cash', 'card'] as const);
    await client.cart.addTender({ key: random.uuid(), kind, amountPaise: null });
    const { header } = await client.cart.get();
    const { bill } = await client.bill.commit({ cartId: header.cartId });
    acknowledge(ackOfBill(bill));
    sold.push(bill.id);
  };
  const takeBack = async (): Promise<void> => {
    const billId = sold.splice(random.below(sold.length), 1)[0];
    if (billId === undefined) return;
    const { creditNote } = await client.creditNote.commitForBill({
      key: random.uuid() as Uuid,
      billId,
      lines: [{ billLineNo: 1, qtyMilli: 1000 as Milli, isRestocked: random.isLikely(0.5) }],
      reason: 'notWanted',
      refundKind: 'cash',
    });
    acknowledge(ackOf('creditNote', creditNote));
  };
  const receive = async (): Promise<void> => {
    const { id } = await client.item.byCode({ code: random.pick(barcodes) });
    await command((key) =>
      client.stock.receive({ key, lines: [{ itemId: id, qtyMilli: (1000 * (1 + random.below(48))) as Milli }] }),
    );
  };

  if ((await client.shift.state()).shift === null) await openShift();
  for (let n = 0; n < sales; n += 1) {
    await sell();
    if (random.isLikely(0.15)) await takeBack();
    if (random.isLikely(0.1)) await receive();
    if (random.isLikely(0.1)) tables.stock.fold(20 + random.below(200));
    checkpointer.look();
    // The worker gets its turn, in the middle of sales or between them.
    if (random.isLikely(0.5)) await sleep(random.below(4));
    if (checkpointer.isBackfilled() && random.isLikely(0.7)) checkpointer.restart();
    if (n === Math.floor(sales / 2)) {
      await closeShift();
      await openShift();
    }
  }
  await checkpointer.stop();
  await till.close();
}

if (values['old-schema']) {
  const db = connect(join(dir, 'shop.db'));
  makeDurable(db);
  migrate(db, dir, 0, undefined, 1);
  db.close();
}
const first = Math.ceil(Number(sales) * 0.7);
await live(first, false);
await live(Number(sales) - first, true);
