/**
 * Whether ingest stays as fast when much is there: a batch's time on empty tables and on tables with millions of lines.
 * Rule kept: the same tills and the same batches before and after; what lies between is written by the server's own
 * tables' owner, months of it, with the indexes that the tables have.
 */
import { Client } from 'pg';
import { type Figure, median, round } from '../till/figures.ts';
import { type BenchServer, coresSaid } from './bench-server.ts';
import { packBatch } from './bills.ts';
import { billsOfBatch, makersOf } from './ingest.ts';
import { pushAll, sendBatch } from './load.ts';

const linesOfBill = 8;

/** Bills and lines of the past year, spread over the stores; the client's cores don't make them, Postgres does. */
async function fill(server: BenchServer, lines: number): Promise<void> {
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  const stores = [...new Set(server.tills.map((till) => till.storeId))];
  const days = 330;
  for (let month = 0; month <= 12; month += 1) {
    await client.query(`DO $$ DECLARE first date := date_trunc('month', now() - interval '${month} months')::date;
      BEGIN EXECUTE format('CREATE TABLE IF NOT EXISTS bill_line_%s PARTITION OF bill_line FOR VALUES FROM (%L) TO (%L)',
        to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date);
      EXECUTE format('CREATE TABLE IF NOT EXISTS bill_%s PARTITION OF bill FOR VALUES FROM (%L) TO (%L)',
        to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date); END $$`);
  }
  const bills = Math.round(lines / linesOfBill / stores.length);
  for (const [n, storeId] of stores.entries()) {
    // Ids that grow with the day, as UUIDv7 do.
    const id = `(lpad(to_hex(1700000000000 + i::bigint * 1000), 12, '0') || '7000' || '8${n}' || lpad(to_hex(i), 14, '0'))::uuid`;
    const day = `(current_date - ${days} + (i * ${days}::bigint / ${bills})::int)`;
    await client.query(
      `INSERT INTO bill_line SELECT $1, $2, ${day}, ${id}, line, md5((i * 31 + line)::text || 'x')::uuid, 1000, 5000, 5000
       FROM generate_series(1, ${bills}) i, generate_series(1, ${linesOfBill}) line`,
      [server.tenantId, storeId],
    );
    await client.query(
      `INSERT INTO bill SELECT $1, $2, ${day}, ${id}, 'bill', $3, i::text, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
       FROM generate_series(1, ${bills}) i`,
      [server.tenantId, storeId, server.tills[0]?.tillId],
    );
  }
  await client.query('CHECKPOINT');
  await client.end();
}

/** `filled` null: beside the figure stands what the fill was. */
export async function measureFlatness(server: BenchServer, lines: number, batches: number): Promise<readonly Figure[]> {
  const [maker] = makersOf(server);
  if (maker === undefined) throw new Error('no till');
  const measured = async (): Promise<number> => {
    const tookMs: number[] = [];
    for (let n = 0; n < batches; n += 1) {
      const entries = Array.from({ length: billsOfBatch }, () => maker.nextEntry());
      tookMs.push(await sendBatch(server.url, packBatch(maker.till, entries)));
    }
    return median(tookMs);
  };
  const warm = Array.from({ length: 20 }, () =>
    packBatch(
      maker.till,
      Array.from({ length: billsOfBatch }, () => maker.nextEntry()),
    ),
  );
  await pushAll(server.url, [warm]);
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
