/**
 * A price from head office to fifty tills: a signed-in person publishes over HTTP, effective now, and each till says when
 * it sells by it. Rule kept: the clock runs from head office's answer; the next price goes out at its own time, whether
 * the last one has arrived everywhere or not; a till that never says so is a fault of the run, not a missing sample.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { publishApi } from '#contract/publish.ts';
import { officeApi, officeHeader } from '#contract/server.ts';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeAccount } from '#sync-server/identity/accounts.ts';
import { type Figure, median, quantile, round, worst } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { machineMs, type PriceTillsAsked, type PriceTillsSay } from './price-tills.ts';
import { makeGoods } from './shapes.ts';

const processes = 4;
const items = 500;
const everyMs = 300;
const arrivesWithinMs = 60_000;
/** An account may ask 100 times a minute. */
const people = 4;

async function signIn(url: string, person: { readonly email: string; readonly password: string }): Promise<string> {
  const answer = await fetch(new URL(officeApi.signIn.path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [officeHeader]: '1' },
    body: JSON.stringify(person),
  });
  if (!answer.ok) throw new Error(`signing in answered ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

const ask = (child: ChildProcess, what: PriceTillsAsked): void => void child.send(what);

/** `price_to_50_tills.p99_ms`. */
export async function measurePrices(server: BenchServer, publishes: number): Promise<readonly Figure[]> {
  const { tenantId, url, tills } = server;
  const newId = makeIds({ now: () => instant(Date.now()) }, (n) => randomBytes(n));
  const pool = new Pool({ connectionString: server.databaseUrl, max: 2 });
  const goods = makeGoods(items);
  const stores = [...new Set(tills.map((till) => till.storeId))];
  await publishItems(pool, tenantId, stores, goods, Date.now());
  const cookies = [];
  for (let n = 0; n < people; n += 1) {
    const person = { email: `owner${n}@bench.shop`, password: 'bench-owner-of-the-chain' };
    await makeAccount(pool, tenantId, { role: 'chain', region: null, storeId: null }, person, newId, Date.now());
    cookies.push(await signIn(url, person));
  }
  await pool.end();

  const seenAt = new Map<number, number[]>();
  const script = join(import.meta.dirname, 'price-tills.ts');
  const children = Array.from({ length: processes }, () => fork(script, { stdio: ['ignore', 'ignore', 2, 'ipc'] }));
  await Promise.all(
    children.map(
      (child, n) =>
        new Promise<void>((ready, fail) => {
          child.once('exit', (code) => fail(new Error(`tills ended with ${code}`)));
          child.on('message', (said: PriceTillsSay) => {
            if (said.kind === 'ready') ready();
            else seenAt.set(said.pricePaise, [...(seenAt.get(said.pricePaise) ?? []), said.atMs]);
          });
          ask(child, { kind: 'open', url, tills: tills.filter((_, i) => i % processes === n), items });
        }),
    ),
  );

  const answeredAt = new Map<number, number>();
  const priceOf = (n: number): number => 1_000_000 + n;
  const began = machineMs();
  for (let n = 0; n < publishes; n += 1) {
    await sleep(Math.max(0, began + n * everyMs - machineMs()));
    const body = {
      publicationId: newId(),
      scope: { kind: 'all' },
      effectiveAtMs: Date.now(),
      note: '',
      lines: [{ itemId: goods[n % items]?.id, change: { sellingPricePaise: priceOf(n) } }],
    };
    const answer = await fetch(new URL(publishApi.publish.path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [officeHeader]: '1', cookie: cookies[n % people] ?? '' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    answeredAt.set(priceOf(n), machineMs());
    if (!answer.ok || !text.includes(body.publicationId))
      throw new Error(`publishing answered ${answer.status}: ${text}`);
  }
  const isAll = (): boolean =>
    [...answeredAt.keys()].every((price) => (seenAt.get(price)?.length ?? 0) >= tills.length);
  for (const untilMs = machineMs() + arrivesWithinMs; !isAll() && machineMs() < untilMs; ) await sleep(50);
  const isWhole = isAll();
  for (const child of children) {
    child.removeAllListeners('exit');
    const gone = new Promise((done) => child.once('exit', done));
    ask(child, { kind: 'stop' });
    await gone;
  }
  if (!isWhole) throw new Error('a price did not arrive at every till within a minute');
  // What was in use before the answer was read took no time.
  const tookMs = [...answeredAt].flatMap(([price, atMs]) =>
    (seenAt.get(price) ?? [])
      .toSorted((a, b) => a - b)
      .slice(0, tills.length)
      .map((seenMs) => Math.max(0, seenMs - atMs)),
  );
  return [
    {
      name: 'price_to_50_tills.p99_ms',
      value: quantile(tookMs, 0.99),
      unit: 'ms',
      n: tookMs.length,
      bar: { atMost: 2_000 },
      beside: {
        ...coresSaid,
        tills: tills.length,
        stores: stores.length,
        publishes,
        every_ms: everyMs,
        p50: round(median(tookMs)),
        worst: round(worst(tookMs)),
        from: "the publish call's answer, effective now, to the price read from the till's SQLite",
      },
    },
  ];
}
