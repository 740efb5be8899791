/**
 * Follows a publication of a real Postgres by a logical slot: every committed transaction, whole and in order. Rule
 * kept: what was handed on is confirmed only when the receiver says that it is safe, so a crash repeats and never
 * skips. The slot is ours and lives as long as the shapes' logs.
 */
import pg from 'pg';
import { makePgoutputReader, type ReplicationMessage } from './pgoutput.ts';

export type Change = Extract<ReplicationMessage, { kind: 'insert' | 'update' | 'delete' | 'truncate' | 'relation' }>;
export type CommittedChanges = {
  readonly xid: number;
  /** Where the transaction's commit stands; rises from one to the next. */
  readonly lsn: bigint;
  readonly endLsn: bigint;
  readonly changes: readonly Change[];
};

export type Replication = {
  /** Everything through this place is safe with us: Postgres may forget it. */
  readonly confirm: (endLsn: bigint) => void;
  /** Postgres answers at once how far it has read (`onPassed`); by itself it says so every few seconds. */
  readonly askPlace: () => void;
  readonly stop: () => Promise<void>;
};

type CopyConnection = {
  readonly on: (event: 'copyData', listener: (message: { readonly chunk: Buffer }) => void) => void;
  readonly once: (event: 'replicationStart', listener: () => void) => void;
  readonly sendCopyFromChunk: (chunk: Buffer) => void;
  readonly stream: { readonly destroy: () => void };
};
/** pg's own connection; its types leave it out. */
const connectionOf = (client: pg.Client): CopyConnection =>
  (client as unknown as { readonly connection: CopyConnection }).connection;

/** Microseconds since 2000-01-01, which is where Postgres begins to count. */
const postgresEpochMs = 946_684_800_000;

export type ReplicationOptions = {
  readonly connectionString: string;
  readonly slot: string;
  readonly publication: string;
  readonly onTransaction: (transaction: CommittedChanges) => void;
  /** Everything before this place was handed on, or is none of ours. */
  readonly onPassed: (lsn: bigint) => void;
  /** The link broke; a new one begins at what was confirmed last. */
  readonly onBroken: (error: Error) => void;
  readonly nowMs: () => number;
};

export type SlotState = {
  /** Made just now: what came before is not to be had from it. */
  readonly isNew: boolean;
  /** Names this database of this cluster on this timeline: a restored copy is another. */
  readonly database: string;
  /** Postgres forgets what is before. */
  readonly confirmed: bigint;
};

const asLsn = (column: string): string => `(${column} - '0/0'::pg_lsn)::text`;

/** The slot, made when there is none; one that Postgres has given up (too far behind) is made anew. */
export async function ensureSlot(client: pg.Client, slot: string): Promise<SlotState> {
  const find = () =>
    client.query<{ confirmed: string; is_lost: boolean; database: string }>(
      `SELECT ${asLsn('confirmed_flush_lsn')} AS confirmed, coalesce(wal_status = 'lost', false) AS is_lost,
         (SELECT system_identifier FROM pg_control_system()) || '/' ||
         (SELECT timeline_id FROM pg_control_checkpoint()) || '/' || current_database() AS database
       FROM pg_replication_slots WHERE slot_name = $1`,
      [slot],
    );
  let found = await find();
  let isNew = false;
  if (found.rows[0]?.is_lost === true) {
    await client.query('SELECT pg_drop_replication_slot($1)', [slot]);
    found = await find();
  }
  if (found.rows.length === 0) {
    await client.query('SELECT pg_create_logical_replication_slot($1, $2)', [slot, 'pgoutput']);
    isNew = true;
    found = await find();
  }
  const row = found.rows[0];
  if (row === undefined) throw new Error(`no replication slot ${slot}`);
  return { isNew, database: row.database, confirmed: BigInt(row.confirmed) };
}

/** Values in the log are written as those of the snapshot are (snapshot.ts). */
const writtenAlike =
  '-c timezone=UTC -c datestyle=ISO,DMY -c bytea_output=hex -c extra_float_digits=1 -c intervalstyle=iso_8601';

export async function follow(options: ReplicationOptions): Promise<Replication> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    replication: 'database',
    options: writtenAlike,
  } as pg.ClientConfig);
  let isStopped = false;
  let confirmed = 0n;
  const broken = (error: Error): void => {
    if (isStopped) return;
    isStopped = true;
    clearInterval(beat);
    options.onBroken(error);
  };
  client.on('error', broken);
  client.on('end', () => broken(new Error('Postgres ended the replication link')));
  await client.connect();
  const wire = connectionOf(client);
  const read = makePgoutputReader();
  let open: { xid: number; lsn: bigint; changes: Change[] } | null = null;

  const take = (message: ReplicationMessage): void => {
    if (message.kind === 'begin') open = { xid: message.xid, lsn: message.commitLsn, changes: [] };
    else if (message.kind === 'commit') {
      if (open !== null) options.onTransaction({ ...open, endLsn: message.endLsn });
      open = null;
    } else if (message.kind !== 'other') open?.changes.push(message);
  };

  /** Standby status update: written, flushed and applied are one thing to us. */
  const report = (asks = false): void => {
    if (isStopped) return;
    const status = Buffer.alloc(34);
    status.write('r', 0);
    for (const at of [1, 9, 17]) status.writeBigUInt64BE(confirmed, at);
    status.writeBigInt64BE(BigInt(Math.trunc(options.nowMs() - postgresEpochMs)) * 1000n, 25);
    status[33] = asks ? 1 : 0;
    wire.sendCopyFromChunk(status);
  };

  wire.on('copyData', ({ chunk }) => {
    const kind = String.fromCharCode(chunk[0] ?? 0);
    try {
      if (kind === 'w') take(read(chunk.subarray(25)));
      else if (kind === 'k') {
        // Postgres has read so far; between transactions nothing of it is still to come.
        if (open === null) options.onPassed(chunk.readBigUInt64BE(1));
        if (chunk[17] === 1) report();
      }
    } catch (error) {
      broken(error instanceof Error ? error : new Error(String(error)));
      wire.stream.destroy();
    }
  });
  const beat = setInterval(() => report(), 5_000);
  beat.unref();
  // This statement never ends: its answer is the stream.
  await new Promise<void>((resolve, reject) => {
    wire.once('replicationStart', resolve);
    client
      .query(
        `START_REPLICATION SLOT ${options.slot} LOGICAL 0/0 (proto_version '1', publication_names '${options.publication}')`,
      )
      .catch((error: Error) => {
        reject(error);
        broken(error);
      });
  }).catch(async (error: unknown) => {
    isStopped = true;
    clearInterval(beat);
    await client.end().catch(() => undefined);
    throw error;
  });
  return {
    confirm: (endLsn) => {
      if (endLsn > confirmed) confirmed = endLsn;
      report();
    },
    askPlace: () => report(true),
    stop: async () => {
      isStopped = true;
      clearInterval(beat);
      wire.stream.destroy();
    },
  };
}
