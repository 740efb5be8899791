/**
 * What a changed price does to next week: the model is asked once more, with the price of the days to come set to the
 * item's own mean of the last eight weeks. Rule kept: asked only for items whose price is another than that, and for no
 * more of them than one block holds; the model is told the same of the shop both times; what it says of both is taken as
 * it is, up or down.
 */
import { takeSeason, takeSeries } from '#ml/classical/take-series.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { ModelManifest } from '#ml/registry/manifest.ts';
import { forecastPacked, type ShopView } from '#ml/registry/packed-demand.ts';
import type { RunningModel } from '#ml/onnx/runtime.ts';
import { withTotals } from '../forecast/blocks.ts';
import type { Prices } from '#ml/frame/series-frame.ts';

const weekDays = 7;
const usualDays = 56;
const mostItems = 250;
/** A price this near to its mean has not moved. */
const leastMove = 0.01;
/** Whatever a model says of a price that it has never seen. */
const mostTimes = 5;

/** Ratio of next week's units at its prices to those at the usual price, by row; rows whose price has not moved are absent. */
export type PriceRatios = ReadonlyMap<number, number>;

/** Mean of the prices that are known in the last eight weeks. */
function usualPrice(price: Prices, row: number, origin: number): number {
  let [sum, known] = [0, 0];
  for (let t = Math.max(0, origin - usualDays); t < origin; t += 1) {
    const value = price[row + t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}

function movedRows({ frame, origin }: ShopView, price: Prices): readonly number[] {
  const moved: number[] = [];
  for (const i of frame.names.keys()) {
    const usual = usualPrice(price, i * frame.days, origin);
    for (let t = origin; t < Math.min(frame.days, origin + weekDays); t += 1) {
      if (!(Math.abs((price[i * frame.days + t] ?? Number.NaN) / usual - 1) > leastMove)) continue;
      moved.push(i);
      break;
    }
  }
  return moved;
}

const weekOf = (made: Forecasts, i: number): number => {
  let sum = 0;
  for (let h = 0; h < Math.min(weekDays, made.horizon); h += 1) sum += made.mean[i * made.horizon + h] ?? 0;
  return sum;
};

/** `raw`: what the model said of the whole shop. Rejects with a ModelFault. */
export async function askPrices(
  manifest: ModelManifest,
  running: RunningModel,
  view: ShopView,
  raw: Forecasts,
): Promise<PriceRatios> {
  const { frame, origin } = view;
  if (frame.price === null || !manifest.featureSchema.names.some((name) => name.startsWith('price.'))) return new Map();
  const rows = movedRows(view, frame.price)
    .toSorted((a, b) => weekOf(raw, b) - weekOf(raw, a))
    .slice(0, mostItems);
  if (rows.length === 0) return new Map();
  const few = takeSeries(frame, rows);
  const price = few.price ?? new Float64Array();
  for (const at of rows.keys()) {
    const row = at * frame.days;
    price.fill(usualPrice(price, row, origin), row + origin, row + frame.days);
  }
  const asked: ShopView = {
    ...view,
    partOf: view,
    frame: few,
    season: takeSeason(withTotals(frame, view.season), rows, frame.days),
    blocks: (all, season) => [{ from: 0, frame: all, season }],
  };
  const { raw: usual } = await forecastPacked(manifest, running, asked, raw.horizon);
  return new Map(
    rows.flatMap((i, at) => {
      const [now, then] = [weekOf(raw, i), weekOf(usual, at)];
      return now > 0 && then > 0 ? [[i, Math.min(mostTimes, Math.max(1 / mostTimes, now / then))] as const] : [];
    }),
  );
}
