/**
 * What this store wishes to change in items of head office. Rule kept: a wish is kept with what the item was when it was
 * wished; what was decided is written beside it, and a decision of head office counts before one of the till.
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type ProposalState = 'open' | 'accepted' | 'declined' | 'takenBack';
export type ProposalRow = {
  readonly id: Uuid;
  readonly itemId: Uuid;
  /** JSON of the fields as they are wished, and as they were. */
  readonly change: string;
  readonly base: string;
  readonly byName: string;
  readonly atMs: Instant;
  readonly state: ProposalState;
  readonly note: string;
  readonly decidedBy: string | null;
  readonly decidedAtMs: Instant | null;
};
export type ItemProposals = {
  /** Inserts, or replaces state and decision. */
  readonly put: (row: ProposalRow) => void;
  readonly get: (id: Uuid) => ProposalRow | null;
  /** The newest first. */
  readonly ofItem: (itemId: Uuid, limit: number) => readonly ProposalRow[];
  /** Head office sent it, in its catalogue or by a publication that is in effect. */
  readonly isHeadOffices: (itemId: Uuid) => boolean;
};

type Row = {
  id: Buffer;
  item_id: Buffer;
  change: string;
  base: string;
  by_name: string;
  at_ms: Instant;
  state: ProposalState;
  note: string;
  decided_by: string | null;
  decided_at_ms: Instant | null;
};
const fromRow = (row: Row): ProposalRow => ({
  id: bytesToUuid(row.id),
  itemId: bytesToUuid(row.item_id),
  change: row.change,
  base: row.base,
  byName: row.by_name,
  atMs: row.at_ms,
  state: row.state,
  note: row.note,
  decidedBy: row.decided_by,
  decidedAtMs: row.decided_at_ms,
});

export function makeItemProposals(shop: Pick<ShopDb, 'sql'>): ItemProposals {
  const { sql } = shop;
  const put = sql.prepare(
    `INSERT INTO item_proposal (id, item_id, change, base, by_name, at_ms, state, note, decided_by, decided_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, note = excluded.note, decided_by = excluded.decided_by,
       decided_at_ms = excluded.decided_at_ms`,
  );
  const get = sql.prepare<[Buffer], Row>('SELECT * FROM item_proposal WHERE id = ?');
  const ofItem = sql.prepare<[Buffer, number], Row>(
    'SELECT * FROM item_proposal WHERE item_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?',
  );
  const isTheirs = sql
    .prepare<[Buffer, Buffer], number>(
      `SELECT EXISTS (SELECT 1 FROM head_office_item WHERE id = ?) OR EXISTS (
         SELECT 1 FROM publication_row r JOIN publication p ON p.id = r.publication_id
         WHERE r.item_id = ? AND p.applied_at_ms IS NOT NULL)`,
    )
    .pluck();
  return {
    put: (r) =>
      void put.run(
        uuidToBytes(r.id),
        uuidToBytes(r.itemId),
        r.change,
        r.base,
        r.byName,
        r.atMs,
        r.state,
        r.note,
        r.decidedBy,
        r.decidedAtMs,
      ),
    get: (id) => {
      const row = get.get(uuidToBytes(id));
      return row === undefined ? null : fromRow(row);
    },
    ofItem: (itemId, limit) => ofItem.all(uuidToBytes(itemId), limit).map(fromRow),
    isHeadOffices: (itemId) => isTheirs.get(uuidToBytes(itemId), uuidToBytes(itemId)) === 1,
  };
}
