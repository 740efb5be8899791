/**
 * Publications of head office as they arrive: a head that says how many rows and their hash, and the rows. Rule kept:
 * this file knows no item; whether a publication is whole and due is judged by the till. Rows of one that has arrived are
 * not taken again: they never change, and some may have been forgotten as replaced.
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type PublicationHead = {
  readonly id: Uuid;
  readonly publishedAtMs: Instant;
  readonly effectiveAtMs: Instant;
  readonly rowCount: number;
  /** SHA-256 in hex of core's publicationText. */
  readonly hash: string;
};
export type ArrivedPublication = PublicationHead & {
  /** All rows were there and their hash right. */
  readonly arrivedAtMs: Instant | null;
  readonly appliedAtMs: Instant | null;
};
export type ArrivedRow = { readonly itemId: Uuid; readonly change: string };
export type AppliedChange = { readonly publicationId: Uuid; readonly change: string };
export type Publications = {
  readonly putHead: (head: PublicationHead) => void;
  readonly putRow: (publicationId: Uuid, row: ArrivedRow) => void;
  readonly rowsOf: (publicationId: Uuid) => readonly ArrivedRow[];
  readonly rowCountOf: (publicationId: Uuid) => number;
  /** In the order in which they take effect. */
  readonly notApplied: () => readonly ArrivedPublication[];
  readonly markArrived: (id: Uuid, atMs: Instant) => void;
  readonly markApplied: (id: Uuid, atMs: Instant) => void;
  /** Head and rows of one that never was whole, so that all of it is read anew; one that has arrived stays. */
  readonly forget: (id: Uuid) => void;
  /** What applied publications say of an item, in the order in which they took effect. */
  readonly appliedTo: (itemId: Uuid) => readonly AppliedChange[];
  /** What is replaced in all it says; of an applied publication alone. */
  readonly forgetReplaced: (itemId: Uuid, publicationIds: readonly Uuid[]) => void;
  /** Items behind one of which more than one row is kept, in order; null: from the start. */
  readonly itemsWithSeveral: (after: Uuid | null, most: number) => readonly Uuid[];
};

type Row = {
  id: Buffer;
  published_at_ms: Instant;
  effective_at_ms: Instant;
  row_count: number;
  hash: string;
  arrived_at_ms: Instant | null;
  applied_at_ms: Instant | null;
};

export function makePublications(shop: ShopDb): Publications {
  const { sql } = shop;
  const putHead = sql.prepare(
    `INSERT INTO publication (id, published_at_ms, effective_at_ms, row_count, hash) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET published_at_ms = excluded.published_at_ms, row_count = excluded.row_count,
       effective_at_ms = excluded.effective_at_ms, hash = excluded.hash WHERE arrived_at_ms IS NULL`,
  );
  const putRow = sql.prepare(
    `INSERT INTO publication_row (publication_id, item_id, change) SELECT :publication, :item, :change
     WHERE NOT EXISTS (SELECT 1 FROM publication WHERE id = :publication AND arrived_at_ms IS NOT NULL)
     ON CONFLICT (publication_id, item_id) DO UPDATE SET change = excluded.change`,
  );
  const rowsOf = sql.prepare<[Buffer], { item_id: Buffer; change: string }>(
    'SELECT item_id, change FROM publication_row WHERE publication_id = ?',
  );
  const countOf = sql
    .prepare<[Buffer], number>('SELECT count(*) FROM publication_row WHERE publication_id = ?')
    .pluck();
  const notApplied = sql.prepare<[], Row>(
    'SELECT * FROM publication WHERE applied_at_ms IS NULL ORDER BY effective_at_ms, published_at_ms, id',
  );
  const arrived = sql.prepare('UPDATE publication SET arrived_at_ms = ? WHERE id = ? AND arrived_at_ms IS NULL');
  const applied = sql.prepare('UPDATE publication SET applied_at_ms = ? WHERE id = ? AND applied_at_ms IS NULL');
  const forgetRows = sql.prepare(
    `DELETE FROM publication_row WHERE publication_id = ?
     AND publication_id IN (SELECT id FROM publication WHERE arrived_at_ms IS NULL)`,
  );
  const forgetHead = sql.prepare('DELETE FROM publication WHERE id = ? AND arrived_at_ms IS NULL');
  const appliedTo = sql.prepare<[Buffer], { publication_id: Buffer; change: string }>(
    `SELECT r.publication_id, r.change FROM publication_row r JOIN publication p ON p.id = r.publication_id
       WHERE r.item_id = ? AND p.applied_at_ms IS NOT NULL ORDER BY p.effective_at_ms, p.published_at_ms, p.id`,
  );
  const forgetReplaced = sql.prepare(
    `DELETE FROM publication_row WHERE item_id = ? AND publication_id = ?
     AND publication_id IN (SELECT id FROM publication WHERE applied_at_ms IS NOT NULL)`,
  );
  const withSeveral = sql
    .prepare<[Buffer, number], Buffer>(
      `SELECT item_id FROM publication_row WHERE item_id > ? GROUP BY item_id HAVING count(*) > 1
       ORDER BY item_id LIMIT ?`,
    )
    .pluck();
  return {
    putHead: (h) => void putHead.run(uuidToBytes(h.id), h.publishedAtMs, h.effectiveAtMs, h.rowCount, h.hash),
    putRow: (id, row) =>
      void putRow.run({ publication: uuidToBytes(id), item: uuidToBytes(row.itemId), change: row.change }),
    rowsOf: (id) =>
      rowsOf.all(uuidToBytes(id)).map((row) => ({ itemId: bytesToUuid(row.item_id), change: row.change })),
    rowCountOf: (id) => countOf.get(uuidToBytes(id)) ?? 0,
    notApplied: () =>
      notApplied.all().map((row) => ({
        id: bytesToUuid(row.id),
        publishedAtMs: row.published_at_ms,
        effectiveAtMs: row.effective_at_ms,
        rowCount: row.row_count,
        hash: row.hash,
        arrivedAtMs: row.arrived_at_ms,
        appliedAtMs: row.applied_at_ms,
      })),
    markArrived: (id, atMs) => void arrived.run(atMs, uuidToBytes(id)),
    markApplied: (id, atMs) => void applied.run(atMs, uuidToBytes(id)),
    forget: (id) => {
      forgetRows.run(uuidToBytes(id));
      forgetHead.run(uuidToBytes(id));
    },
    appliedTo: (itemId) =>
      appliedTo
        .all(uuidToBytes(itemId))
        .map((row) => ({ publicationId: bytesToUuid(row.publication_id), change: row.change })),
    forgetReplaced: (itemId, ids) => {
      for (const id of ids) forgetReplaced.run(uuidToBytes(itemId), uuidToBytes(id));
    },
    itemsWithSeveral: (after, most) =>
      withSeveral.all(after === null ? Buffer.alloc(0) : uuidToBytes(after), most).map(bytesToUuid),
  };
}
