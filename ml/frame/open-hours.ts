/**
 * How a store's day is spread over its hours: which share of a day's customers comes between two times. Rule kept: a
 * day's profile is made of earlier days alone, so that nothing that happens later changes what is known of it.
 */

const hours = 24;
/** How fast old days are forgotten: half in five weeks. */
const keep = 0.98;
/** Lines that the usual day counts for until the shop's own bills outweigh it. */
const priorLines = 60;
/** A usual shop: 8 to 22, a rush before noon and one after work. Relative. */
const usual = [0, 0, 0, 0, 0, 0, 0, 1, 4, 6, 8, 8, 6, 4, 3, 4, 6, 8, 10, 10, 8, 5, 1, 0];

export type OpenHours = {
  /** Share of the usual day's customers between two minutes of column t, as far as the store was open. */
  readonly share: (store: number, t: number, from: number, to: number) => number;
};

export type HoursNoted = {
  /** Bill lines by hour, [stores × days × 24]. */
  readonly lines: Float32Array;
  /** Minute at which the store opened and closed, [stores × days]; 0 and 1440 where nobody said. */
  readonly opens: Float32Array;
  readonly closes: Float32Array;
};

export const noteHours = (stores: number, days: number): HoursNoted => ({
  lines: new Float32Array(stores * days * hours),
  opens: new Float32Array(stores * days).fill(0),
  closes: new Float32Array(stores * days).fill(1440),
});

/** Cumulative profiles by day; straight within an hour. */
export function openHours({ lines, opens, closes }: HoursNoted, stores: number, days: number): OpenHours {
  const width = hours + 1;
  const cumulative = new Float32Array(stores * days * width);
  const total = usual.reduce((sum, weight) => sum + weight, 0);
  for (let store = 0; store < stores; store += 1) {
    const seen = new Float64Array(hours);
    for (let t = 0; t < days; t += 1) {
      const row = store * days + t;
      let [sum, known] = [0, priorLines];
      for (const lineCount of seen) known += lineCount;
      for (let hour = 0; hour < hours; hour += 1) {
        sum += ((seen[hour] ?? 0) + (priorLines * (usual[hour] ?? 0)) / total) / known;
        cumulative[row * width + hour + 1] = sum;
      }
      for (let hour = 0; hour < hours; hour += 1) {
        seen[hour] = keep * (seen[hour] ?? 0) + (lines[row * hours + hour] ?? 0);
      }
    }
  }
  const before = (row: number, minute: number): number => {
    const hour = Math.min(hours - 1, Math.max(0, Math.floor(minute / 60)));
    const [a, b] = [cumulative[row * width + hour] ?? 0, cumulative[row * width + hour + 1] ?? 0];
    return a + (b - a) * Math.min(1, Math.max(0, minute / 60 - hour));
  };
  return {
    share: (store, t, from, to) => {
      const row = store * days + t;
      const [a, b] = [Math.max(from, opens[row] ?? 0), Math.min(to, closes[row] ?? 1440)];
      return b <= a ? 0 : before(row, b) - before(row, a);
    },
  };
}
