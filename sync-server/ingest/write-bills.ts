/**
 * The rows that accepted bills and credit notes become: bills and lines exploded, sums of the day, stock. Rule kept: one
 * statement for all of it, so that what is counted and what is stored can't part; sums are touched in the order of
 * their keys, so that two tills of a store never wait for each other in a ring.
 */
import type { PoolClient } from 'pg';
import type { CommittedDocument, CreditNoteLine } from '#core/documents.ts';
import { multiplyQty } from '#core/quantity.ts';

/** Whose bills they are. */
type Till = { readonly tenantId: string; readonly storeId: string; readonly tillId: string };

const insertAll = `
  WITH b AS MATERIALIZED (
    SELECT * FROM unnest($4::date[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[],
      $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
      $3::uuid[])
      AS b(day, id, kind, number, at_ms, taxable, cgst, sgst, utgst, igst, cess, discount, round_off, payable, till)
  ), l AS MATERIALIZED (
    SELECT * FROM unnest($18::date[], $19::uuid[], $20::int[], $21::uuid[], $22::bigint[], $23::bigint[],
      $24::bigint[], $25::bigint[]) AS l(day, bill_id, line_no, item, qty, net, total, stock)
  ), bills AS (
    INSERT INTO bill (tenant_id, store_id, business_date, bill_id, kind, number, occurred_at_ms,
      taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise, discount_paise, round_off_paise,
      payable_paise, till_id)
    SELECT $1, $2, b.* FROM b
  ), lines AS (
    INSERT INTO bill_line (tenant_id, store_id, business_date, bill_id, line_no, item_id, qty_milli, net_paise,
      total_paise)
    SELECT $1, $2, day, bill_id, line_no, item, qty, net, total FROM l
  ), item_days AS (
    INSERT INTO item_day AS s (tenant_id, store_id, business_date, item_id, qty_milli, net_paise)
    SELECT $1, $2, day, item, sum(qty), sum(net) FROM l WHERE item IS NOT NULL GROUP BY day, item ORDER BY day, item
    ON CONFLICT (tenant_id, store_id, business_date, item_id) DO UPDATE SET
      qty_milli = s.qty_milli + excluded.qty_milli, net_paise = s.net_paise + excluded.net_paise
  ), stocks AS (
    INSERT INTO stock_level AS s (tenant_id, store_id, item_id, qty_milli)
    SELECT $1, $2, item, sum(stock) FROM l WHERE item IS NOT NULL AND stock <> 0 GROUP BY item ORDER BY item
    ON CONFLICT (tenant_id, store_id, item_id) DO UPDATE SET qty_milli = s.qty_milli + excluded.qty_milli
  )
  INSERT INTO store_day AS s (tenant_id, store_id, business_date, bills, credit_notes, sales_paise, refunds_paise)
  SELECT $1, $2, day, count(*) FILTER (WHERE kind = 'bill'), count(*) FILTER (WHERE kind <> 'bill'),
    coalesce(sum(payable) FILTER (WHERE kind = 'bill'), 0), coalesce(sum(payable) FILTER (WHERE kind <> 'bill'), 0)
  FROM b GROUP BY day ORDER BY day
  ON CONFLICT (tenant_id, store_id, business_date) DO UPDATE SET bills = s.bills + excluded.bills,
    credit_notes = s.credit_notes + excluded.credit_notes, sales_paise = s.sales_paise + excluded.sales_paise,
    refunds_paise = s.refunds_paise + excluded.refunds_paise`;

/** A return counts against what was sold. */
const signOf = (document: CommittedDocument): 1 | -1 => (document.type === 'bill' ? 1 : -1);

type Sold = { readonly document: CommittedDocument; readonly line: CommittedDocument['lines'][number] };

/** What the shelf gains: a sale takes, a return gives back what was put back. */
function stockOf({ document, line }: Sold): number {
  const qtyMilli = multiplyQty(line.qtyMilli, line.packQtyMilli);
  if (document.type === 'bill') return -qtyMilli;
  return (line as CreditNoteLine).isRestocked ? qtyMilli : 0;
}

/** In the caller's transaction; the documents are new there. */
export async function writeBills(on: PoolClient, till: Till, documents: readonly CommittedDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const of = <T>(pick: (document: CommittedDocument) => T): T[] => documents.map(pick);
  const lines = documents.flatMap((document): Sold[] => document.lines.map((line) => ({ document, line })));
  const each = <T>(pick: (row: Sold) => T): T[] => lines.map(pick);
  await on.query({
    name: 'bills',
    text: insertAll,
    values: [
      till.tenantId,
      till.storeId,
      // A till that was brought back brings bills of the one that it replaces.
      of((d) => d.tillId),
      of((d) => d.businessDate),
      of((d) => d.id),
      of((d) => d.type),
      of((d) => d.number),
      of((d) => d.occurredAtMs),
      of((d) => d.split.taxableValuePaise),
      of((d) => d.split.cgstPaise),
      of((d) => d.split.sgstPaise),
      of((d) => d.split.utgstPaise),
      of((d) => d.split.igstPaise),
      of((d) => d.split.cessPaise),
      of((d) => d.discountPaise),
      of((d) => d.roundOffPaise),
      of((d) => d.payablePaise),
      each((l) => l.document.businessDate),
      each((l) => l.document.id),
      each((l) => l.line.lineNo),
      each((l) => l.line.itemId),
      each((l) => l.line.qtyMilli * signOf(l.document)),
      each((l) => l.line.netPaise * signOf(l.document)),
      each((l) => l.line.totalPaise * signOf(l.document)),
      each(stockOf),
    ],
  });
}
