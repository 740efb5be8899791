/**
 * A blank till joins a head office of 100,000 items: how soon its first bill is committed, and what bills wait for while
 * the catalogue comes in behind them. Rule kept: the clock runs from pressing "join" to the commit's answer of a real
 * item of head office, scanned by its barcode; the last of the catalogue, so that it is not there by luck. The till goes
 * on selling until search knows everything; each round is another till, the worst one counts.
 */
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { cash, type Desk, openCounter, openDesk, scan, start } from '#tests/fixtures/till-desk.ts';
import { type Figure, median, quantile, round, worst } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { goodsBarcode, makeGoods } from './shapes.ts';

type Round = {
  readonly firstBillMs: number;
  readonly wholeMs: number;
  readonly searchMs: number;
  readonly commitMs: readonly number[];
  /** The longest that the till's one thread was held, so long a bill may have waited to begin. */
  readonly heldMs: number;
};
/** A till that sells as fast as a good cashier, and so does not wait for its own catalogue. */
const betweenBillsMs = 100;

/** Answers how long the commit took. */
async function sellOne({ rpc }: Desk, code: string): Promise<number> {
  const { outcome } = await scan(rpc, code);
  if (outcome !== 'added') throw new Error(`the scan of ${code} was ${outcome}`);
  await cash(rpc);
  const { header } = await rpc.cart.get();
  const from = performance.now();
  await rpc.bill.commit({ cartId: header.cartId });
  return performance.now() - from;
}

async function oneTill(url: string, code: string, n: number, count: number): Promise<Round> {
  const desk = await openDesk();
  try {
    desk.pass(Date.now() - start);
    await openCounter(desk);
    const newId = makeIds({ now: () => instant(Date.now()) }, (bytes) => randomBytes(bytes));
    // Folders of this fixture are made alike, their tills' ids too.
    desk.till().context.settings.save({ series: `N${n}`, tillId: newId() });
    await desk.signIn('owner');
    const { tables } = desk.till().context;
    const held = monitorEventLoopDelay({ resolution: 1 });
    held.enable();
    const began = performance.now();
    await desk.rpc.sync.join({ serverUrl: url, code });
    const commitMs = [await sellOne(desk, goodsBarcode(count - 1))];
    const firstBillMs = performance.now() - began;
    let wholeMs: number | null = null;
    let searchMs: number | null = null;
    for (let bill = 1; searchMs === null; bill += 1) {
      commitMs.push(await sellOne(desk, goodsBarcode((bill * 7_919) % count)));
      if (wholeMs === null && tables.settings.get('shape.catalogue') !== null) wholeMs = performance.now() - began;
      const isSearchWhole = wholeMs !== null && tables.searchQueue.waiting() === 0 && tables.items.count() >= count;
      if (isSearchWhole && performance.now() - began > (wholeMs ?? 0) + 1_000) searchMs = performance.now() - began;
      await sleep(betweenBillsMs);
    }
    held.disable();
    return { firstBillMs, wholeMs: wholeMs ?? 0, searchMs, commitMs, heldMs: held.max / 1e6 };
  } finally {
    await desk.close();
  }
}

/** `new_till_first_bill_s`. */
export async function measureNewTill(server: BenchServer, count: number, rounds: number): Promise<readonly Figure[]> {
  const pool = new Pool({ connectionString: server.databaseUrl, max: 2 });
  const storeId = server.tills[0]?.storeId ?? '';
  const goods = makeGoods(count);
  for (let from = 0; from < count; from += 5_000) {
    await publishItems(pool, server.tenantId, [storeId], goods.slice(from, from + 5_000), Date.now());
  }
  const all: Round[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const expiresAtMs = Date.now() + 600_000;
    const { tenantId } = server;
    const names = { storeName: 'Store 1', region: 'Bench' };
    const code = await makeCode(pool, { tenantId, storeId, isNewStore: false, ...names, expiresAtMs });
    all.push(await oneTill(server.url, code, n, count));
  }
  await pool.end();
  const commits = all.flatMap((one) => one.commitMs);
  const firstMs = all.map((one) => one.firstBillMs);
  return [
    {
      name: 'new_till_first_bill_s',
      value: worst(firstMs) / 1_000,
      unit: 's',
      n: rounds,
      bar: { atMost: 5 },
      beside: {
        ...coresSaid,
        items: count,
        median_s: round(median(firstMs) / 1_000),
        sold: 'the last item of the catalogue by its barcode, asked for at head office',
        catalogue_whole_s: round(worst(all.map((one) => one.wholeMs)) / 1_000),
        search_whole_s: round(worst(all.map((one) => one.searchMs)) / 1_000),
      },
    },
    {
      name: 'new_till_commit_worst_ms',
      value: worst(commits),
      unit: 'ms',
      n: commits.length,
      bar: null,
      beside: {
        median_ms: round(median(commits)),
        p98_ms: round(quantile(commits, 0.98)),
        held_at_most_ms: round(worst(all.map((one) => one.heldMs)), 1),
        measured: 'bill.commit, called while the catalogue and then search come in',
      },
    },
  ];
}
