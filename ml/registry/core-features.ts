/**
 * The features that every shop has, whatever its groups, calendar and prices. Rule kept: the builder itself is asked, so
 * that a feature that it no longer makes is missing here too.
 */
import { demandFeatures } from '../features/demand-features.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { fitSeason } from '../models/season.ts';

export function coreFeatureNames(): readonly string[] {
  const frame: SeriesFrame = {
    names: ['item'],
    groupings: [],
    firstDay: 0,
    days: 1,
    units: new Float64Array(1),
    price: null,
    starts: new Int32Array([1]),
    calendar: null,
  };
  return demandFeatures(frame, fitSeason(frame, 0)).names;
}
