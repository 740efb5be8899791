/**
 * What a shop keeps of a model beside its two files: bands, blend, drift, the forecasts of the last weeks. Rule kept: it
 * can be thrown away: a model without it runs with what it brought, and learns again.
 */
import { z } from 'zod';
import type { BlendWeights } from '#ml/ensemble/blend.ts';
import type { Conformal } from '#ml/ensemble/conformal.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { TotalErrors } from '#ml/ensemble/reconcile.ts';
import { type DriftAlarm, type DriftState, firstDrift } from '#ml/registry/drift.ts';
import { floatsOfText, textOfFloats } from '#ml/registry/floats-text.ts';
import type { KeptWindow, ModelBaseline } from '#ml/registry/shop-tuning.ts';

export type ShopState = {
  readonly conformal: Conformal | null;
  readonly weights: BlendWeights | null;
  /** How far the items' sum and the shop's total were off, oldest first. */
  readonly totals: readonly TotalErrors[];
  readonly baseline: ModelBaseline | null;
  readonly drift: DriftState;
  readonly alarms: readonly DriftAlarm[];
  /** Days since 1970-01-01: drift was watched up to here; 0: never. */
  readonly watchedThrough: number;
  /** Oldest first. */
  readonly windows: readonly KeptWindow[];
};
export const firstShopState: ShopState = {
  conformal: null,
  weights: null,
  totals: [],
  baseline: null,
  drift: firstDrift,
  alarms: [],
  watchedThrough: 0,
  windows: [],
};

const table = z.object({ p10: z.string(), p50: z.string(), p90: z.string(), mean: z.string() });
const shape = z.object({
  format: z.literal(1),
  rest: z.custom<Omit<ShopState, 'windows'>>(
    (value) => typeof value === 'object' && value !== null && 'drift' in value,
  ),
  windows: z.array(
    z.object({
      firstDay: z.int(),
      days: z.int(),
      names: z.array(z.string()),
      model: table,
      plain: table,
      // JSON has no word for a total that is not known.
      total: z.object({ sum: z.number(), variance: z.number(), isShort: z.boolean().optional() }).nullable(),
    }),
  ),
});

const textOf = ({ p10, p50, p90, mean }: Forecasts): z.output<typeof table> => {
  const text = (values: Float64Array): string => textOfFloats(Float32Array.from(values));
  return { p10: text(p10), p50: text(p50), p90: text(p90), mean: text(mean) };
};

function tableOf(text: z.output<typeof table>, series: number, days: number): Forecasts {
  const made = emptyForecasts(series, days, 0);
  for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
    made[head].set(floatsOfText(text[head]).subarray(0, series * days));
  return made;
}

export function bytesOfState({ windows, ...rest }: ShopState): Uint8Array {
  const kept = windows.map(({ model, plain, total, ...one }) => ({
    ...one,
    model: textOf(model),
    plain: textOf(plain),
    total: Number.isFinite(total.sum) && Number.isFinite(total.variance) ? total : null,
  }));
  return new TextEncoder().encode(JSON.stringify({ format: 1, rest, windows: kept }));
}

export function readState(bytes: Uint8Array | null): ShopState {
  if (bytes === null) return firstShopState;
  try {
    const { rest, windows } = shape.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return {
      ...rest,
      windows: windows.map(({ names, days, ...one }) => ({
        ...one,
        names,
        days,
        model: tableOf(one.model, names.length, days),
        plain: tableOf(one.plain, names.length, days),
        total: one.total ?? { sum: Number.NaN, variance: Number.POSITIVE_INFINITY },
      })),
    };
  } catch {
    // Of another version, or half a file: the shop learns it again.
    return firstShopState;
  }
}
