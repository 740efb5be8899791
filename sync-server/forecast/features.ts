/**
 * Third step: what the models will be told, by name, and which stores are alike. Rule kept: the features themselves are
 * made by ml/ in training and at the shop, from the same frames; here is written which they are, under a hash, and what
 * each series and store is; a model is for that hash only.
 */
import { clusterStores, profileLength, storeProfile } from '#ml/stores/cluster-stores.ts';
import { featureBatch, worstDifference } from '#ml/schema/golden-batch.ts';
import { goldenDays, goldenRows } from '#ml/schema/golden-shop.ts';
import { goldenNames, goldenValues } from '#ml/schema/golden-values.ts';
import { demandSchema } from '#ml/schema/feature-schema.ts';
import { seriesCount, type SeriesFrame } from '#ml/frame/series-frame.ts';
import type { Cell, Column } from '../lake/parquet-file.ts';
import { namesOf } from './store-features.ts';
import { framesTold, readStoreFrame } from './store-frames.ts';
import { demandVersion, makeVersion, type StepReport, type StepWorld, type Version } from './step.ts';

const text = (name: string): Column => ({ name, type: 'text' });
const double = (name: string): Column => ({ name, type: 'double' });
const profileNames = Array.from({ length: profileLength }, (_, at) => (at < 7 ? `weekday_${at}` : `month_${at - 6}`));
const storeColumns = [text('store_id'), { name: 'cluster', type: 'int32' as const }, ...profileNames.map(double)];
const seriesColumns = [
  ...['store_id', 'item_id', 'category'].map(text),
  ...['days_known', 'days_sold'].map((name) => ({ name, type: 'int32' as const })),
  double('units_a_day'),
];

export type FeaturesTold = {
  readonly schema: { readonly id: string; readonly sha256: string; readonly names: readonly string[] };
  readonly clusters: Readonly<Record<string, number>>;
  /** Levels of `….code` features in the order of their codes. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
  /** The frames that this was made from. */
  readonly frames: { readonly version: number; readonly fingerprint: string };
};
export const featuresTold = (version: Version): FeaturesTold => version.told as unknown as FeaturesTold;

function totalsOf(frame: SeriesFrame): Float64Array {
  const totals = new Float64Array(frame.days).fill(Number.NaN);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    for (let t = 0; t < frame.days; t += 1) {
      const units = frame.units[i * frame.days + t] ?? Number.NaN;
      if (!Number.isNaN(units)) totals[t] = (Number.isNaN(totals[t] ?? 0) ? 0 : (totals[t] ?? 0)) + units;
    }
  }
  return totals;
}

function* seriesRows(storeId: string, frame: SeriesFrame, itemIds: readonly string[]): Iterable<Record<string, Cell>> {
  const [grouping] = frame.groupings;
  for (const [i, itemId] of itemIds.entries()) {
    const own = frame.units.subarray(i * frame.days, (i + 1) * frame.days).filter((units) => !Number.isNaN(units));
    yield {
      store_id: storeId,
      item_id: itemId,
      category: grouping?.levels[grouping.codes[i] ?? 0] ?? '',
      days_known: own.length,
      days_sold: own.filter((units) => units > 0).length,
      units_a_day: own.length === 0 ? null : own.reduce((a, b) => a + b, 0) / own.length,
    };
  }
}

/** Throws where this server makes other features of the made-up shop than every till does. */
function demandGolden(): void {
  const golden = new Float32Array(Uint8Array.from(Buffer.from(goldenValues, 'base64')).buffer);
  const made = featureBatch(goldenRows(), goldenDays);
  const off = made.names.join(' ') === goldenNames ? worstDifference(made.values, golden) : Number.POSITIVE_INFINITY;
  if (off > 1e-6) throw new Error(`features differ from the golden batch by ${off}: no model may be trained with them`);
}

export async function features(world: StepWorld): Promise<StepReport> {
  const frames = await demandVersion(world, 'frames', 'clean');
  const { stores, categories } = framesTold(frames);
  const { seed } = world.settings;
  const made = await makeVersion(world, 'features', ['features 1', frames.fingerprint, seed], async (to) => {
    demandGolden();
    const profiles: Float64Array[] = [];
    const rows: Record<string, Cell>[] = [];
    for (const [at, { storeId }] of stores.entries()) {
      world.signal.throwIfAborted();
      world.tell({ done: at, of: stores.length });
      const { frame, itemIds } = await readStoreFrame(world.store, frames, storeId, 0);
      profiles.push(storeProfile(frame.firstDay, totalsOf(frame)));
      rows.push(...seriesRows(storeId, frame, itemIds));
    }
    // The largest store has every kind of feature that any has.
    const [largest] = stores.toSorted((a, b) => b.items - a.items);
    const names =
      largest === undefined ? [] : namesOf((await readStoreFrame(world.store, frames, largest.storeId, 0)).frame);
    const codes = clusterStores(profiles, seed);
    const storeRows = stores.map(({ storeId }, at) => ({
      store_id: storeId,
      cluster: codes[at] ?? 0,
      ...Object.fromEntries(profileNames.map((name, j) => [name, profiles[at]?.[j] ?? 0])),
    }));
    await to.parquet('stores.parquet', storeColumns, storeRows);
    await to.parquet('series.parquet', seriesColumns, rows);
    const schema = demandSchema(names);
    const told: FeaturesTold = {
      schema: { id: schema.id, sha256: schema.sha256, names },
      clusters: Object.fromEntries(stores.map(({ storeId }, at) => [storeId, codes[at] ?? 0])),
      levels: { 'category.code': categories },
      frames: { version: frames.version, fingerprint: frames.fingerprint },
    };
    return told;
  });
  const told = featuresTold(made);
  const clusters = new Set(Object.values(told.clusters)).size;
  const facts = { features: told.schema.names.length, series: made.files['series.parquet']?.rows ?? 0, clusters };
  return { version: made.version, isNew: made.isNew, facts };
}
