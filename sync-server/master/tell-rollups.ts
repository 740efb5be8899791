/**
 * What stores have and what they sold, told to tills from time to time: levels to the sister stores, the day's sums to
 * the store itself. Rule kept: coarse on purpose. However many bills come in, a run looks only at stores that were heard
 * since the last one, writes what differs, and at most so many rows; the rest waits for the next run.
 */
import type { Pool, PoolClient } from 'pg';
import { everyStoreId } from '#contract/sent-shapes.ts';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { putRows } from '../shapes/sent-rows.ts';

/** Levels a run and organisation. */
export const mostLevels = 2_000;
/** That a store was heard is told so often. */
const heardStepMs = 60_000;
const by = (nowMs: number) => ({ nowMs, who: 'head office' });

type HeardRow = {
  readonly store_id: string;
  readonly name: string;
  readonly heard_ms: string;
  readonly through: string;
};
type LevelRow = { readonly item_id: string; readonly qty_milli: string };
type DayRow = {
  readonly business_date: string;
  readonly bills: string;
  readonly credit_notes: string;
  readonly sales_paise: string;
  readonly refunds_paise: string;
};

/** Levels of head office's own goods that differ from what was told. */
async function newLevels(
  on: PoolClient,
  tenantId: string,
  storeId: string,
  limit: number,
): Promise<readonly LevelRow[]> {
  const found = await on.query<LevelRow>(
    `SELECT l.item_id, l.qty_milli FROM stock_level l
       JOIN catalogue_item c ON c.tenant_id = l.tenant_id AND c.item_id = l.item_id
       LEFT JOIN sent_row r ON r.tenant_id = l.tenant_id AND r.store_id = $3 AND r.shape = 'sisterStock'
         AND r.row_key = l.item_id::text || '/' || l.store_id::text
     WHERE l.tenant_id = $1 AND l.store_id = $2
       AND r.content IS DISTINCT FROM '{"qtyMilli":' || l.qty_milli || '}'
     ORDER BY l.item_id LIMIT $4`,
    [tenantId, storeId, everyStoreId, limit],
  );
  return found.rows;
}

async function tellDays(on: PoolClient, tenantId: string, storeId: string, nowMs: number): Promise<number> {
  const found = await on.query<DayRow>(
    `SELECT business_date::text, bills, credit_notes, sales_paise, refunds_paise FROM store_day
     WHERE tenant_id = $1 AND store_id = $2 ORDER BY business_date DESC LIMIT 35`,
    [tenantId, storeId],
  );
  const rows = found.rows.map((row) => ({
    storeId,
    key: row.business_date,
    content: {
      bills: Number(row.bills),
      creditNotes: Number(row.credit_notes),
      salesPaise: Number(row.sales_paise) as Paise,
      refundsPaise: Number(row.refunds_paise) as Paise,
    },
  }));
  return putRows(on, tenantId, 'storeDays', rows, by(nowMs));
}

/** One organisation. Answers how many rows were written. */
export const tellRollups = (pool: Pool, tenantId: string, nowMs: number, most = mostLevels): Promise<number> =>
  inTenant(pool, tenantId, async (on) => {
    // Two servers never do it at once; who comes second has nothing to do.
    const free = await on.query<{ is: boolean }>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS is', [
      `rollups ${tenantId}`,
    ]);
    if (free.rows[0]?.is !== true) return 0;
    const heard = await on.query<HeardRow>(
      `SELECT s.store_id, s.name, coalesce(max(t.last_seen_ms), 0) AS heard_ms, sum(t.through_seq) AS through
       FROM store s JOIN till t USING (tenant_id, store_id) LEFT JOIN stock_told d USING (tenant_id, store_id)
       WHERE s.tenant_id = $1 GROUP BY s.store_id, s.name, d.heard_ms, d.through_seq
       HAVING (coalesce(max(t.last_seen_ms), 0), sum(t.through_seq)) IS DISTINCT FROM (d.heard_ms, d.through_seq)
       ORDER BY coalesce(d.heard_ms, -1), s.store_id`,
      [tenantId],
    );
    let left = most;
    let written = 0;
    for (const { store_id: storeId, name, heard_ms, through } of heard.rows) {
      if (left <= 0) break;
      const levels = await newLevels(on, tenantId, storeId, left);
      const heardAtMs = Math.floor(Number(heard_ms) / heardStepMs) * heardStepMs;
      written += await putRows(
        on,
        tenantId,
        'sisterStock',
        [
          ...levels.map((row) => ({
            storeId: null,
            key: `${row.item_id}/${storeId}`,
            content: { qtyMilli: Number(row.qty_milli) as Milli },
          })),
          { storeId: null, key: `store/${storeId}`, content: { name, heardAtMs } },
        ],
        by(nowMs),
      );
      written += await tellDays(on, tenantId, storeId, nowMs);
      left -= levels.length;
      // Whoever was cut off by the bound is looked at again.
      if (left > 0) {
        await on.query(
          `INSERT INTO stock_told (tenant_id, store_id, heard_ms, through_seq) VALUES ($1, $2, $3, $4)
           ON CONFLICT (tenant_id, store_id)
           DO UPDATE SET heard_ms = excluded.heard_ms, through_seq = excluded.through_seq`,
          [tenantId, storeId, heard_ms, through],
        );
      }
    }
    return written;
  });

/** All organisations, every so often, until stopped; one run at a time. */
export function startTelling(deps: {
  readonly pool: Pool;
  readonly nowMs: () => number;
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}): () => Promise<void> {
  const { pool, nowMs } = deps;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      const tenants = await pool.query<{ tenant_id: string }>('SELECT tenant_id FROM tenant ORDER BY tenant_id');
      for (const { tenant_id: tenantId } of tenants.rows) {
        if (isStopped) return;
        await tellRollups(pool, tenantId, nowMs());
      }
    } catch (error) {
      deps.onFault(error);
    }
  };
  let timer: NodeJS.Timeout;
  const again = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = run().then(again);
    }, deps.everyMs);
    timer.unref();
  };
  again();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
