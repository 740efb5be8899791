/**
 * What all items of a level sell together in the days to come: the level of their total without season, smoothed as
 * fast as would have forecast such spans best. Rule kept: it reads the total alone, so that what one item's model thinks
 * of a trend can't carry the whole shop away.
 *
 * Exponential smoothing with a damped trend in logs (Gardner & McKenzie 1985; Hyndman et al. 2008, "Forecasting with
 * Exponential Smoothing", §3.3), its two speeds from a grid by the error of the sums of past spans (Tashman 2000).
 */
export type TotalForecast = {
  /** Units of the span origin … origin + horizon − 1; NaN where too little is known. */
  readonly sum: number;
  /** Mean squared error of ln(forecast ÷ units) of past spans. */
  readonly variance: number;
  /** The shop's past is too short for a pattern of the year. */
  readonly isShort?: boolean | undefined;
};

const levelSpeeds = [0.01, 0.02, 0.035, 0.05, 0.08, 0.12, 0.2] as const;
const trendSpeeds = [0, 0.02, 0.1] as const;
const damping = 0.98;
const warmDays = 14;
/** Past spans are judged from here on. */
const settledDays = 42;
/** Days after which a past error counts e times less. */
const memoryDays = 365;
const shutFactor = 0.05;

/** Units and season's factor of one level's total, by column; NaN: not known. Columns before `origin` are read. */
export function forecastTotal(
  units: Float64Array,
  factors: Float64Array,
  origin: number,
  horizon: number,
): TotalForecast {
  const first = units.findIndex((value) => value > 0);
  const none = { sum: Number.NaN, variance: Number.POSITIVE_INFINITY };
  if (first < 0 || origin - first < settledDays + horizon) return none;
  const flat = Float64Array.from(units.subarray(0, origin), (value, t) =>
    (factors[t] ?? 1) < shutFactor ? Number.NaN : value / (factors[t] ?? 1),
  );
  const known = spansOf(units, factors, origin, horizon);
  let best: TotalForecast = none;
  for (const speed of levelSpeeds) {
    for (const bend of trendSpeeds) {
      let [squares, weights, level, trend, seen, start] = [0, 0, Number.NaN, 0, 0, 0];
      for (let t = first; t < origin; t += 1) {
        if (t + horizon <= origin && t - first >= settledDays && (known.sums[t] ?? 0) > 0 && level > 0) {
          const forecast = ahead(level, trend, factors, t, horizon, known.days[t] ?? 0);
          const error = Math.log(forecast / (known.sums[t] ?? 1));
          const weight = Math.exp((t - origin) / memoryDays);
          squares += weight * error * error;
          weights += weight;
        }
        const value = flat[t] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        seen += 1;
        if (seen <= warmDays) {
          start += value;
          level = start / seen;
          continue;
        }
        const expected = level * Math.exp(damping * trend);
        trend = damping * trend + bend * speed * Math.max(-1, Math.min(2, value / Math.max(expected, 1e-9) - 1));
        level = Math.max(expected + speed * (value - expected), 0.5 * level);
      }
      const variance = weights > 0 ? squares / weights : Number.POSITIVE_INFINITY;
      if (variance < best.variance && level > 0) {
        best = { sum: ahead(level, trend, factors, origin, horizon, horizon), variance };
      }
    }
  }
  return best;
}

/** Sums of the spans that begin on each column, over open days that are known, and how many days those are. */
function spansOf(
  units: Float64Array,
  factors: Float64Array,
  origin: number,
  horizon: number,
): { sums: Float64Array; days: Int32Array } {
  const sums = new Float64Array(origin);
  const days = new Int32Array(origin);
  for (let t = 0; t + horizon <= origin; t += 1) {
    for (let h = 0; h < horizon; h += 1) {
      const value = units[t + h] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      days[t] = (days[t] ?? 0) + 1;
      if ((factors[t + h] ?? 1) >= shutFactor) sums[t] = (sums[t] ?? 0) + value;
    }
  }
  return { sums, days };
}

/** Units of `horizon` days from column t, for `known` of them. */
function ahead(level: number, trend: number, factors: Float64Array, t: number, horizon: number, known: number): number {
  let [sum, grown] = [0, 0];
  for (let h = 0; h < horizon; h += 1) {
    grown += damping ** (h + 1);
    const factor = factors[t + h] ?? 1;
    if (factor >= shutFactor) sum += level * Math.exp(trend * grown) * factor;
  }
  return (sum * known) / horizon;
}
