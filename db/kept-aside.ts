/**
 * What head office kept aside of this till's entries, and what was decided about each. Rule kept: an entry is told
 * once however often the answer comes; deciding writes beside it, the entry itself is never touched.
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type KeptState = 'open' | 'accepted' | 'sentAgain' | 'reversed';
export type KeptEntry = {
  /** Its place in the journal. */
  readonly seq: number;
  readonly refId: Uuid;
  readonly kind: string;
  readonly reason: string;
  readonly detail: string;
  readonly toldAtMs: Instant;
  readonly state: KeptState;
  readonly note: string | null;
  readonly decidedAtMs: Instant | null;
  readonly decidedBy: string | null;
};
export type KeptDecision = {
  readonly state: Exclude<KeptState, 'open'>;
  readonly note: string | null;
  readonly atMs: Instant;
  readonly by: string;
};
export type KeptAside = {
  readonly add: (entry: Pick<KeptEntry, 'seq' | 'refId' | 'kind' | 'reason' | 'detail' | 'toldAtMs'>) => void;
  /** Open ones first, newest first. */
  readonly list: () => readonly KeptEntry[];
  readonly get: (seq: number) => KeptEntry | null;
  readonly openCount: () => number;
  readonly decide: (seq: number, decision: KeptDecision) => void;
  /** The open one about this document. */
  readonly openOf: (refId: Uuid, kind: string) => KeptEntry | null;
};

type Row = {
  seq: number;
  ref_id: Buffer;
  kind: string;
  reason: string;
  detail: string;
  told_at_ms: Instant;
  state: KeptState;
  note: string | null;
  decided_at_ms: Instant | null;
  decided_by: string | null;
};

const entryOf = (row: Row): KeptEntry => ({
  seq: row.seq,
  refId: bytesToUuid(row.ref_id),
  kind: row.kind,
  reason: row.reason,
  detail: row.detail,
  toldAtMs: row.told_at_ms,
  state: row.state,
  note: row.note,
  decidedAtMs: row.decided_at_ms,
  decidedBy: row.decided_by,
});

export function makeKeptAside(shop: ShopDb): KeptAside {
  const { sql } = shop;
  // Sent again and kept aside again: open again. Accepted or reversed stays so.
  const add = sql.prepare(
    `INSERT INTO kept_aside (seq, ref_id, kind, reason, detail, told_at_ms, state) VALUES (?, ?, ?, ?, ?, ?, 'open')
     ON CONFLICT (seq) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,
       state = CASE WHEN state = 'sentAgain' THEN 'open' ELSE state END`,
  );
  const list = sql.prepare<[], Row>("SELECT * FROM kept_aside ORDER BY state <> 'open', seq DESC LIMIT 500");
  const get = sql.prepare<[number], Row>('SELECT * FROM kept_aside WHERE seq = ?');
  const openCount = sql.prepare<[], number>("SELECT count(*) FROM kept_aside WHERE state = 'open'").pluck();
  const decide = sql.prepare(
    'UPDATE kept_aside SET state = ?, note = ?, decided_at_ms = ?, decided_by = ? WHERE seq = ?',
  );
  const openOf = sql.prepare<[Buffer, string], Row>(
    "SELECT * FROM kept_aside WHERE ref_id = ? AND kind = ? AND state = 'open'",
  );
  return {
    add: (e) => void add.run(e.seq, uuidToBytes(e.refId), e.kind, e.reason, e.detail, e.toldAtMs),
    list: () => list.all().map(entryOf),
    get: (seq) => {
      const row = get.get(seq);
      return row === undefined ? null : entryOf(row);
    },
    openCount: () => openCount.get() ?? 0,
    decide: (seq, d) => void decide.run(d.state, d.note, d.atMs, d.by, seq),
    openOf: (refId, kind) => {
      const row = openOf.get(uuidToBytes(refId), kind);
      return row === undefined ? null : entryOf(row);
    },
  };
}
