/**
 * A scan over the real WebSocket: RPC in to feed out, in bills of twelve lines at 100,000 items; then the
 * memory of the till's process after 10,000 bills. Rule kept: one scan at a time, timed from the call to the
 * feed's event that carries its line, the client's own work included.
 */
import { randomUUID } from 'node:crypto';
import type { CartFeedEvent } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { onePiece } from '#core/quantity.ts';
import type { TillClient } from '#tools/till-client.ts';
import { type Figure, median, quantile, round, say, worst } from './figures.ts';
import { barcodeOf, basket, seeded } from './goods.ts';
import { linesPerBill, type Scale } from './scale.ts';
import { linkTo, signInOwner, startTillProcess } from './till-process.ts';

const warmUpBills = 20;

/** Hears the cart's feed; `next` resolves with the instant at which an event with a line came. */
function hearFeed(events: AsyncIterable<CartFeedEvent>) {
  const waiting: ((atMs: number) => void)[] = [];
  const ended = (async () => {
    for await (const event of events) {
      const atMs = performance.now();
      if (event.kind === 'change' && event.lines.length > 0) {
        waiting.shift()?.(atMs);
      }
    }
  })();
  return {
    ended,
    next: (): Promise<number> =>
      new Promise((done) => {
        waiting.push(done);
      }),
  };
}

async function pay(client: TillClient): Promise<void> {
  await client.cart.addTender({ key: randomUUID(), kind: 'cash', amountPaise: null });
  const { header } = await client.cart.get();
  await client.bill.commit({ cartId: header.cartId });
}

export async function measureScans(shopDir: string, scale: Scale): Promise<readonly Figure[]> {
  const till = await startTillProcess(shopDir);
  const { client, close } = await linkTo(till);
  await signInOwner(client);
  const stop = new AbortController();
  const feed = hearFeed(await client.cart.feed(undefined, { signal: stop.signal }));
  const random = seeded(41);
  const samples: number[] = [];
  let bills = 0;
  while (samples.length < scale.scans) {
    for (const n of basket(random, scale.items, linesPerBill)) {
      const key = randomUUID();
      const code = barcodeOf(n);
      const heard = feed.next();
      const from = performance.now();
      const answered = client.cart.scan({ key, code });
      const atMs = await heard;
      const { outcome } = await answered;
      if (outcome !== 'added') throw new Error(`scan of ${code}: ${outcome}`);
      if (bills >= warmUpBills || scale.isQuick) samples.push(atMs - from);
    }
    await pay(client);
    bills += 1;
  }
  say(`${samples.length} scans; now ${scale.billsBeforeMemory - bills} bills more for the memory`);

  const ids: Uuid[] = [];
  for (let n = 0; n < Math.min(scale.items, 2_000); n += 1) {
    ids.push((await client.item.byCode({ code: barcodeOf(n) })).id);
  }
  while (bills < scale.billsBeforeMemory) {
    const lines = basket(random, ids.length, linesPerBill).flatMap((n) => {
      const itemId = ids[n];
      return itemId === undefined ? [] : [{ itemId, qtyMilli: onePiece }];
    });
    await client.cart.addItems({ key: randomUUID(), lines });
    await pay(client);
    bills += 1;
  }
  const rss = till.rssBytes();
  stop.abort();
  await feed.ended.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  close();
  await till.stop();

  return [
    {
      name: 'scan_to_feed.p99_ms',
      value: quantile(samples, 0.99),
      unit: 'ms',
      n: samples.length,
      bar: { atMost: 5 },
      beside: { median: round(median(samples)), worst: round(worst(samples)) },
    },
    rss === null
      ? {
          name: 'till_rss_mb',
          value: null,
          unit: 'MB',
          n: 0,
          bar: null,
          why: 'this system does not tell a process’s memory',
        }
      : { name: 'till_rss_mb', value: rss / 1_048_576, unit: 'MB', n: bills, bar: { atMost: 200 } },
  ];
}
