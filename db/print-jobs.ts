/**
 * The print spool's rows. Rule kept: a job is added in the transaction that made its document and outlives any
 * crash; states say what is known of the paper, never what is hoped. No bytes are kept: a job is rendered again
 * from its document.
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, bytesToUuidOrNull, uuidToBytes, uuidToBytesOrNull } from './uuid-bytes.ts';

export type PrintJobKind = 'bill' | 'creditNote' | 'duplicate' | 'test' | 'report' | 'drawer' | 'challan' | 'orderList';
/** cut: the printer went away while it printed, a person must say whether the paper came out whole. */
export type PrintJobState = 'waiting' | 'printing' | 'done' | 'cut' | 'abandoned';
export type NewPrintJob = {
  readonly id: Uuid;
  readonly documentId: Uuid | null;
  readonly kind: PrintJobKind;
  readonly createdAtMs: Instant;
  readonly isDuplicate: boolean;
  readonly opensDrawer: boolean;
};
export type PrintJob = NewPrintJob & { readonly state: PrintJobState; readonly changedAtMs: Instant };

export type PrintJobs = {
  readonly add: (job: NewPrintJob) => void;
  /** The oldest that waits, but for those in `passed` (a handful at most). */
  readonly next: (passed?: ReadonlySet<Uuid>) => PrintJob | null;
  readonly setState: (id: Uuid, state: PrintJobState, atMs: Instant) => void;
  readonly waitingCount: () => number;
  readonly firstCut: () => PrintJob | null;
  /** Jobs that were printing when the till stopped: nobody knows about their paper. */
  readonly printing: () => readonly PrintJob[];
  readonly get: (id: Uuid) => PrintJob | null;
};

type Row = {
  id: Buffer;
  document_id: Buffer | null;
  kind: PrintJobKind;
  state: PrintJobState;
  created_at_ms: Instant;
  changed_at_ms: Instant;
  is_duplicate: number;
  opens_drawer: number;
};
const fromRow = (row: Row): PrintJob => ({
  id: bytesToUuid(row.id),
  documentId: bytesToUuidOrNull(row.document_id),
  kind: row.kind,
  createdAtMs: row.created_at_ms,
  isDuplicate: row.is_duplicate === 1,
  opensDrawer: row.opens_drawer === 1,
  state: row.state,
  changedAtMs: row.changed_at_ms,
});

const none: ReadonlySet<Uuid> = new Set();

export function makePrintJobs(shop: ShopDb): PrintJobs {
  const { sql } = shop;
  const isOpen = "state IN ('waiting', 'printing', 'cut')";
  const add = sql.prepare(
    `INSERT INTO print_job (id, document_id, kind, state, created_at_ms, changed_at_ms, is_duplicate, opens_drawer)
     VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?)`,
  );
  const inState = sql.prepare<[string, number], Row>(
    `SELECT * FROM print_job WHERE ${isOpen} AND state = ? ORDER BY created_at_ms, id LIMIT ?`,
  );
  const setState = sql.prepare('UPDATE print_job SET state = ?, changed_at_ms = ? WHERE id = ?');
  const count = sql
    .prepare<[], number>(`SELECT count(*) FROM print_job WHERE ${isOpen} AND state IN ('waiting', 'printing')`)
    .pluck();
  const get = sql.prepare<[Buffer], Row>('SELECT * FROM print_job WHERE id = ?');
  const one = (row: Row | undefined): PrintJob | null => (row === undefined ? null : fromRow(row));
  return {
    add: (job) =>
      void add.run(
        uuidToBytes(job.id),
        uuidToBytesOrNull(job.documentId),
        job.kind,
        job.createdAtMs,
        job.createdAtMs,
        job.isDuplicate ? 1 : 0,
        job.opensDrawer ? 1 : 0,
      ),
    next: (passed = none) => {
      if (passed.size === 0) return one(inState.get('waiting', 1));
      const waiting = inState.all('waiting', passed.size + 1).map(fromRow);
      return waiting.find((job) => !passed.has(job.id)) ?? null;
    },
    setState: (id, state, atMs) => {
      if (setState.run(state, atMs, uuidToBytes(id)).changes !== 1) throw new Error(`no print job ${id}`);
    },
    waitingCount: () => count.get() ?? 0,
    firstCut: () => one(inState.get('cut', 1)),
    printing: () => inState.all('printing', 1_000).map(fromRow),
    get: (id) => one(get.get(uuidToBytes(id))),
  };
}
