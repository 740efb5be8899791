/**
 * What a shop's books say of demand, as plain rows: whoever holds the books (the till's SQLite, head office's Postgres)
 * yields these, and bill-book.ts reads them. Rule kept: rows are facts as they were written, nothing is netted, scaled
 * or left out on the way here; no row names a person.
 */

/** One item of one store: a series. */
export type BillItem = {
  /** What the other rows call it: any whole number, one for each item and store. */
  readonly no: number;
  /** The series' name in the frame and in forecasts. */
  readonly name: string;
  readonly store: string;
  /** Sold by weight or measure: less than one unit on hand is as good as none. */
  readonly isMeasured: boolean;
  readonly isActive: boolean;
  /** Category, brand, store, kind of store …: each name becomes a grouping of the frame; '' where it is not known. */
  readonly groups: Readonly<Record<string, string>>;
};

/** A line of a bill or of a credit note. Days count from 1970-01-01 by the shop's business date. */
export type LineRow = {
  readonly item: number;
  readonly day: number;
  /** Minutes after the shop's midnight. */
  readonly minute: number;
  /** Base units × 1000, above zero for returns too. */
  readonly qtyMilli: number;
  /** Price × quantity less the line's own discount. */
  readonly paidPaise: number;
  /** The line had a discount or a scheme of its own. */
  readonly isPromoted: boolean;
  readonly isReturn: boolean;
  /** Of a return: the day of the bill that came back, null when it came without one. */
  readonly soldOn: number | null;
};

/** A movement of the stock ledger; in the order in which the ledger has them. */
export type StockRow = {
  readonly item: number;
  readonly day: number;
  readonly minute: number;
  /** Signed. */
  readonly qtyMilli: number;
  /** `other` is a person's own word on the stock: received, counted, opened with, sent, wasted. */
  readonly kind: 'sale' | 'return' | 'other';
};
export type OnHandRow = { readonly item: number; readonly qtyMilli: number };

/** "Asked but not had": a customer wanted it and there was none. */
export type WishRow = { readonly item: number; readonly day: number };

/** Minutes after midnight between which the store was open that day. */
export type HoursRow = { readonly store: string; readonly day: number; readonly from: number; readonly to: number };

/** Shelf price of a base unit from that day on; may lie in days to come. */
export type PriceRow = { readonly item: number; readonly day: number; readonly pricePaise: number };

/** A scheme that runs, or will: from that day to that day, both included. */
export type PromotionRow = { readonly item: number; readonly from: number; readonly to: number };

/** What the weather was, or is forecast to be: any measure by name; a day without a row is not known. */
export type WeatherRow = {
  readonly store: string;
  readonly day: number;
  readonly name: string;
  readonly value: number;
};

/** Each list is read once, in the order of the fields. */
export type BillRows = {
  readonly firstDay: number;
  /** The last whole day: today is not one. */
  readonly lastDay: number;
  readonly items: Iterable<BillItem>;
  readonly lines: Iterable<LineRow>;
  readonly hours: Iterable<HoursRow>;
  /** On the morning of firstDay; items that are not named had none. */
  readonly onHand: Iterable<OnHandRow>;
  readonly movements: Iterable<StockRow>;
  readonly wishes: Iterable<WishRow>;
  readonly prices: Iterable<PriceRow>;
  readonly promotions: Iterable<PromotionRow>;
  readonly weather?: Iterable<WeatherRow>;
};
