/**
 * Forecasts of many series and days beside each other. Rule kept: p10 ≤ p50 ≤ p90, none negative, none NaN; rows are
 * series-major, then horizon.
 */
export type Forecasts = {
  readonly series: number;
  readonly horizon: number;
  /** Column of the frame of the first forecast day. */
  readonly origin: number;
  /** [series × horizon], units a day. */
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly mean: Float64Array;
};

export function emptyForecasts(series: number, horizon: number, origin: number): Forecasts {
  const column = (): Float64Array => new Float64Array(series * horizon);
  return { series, horizon, origin, p10: column(), p50: column(), p90: column(), mean: column() };
}

/** Puts each row into the order that quantiles have, and nothing below zero. */
export function putInOrder(forecasts: Forecasts): void {
  const { p10, p50, p90, mean } = forecasts;
  for (let k = 0; k < p50.length; k += 1) {
    const [a = 0, b = 0, c = 0] = [p10[k] ?? 0, p50[k] ?? 0, p90[k] ?? 0]
      .map((value) => (Number.isFinite(value) ? Math.max(0, value) : 0))
      .toSorted((x, y) => x - y);
    p10[k] = a;
    p50[k] = b;
    p90[k] = c;
    mean[k] = Math.max(0, Number.isFinite(mean[k] ?? 0) ? (mean[k] ?? 0) : b);
  }
}
