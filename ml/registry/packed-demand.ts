/**
 * A packed demand model at work: features, level and season from the shop's own frame, the ONNX graph for the rest, then
 * the bands. Rule kept: what is fitted here is fitted on the shop's own days before `origin`, once for all models that
 * are compared; what the model brings (trees, blend, plain band) is taken as it came.
 */
import { applyConformal, type Conformal } from '../ensemble/conformal.ts';
import { reconcileFactor, scaleWindow, totalAhead, type TotalErrors } from '../ensemble/reconcile.ts';
import { keepSane } from '../ensemble/sane.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { forecastLevelSeason, type LevelBand } from '../models/level-season.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';
import { ModelFault, type RunningModel } from '../onnx/runtime.ts';
import type { ModelManifest } from './manifest.ts';

/** A shop's frame as it was known before `origin`, ready for any demand model. */
export type ShopView = {
  readonly frame: SeriesFrame;
  readonly origin: number;
  readonly season: SeasonFactors;
  readonly features: DemandFeatures;
};

/** The dear part: a season fit of each series. Days past `origin` keep price and calendar, no units. */
export function viewShop(frame: SeriesFrame, origin: number): ShopView {
  const known = cutAt(frame, origin);
  const season = fitSeason(known, origin);
  return { frame: known, origin, season, features: demandFeatures(known, season) };
}

const codeSuffix = '.code';
/** Rows that go through the graph at once: bounds memory at 50,000 items. */
const rowsAtOnce = 20_000;

type Column = { readonly from: number; readonly codes: Float32Array | null };

/** What a model brings to make its inputs. `levels` null: the frame's own codes are the model's. */
export type InputNames = {
  readonly featureNames: readonly string[];
  readonly levels: Readonly<Record<string, readonly string[]>> | null;
  readonly band: LevelBand;
};

/** Where each of the model's features is in the shop's; codes of levels are the model's own, by name. NaN: not known. */
function columnsOf({ featureNames, levels }: InputNames, view: ShopView): readonly (Column | null)[] {
  const at = new Map(view.features.names.map((name, j) => [name, j]));
  return featureNames.map((name) => {
    const from = at.get(name);
    if (from === undefined) return null;
    if (levels === null || !name.endsWith(codeSuffix)) return { from, codes: null };
    const learnt = new Map(levels[name]?.map((level, code) => [level, code]));
    const grouping = view.frame.groupings.find((one) => `${one.name}${codeSuffix}` === name);
    return { from, codes: Float32Array.from(grouping?.levels ?? [], (level) => learnt.get(level) ?? Number.NaN) };
  });
}

export const inputNamesOf = ({ featureSchema, plainBand }: ModelManifest): InputNames => ({
  featureNames: featureSchema.names,
  levels: featureSchema.levels,
  band: {
    at: Float64Array.from(plainBand.at),
    p10: Float64Array.from(plainBand.p10),
    p50: Float64Array.from(plainBand.p50),
    p90: Float64Array.from(plainBand.p90),
    mean: Float64Array.from(plainBand.mean),
  },
});

export type DemandInputs = {
  readonly rows: number;
  /** [rows × features], [rows × 4] over scale, [rows × 1] units a day; rows by series, then day. */
  readonly features: Float32Array;
  readonly plain: Float32Array;
  readonly scale: Float32Array;
};

/** Below this factor the shop is shut and nothing is forecast (as in training). */
const shutFactor = 0.05;

export function demandInputs(model: InputNames, view: ShopView, horizon: number): DemandInputs {
  const { frame, origin, features } = view;
  const columns = columnsOf(model, view);
  const rows = seriesCount(frame) * horizon;
  const made: DemandInputs = {
    rows,
    features: new Float32Array(rows * columns.length).fill(Number.NaN),
    plain: new Float32Array(rows * 4),
    scale: new Float32Array(rows),
  };
  const plain = forecastLevelSeason(model.band, frame, features, origin, horizon);
  const own = new Float32Array(features.count);
  for (let row = 0; row < rows; row += 1) {
    const [i, h] = [Math.floor(row / horizon), row % horizon];
    features.write(i, origin, h, own, 0);
    for (const [j, column] of columns.entries()) {
      if (column === null) continue;
      const value = own[column.from] ?? Number.NaN;
      made.features[row * columns.length + j] = column.codes === null ? value : (column.codes[value] ?? Number.NaN);
    }
    const factor = features.factor(i, origin + h);
    const scale = factor < shutFactor ? 0 : features.level(i, origin) * factor;
    made.scale[row] = scale;
    for (const [q, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries())
      made.plain[row * 4 + q] = scale > 0 ? (plain[head][row] ?? 0) / scale : 0;
  }
  return made;
}

/** Rejects with a ModelFault, also where the graph answers what is no number. */
export async function runDemand(running: RunningModel, inputs: DemandInputs): Promise<Float32Array> {
  const width = inputs.rows === 0 ? 0 : inputs.features.length / inputs.rows;
  const found = new Float32Array(inputs.rows * 4);
  for (let from = 0; from < inputs.rows; from += rowsAtOnce) {
    const to = Math.min(inputs.rows, from + rowsAtOnce);
    const { forecast } = await running.run({
      features: { dims: [to - from, width], data: inputs.features.slice(from * width, to * width) },
      plain: { dims: [to - from, 4], data: inputs.plain.slice(from * 4, to * 4) },
      scale: { dims: [to - from, 1], data: inputs.scale.slice(from, to) },
    });
    if (forecast?.data.length !== (to - from) * 4) throw new ModelFault('The model answered in another shape.');
    for (const value of forecast.data)
      if (!Number.isFinite(value)) throw new ModelFault('The model answered what is no number.');
    found.set(forecast.data, from * 4);
  }
  return found;
}

/** The model's own word, before bands: what conformal calibration at the shop learns from. */
export async function forecastPackedRaw(
  manifest: ModelManifest,
  running: RunningModel,
  view: ShopView,
  horizon: number,
): Promise<Forecasts> {
  const found = await runDemand(running, demandInputs(inputNamesOf(manifest), view, horizon));
  const made = emptyForecasts(seriesCount(view.frame), horizon, view.origin);
  for (const [q, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries())
    for (let row = 0; row < made.p50.length; row += 1) made[head][row] = found[row * 4 + q] ?? 0;
  putInOrder(made);
  return made;
}

/** The items' sum made to agree with the shop's total, as in training (ensemble/reconcile.ts). */
export function agreeWithTotal(errors: readonly TotalErrors[], view: ShopView, raw: Forecasts): Forecasts {
  const total = totalAhead(view.frame, view.season, raw.origin, raw.horizon);
  return scaleWindow(raw, reconcileFactor(errors, raw, total));
}

/** In place: the bands (the shop's own where it has them, else the model's), and nothing absurd. */
export function finishForecast(manifest: ModelManifest, own: Conformal | null, view: ShopView, made: Forecasts): Forecasts {
  applyConformal(own ?? manifest.conformal, made);
  keepSane(made, view.frame);
  return made;
}
