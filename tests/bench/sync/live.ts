/**
 * From the till's answer to head office's page: a real till sells, joined to the server; a signed-in person follows
 * today's feed as a browser does. Rule kept: the clock runs from the commit's answer to the event whose sum has that
 * bill in it. The till is on a real shop folder but in the bench's own process; the bills come one after the other.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { officeApi, officeHeader, todayFeedPath, type TodayView } from '#contract/server.ts';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { makeAccount } from '#sync-server/identity/accounts.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { codes, openCounter, openDesk, sell, start } from '#tests/fixtures/till-desk.ts';
import { type Figure, median, quantile, round, worst } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';

const person = { email: 'owner@bench.shop', password: 'bench-owner-of-the-chain' } as const;
const waitsAtMostMs = 10_000;

type Feed = { readonly saw: (bills: number) => Promise<void>; readonly close: () => void };

/** Signs in and follows the feed; `saw` resolves when the chain's count of bills has reached so many. */
async function followToday(url: string): Promise<Feed> {
  const signedIn = await fetch(new URL(officeApi.signIn.path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [officeHeader]: '1' },
    body: JSON.stringify(person),
  });
  if (!signedIn.ok) throw new Error(`signing in answered ${signedIn.status}: ${await signedIn.text()}`);
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
  const gone = new AbortController();
  const response = await fetch(new URL(todayFeedPath, url), {
    headers: { cookie: cookie.join('; ') },
    signal: gone.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`the feed answered ${response.status}`);
  let seen = 0;
  let wanted: { readonly bills: number; readonly done: () => void } | null = null;
  const hear = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let rest = '';
    const text = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value: part } = await reader.read();
      if (done) return;
      const events = (rest + text.decode(part, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events.filter((one) => one.startsWith('data: '))) {
        seen = (JSON.parse(event.slice(6)) as TodayView).total.bills;
        if (wanted !== null && seen >= wanted.bills) wanted.done();
      }
    }
  };
  // Ends with the abort below; a feed that ends earlier is told by the wait for the next bill.
  void hear(response.body).catch(() => undefined);
  return {
    saw: (bills) =>
      seen >= bills
        ? Promise.resolve()
        : new Promise((done, fail) => {
            const late = setTimeout(() => fail(new Error(`bill ${bills} was not heard of`)), waitsAtMostMs);
            wanted = {
              bills,
              done: () => {
                clearTimeout(late);
                wanted = null;
                done();
              },
            };
          }),
    close: () => gone.abort(),
  };
}

export async function measureLive(server: BenchServer, bills: number): Promise<readonly Figure[]> {
  const pool = new Pool({ connectionString: server.databaseUrl, max: 2 });
  const newId = makeIds({ now: () => instant(Date.now()) }, (n) => randomBytes(n));
  const { tenantId } = server;
  await makeAccount(pool, tenantId, { role: 'chain', region: null, storeId: null }, person, newId, Date.now());
  const code = await makeCode(pool, {
    tenantId,
    storeId: randomUUID(),
    isNewStore: true,
    storeName: 'Bench shop',
    region: 'Bench',
    expiresAtMs: Date.now() + 600_000,
  });
  await pool.end();
  const desk = await openDesk();
  desk.pass(Date.now() - start);
  await openCounter(desk);
  await desk.signIn('owner');
  await desk.rpc.sync.join({ serverUrl: server.url, code });
  await desk.signIn('cashier');
  const feed = await followToday(server.url);
  const tookMs: number[] = [];
  try {
    for (let n = 1; n <= bills; n += 1) {
      await sell(desk.rpc, codes.soap);
      const committedAt = performance.now();
      await feed.saw(n);
      tookMs.push(performance.now() - committedAt);
    }
  } finally {
    feed.close();
    await desk.close();
  }
  return [
    {
      name: 'till_to_head_office.p99_ms',
      value: quantile(tookMs, 0.99),
      unit: 'ms',
      n: tookMs.length,
      bar: { atMost: 1_000 },
      beside: {
        ...coresSaid,
        p50: round(median(tookMs)),
        worst: round(worst(tookMs)),
        till: 'in the process that loads',
      },
    },
  ];
}
