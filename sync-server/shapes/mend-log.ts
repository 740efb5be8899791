/**
 * Compares one shape's log with its table and mends the log: what it lacks is appended, or the shape ends and clients
 * fetch it anew. Rule kept: the table is the truth; nobody's place becomes unreadable by an appended row; a log that
 * can't be read is ended, never repaired by guessing. What a till has is not asked: it may be the till that lost it.
 */
import { createHash } from 'node:crypto';
import { setImmediate as letOthers, setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type MendOutcome, mendingOf, mostAppended } from './mending.ts';
import { keyOf, type RowMessage } from './messages.ts';
import { beforeAll, type Offset } from './offset.ts';
import type { Row } from './pgoutput.ts';
import type { LogEntry } from './shape-file.ts';
import type { ShapeLog } from './shape-log.ts';
import { takeSnapshot } from './snapshot.ts';
import { keysOf } from './table-info.ts';

export type MendParts = {
  readonly pool: Pool;
  readonly publication: string;
  /** Every transaction that stands here or before is in the logs. */
  readonly lastSeen: () => bigint;
  /** Postgres says soon how far it has read. */
  readonly askPlace: () => void;
  readonly end: (shape: ShapeLog) => void;
  readonly append: (shape: ShapeLog, entries: readonly LogEntry[]) => void;
  /** How long the stream may be behind. */
  readonly patienceMs?: number | undefined;
};

type Message = {
  readonly key?: string;
  readonly value?: Row;
  readonly headers: { readonly operation?: 'insert' | 'update' | 'delete' };
};
type Rows = Map<string, Row>;

const pieceBytes = 1024 * 1024;
const patienceMs = 30_000;
const lookEveryMs = 50;
const shortText = 32;

/** Long texts as their hash, but for keys: a hundred thousand rows are compared, not kept. */
const brief = (row: Row, keys: readonly string[]): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const isKept = value === null || value.length <= shortText || keys.includes(name);
      return [name, isKept ? value : createHash('md5').update(value).digest('base64')];
    }),
  );
const isSame = (a: Row, b: Row): boolean => {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
};
const messagesIn = (body: string): readonly Message[] => (body === '' ? [] : (JSON.parse(`[${body}]`) as Message[]));

function fold(rows: Rows, { key, value, headers }: Message, keys: readonly string[]): void {
  if (key === undefined || value === undefined) return;
  if (headers.operation === 'delete') rows.delete(key);
  else rows.set(key, { ...(headers.operation === 'update' ? rows.get(key) : undefined), ...brief(value, keys) });
}

/** Everything after a place, to where nothing more stands at that moment. */
async function readOn(shape: ShapeLog, after: Offset, take: (message: Message) => void): Promise<Offset> {
  let place = after;
  for (;;) {
    const part = await shape.read(place, pieceBytes);
    for (const message of messagesIn(part.body)) take(message);
    place = part.offset;
    if (part.isLast) return place;
    await letOthers();
  }
}

/**
 * A place in the log of Postgres behind all that has been committed. A word of our own is written there and flushed: the
 * end of what is flushed by chance may lie in the middle of something, which is read only when more is written.
 */
async function placeNow(pool: Pool): Promise<bigint> {
  const said: unknown = await pool.query(
    `BEGIN; SET LOCAL synchronous_commit = on;
     SELECT (pg_logical_emit_message(true, 'billmitra', '') - '0/0')::text AS lsn; COMMIT`,
  );
  // One result a statement.
  const [, , found] = said as readonly { readonly rows: readonly { readonly lsn: string }[] }[];
  return BigInt(found?.rows[0]?.lsn ?? 0);
}

/** null: the table is another one by now, or can't be read; the stream tells the shape itself. */
async function readTable(shape: ShapeLog, { pool, publication }: MendParts, logged: Rows) {
  const truth: Rows = new Map();
  const keys = keysOf(shape.info);
  /** As they are told; more are not needed. */
  const told: Rows = new Map();
  const taken = await takeSnapshot(pool, shape.definition, {
    publication,
    publishesItself: false,
    chunkBytes: pieceBytes,
    begin: () => (chunk) => {
      for (const { key, value } of messagesIn(chunk)) {
        if (key === undefined || value === undefined) continue;
        const row = brief(value, keys);
        const said = logged.get(key);
        const isSaid = said !== undefined && isSame(said, row);
        truth.set(key, isSaid ? said : row);
        if (!isSaid && told.size <= mostAppended) told.set(key, value);
      }
    },
  });
  if (!taken.ok || taken.value.info.oid !== shape.info.oid) return null;
  return { truth, told, through: await placeNow(pool) };
}

/** False: the stream did not come so far. */
async function waitFor(through: bigint, shape: ShapeLog, parts: MendParts): Promise<boolean> {
  for (let leftMs = parts.patienceMs ?? patienceMs; leftMs > 0; leftMs -= lookEveryMs) {
    // The place that was asked is the end of a record: what was seen ends one byte before.
    if (parts.lastSeen() + 1n >= through) return true;
    if (shape.isEnded()) return false;
    parts.askPlace();
    await sleep(lookEveryMs);
  }
  return false;
}

/** Behind all that anybody was told, before all that is to come: transactions that follow stand after `lastSeen`. */
function entriesAt(seen: bigint, last: Offset, messages: readonly RowMessage[]): readonly LogEntry[] {
  const lsn = last.lsn > seen ? last.lsn : seen;
  // A client of events may have been told LSN_0 as the place of all shapes.
  const firstOp = lsn === last.lsn ? last.op + 1 : 1;
  return messages.map(({ key, value, headers }, i) => ({
    offset: { lsn, op: firstOp + i },
    text: JSON.stringify({
      key,
      value,
      headers: {
        ...headers,
        lsn: String(lsn),
        op_position: firstOp + i,
        txids: [],
        ...(i === messages.length - 1 ? { last: true } : {}),
      },
    }),
  }));
}

export async function mendLog(shape: ShapeLog, parts: MendParts): Promise<MendOutcome> {
  const { definition, info } = shape;
  if (definition.log === 'changes_only') return { kind: 'notKnown' };
  const relation = [definition.schema, definition.table];
  const keys = keysOf(info);
  const logged: Rows = new Map();
  let place: Offset;
  try {
    place = await readOn(shape, beforeAll, (message) => fold(logged, message, keys));
  } catch {
    // Not JSON, or the file ends too early: what lies on that disk is not what was written.
    if (shape.isEnded()) return { kind: 'notKnown' };
    parts.end(shape);
    return { kind: 'begunAnew', rows: null };
  }
  const table = await readTable(shape, parts, logged);
  if (table === null || !(await waitFor(table.through, shape, parts))) return { kind: 'notKnown' };
  const spokenOf = new Set<string>();
  do {
    place = await readOn(shape, place, ({ key }) => {
      if (key !== undefined) spokenOf.add(key);
    });
    // What came while this read it is read too; from here to the end nothing comes between.
  } while (shape.hasAfter(place));
  if (shape.isEnded()) return { kind: 'notKnown' };
  const mending = mendingOf(logged, table.truth, spokenOf, isSame);
  if (mending.kind === 'whole') return { kind: 'whole' };
  const said = (key: string) => table.told.get(key);
  if (mending.kind === 'beginAnew' || mending.puts.some((key) => said(key) === undefined)) {
    parts.end(shape);
    return { kind: 'begunAnew', rows: mending.kind === 'beginAnew' ? mending.rows : null };
  }
  const puts = mending.puts.map((key): RowMessage => {
    const operation = logged.has(key) ? 'update' : 'insert';
    return { key, value: said(key) ?? {}, headers: { operation, relation } };
  });
  const drops = mending.drops.map((key): RowMessage => {
    const row = Object.fromEntries(keys.map((name) => [name, logged.get(key)?.[name] ?? null]));
    return { key, value: row, headers: { operation: 'delete', relation } };
  });
  // A row that the log has under a key that no row can have is damage of the key itself: nothing can take it back.
  const isOwnKey = drops.every(({ key, value }) => keyOf(definition, keys, value) === key);
  if (!isOwnKey) {
    parts.end(shape);
    return { kind: 'begunAnew', rows: puts.length + drops.length };
  }
  parts.append(shape, entriesAt(parts.lastSeen(), shape.last(), [...puts, ...drops]));
  return { kind: 'appended', rows: puts.length + drops.length };
}
