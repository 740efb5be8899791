/**
 * What the shelf will say on days to come, for the features `price…`: the price on an item's card where it has changed
 * since the item last sold, and the changes that head office has already sent with their day. Rule kept: only goods with
 * one price of their own (no lot or pack that has another); a standing discount stays on top, so a price that has not
 * changed looks like none that has.
 */
import { type BusinessDate, businessDateOf, type Instant } from '#core/time.ts';
import type { Database } from './connection.ts';

/** How an item was last sold without a lot or a pack: what its line said and, of that, what was paid. */
export type LastSold = { listedPaise: number; paidShare: number };
export type PriceAhead = { readonly item: number; readonly day: number; readonly pricePaise: number };

/** Weight of a line in the share that is paid: one customer's discount is no rule. */
const newest = 0.2;

export function noteSale(
  sold: Map<number, LastSold>,
  item: number,
  listedPaise: number,
  grossPaise: number,
  discountPaise: number,
): void {
  if (!(grossPaise > 0) || !(listedPaise > 0)) return;
  const share = Math.max(0, 1 - discountPaise / grossPaise);
  const before = sold.get(item);
  if (before === undefined) sold.set(item, { listedPaise, paidShare: share });
  else {
    before.listedPaise = listedPaise;
    before.paidShare += newest * (share - before.paidShare);
  }
}

type Card = [no: number, price: number, id: Buffer];
type Planned = [id: Buffer, atMs: number, price: number];

/** `tomorrow`: the day after the last one of which sales are known, in days since 1970-01-01. */
export function* pricesAhead(
  sql: Database,
  sold: ReadonlyMap<number, LastSold>,
  tomorrow: number,
  dayOfDate: (date: BusinessDate) => number,
): Generator<PriceAhead> {
  const planned = new Map<string, Planned[]>();
  const rows = sql
    .prepare(
      `SELECT r.item_id, p.effective_at_ms, json_extract(r.change, '$.sellingPricePaise')
       FROM publication p JOIN publication_row r ON r.publication_id = p.id
       WHERE p.applied_at_ms IS NULL AND p.arrived_at_ms IS NOT NULL
         AND json_extract(r.change, '$.sellingPricePaise') IS NOT NULL
       ORDER BY p.effective_at_ms, p.published_at_ms, p.id`,
    )
    .raw();
  for (const row of rows.iterate() as IterableIterator<Planned>) {
    const key = row[0].toString('hex');
    planned.set(key, [...(planned.get(key) ?? []), row]);
  }
  const cards = sql
    .prepare(
      `SELECT item_no, selling_price_paise, id FROM item WHERE is_active <> 0
       AND NOT EXISTS (SELECT 1 FROM batch b
         WHERE b.item_no = item.item_no AND b.selling_price_paise <> item.selling_price_paise)
       AND NOT EXISTS (SELECT 1 FROM item_barcode c WHERE c.item_no = item.item_no AND c.pack_qty_milli = 1000
         AND c.selling_price_paise IS NOT NULL AND c.selling_price_paise <> item.selling_price_paise)
       ORDER BY item_no`,
    )
    .raw();
  for (const [item, price, id] of cards.iterate() as IterableIterator<Card>) {
    const last = sold.get(item);
    if (last === undefined) continue;
    const paid = (listed: number): number => Math.round(listed * last.paidShare);
    if (price !== last.listedPaise) yield { item, day: tomorrow, pricePaise: paid(price) };
    for (const [, atMs, next] of planned.get(id.toString('hex')) ?? [])
      yield { item, day: Math.max(tomorrow, dayOfDate(businessDateOf(atMs as Instant))), pricePaise: paid(next) };
  }
}
