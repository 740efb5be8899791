/**
 * Head office on a real Postgres: the product's push, its tables read back as what the check looks at. Rule kept: a
 * crash is the connection's COMMIT that is never given; nothing here writes what push writes.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { instant } from '#core/time.ts';
import type { StoredEntry } from '#sync-server/ingest/decide-batch.ts';
import { push } from '#sync-server/ingest/push.ts';
import { receivedOf } from '#sync-server/ingest/received.ts';
import type { Months } from '#sync-server/postgres/months.ts';
import { type DaySums, type ItemSums, type SimServer, type ServerView, storedKey } from './sim-server.ts';
import type { SimTillIds } from './sim-bill.ts';
import { simId } from './sim-goods.ts';
import { firstMs } from './world.ts';
import { knowTill, signTillAccess } from '#sync-server/identity/till-key.ts';
import { openFamily, rotateTillKey } from '#sync-server/identity/till-tokens.ts';
import { inTenant } from '#sync-server/postgres/in-tenant.ts';
import type { KeyServer } from './key-server.ts';

class ServerCrash extends Error {}

/** A pool whose transactions end before they are committed. */
function crashingPool(pool: Pool): Pool {
  const connect = async (): Promise<PoolClient> => {
    const on = await pool.connect();
    const query = (...of: unknown[]): unknown => {
      if (of[0] === 'COMMIT') throw new ServerCrash();
      return (on.query as unknown as (...all: unknown[]) => unknown).apply(on, of);
    };
    return Object.create(on, { query: { value: query }, release: { value: () => on.release() } }) as PoolClient;
  };
  return Object.create(pool, { connect: { value: connect } }) as Pool;
}

/** What a till's push writes, and what it may hang on: rows of a tenant as JSON, by table. */
const tables = [
  'till',
  'document_pack',
  'document',
  'bill',
  'bill_line',
  'store_day',
  'item_day',
  'stock_level',
  'publication_ack',
  'item_proposal',
  'store_transfer',
  'transit_level',
  'bill_series',
  'till_token',
  'document_refusal',
  'refusal_note',
] as const;
type TenantCopy = ReadonlyMap<string, string>;

async function copyTenant(pool: Pool, tenantId: string): Promise<TenantCopy> {
  const copy = new Map<string, string>();
  for (const table of tables) {
    const found = await pool.query<{ rows: string }>(
      `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${table} t WHERE tenant_id = $1`,
      [tenantId],
    );
    copy.set(table, found.rows[0]?.rows ?? '[]');
  }
  return copy;
}

/** Tills stay enrolled: a copy of before one came knows nothing of it, which is another story than this one. */
async function restoreTenant(pool: Pool, tenantId: string, copy: TenantCopy): Promise<void> {
  const on = await pool.connect();
  try {
    await on.query('BEGIN');
    await on.query('SET LOCAL session_replication_role = replica');
    for (const table of tables) {
      if (table === 'till') {
        await on.query(
          `UPDATE till t SET through_seq = coalesce(c.through_seq, 0), family_id = coalesce(c.family_id, t.family_id)
           FROM till u LEFT JOIN jsonb_populate_recordset(NULL::till, $2::jsonb) c ON c.till_id = u.till_id
           WHERE t.tenant_id = $1 AND u.tenant_id = $1 AND u.till_id = t.till_id`,
          [tenantId, copy.get(table)],
        );
        continue;
      }
      await on.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
      await on.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
        copy.get(table),
      ]);
    }
    await on.query('COMMIT');
    on.release();
  } catch (error) {
    on.release(true);
    throw error;
  }
}

export type PostgresServer = SimServer & {
  readonly tenantId: string;
  readonly enrolStores: () => Promise<void>;
  readonly authorizationOf: (till: SimTillIds) => Promise<string>;
};

export function postgresServer(pool: Pool, months: Months, tenantNo: number): PostgresServer {
  const tenantId = simId('1', tenantNo);
  let judgesAtMs = firstMs;
  const clock = { now: () => instant(judgesAtMs) };
  const deps = { pool, months, clock };
  const crashing = { pool: crashingPool(pool), months, clock };
  const nowMs = instant(firstMs);
  const revoked = new Set<string>();
  let reused = new Set<string>();
  let known: Promise<unknown> | null = null;
  const tills = new Map<string, Promise<unknown>>();
  /** By till: the family of its keys, and what it shows where keys are not played. */
  let families = new Map<string, string>();
  const shown = new Map<string, Promise<string>>();

  let copy: { readonly rows: TenantCopy; readonly families: Map<string, string>; readonly reused: Set<string> } | null =
    null;

  const enrolStores = async (): Promise<void> => {
    known ??= pool
      .query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, 'Sim'])
      .then(() =>
        pool.query(
          `INSERT INTO store (tenant_id, store_id, region, name) SELECT $1, id, 'R', 'S' FROM unnest($2::uuid[]) AS id`,
          [tenantId, [0, 1].map((n) => simId('5', n))],
        ),
      );
    await known;
  };
  const signed = async ({ storeId, tillId }: SimTillIds, atMs: number): Promise<string> => {
    const familyId = families.get(tillId) ?? '';
    return signTillAccess(pool, { tenantId, storeId, tillId, familyId }, atMs);
  };
  /** Answers what the till shows at the door. */
  const enrol = async (till: SimTillIds): Promise<string> => {
    await enrolStores();
    const made = async (): Promise<void> => {
      const familyId = simId('2', Number.parseInt(till.tillId.slice(-8), 16));
      const { storeId, tillId } = till;
      await pool.query(
        `INSERT INTO till (tenant_id, store_id, till_id, name, family_id) VALUES ($1, $2, $3, 'T', $4)`,
        [tenantId, storeId, tillId, familyId],
      );
      families.set(tillId, familyId);
    };
    const there = tills.get(till.tillId) ?? made();
    tills.set(till.tillId, there);
    await there;
    const family = families.get(till.tillId) ?? '';
    const token = shown.get(family) ?? signed(till, nowMs);
    shown.set(family, token);
    return `Bearer ${await token}`;
  };
  /** As this server remembers it: shut out by a person, or as its key is held by two. */
  const writeRefusal = (tillId: string): Promise<unknown> =>
    pool.query('UPDATE till SET revoked_at_ms = $3, revoke_reason = $4 WHERE tenant_id = $1 AND till_id = $2', [
      tenantId,
      tillId,
      revoked.has(tillId) || reused.has(tillId) ? nowMs : null,
      reused.has(tillId) && !revoked.has(tillId) ? 'keyReused' : null,
    ]);
  const keys: KeyServer = {
    enrol: async (till, keyHash, atMs) => {
      await enrol(till);
      const { storeId, tillId } = till;
      const familyId = randomUUID();
      await inTenant(pool, tenantId, (on) =>
        openFamily(on, { tenantId, storeId, tillId, familyId }, Buffer.from(keyHash, 'hex'), atMs),
      );
      families.set(tillId, familyId);
      revoked.delete(tillId);
      reused.delete(tillId);
      return signed(till, atMs);
    },
    turn: async ({ tillId }, { refresh, nextHash, earlier }, atMs, crash) => {
      const asked = { tillId, refresh, nextHash: Buffer.from(nextHash, 'hex'), earlier };
      try {
        const { reply } = await rotateTillKey(crash === 'early' ? crashing.pool : pool, asked, atMs);
        if (!reply.ok && reply.reason === 'reused') reused.add(tillId);
        return crash === null ? reply : null;
      } catch (error) {
        if (error instanceof ServerCrash) return null;
        throw error;
      }
    },
  };

  return {
    tenantId,
    enrolStores,
    authorizationOf: enrol,
    keys,
    setClock: (ms) => {
      judgesAtMs = ms;
    },
    push: async (till, { entries, afterSeq, crash, door, isAgain }) => {
      const usual = await enrol(till);
      const known = await knowTill(pool, door === null ? usual : `Bearer ${door.access}`, door?.nowMs ?? nowMs);
      if ('refusal' in known) return 'notEnrolled';
      const pushing = known.till;
      try {
        const batch = receivedOf({ entries: [...entries], afterSeq, isAgain });
        const { answers, ...place } = await push(crash === 'early' ? crashing : deps, pushing, batch);
        return crash === null ? { answers, place } : null;
      } catch (error) {
        if (error instanceof ServerCrash) return null;
        throw error;
      }
    },
    publish: async (storeId, { head, rows }) => {
      await enrolStores();
      const { id, publishedAtMs, effectiveAtMs, rowCount, hash } = head;
      const of = [tenantId, storeId, id];
      const on = await pool.connect();
      try {
        await on.query('BEGIN');
        await on.query(
          `INSERT INTO publication (tenant_id, publication_id, scope, note, published_at_ms, published_by,
             effective_at_ms, refused, preview) VALUES ($1, $2, '{}', '', $3, 'sim', $4, '[]', '[]')`,
          [tenantId, id, publishedAtMs, effectiveAtMs],
        );
        await on.query(
          `INSERT INTO store_publication_row (tenant_id, store_id, publication_id, item_id, change)
           SELECT $1, $2, $3, r.* FROM unnest($4::uuid[], $5::text[]) AS r`,
          [...of, rows.map((row) => row.itemId), rows.map((row) => row.change)],
        );
        await on.query('INSERT INTO store_publication VALUES ($1, $2, $3, $4, $5, $6, $7)', [
          ...of,
          publishedAtMs,
          effectiveAtMs,
          rowCount,
          hash,
        ]);
        await on.query('COMMIT');
        on.release();
      } catch (error) {
        on.release(true);
        throw error;
      }
    },
    isRevoked: (till) => revoked.has(till.tillId) || reused.has(till.tillId),
    setRevoked: async (till, isRevoked) => {
      await enrol(till);
      if (isRevoked) revoked.add(till.tillId);
      else revoked.delete(till.tillId);
      await writeRefusal(till.tillId);
    },
    knows: async (till, keys) => {
      const found = await pool.query<{ n: string }>(
        `SELECT count(*) AS n FROM document
         WHERE tenant_id = $1 AND store_id = $2 AND kind || ' ' || document_id = ANY($3::text[])`,
        [tenantId, till.storeId, keys],
      );
      return Number(found.rows[0]?.n ?? 0);
    },
    backUp: async () => {
      await enrolStores();
      copy = { rows: await copyTenant(pool, tenantId), families: new Map(families), reused: new Set(reused) };
    },
    restore: async () => {
      if (copy === null) return false;
      await restoreTenant(pool, tenantId, copy.rows);
      // Who has come since is as it was enrolled.
      families = new Map([...families, ...copy.families]);
      reused = new Set(copy.reused);
      for (const tillId of families.keys()) await writeRefusal(tillId);
      // As changeEpochs does for all tenants of a database.
      await pool.query('UPDATE tenant SET sync_epoch = gen_random_uuid() WHERE tenant_id = $1', [tenantId]);
      return true;
    },
    view: async (): Promise<ServerView> => {
      const of = [tenantId];
      const documents = await pool.query<StoredEntry & { key: string; store_id: string }>(
        `SELECT store_id, kind || ' ' || document_id AS key, encode(text_hash, 'hex') AS hash, rejection
         FROM document WHERE tenant_id = $1`,
        of,
      );
      const days = await pool.query<{ key: string } & Record<keyof DaySums, string>>(
        `SELECT store_id || ' ' || business_date AS key, bills, credit_notes AS notes, sales_paise AS sales,
           refunds_paise AS refunds FROM store_day WHERE tenant_id = $1`,
        of,
      );
      const items = await pool.query<{ key: string } & Record<keyof ItemSums, string>>(
        `SELECT store_id || ' ' || business_date || ' ' || item_id AS key, qty_milli AS qty, net_paise AS net
         FROM item_day WHERE tenant_id = $1`,
        of,
      );
      const stock = await pool.query<{ key: string; qty: string }>(
        `SELECT store_id || ' ' || item_id AS key, qty_milli AS qty FROM stock_level WHERE tenant_id = $1`,
        of,
      );
      const transit = await pool.query<{ key: string; qty: string; lost: string }>(
        `SELECT store_id || ' ' || item_id AS key, qty_milli AS qty, lost_milli AS lost FROM transit_level
         WHERE tenant_id = $1`,
        of,
      );
      const acks = await pool.query<{ key: string; is_applied: boolean }>(
        `SELECT till_id || ' ' || publication_id AS key, applied_at_ms IS NOT NULL AS is_applied
         FROM publication_ack WHERE tenant_id = $1`,
        of,
      );
      const notes = await pool.query<{ key: string }>(
        `SELECT 'keptAsideAccepted ' || note_id AS key FROM refusal_note WHERE tenant_id = $1 AND source = 'till'`,
        of,
      );
      return {
        notes: new Set(notes.rows.map((row) => row.key)),
        transit: new Map(transit.rows.map((row) => [row.key, Number(row.qty)])),
        lost: new Map(transit.rows.map((row) => [row.key, Number(row.lost)])),
        stock: new Map(stock.rows.map((row) => [row.key, Number(row.qty)])),
        acks: new Map(acks.rows.map((row) => [row.key, row.is_applied ? 'applied' : 'arrived'])),
        stored: new Map(
          documents.rows.map(({ store_id, key, hash, rejection }) => [storedKey(store_id, key), { hash, rejection }]),
        ),
        days: new Map(
          days.rows.map((row) => [
            row.key,
            {
              bills: Number(row.bills),
              notes: Number(row.notes),
              sales: Number(row.sales),
              refunds: Number(row.refunds),
            },
          ]),
        ),
        items: new Map(items.rows.map((row) => [row.key, { qty: Number(row.qty), net: Number(row.net) }])),
      };
    },
  };
}
