/**
 * Items that never sold. Rule kept: one that is new borrows the rate of its category, less and less the longer it does not
 * sell; an item that was there for a month and never sold is forecast as not selling.
 *
 * Shrinkage of nothing sold to its category's rate with the weight n ÷ (n + k) (Bühlmann 1967, credibility).
 */
import { quantileOf } from '#core/ordering/demand-spread.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { isCountedUnit } from './make-rows.ts';
import type { ShopPast } from './shop-past.ts';

/** Days from which an item's rate speaks for its category. */
const ownDays = 14;
const credibility = 7;
const recentDays = 91;

/** Mean units a day of each row's category, over items that sold in the last quarter: the middle one. */
export function categoryRates(past: ShopPast): ReadonlyMap<string, number> {
  const rates = new Map<string, number[]>();
  const from = Math.max(0, past.days - recentDays);
  for (const [i, item] of past.items.entries()) {
    const start = Math.max(from, past.began[i] ?? 0);
    if (past.days - start < ownDays) continue;
    let sum = 0;
    for (let t = start; t < past.days; t += 1) sum += past.sold[i * past.days + t] ?? 0;
    const key = keyOf(item);
    rates.set(key, [...(rates.get(key) ?? []), sum / (past.days - start)]);
  }
  return new Map(
    [...rates].map(([key, values]) => [key, values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0] as const),
  );
}

/** Pieces and kilograms of one category are two things. */
export const keyOf = (item: { readonly category: string | null; readonly unit: string }): string =>
  `${item.unit}/${item.category ?? ''}`;

const newDays = 28;
const dayMs = 86_400_000;

/** An item that has sold nothing, into the one row of `made`; false: it is not new, and is forecast as not selling. */
export function forecastUnsold(
  past: ShopPast,
  rates: ReadonlyMap<string, number>,
  item: ShopPast['items'][number],
  made: Forecasts,
): boolean {
  const lastMs = (past.frame.firstDay + past.days) * dayMs;
  const days = Math.max(0, (lastMs - item.madeAtMs) / dayMs);
  const rate = rates.get(keyOf(item)) ?? 0;
  if (days > newDays || rate === 0) return false;
  writeRow(made, 0, (credibility * rate) / (days + credibility), item.unit);
  return true;
}

function writeRow(made: Forecasts, i: number, mean: number, unit: string): void {
  const isCounted = isCountedUnit(unit);
  const spread = { mean, variance: mean + (0.8 * mean) ** 2 };
  for (let h = 0; h < made.horizon; h += 1) {
    const k = i * made.horizon + h;
    made.mean[k] = mean;
    made.p10[k] = quantileOf(spread, 0.1, isCounted);
    made.p50[k] = quantileOf(spread, 0.5, isCounted);
    made.p90[k] = quantileOf(spread, 0.9, isCounted);
  }
}
