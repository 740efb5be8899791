/**
 * Trains the seed model on made-up shops of many lengths. Rule kept: season is learnt before the rows, as it will be in
 * a shop, so the model learns how far a short past's season can be believed; same settings, same bytes.
 */
import { demandFeatures } from '../features/demand-features.ts';
import { binTable, findEdges } from '../gbdt/bins.ts';
import { trainParallel } from '../gbdt/train-parallel.ts';
import { defaultSettings, demandRows, headLosses } from '../models/boosted.ts';
import { fitSeason } from '../models/season.ts';
import { cutAt } from '../frame/series-frame.ts';
import { demandOnnx } from '../onnx/demand-model.ts';
import { seeded } from '../random.ts';
import { makeShopFrame } from './made-shop.ts';
import { seedFeatures } from './seed-model.ts';

export type SeedSettings = {
  readonly shops: number;
  readonly items: number;
  readonly rowsPerShop: number;
  readonly trees: number;
  readonly maxLeaves: number;
  readonly seed: number;
  readonly threads: number;
};

/** Days of history before the rows, by turns: shops are mostly young. */
const pasts = [28, 35, 45, 60, 90, 60, 150, 35, 300, 90, 500, 45] as const;
const rowDays = 42;
const heads = ['p10', 'p50', 'p90', 'mean'] as const;

/** The ONNX file. */
export async function trainSeed(settings: SeedSettings, say: (what: string) => void): Promise<Uint8Array> {
  const width = seedFeatures.length;
  const random = seeded(settings.seed);
  const parts: { values: Float32Array; target: Float64Array; weight: Float64Array }[] = [];
  for (let shop = 0; shop < settings.shops; shop += 1) {
    const past = pasts[shop % pasts.length] ?? 60;
    const frame = makeShopFrame(Math.floor(random() * 2 ** 31), settings.items, past + rowDays);
    const season = fitSeason(cutAt(frame, past), past);
    const features = demandFeatures(frame, season);
    const { table, target, weight } = demandRows(frame, features, frame.days, {
      maxRows: settings.rowsPerShop,
      horizon: 14,
      minHistory: past,
      maxHistory: rowDays,
      seed: settings.seed + shop,
    });
    const columns = seedFeatures.map((name) => features.names.indexOf(name));
    const values = new Float32Array(table.rows * width);
    for (let row = 0; row < table.rows; row += 1)
      for (const [at, column] of columns.entries())
        values[row * width + at] =
          column < 0 ? Number.NaN : (table.values[row * table.features + column] ?? Number.NaN);
    parts.push({ values, target, weight });
    say(`shop ${shop + 1} of ${settings.shops}: ${table.rows} rows`);
  }
  const rows = parts.reduce((sum, { target }) => sum + target.length, 0);
  const table = { rows, features: width, values: new Float32Array(rows * width) };
  const [target, weight] = [new Float64Array(rows), new Float64Array(rows)];
  let at = 0;
  for (const part of parts) {
    table.values.set(part.values, at * width);
    target.set(part.target, at);
    // A busy row counts more, but not in proportion: the next shop may have no such item.
    weight.set(part.weight.map(Math.sqrt), at);
    at += part.target.length;
  }
  const binned = binTable(table, findEdges(table, 254));
  const forests = await trainParallel(
    heads.map((head, no) => ({
      table: binned,
      target,
      weight,
      settings: {
        ...defaultSettings,
        loss: headLosses[head],
        trees: settings.trees,
        maxLeaves: settings.maxLeaves,
        minRows: Math.min(100, rows / 100),
        learningRate: 0.06,
        seed: settings.seed * 7 + no,
      },
    })),
    settings.threads,
    (done) => say(`trained ${done} of ${heads.length}`),
  );
  const [p10, p50, p90, mean] = forests;
  if (p10 === undefined || p50 === undefined || p90 === undefined || mean === undefined)
    throw new Error('A head of the seed model was not trained.');
  const alone = [0, 1];
  const weights = { p10: alone, p50: alone, p90: alone, mean: alone };
  const { shops, items, trees, seed } = settings;
  return demandOnnx([{ p10, p50, p90, mean }], weights, width, {
    features: seedFeatures.join(','),
    learntFrom: `${shops} made-up shops of ${items} items, seed ${seed}, ${trees} trees a head`,
    licence: 'CC0-1.0',
  });
}
