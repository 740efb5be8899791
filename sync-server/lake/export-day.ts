/**
 * One business day of an organisation into the object store: raw/ has the documents as they were received, processed/
 * their bills and lines in typed columns, and of each line what its document says that no table of ours keeps. Rule kept: one snapshot of Postgres for all files; a version is there
 * when its manifest is, and never changes: bills that come late make the next one.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { Pool, PoolClient } from 'pg';
import type { ObjectStore } from '../objects/port.ts';
import { finishVersion, versionPrefix, versionsOf } from '../objects/versions.ts';
import { inSnapshot } from '../postgres/in-tenant.ts';
import { type Cell, type Column, openParquet } from './parquet-file.ts';
import { soldColumns, soldRows } from './sold-rows.ts';

const unpack = promisify(zstdDecompress);
const text = (name: string): Column => ({ name, type: 'text' });
const whole = (name: string): Column => ({ name, type: 'int64' });
const day: Column = { name: 'business_date', type: 'date' };

const splitColumns = ['taxable_value', 'cgst', 'sgst', 'utgst', 'igst', 'cess', 'discount', 'round_off', 'payable'];
const billColumns: readonly Column[] = [
  ...['store_id', 'till_id', 'bill_id', 'kind', 'number'].map(text),
  day,
  whole('occurred_at_ms'),
  ...splitColumns.map((name) => whole(`${name}_paise`)),
];
const lineColumns: readonly Column[] = [
  ...['store_id', 'bill_id'].map(text),
  { name: 'line_no', type: 'int32' },
  text('item_id'),
  day,
  ...['qty_milli', 'net_paise', 'total_paise'].map(whole),
];
const rawColumns: readonly Column[] = [
  ...['store_id', 'till_id', 'document_id', 'kind', 'number', 'content'].map(text),
  ...['till_seq', 'occurred_at_ms', 'received_at_ms'].map(whole),
];

const list = (columns: readonly Column[], from: string): string =>
  columns.map(({ name, type }) => (type === 'date' ? `${from}.${name}::text` : `${from}.${name}`)).join(', ');
const billsSql = `SELECT ${list(billColumns, 'b')} FROM bill b WHERE business_date = $1 ORDER BY store_id, bill_id`;
const linesSql = `SELECT ${list(lineColumns, 'l')} FROM bill_line l
  WHERE business_date = $1 ORDER BY store_id, bill_id, line_no`;
// In the order of their packs: each is unpacked once.
const rawSql = `SELECT d.store_id, d.till_id, d.document_id, d.kind, d.number, d.content, d.till_seq, d.occurred_at_ms,
    d.received_at_ms, d.pack_id, d.pack_from, d.pack_bytes
  FROM bill b JOIN document d ON d.tenant_id = b.tenant_id AND d.store_id = b.store_id AND d.document_id = b.bill_id
    AND d.kind = b.kind
  WHERE b.business_date = $1 ORDER BY d.store_id, d.pack_id, d.pack_from`;

/** Rows of a row group: some MB of text at most. */
const groupRows = { bills: 20_000, lines: 50_000, raw: 2_000 } as const;
type Row = Readonly<Record<string, Cell>>;

async function* inGroups(on: PoolClient, sql: string, date: string, rows: number): AsyncIterable<readonly Row[]> {
  await on.query(`DECLARE day_rows NO SCROLL CURSOR FOR ${sql}`, [date]);
  for (;;) {
    const group = (await on.query<Row>(`FETCH ${rows} FROM day_rows`)).rows;
    if (group.length === 0) break;
    yield group;
  }
  await on.query('CLOSE day_rows');
}

/** The text of each as it was received, to the byte. */
async function withTexts(
  on: PoolClient,
  rows: readonly Row[],
  kept: { id: Cell; bytes: Buffer },
): Promise<readonly Row[]> {
  const filled: Row[] = [];
  for (const row of rows) {
    if (row['pack_id'] !== null && row['pack_id'] !== undefined && row['pack_id'] !== kept.id) {
      const found = await on.query<{ packed: Buffer }>(
        'SELECT packed FROM document_pack WHERE store_id = $1 AND pack_id = $2',
        [row['store_id'], row['pack_id']],
      );
      kept.id = row['pack_id'];
      kept.bytes = await unpack(found.rows[0]?.packed ?? Buffer.alloc(0));
    }
    const from = Number(row['pack_from'] ?? 0);
    const content = row['content'] ?? kept.bytes.toString('utf8', from, from + Number(row['pack_bytes'] ?? 0));
    filled.push({ ...row, content });
  }
  return filled;
}

type FileFacts = { readonly rows: number; readonly bytes: number; readonly sha256: string };
export type DayManifest = {
  readonly businessDate: string;
  readonly version: number;
  readonly exportedAtMs: number;
  readonly files: Readonly<Record<string, FileFacts>>;
  /** In paise, as whole numbers in text; a credit note's lines are negative, its bill row is not. */
  readonly sums: { readonly salesPaise: string; readonly refundsPaise: string; readonly linesTotalPaise: string };
};

/** Where the day lies, without its version. */
export const dayPrefix = (kind: 'raw' | 'processed', tenantId: string, date: string): string =>
  `${kind}/bills/tenant=${tenantId}/day=${date}`;

export async function exportDay(
  deps: { readonly pool: Pool; readonly store: ObjectStore },
  tenantId: string,
  date: string,
  nowMs: number,
): Promise<DayManifest> {
  const { pool, store } = deps;
  const [raw, processed] = [dayPrefix('raw', tenantId, date), dayPrefix('processed', tenantId, date)];
  // A version that a crash left half written is passed over.
  const begun = [await versionsOf(store, raw), await versionsOf(store, processed)];
  const version = Math.max(...begun.map((one) => one.begun)) + 1;
  const dir = await mkdtemp(join(tmpdir(), 'billmitra-day-'));
  try {
    const written = await inSnapshot(pool, tenantId, async (on) => {
      const write = async (
        name: keyof typeof groupRows,
        columns: readonly Column[],
        sql: string,
        fill: (rows: readonly Row[]) => Promise<readonly Row[]> = async (rows) => rows,
      ): Promise<FileFacts> => {
        const file = openParquet(join(dir, name), columns);
        for await (const rows of inGroups(on, sql, date, groupRows[name])) await file.add(await fill(rows));
        return file.finish();
      };
      const kept = { id: null as Cell, bytes: Buffer.alloc(0) };
      const sold = openParquet(join(dir, 'sold'), soldColumns);
      const files = {
        bills: await write('bills', billColumns, billsSql),
        lines: await write('lines', lineColumns, linesSql),
        raw: await write('raw', rawColumns, rawSql, async (rows) => {
          const filled = await withTexts(on, rows, kept);
          await sold.add(filled.flatMap((row) => soldRows(String(row['content']))));
          return filled;
        }),
        sold: await sold.finish(),
      };
      const sums = await on.query<DayManifest['sums']>(
        `SELECT coalesce(sum(payable_paise) FILTER (WHERE kind = 'bill'), 0)::text AS "salesPaise",
           coalesce(sum(payable_paise) FILTER (WHERE kind <> 'bill'), 0)::text AS "refundsPaise",
           (SELECT coalesce(sum(total_paise), 0)::text FROM bill_line WHERE business_date = $1) AS "linesTotalPaise"
         FROM bill WHERE business_date = $1`,
        [date],
      );
      const none = { salesPaise: '0', refundsPaise: '0', linesTotalPaise: '0' };
      return { files, sums: sums.rows[0] ?? none };
    });
    const put = async (prefix: string, name: string, { bytes }: FileFacts): Promise<void> => {
      const key = `${versionPrefix(prefix, version)}/${name}.parquet`;
      const stream = createReadStream(join(dir, name === 'documents' ? 'raw' : name));
      if (!(await store.putIfAbsent(key, { stream, bytes }))) throw new Error(`${key} is there already`);
    };
    await put(raw, 'documents', written.files.raw);
    await put(processed, 'bills', written.files.bills);
    await put(processed, 'lines', written.files.lines);
    await put(processed, 'sold', written.files.sold);
    const facts = { businessDate: date, version, exportedAtMs: nowMs, sums: written.sums };
    const { bills, lines, sold, raw: documents } = written.files;
    await finishVersion(store, raw, version, { ...facts, files: { documents } });
    const manifest: DayManifest = { ...facts, files: { bills, lines, sold } };
    await finishVersion(store, processed, version, manifest);
    return { ...manifest, files: { bills, lines, sold, documents } };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
