/**
 * Today's sums per store as head office sees them. Rule kept: a store of which nothing was heard since midnight has no
 * figures ("not known"); it is never counted as zero, and the total says how many stores it is made of.
 */
import type { PoolClient } from 'pg';
import type { DayFigures, StoreToday, TodayView } from '#contract/server.ts';
import { addPaise, paise, subtractPaise } from '#core/money.ts';
import { businessDateOf, type Instant, istOffsetMinutes } from '#core/time.ts';

type Row = {
  readonly store_id: string;
  readonly name: string;
  readonly region: string;
  readonly last_seen_ms: string | null;
  readonly tills: string;
  readonly tills_heard: string;
  readonly bills: string | null;
  readonly credit_notes: string | null;
  readonly sales_paise: string | null;
  readonly refunds_paise: string | null;
  readonly shut_out: string;
};

const figuresOf = (row: Row): DayFigures => {
  const salesPaise = paise(Number(row.sales_paise ?? 0));
  const refundsPaise = paise(Number(row.refunds_paise ?? 0));
  return {
    bills: Number(row.bills ?? 0),
    creditNotes: Number(row.credit_notes ?? 0),
    salesPaise,
    refundsPaise,
    netPaise: subtractPaise(salesPaise, refundsPaise),
  };
};

const sumOf = (stores: readonly StoreToday[]): DayFigures => {
  const known = stores.flatMap((store) => (store.figures === null ? [] : [store.figures]));
  return {
    bills: known.reduce((sum, one) => sum + one.bills, 0),
    creditNotes: known.reduce((sum, one) => sum + one.creditNotes, 0),
    salesPaise: addPaise(...known.map((one) => one.salesPaise)),
    refundsPaise: addPaise(...known.map((one) => one.refundsPaise)),
    netPaise: addPaise(...known.map((one) => one.netPaise)),
  };
};

const countedOf = (stores: readonly StoreToday[]) => ({
  counted: stores.filter((store) => store.figures !== null).length,
  storeCount: stores.length,
  total: sumOf(stores),
});

/** `on`: a transaction of the person who looks; it shows this person's stores. */
export async function readToday(on: PoolClient, nowMs: Instant): Promise<TodayView> {
  const businessDate = businessDateOf(nowMs);
  const midnightMs = Date.parse(`${businessDate}T00:00:00Z`) - istOffsetMinutes * 60_000;
  const found = await on.query<Row>({
    name: 'today',
    text: `SELECT s.store_id, s.name, s.region, t.last_seen_ms, coalesce(t.tills, 0) AS tills,
        coalesce(t.tills_heard, 0) AS tills_heard,
        coalesce(t.shut_out, 0) AS shut_out, d.bills, d.credit_notes, d.sales_paise, d.refunds_paise
      FROM store s
      LEFT JOIN (SELECT tenant_id, store_id, max(last_seen_ms) AS last_seen_ms,
          -- One that the server itself has shut out goes on selling: what it sells is not known.
          count(*) FILTER (WHERE revoked_at_ms IS NULL OR revoke_reason = 'keyReused') AS tills,
          count(*) FILTER (WHERE revoke_reason = 'keyReused') AS shut_out,
          count(*) FILTER (WHERE revoked_at_ms IS NULL AND last_seen_ms >= $2) AS tills_heard
        FROM till GROUP BY 1, 2) t USING (tenant_id, store_id)
      LEFT JOIN store_day d ON d.tenant_id = s.tenant_id AND d.store_id = s.store_id AND d.business_date = $1
      ORDER BY s.region, s.name`,
    values: [businessDate, midnightMs],
  });
  const stores = found.rows.map((row): StoreToday => {
    const tillsHeard = Number(row.tills_heard);
    return {
      storeId: row.store_id,
      name: row.name,
      region: row.region,
      lastSeenMs: row.last_seen_ms === null ? null : Number(row.last_seen_ms),
      tills: Number(row.tills),
      tillsHeard,
      figures: tillsHeard > 0 || row.bills !== null ? figuresOf(row) : null,
    };
  });
  const names = [...new Set(stores.map((store) => store.region))];
  return {
    businessDate,
    atMs: nowMs,
    stores,
    shutOut: found.rows.reduce((sum, row) => sum + Number(row.shut_out), 0),
    ...countedOf(stores),
    regions: names.map((name) => ({ name, ...countedOf(stores.filter((store) => store.region === name)) })),
  };
}
