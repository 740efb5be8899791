/**
 * A made-up shop whose features shop and server must make alike: 482 days of eight items with a weekly day off, Diwali,
 * deliveries that run out, returns, wishes, a change of price and a scheme. Rule kept: every number comes from the seed
 * or from this file, and none of it ever changes within a major version of the feature schema.
 */
import { addDays, type BusinessDate } from '#core/time.ts';
import { mainDaysOf, signedDistance } from '../calendar/festivals.ts';
import { dayOf } from '../calendar/days.ts';
import type { BillItem, BillRows, LineRow, PriceRow, PromotionRow, StockRow, WishRow } from '../frame/bill-rows.ts';
import { seeded } from '../random.ts';

export const goldenState = '27';
export const goldenFirst = '2025-07-05' as BusinessDate;
export const goldenDays = 482;
export const goldenLast = addDays(goldenFirst, goldenDays - 1);

type Goods = {
  readonly category: string;
  readonly brand: string;
  readonly isMeasured: boolean;
  /** Sales on an ordinary day, and how many times more towards Diwali. */
  readonly lines: number;
  readonly rush: number;
  readonly pricePaise: number;
  readonly stockDays: number;
};
const goods: readonly Goods[] = [
  { category: 'Dairy', brand: 'Gau', isMeasured: false, lines: 4, rush: 0.2, pricePaise: 2800, stockDays: 2 },
  { category: 'Dairy', brand: 'Gau', isMeasured: false, lines: 1.5, rush: 0.4, pricePaise: 11_500, stockDays: 6 },
  { category: 'Sweets', brand: '', isMeasured: true, lines: 2, rush: 3, pricePaise: 42_000, stockDays: 4 },
  { category: 'Sweets', brand: 'Mithas', isMeasured: false, lines: 0.8, rush: 4, pricePaise: 25_000, stockDays: 10 },
  { category: 'Staples', brand: '', isMeasured: true, lines: 2.5, rush: 0.3, pricePaise: 6400, stockDays: 9 },
  { category: 'Staples', brand: 'Anna', isMeasured: false, lines: 1, rush: 0.2, pricePaise: 32_000, stockDays: 14 },
  { category: 'Snacks', brand: 'Kurkur', isMeasured: false, lines: 3, rush: 0.6, pricePaise: 2000, stockDays: 5 },
  { category: 'Snacks', brand: 'Kurkur', isMeasured: false, lines: 0.2, rush: 0.1, pricePaise: 9900, stockDays: 40 },
];

export const goldenItems: readonly BillItem[] = goods.map(({ category, brand, isMeasured }, at) => ({
  no: at + 1,
  name: `golden ${at + 1}`,
  store: 'golden',
  isMeasured,
  isActive: true,
  groups: { category, brand },
}));

export function goldenRows(): BillRows {
  const random = seeded(20_250_705);
  const firstDay = dayOf(goldenFirst) ?? 0;
  const diwali = mainDaysOf('diwali', goldenState);
  const lines: LineRow[] = [];
  const movements: StockRow[] = [];
  const wishes: WishRow[] = [];
  const onHand = goods.map(() => 0);
  for (let t = 0; t < goldenDays; t += 1) {
    const day = firstDay + t;
    for (const [i, { lines: usual, stockDays, isMeasured }] of goods.entries()) {
      if (t % stockDays !== i % stockDays) continue;
      const order = Math.ceil(usual * 1.2 * stockDays) * 1000 - (onHand[i] ?? 0);
      if (order <= 0) continue;
      onHand[i] = (onHand[i] ?? 0) + order;
      movements.push({ item: i + 1, day, minute: 440, qtyMilli: order, kind: 'other' });
      // What was spoilt and never written down: the ledger has it, the shop has not.
      if (isMeasured && random() < 0.02) onHand[i] = 0;
    }
    if (t % 7 === 3) continue;
    const distance = signedDistance(diwali, day);
    const nearness = distance === null || distance > 1 ? 0 : Math.max(0, (distance + 12) / 12);
    const customers = Array.from({ length: 26 + Math.floor(random() * 8) }, () => 490 + Math.floor(random() * 780));
    for (const minute of customers.toSorted((a, b) => a - b)) {
      for (const [i, one] of goods.entries()) {
        if (random() >= (one.lines * (1 + nearness * one.rush)) / 40) continue;
        const item = i + 1;
        const qtyMilli = one.isMeasured
          ? ([250, 500, 1000][Math.floor(random() * 3)] ?? 500)
          : random() < 0.2
            ? 2000
            : 1000;
        if ((onHand[i] ?? 0) < qtyMilli) {
          if (random() < 0.1) wishes.push({ item, day });
          continue;
        }
        onHand[i] = (onHand[i] ?? 0) - qtyMilli;
        const isPromoted = i === 6 && t >= 300 && t < 314;
        const price = one.pricePaise * (i === 0 && t >= 440 ? 1.1 : 1) * (isPromoted ? 0.85 : 1);
        const sale = { item, day, minute, qtyMilli };
        lines.push({
          ...sale,
          paidPaise: Math.round((price * qtyMilli) / 1000),
          isPromoted,
          isReturn: false,
          soldOn: null,
        });
        movements.push({ ...sale, qtyMilli: -qtyMilli, kind: 'sale' });
        if (random() < 0.01 && t > 10) {
          const soldOn = random() < 0.8 ? day - 7 : null;
          lines.push({ ...sale, qtyMilli: 1000, paidPaise: one.pricePaise, isPromoted: false, isReturn: true, soldOn });
        }
      }
    }
  }
  const prices: readonly PriceRow[] = [{ item: 5, day: firstDay + goldenDays + 3, pricePaise: 6900 }];
  const promotions: readonly PromotionRow[] = [
    { item: 7, from: firstDay + goldenDays + 2, to: firstDay + goldenDays + 8 },
  ];
  return {
    firstDay,
    lastDay: firstDay + goldenDays - 1,
    items: goldenItems,
    lines,
    hours: [],
    onHand: [],
    movements,
    wishes,
    prices,
    promotions,
  };
}
