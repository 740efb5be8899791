/** Nightly: each past day whose sums differ from what the object store has of it. Late bills make the next version. */
import { inTenant } from '../postgres/in-tenant.ts';
import { exportDay } from '../lake/export-day.ts';
import type { JobDeps, Task } from './task.ts';

type Due = { readonly day: string; readonly documents: string; readonly sales: string; readonly refunds: string };

/** A day is over when it is over in India, whatever the server's zone. */
const dueSql = `
  SELECT s.business_date::text AS day, sum(s.bills + s.credit_notes)::text AS documents,
    sum(s.sales_paise)::text AS sales, sum(s.refunds_paise)::text AS refunds
  FROM store_day s LEFT JOIN lake_day l USING (tenant_id, business_date)
  WHERE s.business_date < (to_timestamp($1::float8 / 1000) AT TIME ZONE 'Asia/Kolkata')::date
  GROUP BY s.business_date, l.documents, l.sales_paise, l.refunds_paise
  HAVING l.documents IS NULL OR l.documents <> sum(s.bills + s.credit_notes)
    OR l.sales_paise <> sum(s.sales_paise) OR l.refunds_paise <> sum(s.refunds_paise)
  ORDER BY s.business_date`;

/** A day waits for the disk most of the time; a shop that joins brings a year of them. */
const atOnce = 2;

/** Each day that is due. */
export async function exportDueDays(
  deps: Pick<JobDeps, 'pool' | 'store' | 'clock'>,
  tenantId: string,
  signal: AbortSignal,
): Promise<{ readonly days: number; readonly documents: number; readonly lastDay: string }> {
  const nowMs = deps.clock.now();
  const due = await inTenant(deps.pool, tenantId, (on) => on.query<Due>(dueSql, [nowMs]));
  let documents = 0;
  const exportOne = async (day: string): Promise<void> => {
    const made = await exportDay(deps, tenantId, day, nowMs);
    await inTenant(deps.pool, tenantId, (on) =>
      on.query(
        `INSERT INTO lake_day (tenant_id, business_date, version, documents, sales_paise, refunds_paise, exported_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, business_date) DO UPDATE SET
           version = excluded.version, documents = excluded.documents, sales_paise = excluded.sales_paise,
           refunds_paise = excluded.refunds_paise, exported_at_ms = excluded.exported_at_ms`,
        [
          tenantId,
          day,
          made.version,
          made.files['bills']?.rows ?? 0,
          made.sums.salesPaise,
          made.sums.refundsPaise,
          nowMs,
        ],
      ),
    );
    documents += made.files['bills']?.rows ?? 0;
  };
  const all = due.rows.map(({ day }) => day);
  for (let at = 0; at < all.length; at += atOnce) {
    signal.throwIfAborted();
    await Promise.all(all.slice(at, at + atOnce).map(exportOne));
  }
  return { days: all.length, documents, lastDay: all.at(-1) ?? '' };
}

export const exportBills: Task = {
  name: 'exportBills',
  // 02:30 in India.
  cron: '0 21 * * *',
  run: exportDueDays,
};
