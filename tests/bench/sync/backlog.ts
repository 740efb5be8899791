/**
 * A month offline comes home: one till's 60,000 bills, in its own batches of 500, one after the other. Rule kept: as the
 * till sends (order, size, gzip); the time counts from the first request to the last answer, and the server's own
 * sum must say all of them.
 */
import { Client } from 'pg';
import type { Figure } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { packBatch } from './bills.ts';
import { makersOf } from './ingest.ts';
import { pushAll } from './load.ts';

const billsOfBatch = 500;
const daysOffline = 30;

export async function measureBacklog(server: BenchServer, bills: number): Promise<readonly Figure[]> {
  const [maker] = makersOf(server);
  if (maker === undefined) throw new Error('no till');
  const queue = await Promise.all(
    Array.from({ length: bills / billsOfBatch }, (_, n) => {
      const daysBack = daysOffline - Math.floor((n * daysOffline * billsOfBatch) / bills);
      return packBatch(
        maker.till,
        Array.from({ length: billsOfBatch }, () => maker.nextEntry(daysBack)),
      );
    }),
  );
  const { seconds } = await pushAll(server.url, [queue]);
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  const found = await client.query<{ bills: number }>(
    'SELECT sum(bills)::int AS bills FROM store_day WHERE store_id = $1',
    [maker.till.storeId],
  );
  await client.end();
  if (found.rows[0]?.bills !== bills) throw new Error(`of ${bills} bills ${String(found.rows[0]?.bills)} are counted`);
  return [
    {
      name: 'backlog_60000_bills_s',
      value: seconds,
      unit: 's',
      n: bills,
      bar: { atMost: 60 },
      beside: { ...coresSaid, billsOfBatch, daysOffline, tills: 1 },
    },
  ];
}
