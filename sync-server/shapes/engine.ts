/**
 * The embedded shape server's middle: follows Postgres, keeps the shapes' logs, makes new ones. Rule kept: a shape
 * hears the stream before its snapshot is taken, and drops what the snapshot or its log already holds; Postgres may
 * forget a change only when it is in the files; where one could be missing shapes end, and clients fetch anew.
 */
import { Client, type Pool } from 'pg';
import { ok, type Result } from '#core/result.ts';
import { makeShape } from './make-shape.ts';
import { mendLog } from './mend-log.ts';
import type { MendOutcome } from './mending.ts';
import { messagesOf, type ShapeDefinition } from './messages.ts';
import { type CommittedChanges, ensureSlot, follow, type Replication } from './replication.ts';
import type { LogEntry } from './shape-file.ts';
import type { ShapeLog } from './shape-log.ts';
import { openShapeStore } from './shape-store.ts';
import { isVisible, type SnapshotRefusal } from './snapshot.ts';
import { isSameForm, keysOf } from './table-info.ts';
import { type Subset, type SubsetRefusal, takeSubset } from './subset.ts';
import { makeWhereIndex } from './where-index.ts';

export type EngineOptions = {
  readonly connectionString: string;
  readonly pool: Pool;
  /** Of this slot alone; made when missing. */
  readonly dir: string;
  readonly slot: string;
  readonly publication: string;
  /** Tables that nobody published are published when they are asked for; for development and tests. */
  readonly publishesItself?: boolean | undefined;
  readonly nowMs: () => number;
  readonly chunkBytes: number;
  /** A log that outgrew this and its snapshot ends: fetching anew is cheaper than reading it. */
  readonly logBytes?: number | undefined;
  /** A shape that nobody asked for this long ends. */
  readonly unusedMs?: number | undefined;
  readonly say: (line: string) => void;
};

export type ShapeEngine = {
  /** The shape of this definition, made when there is none. */
  readonly shape: (definition: ShapeDefinition) => Promise<Result<ShapeLog, SnapshotRefusal>>;
  /** The shape of this definition, if it lives. */
  readonly find: (definition: ShapeDefinition) => Promise<ShapeLog | null>;
  /** The shape of this handle, if it lives. */
  readonly byHandle: (handle: string) => ShapeLog | null;
  readonly remove: (handle: string) => boolean;
  /** Compares the shape's log with its table, and mends it; what nobody follows is not known. One at a time. */
  readonly mend: (definition: ShapeDefinition) => Promise<MendOutcome>;
  /** All that live, as they were asked for. */
  readonly definitions: () => readonly ShapeDefinition[];
  readonly subset: (definition: ShapeDefinition, subset: Subset) => Promise<Result<string, SubsetRefusal>>;
  readonly isActive: () => boolean;
  /** Every transaction that stands here or before is in the logs; no later one stands here. */
  readonly lastSeen: () => bigint;
  readonly count: () => number;
  /** Ends what nobody uses; runs by itself every hour. */
  readonly sweep: () => void;
  readonly stop: () => Promise<void>;
};

const dayMs = 86_400_000;
const syncEveryMs = 200;
const seenMost = 4_096;

const identity = (definition: ShapeDefinition): string =>
  JSON.stringify([
    definition.schema,
    definition.table,
    definition.columns?.toSorted() ?? null,
    definition.conditions
      .map(({ column, values, literal }) => [column, values.toSorted(), ...(literal === undefined ? [] : [literal])])
      .toSorted(),
    definition.replica,
    ...(definition.filter === undefined && definition.log === undefined ? [] : [definition.filter, definition.log]),
  ]);

export async function startShapeEngine(options: EngineOptions): Promise<ShapeEngine> {
  const logBytes = options.logBytes ?? 8 * 1024 * 1024;
  const unusedMs = options.unusedMs ?? 14 * dayMs;
  const store = openShapeStore(options.dir);
  const shapes = new Map<string, Promise<Result<ShapeLog, SnapshotRefusal>>>();
  const live = new Map<string, { readonly shape: ShapeLog; readonly key: string; usedMs: number }>();
  const index = makeWhereIndex<ShapeLog>();
  /** Being made: what streams by meanwhile is kept until the snapshot is there, and is not in its file before. */
  const making = new Set<{ readonly from: bigint; readonly missed: CommittedChanges[] }>();
  const seen: number[] = [];
  const unsynced = new Set<ShapeLog>();
  let through = 0n;
  let kept = 0n;
  let replication: Replication | null = null;
  let isActive = false;
  let isStopped = false;

  function admit(key: string, shape: ShapeLog, usedMs: number): void {
    live.set(shape.handle, { shape, key, usedMs });
    shapes.set(key, Promise.resolve(ok(shape)));
    index.add(shape);
  }

  function endShape(shape: ShapeLog): void {
    const key = live.get(shape.handle)?.key;
    index.remove(shape);
    live.delete(shape.handle);
    unsynced.delete(shape);
    if (key !== undefined) shapes.delete(key);
    shape.end();
  }

  /** To one shape, or to all that it concerns. */
  function deliver(transaction: CommittedChanges, only: ShapeLog | null): void {
    const news = new Map<ShapeLog, LogEntry[] | null>();
    /** null: the shape has this transaction already, in its rows or in its log. */
    const newsOf = (shape: ShapeLog): LogEntry[] | null => {
      const known = news.get(shape);
      if (known !== undefined) return known;
      const has = transaction.lsn <= shape.last().lsn || isVisible(transaction.xid, shape.visibility);
      const entries = has ? null : [];
      news.set(shape, entries);
      return entries;
    };
    const endIfNew = (shape: ShapeLog): void => {
      if (newsOf(shape) === null) return;
      news.set(shape, null);
      endShape(shape);
    };
    for (const change of transaction.changes) {
      if (change.kind === 'truncate' || change.kind === 'relation') {
        for (const relation of change.kind === 'truncate' ? change.relations : [change.relation]) {
          for (const shape of only === null ? index.ofTable(relation) : [only]) {
            const { schema, table } = shape.definition;
            if (schema !== relation.schema || table !== relation.name) continue;
            // DDL: a table of another form is another table to a client.
            if (change.kind === 'truncate' || !isSameForm(shape.info, relation)) endIfNew(shape);
          }
        }
        continue;
      }
      const rows = [change.kind === 'insert' ? null : change.before, change.kind === 'delete' ? null : change.row];
      for (const shape of only === null ? index.concerned(change.relation, rows) : [only]) {
        const { schema, table } = shape.definition;
        if (schema !== change.relation.schema || table !== change.relation.name) continue;
        const entries = newsOf(shape);
        if (entries === null) continue;
        const place = { lsn: transaction.lsn, xid: transaction.xid, position: entries.length };
        for (const message of messagesOf(shape.definition, { keys: keysOf(shape.info) }, change, place)) {
          entries.push({ offset: { lsn: transaction.lsn, op: entries.length }, text: JSON.stringify(message) });
        }
      }
    }
    for (const [shape, entries] of news) {
      const last = entries?.at(-1);
      if (entries === null || last === undefined || shape.isEnded()) continue;
      const message = JSON.parse(last.text) as { headers: object };
      const text = JSON.stringify({ ...message, headers: { ...message.headers, last: true } });
      shape.append([...entries.slice(0, -1), { ...last, text }]);
      unsynced.add(shape);
      const { log, snapshot } = shape.bytes();
      if (log > Math.max(logBytes, snapshot)) endShape(shape);
    }
  }

  async function make(key: string, definition: ShapeDefinition): Promise<Result<ShapeLog, SnapshotRefusal>> {
    const missed: CommittedChanges[] = [];
    const before = [...seen];
    const being = { from: through, missed };
    making.add(being);
    try {
      const made = await makeShape({ ...options, store }, key, definition, before);
      if (!made.ok) {
        shapes.delete(key);
        return made;
      }
      const shape = made.value;
      if (isStopped) {
        // What it missed is nowhere.
        shape.end();
        return made;
      }
      admit(key, shape, options.nowMs());
      for (const transaction of missed) if (!shape.isEnded()) deliver(transaction, shape);
      return made;
    } catch (error) {
      shapes.delete(key);
      throw error;
    } finally {
      making.delete(being);
    }
  }

  const onTransaction = (transaction: CommittedChanges): void => {
    for (const { missed } of making) missed.push(transaction);
    seen.push(transaction.xid);
    if (seen.length > 2 * seenMost) seen.splice(0, seenMost);
    deliver(transaction, null);
    if (transaction.endLsn > through) through = transaction.endLsn;
  };

  /** Files first, then the folder's place, then Postgres. */
  async function keep(): Promise<void> {
    // What a shape being made will need, should this end now, Postgres must still have.
    const to = [...making].reduce((least, { from }) => (from < least ? from : least), through);
    const link = replication;
    if (to <= kept) return;
    const now = [...unsynced];
    unsynced.clear();
    await Promise.all(now.map((shape) => shape.sync()));
    store.keepThrough(to);
    kept = to;
    link?.confirm(to);
  }
  let keeping: Promise<void> = Promise.resolve();
  const keepSoon = (): Promise<void> => {
    keeping = keeping.then(keep).catch((error: unknown) => {
      options.say(`shapes: not written (${String(error)})`);
      // What did not get to the disk is told nobody as safe; a disk that fails ends what lies on it.
      for (const { shape } of [...live.values()]) endShape(shape);
    });
    return keeping;
  };
  const keepTimer = setInterval(() => void keepSoon(), syncEveryMs);

  const reconnect = (): void => {
    if (isStopped) return;
    connect().catch((error: unknown) => {
      options.say(`shapes: ${String(error)}`);
      setTimeout(reconnect, 1_000).unref();
    });
  };

  /** The end of one record may be the beginning of the next commit: a place before it is not. */
  const lastSeen = (): bigint => (through > 0n ? through - 1n : 0n);

  let isLoaded = false;
  async function connect(): Promise<void> {
    const client = new Client({ connectionString: options.connectionString });
    client.on('error', (error) => options.say(`shapes: ${error.message}`));
    await client.connect();
    const slot = await ensureSlot(client, options.slot).finally(() => client.end());
    if (!isLoaded || slot.isNew || slot.confirmed > kept) {
      // From the files; after a gap in the stream they are thrown away there too.
      for (const { shape } of [...live.values()]) endShape(shape);
      const used = store.lastUsed();
      for (const { key, shape } of store.load(slot)) admit(key, shape, used.get(shape.handle) ?? options.nowMs());
      [through, kept] = [slot.confirmed, slot.confirmed];
      isLoaded = true;
    }
    replication = await follow({
      connectionString: options.connectionString,
      slot: options.slot,
      publication: options.publication,
      nowMs: options.nowMs,
      onTransaction,
      onPassed: (lsn) => {
        if (lsn > through) through = lsn;
      },
      onBroken: (error) => {
        // The next link begins at what was confirmed; shapes drop what they have already.
        isActive = false;
        options.say(`shapes: the link to Postgres broke (${error.message})`);
        if (!isStopped) setTimeout(reconnect, 1_000).unref();
      },
    });
    if (isStopped) await replication.stop();
    else isActive = true;
  }

  function sweep(): void {
    const now = options.nowMs();
    for (const { shape, usedMs } of [...live.values()]) if (now - usedMs > unusedMs) endShape(shape);
    store.keepLastUsed(new Map([...live].map(([handle, { usedMs }]) => [handle, usedMs])));
  }
  const sweepTimer = setInterval(sweep, 3_600_000);
  sweepTimer.unref();
  keepTimer.unref();
  await connect().catch((error: unknown) => {
    // Another server of ours may just be letting go of the slot: 503 until then.
    options.say(`shapes: ${String(error)}`);
    setTimeout(reconnect, 1_000).unref();
  });

  const find = async (definition: ShapeDefinition): Promise<ShapeLog | null> => {
    const known = await shapes.get(identity(definition));
    return known?.ok === true && live.has(known.value.handle) ? known.value : null;
  };
  let mending: Promise<unknown> = Promise.resolve();
  async function mend(definition: ShapeDefinition): Promise<MendOutcome> {
    const shape = isActive ? await find(definition) : null;
    if (shape === null) return { kind: 'notKnown' };
    const outcome = await mendLog(shape, {
      ...options,
      lastSeen,
      askPlace: () => replication?.askPlace(),
      end: endShape,
      append: (one, entries) => {
        one.append(entries);
        unsynced.add(one);
      },
    });
    // Nothing came from Postgres that would have it synced.
    if (outcome.kind === 'appended') await shape.sync();
    return outcome;
  }

  const touch = (shape: ShapeLog): void => {
    const one = live.get(shape.handle);
    if (one !== undefined) one.usedMs = options.nowMs();
  };
  return {
    shape: async (definition) => {
      const key = identity(definition);
      const made = shapes.get(key) ?? make(key, definition);
      shapes.set(key, made);
      const answer = await made;
      if (answer.ok) touch(answer.value);
      return answer;
    },
    find,
    mend: (definition) => {
      const mended = mending.then(() => mend(definition));
      mending = mended.catch(() => undefined);
      return mended;
    },
    definitions: () => [...live.values()].map(({ shape }) => shape.definition),
    byHandle: (handle) => live.get(handle)?.shape ?? null,
    remove: (handle) => {
      const shape = live.get(handle)?.shape;
      if (shape === undefined) return false;
      endShape(shape);
      return true;
    },
    subset: (definition, subset) => takeSubset(options.pool, definition, subset, options.publication),
    isActive: () => isActive,
    lastSeen,
    count: () => live.size,
    sweep,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      isActive = false;
      clearInterval(keepTimer);
      clearInterval(sweepTimer);
      await keepSoon();
      sweep();
      await replication?.stop();
      for (const { shape } of live.values()) shape.close();
    },
  };
}
