/**
 * What a bench prints: one JSON line per figure, with its bar and how it was measured. Rule kept: a line says
 * its count of samples, the cores and the load of the machine; what could not be measured says so and why, it
 * is never passed for held.
 */
import { availableParallelism, loadavg } from 'node:os';

export type Bar = { readonly atMost: number } | { readonly atLeast: number };
export type Figure = {
  readonly name: string;
  /** null: not measured here; `why` says what is missing. */
  readonly value: number | null;
  readonly unit: string;
  readonly n: number;
  /** null: shown beside another figure, nothing is asked of it. */
  readonly bar: Bar | null;
  /** Raw limits, medians, worst cases: whatever a reader needs to judge the value. */
  readonly beside?: Readonly<Record<string, number | string>> | undefined;
  readonly why?: string | undefined;
};

/** The smallest sample that at least a share q of all samples don't exceed. Throws without samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = Float64Array.from(samples).sort();
  const at = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (at === undefined) throw new RangeError('no samples');
  return at;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
export const mean = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x, 0) / samples.length;
export const worst = (samples: readonly number[]): number => samples.reduce((most, x) => Math.max(most, x), 0);
export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export const holds = ({ value, bar }: Figure): boolean =>
  bar === null || (value !== null && ('atMost' in bar ? value <= bar.atMost : value >= bar.atLeast));

/** `vs` is the bar, `ratio` the value's share of it. */
export function lineOf(bench: string, figure: Figure): string {
  const { name, value, unit, n, bar, beside, why } = figure;
  const vs = bar === null ? null : 'atMost' in bar ? bar.atMost : bar.atLeast;
  return JSON.stringify({
    bench,
    name,
    value: value === null ? null : round(value),
    unit,
    vs,
    ratio: vs === null || value === null ? null : round(value / vs),
    ...(bar === null ? {} : { holds: holds(figure) }),
    n,
    cores: availableParallelism(),
    load: round(loadavg()[0] ?? 0, 2),
    ...beside,
    ...(why === undefined ? {} : { why: `not measured here: ${why}` }),
  });
}

export const say = (text: string): void => void process.stderr.write(`  ${text}\n`);
