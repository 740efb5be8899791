/**
 * Whether ingest stays as fast when much is there: a batch's time on empty tables and on tables with millions of lines.
 * Rule kept: the same tills and the same batches before and after; what lies between is written by the server's own
 * tables' owner, months of it, with the indexes that the tables have.
 */
import { Client } from 'pg';
import { type Figure, median, round } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { type BenchTill, type PackedBatch, packBatch } from './bills.ts';
import { billsOfBatch, makersOf } from './ingest.ts';
import { sendBatch } from './load.ts';

const linesOfBill = 8;

const days = 330;
const itemsOfDay = 600;

/** A store's past year: bills, lines, documents as ingest leaves them, item days. Postgres makes them, no client. */
async function fillStore(server: BenchServer, till: BenchTill, n: number, bills: number): Promise<void> {
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  await client.query('SET synchronous_commit = off');
  // Ids that grow with the day, as UUIDv7 do.
  const id = `(lpad(to_hex(1700000000000 + i::bigint * 20000), 12, '0') || '7000' || '8${n}' || lpad(to_hex(i), 14, '0'))::uuid`;
  const day = `(current_date - ${days} + (i * ${days}::bigint / ${bills})::int)`;
  const item = (of: string): string => `('01935000-0000-7000-9000-' || lpad((${of})::text, 12, '0'))::uuid`;
  const of = [server.tenantId, till.storeId];
  await client.query(
    `INSERT INTO bill_line SELECT $1, $2, ${day}, ${id}, line, ${item('(i * 31 + line * 7) % 3000')}, 1000, 5000, 5000
     FROM generate_series(1, ${bills}) i, generate_series(1, ${linesOfBill}) line`,
    of,
  );
  const number = `'P${n}/2526/' || i`;
  await client.query(
    `INSERT INTO bill SELECT $1, $2, ${day}, ${id}, 'bill', $3, ${number}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
     FROM generate_series(1, ${bills}) i`,
    [...of, till.tillId],
  );
  await client.query(
    `INSERT INTO document (tenant_id, store_id, till_id, document_id, kind, till_seq, occurred_at_ms, received_at_ms,
       text_hash, content, number)
     SELECT $1, $2, $3, ${id}, 'bill', 1, 1, 1, sha256(i::text::bytea), '', ${number} FROM generate_series(1, ${bills}) i`,
    [...of, till.tillId],
  );
  await client.query(
    `INSERT INTO item_day SELECT $1, $2, current_date - d, ${item('i')}, 1000, 5000
     FROM generate_series(1, ${days}) d, generate_series(1, ${itemsOfDay}) i`,
    of,
  );
  await client.end();
}

/** The stores beside each other, through the tables that ingest writes, with all their indexes. */
async function fill(server: BenchServer, lines: number): Promise<void> {
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  for (let month = 0; month <= 12; month += 1) {
    await client.query(`DO $$ DECLARE first date := date_trunc('month', now() - interval '${month} months')::date;
      BEGIN EXECUTE format('CREATE TABLE IF NOT EXISTS bill_line_%s PARTITION OF bill_line FOR VALUES FROM (%L) TO (%L)',
        to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date);
      EXECUTE format('CREATE TABLE IF NOT EXISTS bill_%s PARTITION OF bill FOR VALUES FROM (%L) TO (%L)',
        to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date); END $$`);
  }
  const bills = Math.round(lines / linesOfBill / server.tills.length);
  await Promise.all(server.tills.map((till, n) => fillStore(server, till, n, bills)));
  // What autovacuum would do in its time: it is not to fall into the measurement.
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  await client.end();
}

/** One till's batches one after the other: what is asked is a batch's time, not how many fit beside each other. */
export async function measureFlatness(server: BenchServer, lines: number, batches: number): Promise<readonly Figure[]> {
  const [maker] = makersOf(server);
  if (maker === undefined) throw new Error('no till');
  const nextBatch = (): Promise<PackedBatch> =>
    packBatch(
      maker.till,
      Array.from({ length: billsOfBatch }, () => maker.nextEntry()),
    );
  const measured = async (): Promise<number> => {
    const tookMs: number[] = [];
    for (let n = 0; n < batches; n += 1) tookMs.push(await sendBatch(server.url, await nextBatch()));
    return median(tookMs);
  };
  // The program warm, the day's items there.
  await measured();
  const emptyMs = await measured();
  const startedAt = performance.now();
  await fill(server, lines);
  const fillSeconds = round((performance.now() - startedAt) / 1_000, 0);
  await measured();
  const fullMs = await measured();
  return [
    {
      name: 'ingest_flatness_10m_lines_ratio',
      value: fullMs / emptyMs,
      unit: 'median of a batch, full ÷ empty',
      n: batches,
      bar: { atMost: 1.2 },
      beside: { ...coresSaid, lines, emptyMs: round(emptyMs), fullMs: round(fullMs), fillSeconds },
    },
  ];
}
