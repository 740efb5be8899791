/**
 * Writes the rows that accepted bills and credit notes become (bill-rows.ts), and whatever else moves stock in their
 * batch. Rule kept: one statement for all of it, so that what is counted and what is stored can't part; a transaction
 * touches sums once, in the order of their keys and tables always in the same order (store_day, stock_level, item_day),
 * so that two tills never wait for each other in a ring.
 */
import type { PoolClient } from 'pg';
import type { BillRows, StockMove } from './bill-rows.ts';

type Store = { readonly tenantId: string; readonly storeId: string };

// unnest in the list of columns: as a table, Postgres writes each array down once more before it reads it. Parts of WITH
// that nothing reads run after the last statement, the last of them first.
const statementOf = (stockStores: string): string => `
  WITH bills AS (
    INSERT INTO bill (tenant_id, store_id, till_id, business_date, bill_id, kind, number, occurred_at_ms,
      taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise, discount_paise, round_off_paise,
      payable_paise)
    SELECT $1, $2, unnest($3::uuid[]), unnest($4::date[]), unnest($5::uuid[]), unnest($6::text[]), unnest($7::text[]),
      unnest($8::bigint[]), unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::bigint[]),
      unnest($13::bigint[]), unnest($14::bigint[]), unnest($15::bigint[]), unnest($16::bigint[]), unnest($17::bigint[])
  ), lines AS (
    INSERT INTO bill_line (tenant_id, store_id, business_date, bill_id, line_no, item_id, qty_milli, net_paise,
      total_paise)
    SELECT $1, $2, unnest($18::date[]), unnest($19::uuid[]), unnest($20::int[]), unnest($21::uuid[]),
      unnest($22::bigint[]), unnest($23::bigint[]), unnest($24::bigint[])
  ), item_days AS (
    INSERT INTO item_day AS s (tenant_id, store_id, business_date, item_id, qty_milli, net_paise)
    SELECT $1, $2, unnest($25::date[]), unnest($26::uuid[]), unnest($27::bigint[]), unnest($28::bigint[])
    ON CONFLICT (tenant_id, store_id, business_date, item_id) DO UPDATE SET
      qty_milli = s.qty_milli + excluded.qty_milli, net_paise = s.net_paise + excluded.net_paise
  ), stocks AS (
    INSERT INTO stock_level AS s (tenant_id, store_id, item_id, qty_milli)
    SELECT $1, ${stockStores}, unnest($29::uuid[]), unnest($30::bigint[])
    ON CONFLICT (tenant_id, store_id, item_id) DO UPDATE SET qty_milli = s.qty_milli + excluded.qty_milli
  )
  INSERT INTO store_day AS s (tenant_id, store_id, business_date, bills, credit_notes, sales_paise, refunds_paise)
  SELECT $1, $2, unnest($31::date[]), unnest($32::bigint[]), unnest($33::bigint[]), unnest($34::bigint[]),
    unnest($35::bigint[])
  ON CONFLICT (tenant_id, store_id, business_date) DO UPDATE SET bills = s.bills + excluded.bills,
    credit_notes = s.credit_notes + excluded.credit_notes, sales_paise = s.sales_paise + excluded.sales_paise,
    refunds_paise = s.refunds_paise + excluded.refunds_paise`;

const insertBills = statementOf('$2');
const insertBillsAndMoves = statementOf('unnest($36::uuid[])');

/** In the caller's transaction; the documents are new there. `moves`: of any store of the organisation. */
export async function writeBills(
  on: PoolClient,
  { tenantId, storeId }: Store,
  rows: BillRows,
  moves: readonly StockMove[],
): Promise<void> {
  if (moves.length > 0) {
    const values = [tenantId, storeId, ...rows.taken({ storeId, moves })];
    await on.query({ name: 'bills-and-moves', text: insertBillsAndMoves, values });
  } else if (rows.count() > 0) {
    await on.query({ name: 'bills', text: insertBills, values: [tenantId, storeId, ...rows.taken()] });
  }
}
