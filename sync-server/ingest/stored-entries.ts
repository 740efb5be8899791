/**
 * What is known of a batch's entries already: by id and kind, and whether it is the same. Rule kept: the same text is
 * the same document without being read; another text is asked for its content (a later till may write the same JSON
 * otherwise) before anybody is told that a document has changed.
 */
import type { PoolClient } from 'pg';
import type { Rejection } from '#contract/sync.ts';
import { documentContent } from '#core/document-content.ts';
import { readDocument } from '#core/sync/read-document.ts';
import { entryKey, keyOf, type StoredEntry } from './decide-batch.ts';
import { textOfDocument } from './document-pack.ts';
import { type JudgedEntry, isDocument, sha256 } from './judge-entry.ts';
import type { ReceivedEntry } from './received.ts';

export type PushingTill = {
  readonly tenantId: string;
  readonly storeId: string;
  readonly tillId: string;
  /** Lost tills that it carries on for: their documents are its to bring. */
  readonly replaces?: readonly string[];
};

type Row = {
  readonly document_id: string;
  readonly kind: string;
  readonly till_id: string;
  readonly text_hash: Buffer | null;
  readonly content_hash: Buffer | null;
  readonly rejection: Rejection | null;
};

const readRows = async (on: PoolClient, till: PushingTill, ids: readonly string[]): Promise<readonly Row[]> => {
  const found = await on.query<Row>({
    name: 'stored',
    text: `SELECT document_id, kind, till_id, text_hash, content_hash, rejection FROM document
      WHERE tenant_id = $1 AND store_id = $2 AND document_id = ANY($3::uuid[])`,
    values: [till.tenantId, till.storeId, ids],
  });
  return found.rows;
};

/** By key, those of these entries that this till has pushed before with the very same text. */
export async function recognise(
  on: PoolClient,
  till: PushingTill,
  entries: readonly ReceivedEntry[],
): Promise<ReadonlyMap<string, StoredEntry>> {
  const hashOf = new Map(entries.map((entry) => [entryKey(entry.kind, entry.id), entry.hash]));
  const rows = await readRows(
    on,
    till,
    entries.map((entry) => entry.id),
  );
  return new Map(
    rows.flatMap((row): [string, StoredEntry][] => {
      const key = entryKey(row.kind, row.document_id);
      const hash = row.text_hash?.toString('hex');
      // Another till's row says nothing of this till's entry: that is judged.
      const isOwn = row.till_id === till.tillId || till.replaces?.includes(row.till_id) === true;
      if (hash === undefined || hash !== hashOf.get(key) || !isOwn) return [];
      return [[key, { hash, rejection: row.rejection }]];
    }),
  );
}

/** In hex; null where the text is no document. */
function contentHash(text: string): string | null {
  const read = readDocument(text);
  return read.ok ? sha256(documentContent(read.value)) : null;
}

async function storedHash(on: PoolClient, till: PushingTill, row: Row, one: JudgedEntry, text: Buffer) {
  const hash = row.text_hash?.toString('hex') ?? '';
  if (hash === one.hash || !isDocument(one.entry)) return hash || (row.content_hash?.toString('hex') ?? '');
  const is = contentHash(text.toString('utf8'));
  if (is === null) return row.content_hash?.toString('hex') === one.hash ? one.hash : hash;
  const of = { tenantId: till.tenantId, storeId: till.storeId, documentId: row.document_id, kind: row.kind };
  const was = row.content_hash?.toString('hex') ?? contentHash((await textOfDocument(on, of)) ?? '');
  return is === was ? one.hash : hash;
}

/** By key. What is the same document in another text is given with the hash of this one. */
export async function readStored(
  on: PoolClient,
  till: PushingTill,
  judged: readonly JudgedEntry[],
  texts: readonly Buffer[],
): Promise<Map<string, StoredEntry>> {
  const at = new Map(judged.map((one, i) => [keyOf(one), i]));
  const rows = await readRows(
    on,
    till,
    judged.map((one) => one.keptAs ?? one.entry.id),
  );
  const stored = new Map<string, StoredEntry>();
  for (const row of rows) {
    const key = entryKey(row.kind, row.document_id);
    const i = at.get(key);
    const [one, text] = i === undefined ? [] : [judged[i], texts[i]];
    if (one === undefined || text === undefined) continue;
    stored.set(key, { hash: await storedHash(on, till, row, one, text), rejection: row.rejection });
  }
  return stored;
}
