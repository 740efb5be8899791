/**
 * The embedded shape server's middle: follows Postgres, keeps the shapes' logs, makes new ones. Rule kept: a shape
 * hears the stream before its snapshot is taken, and drops what the snapshot already holds; where Postgres can't be
 * followed any more every shape ends, and clients fetch anew rather than miss a row.
 */
import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { err, ok, type Result } from '#core/result.ts';
import type { Offset } from './offset.ts';
import { isOf, messagesOf, type ShapeDefinition } from './messages.ts';
import { type CommittedChanges, ensureSlot, follow, type Replication } from './replication.ts';
import { type LogEntry, makeShapeLog, type ShapeLog } from './shape-log.ts';
import { isVisible, takeSnapshot } from './snapshot.ts';
import { keysOf, tableInfo } from './table-info.ts';

export type EngineOptions = {
  readonly connectionString: string;
  readonly pool: Pool;
  readonly slot: string;
  readonly publication: string;
  readonly nowMs: () => number;
  readonly chunkBytes: number;
  readonly say: (line: string) => void;
};

export type ShapeRefusal = { readonly field: 'table' | 'columns' | 'where'; readonly message: string };
export type ShapeEngine = {
  /** The shape of this definition, made when there is none. */
  readonly shape: (definition: ShapeDefinition) => Promise<Result<ShapeLog, ShapeRefusal>>;
  /** The shape of this handle, if it lives. */
  readonly byHandle: (handle: string) => ShapeLog | null;
  readonly remove: (handle: string) => boolean;
  readonly isActive: () => boolean;
  readonly stop: () => Promise<void>;
};

const identity = (definition: ShapeDefinition): string =>
  JSON.stringify([
    definition.schema,
    definition.table,
    definition.columns?.toSorted() ?? null,
    definition.conditions.map(({ column, values }) => [column, values.toSorted()]).toSorted(),
    definition.replica,
  ]);

export async function startShapeEngine(options: EngineOptions): Promise<ShapeEngine> {
  const shapes = new Map<string, Promise<Result<ShapeLog, ShapeRefusal>>>();
  const live = new Map<string, ShapeLog>();
  /** Being made: what streams by meanwhile is kept until the snapshot is there. */
  const making = new Set<{ readonly definition: ShapeDefinition; readonly missed: CommittedChanges[] }>();
  let replication: Replication | null = null;
  let isActive = false;
  let isStopped = false;

  function endShape(shape: ShapeLog): void {
    shape.end();
    live.delete(shape.handle);
    for (const [key, made] of shapes) {
      void made.then((one) => {
        if (one.ok && one.value === shape && shapes.get(key) === made) shapes.delete(key);
      });
    }
  }

  function deliver(shape: ShapeLog, transaction: CommittedChanges): void {
    if (isVisible(transaction.xid, shape.visibility)) return;
    const keys = { keys: keysOf(shape.info) };
    const entries: LogEntry[] = [];
    let position = 0;
    for (const change of transaction.changes) {
      if (change.kind === 'truncate') {
        if (change.relations.some((relation) => isOf(shape.definition, relation))) return endShape(shape);
        continue;
      }
      if (!isOf(shape.definition, change.relation)) continue;
      if (change.kind === 'relation') {
        const names = change.relation.columns.map((column) => column.name).join();
        // DDL: another set of columns is another table to a client.
        if (names !== shape.info.columns.map((column) => column.name).join()) return endShape(shape);
        continue;
      }
      const place = { lsn: transaction.lsn, xid: transaction.xid, position };
      const messages = messagesOf(shape.definition, keys, change, place);
      for (const message of messages) {
        const offset: Offset = { lsn: transaction.lsn, op: position };
        entries.push({ offset, text: JSON.stringify(message) });
        position += 1;
      }
    }
    const last = entries.at(-1);
    if (last !== undefined) {
      const message = JSON.parse(last.text) as { headers: object };
      entries[entries.length - 1] = {
        ...last,
        text: JSON.stringify({ ...message, headers: { ...message.headers, last: true } }),
      };
    }
    shape.append(entries);
  }

  async function make(definition: ShapeDefinition): Promise<Result<ShapeLog, ShapeRefusal>> {
    const mark = { definition, missed: [] as CommittedChanges[] };
    making.add(mark);
    try {
      const on = await options.pool.connect();
      const info = await tableInfo(on, definition.schema, definition.table).finally(() => on.release());
      if (info === null)
        return err({ field: 'table', message: `Table "${definition.schema}"."${definition.table}" does not exist` });
      const names = new Set(info.columns.map((column) => column.name));
      const lacking = definition.columns?.find((name) => !names.has(name));
      if (lacking !== undefined) return err({ field: 'columns', message: `there is no column ${lacking}` });
      const keyLeftOut = keysOf(info).find((name) => definition.columns !== null && !definition.columns.includes(name));
      if (keyLeftOut !== undefined) return err({ field: 'columns', message: `must hold the key column ${keyLeftOut}` });
      const unknown = definition.conditions.find(({ column }) => !names.has(column));
      if (unknown !== undefined) return err({ field: 'where', message: `there is no column ${unknown.column}` });
      const taken = await takeSnapshot(options.pool, definition, info, options.chunkBytes);
      if (!taken.ok) return err({ field: 'where', message: taken.error });
      const handle = `${options.nowMs()}-${randomBytes(6).toString('hex')}`;
      const { conditions, visibility, chunks } = taken.value;
      const shape = makeShapeLog({
        handle,
        definition: { ...definition, conditions },
        info,
        visibility,
        snapshot: chunks,
      });
      live.set(handle, shape);
      for (const transaction of mark.missed) deliver(shape, transaction);
      return ok(shape);
    } finally {
      making.delete(mark);
    }
  }

  const onTransaction = (transaction: CommittedChanges): void => {
    for (const mark of making) mark.missed.push(transaction);
    for (const shape of [...live.values()]) deliver(shape, transaction);
    replication?.confirm(transaction.endLsn);
  };

  const reconnect = (): void => {
    connect().catch((error: unknown) => {
      options.say(`shapes: ${String(error)}`);
      if (!isStopped) setTimeout(reconnect, 1_000).unref();
    });
  };

  async function connect(): Promise<void> {
    const client = new Client({ connectionString: options.connectionString });
    await client.connect();
    await ensureSlot(client, options.slot).finally(() => client.end());
    replication = await follow({
      connectionString: options.connectionString,
      slot: options.slot,
      publication: options.publication,
      nowMs: options.nowMs,
      onTransaction,
      onBroken: (error) => {
        isActive = false;
        options.say(`shapes: the link to Postgres broke (${error.message})`);
        // What is in memory may lack what comes before the next link: clients fetch anew.
        for (const shape of [...live.values()]) endShape(shape);
        if (!isStopped) setTimeout(reconnect, 1_000).unref();
      },
    });
    isActive = true;
  }
  await connect();

  return {
    shape: async (definition) => {
      const key = identity(definition);
      const known = shapes.get(key);
      if (known !== undefined) return known;
      const made = make(definition);
      shapes.set(key, made);
      const answer = await made.catch((error: unknown) => {
        shapes.delete(key);
        throw error;
      });
      if (!answer.ok) shapes.delete(key);
      return answer;
    },
    byHandle: (handle) => live.get(handle) ?? null,
    remove: (handle) => {
      const shape = live.get(handle);
      if (shape === undefined) return false;
      endShape(shape);
      return true;
    },
    isActive: () => isActive,
    stop: async () => {
      isStopped = true;
      isActive = false;
      for (const shape of [...live.values()]) endShape(shape);
      await replication?.stop();
    },
  };
}
