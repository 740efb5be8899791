/**
 * Goods that are this shop's own and not head office's, in pieces, for head office's forecasts. Rule kept: reads only; a
 * piece is a range of item numbers, so that what was added later changes no piece before it.
 */
import type { Unit } from '#core/quantity.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid } from './uuid-bytes.ts';

/** As contract/sync.ts says it (ownGoodsTold). */
type OwnGood = readonly [id: string, category: string | null, unit: Unit, sellingPricePaise: number];
export type OwnGoods = {
  /** How many pieces there are. */
  readonly pieces: () => number;
  /** From 0. */
  readonly piece: (no: number) => readonly OwnGood[];
};

const perPiece = 250;
type Row = [id: Buffer, category: string | null, unit: Unit, price: number];

export function makeOwnGoods({ sql }: Pick<ShopDb, 'sql'>): OwnGoods {
  const last = sql.prepare<[], number | null>('SELECT max(item_no) FROM item').pluck();
  const rows = sql
    .prepare(
      `SELECT id, category, unit, selling_price_paise FROM item i
       WHERE item_no > ? AND item_no <= ? AND NOT EXISTS (SELECT 1 FROM head_office_item h WHERE h.id = i.id)
       ORDER BY item_no`,
    )
    .raw();
  return {
    pieces: () => Math.ceil((last.get() ?? 0) / perPiece),
    piece: (no) =>
      (rows.all(no * perPiece, (no + 1) * perPiece) as Row[]).map(([id, category, unit, price]) => [
        bytesToUuid(id),
        category,
        unit,
        price,
      ]),
  };
}
