/**
 * What the model's graph is asked, of a store as it was known before `origin`. Rule kept: rows by series, then day; the same
 * for the golden batch that goes out with a model and for the server's own forecasts.
 */
import { heads } from '#ml/ensemble/blend.ts';
import { forecastLevelSeason, type LevelBand } from '#ml/models/level-season.ts';
import type { DemandInputs } from '#ml/registry/packed-demand.ts';
import type { StoreView } from './store-features.ts';

/** Below this factor the shop is shut and nothing is forecast (as in training). */
const shutFactor = 0.05;

export function graphInputs(view: StoreView, band: LevelBand, origin: number, horizon: number): DemandInputs {
  const { features } = view;
  const plain = forecastLevelSeason(band, view.frame, features, origin, horizon);
  const rows = plain.series * horizon;
  const made: DemandInputs = {
    rows,
    features: new Float32Array(rows * features.count),
    plain: new Float32Array(rows * 4),
    scale: new Float32Array(rows),
  };
  for (let row = 0; row < rows; row += 1) {
    const [i, h] = [Math.floor(row / horizon), row % horizon];
    features.write(i, origin, h, made.features, row * features.count);
    const factor = features.factor(i, origin + h);
    const scale = factor < shutFactor ? 0 : features.level(i, origin) * factor;
    made.scale[row] = scale;
    for (const [q, head] of heads.entries()) made.plain[row * 4 + q] = scale > 0 ? (plain[head][row] ?? 0) / scale : 0;
  }
  return made;
}
