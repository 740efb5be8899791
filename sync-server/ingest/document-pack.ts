/**
 * The raw texts of a batch, packed together and found again. Rule kept: what is unpacked is the text as it was
 * received, to the byte; a text is never changed on the way in.
 */
import { promisify } from 'node:util';
import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib';
import type { PoolClient } from 'pg';

const unpack = promisify(zstdDecompress);
/** A batch is at most 8 MiB. */
const maxBytes = 64 * 1024 * 1024;
const chunkBytes = 64 * 1024;

/** Where a text lies in the unpacked bytes. */
export type Place = { readonly from: number; readonly bytes: number };

/** `texts`: UTF-8. Here and not on a thread: 100 bills take 0.4 ms, and the way there and back as long again. */
export function packTexts(texts: readonly Buffer[]): { readonly packed: Buffer; readonly places: readonly Place[] } {
  let from = 0;
  const places = texts.map((text): Place => {
    const place = { from, bytes: text.length };
    from += place.bytes;
    return place;
  });
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  return { packed: zstdCompressSync(Buffer.concat(texts), { params, chunkSize: chunkBytes }), places };
}

type Row = {
  readonly content: string | null;
  readonly packed: Buffer | null;
  readonly pack_from: number | null;
  readonly pack_bytes: number | null;
};

/** A document's text as it was received; null where there is none of that id and kind. In the caller's transaction. */
export async function textOfDocument(
  on: PoolClient,
  of: { readonly tenantId: string; readonly storeId: string; readonly documentId: string; readonly kind: string },
): Promise<string | null> {
  const found = await on.query<Row>(
    `SELECT d.content, d.pack_from, d.pack_bytes, p.packed FROM document d
       LEFT JOIN document_pack p USING (tenant_id, store_id, pack_id)
     WHERE d.tenant_id = $1 AND d.store_id = $2 AND d.document_id = $3 AND d.kind = $4`,
    [of.tenantId, of.storeId, of.documentId, of.kind],
  );
  const row = found.rows[0];
  if (row === undefined) return null;
  if (row.packed === null || row.pack_from === null || row.pack_bytes === null) return row.content;
  const bytes = await unpack(row.packed, { maxOutputLength: maxBytes });
  return bytes.toString('utf8', row.pack_from, row.pack_from + row.pack_bytes);
}
