/**
 * How fast bills come in: batches of 100 over HTTP with gzip, durable, rolled up, under row-level security, with the
 * shape server following; beside it COPY of the same rows. Rule kept: rounds of ingest and of COPY take turns on the
 * same Postgres, on the same cores; the batches are made before.
 */
import { Client } from 'pg';
import type { PushEntry } from '#contract/sync.ts';
import { type Figure, median, quantile, round, worst } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { type BillMaker, linesOfBill, makeBillMaker, type PackedBatch, packBatch } from './bills.ts';
import { copyIn } from './copy-rows.ts';
import { copyTables, type CopyBatch, copyTextOf, linesTable } from './copy-text.ts';
import { pushAll, sendBatch } from './load.ts';

export const billsOfBatch = 100;
const tillsAtOnce = 8;

export type IngestScale = { readonly rounds: number; readonly batchesOfTill: number; readonly replays: number };

type Round = { readonly queues: PackedBatch[][]; readonly copies: CopyBatch[][] };

export const makersOf = (server: BenchServer): readonly BillMaker[] =>
  server.tills.map((till, n) => makeBillMaker(till, `B${n + 1}`));

const entriesOf = (maker: BillMaker, count: number): readonly PushEntry[] =>
  Array.from({ length: count }, () => maker.nextEntry());

async function makeRound(server: BenchServer, makers: readonly BillMaker[], batchesOfTill: number): Promise<Round> {
  const batches = await Promise.all(
    makers.slice(0, tillsAtOnce).map((maker) =>
      Promise.all(
        Array.from({ length: batchesOfTill }, async () => {
          const entries = entriesOf(maker, billsOfBatch);
          return {
            packed: await packBatch(maker.till, entries),
            copy: await copyTextOf(server.tenantId, maker.till, entries),
          };
        }),
      ),
    ),
  );
  return {
    queues: batches.map((queue) => queue.map((batch) => batch.packed)),
    copies: batches.map((queue) => queue.map((batch) => batch.copy)),
  };
}

/** Each batch a transaction of its own, committed before the next of its connection. Answers seconds. */
async function copyRound(on: readonly Client[], copies: readonly (readonly CopyBatch[])[]): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    on.map(async (client, n) => {
      for (const batch of copies[n] ?? []) {
        await client.query('BEGIN');
        for (const [table, rows] of Object.entries(batch)) await copyIn(client, `COPY ${table} FROM STDIN`, rows);
        await client.query('COMMIT');
      }
    }),
  );
  return (performance.now() - startedAt) / 1_000;
}

const onlyLines = (copies: readonly (readonly CopyBatch[])[]): readonly (readonly CopyBatch[])[] =>
  copies.map((queue) => queue.map((batch) => ({ [linesTable]: batch[linesTable] ?? Buffer.alloc(0) })));

export async function measureIngest(server: BenchServer, scale: IngestScale): Promise<readonly Figure[]> {
  const makers = makersOf(server);
  const clients = Array.from({ length: tillsAtOnce }, () => new Client({ connectionString: server.databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  for (const statement of copyTables) await clients[0]?.query(statement);
  const bills: number[] = [];
  const ratios: number[] = [];
  const linesOnly: number[] = [];
  const tookMs: number[] = [];
  const rss: number[] = [];
  await pushAll(server.url, (await makeRound(server, makers, 3)).queues);
  for (let n = 0; n < scale.rounds; n += 1) {
    const { queues, copies } = await makeRound(server, makers, scale.batchesOfTill);
    const count = queues.flat().length * billsOfBatch;
    const pushed = await pushAll(server.url, queues);
    rss.push((await server.rssBytes()) / 1e6);
    const copied = await copyRound(clients, copies);
    await clients[0]?.query(`TRUNCATE ${linesTable}`);
    const copiedLines = await copyRound(clients, onlyLines(copies));
    bills.push(count / pushed.seconds);
    ratios.push(copied / pushed.seconds);
    linesOnly.push(copiedLines / pushed.seconds);
    tookMs.push(...pushed.tookMs);
  }
  await Promise.all(clients.map((client) => client.end()));
  const replay = await measureReplay(server, makers, scale.replays);
  const about = { ...coresSaid, tillsAtOnce, linesOfBill, billsOfBatch };
  const n = tookMs.length * billsOfBatch;
  return [
    {
      name: 'ingest_bills_per_s',
      value: median(bills),
      unit: 'bills/s',
      n,
      bar: { atLeast: 5_000 },
      beside: { ...about, worst: round(Math.min(...bills)), rounds: bills.length },
    },
    {
      name: 'ingest_vs_copy_ratio',
      value: median(ratios),
      unit: 'lines/s ÷ lines/s',
      n,
      bar: { atLeast: 0.6 },
      beside: {
        ...about,
        worst: round(Math.min(...ratios)),
        copied: 'the same packs, documents, bills and lines, same indexes, same batches and connections',
        ofLinesAlone: round(median(linesOnly)),
      },
    },
    {
      name: 'batch_p99_ms',
      value: quantile(tookMs, 0.99),
      unit: 'ms',
      n: tookMs.length,
      bar: { atMost: 250 },
      beside: { ...about, p50: round(median(tookMs)), worst: round(worst(tookMs)) },
    },
    replay,
    { name: 'server_rss_mb', value: worst(rss), unit: 'MB', n: rss.length, bar: { atMost: 400 }, beside: coresSaid },
  ];
}

/** Each till's last batch again and again, in turns, as a till does that did not hear the answer. */
async function measureReplay(server: BenchServer, makers: readonly BillMaker[], count: number): Promise<Figure> {
  const batches = await Promise.all(
    makers.slice(0, tillsAtOnce).map((maker) => packBatch(maker.till, entriesOf(maker, billsOfBatch))),
  );
  await pushAll(
    server.url,
    batches.map((batch) => [batch]),
  );
  const tookMs: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const batch = batches[n % batches.length];
    if (batch !== undefined) tookMs.push(await sendBatch(server.url, batch));
  }
  return {
    name: 'replay_batch_p99_ms',
    value: quantile(tookMs, 0.99),
    unit: 'ms',
    n: tookMs.length,
    bar: { atMost: 10 },
    beside: { ...coresSaid, billsOfBatch, p50: round(median(tookMs)), worst: round(worst(tookMs)) },
  };
}
