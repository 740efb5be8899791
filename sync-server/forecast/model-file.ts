/**
 * A model of the chain beside its ONNX file: what turns the graph's inputs and outputs into forecasts. Rule kept: nothing
 * of a store's rows, only sums over all of them; what is fitted per store (season, level) is made anew from its frame.
 */
import type { BlendWeights } from '#ml/ensemble/blend.ts';
import type { Conformal } from '#ml/ensemble/conformal.ts';
import type { LevelBand } from '#ml/models/level-season.ts';
import type { FeaturesTold } from './features.ts';
import { sha256Of, type Version } from './step.ts';

export type ModelTold = {
  readonly modelId: string;
  readonly version: string;
  /** Last day that was learnt from. */
  readonly trainedThrough: string;
  readonly horizon: number;
  readonly rows: number;
  readonly schema: FeaturesTold['schema'];
  readonly levels: FeaturesTold['levels'];
  /** Of each store that was learnt from; released beside the model, to each store its own. */
  readonly clusters: FeaturesTold['clusters'];
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  readonly band: Readonly<Record<keyof LevelBand, readonly number[]>>;
  /** Boosted models in the graph; with none there is no graph and the plain forecast stands alone. */
  readonly boosted: number;
  readonly metrics: Readonly<Record<string, number>>;
};
export const modelTold = (version: Version): ModelTold => version.told as unknown as ModelTold;

export const bandTold = (band: LevelBand): ModelTold['band'] => ({
  at: [...band.at],
  p10: [...band.p10],
  p50: [...band.p50],
  p90: [...band.p90],
  mean: [...band.mean],
});
export const bandOf = ({ at, p10, p50, p90, mean }: ModelTold['band']): LevelBand => ({
  at: Float64Array.from(at),
  p10: Float64Array.from(p10),
  p50: Float64Array.from(p50),
  p90: Float64Array.from(p90),
  mean: Float64Array.from(mean),
});

/** A UUIDv7 (RFC 9562) of the day and of what it was made from: the same inputs make the same model under the same id. */
export function modelIdOf(day: string, from: string): string {
  const ms = Date.parse(`${day}T00:00:00Z`).toString(16).padStart(12, '0');
  const hash = sha256Of(from);
  const variant = (8 + (Number.parseInt(hash.charAt(3), 16) % 4)).toString(16);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(8, 20)}`;
}
