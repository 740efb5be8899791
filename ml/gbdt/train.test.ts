import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { binTable, findEdges, type FeatureTable } from './bins.ts';
import type { Loss } from './losses.ts';
import { train, type TrainSettings } from './train.ts';
import { predict } from './tree.ts';

const settings = (loss: Loss): TrainSettings => ({
  loss,
  trees: 80,
  learningRate: 0.1,
  maxLeaves: 15,
  maxDepth: 6,
  minRows: 20,
  lambda: 1,
  rowShare: 0.8,
  featureShare: 1,
  seed: 7,
});

/** y depends on a step in x0, on whether x1 is known, and on noise. */
function rowsOf(rows: number): { table: FeatureTable; target: Float64Array; weight: Float64Array } {
  const random = seeded(3);
  const values = new Float32Array(rows * 3);
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [a, b, c] = [random(), random(), random()];
    const isKnown = random() < 0.7;
    values.set([a, isKnown ? b : Number.NaN, c], row * 3);
    target[row] = (a > 0.5 ? 10 : 2) + (isKnown ? 0 : 5) + 4 * random();
  }
  return { table: { rows, features: 3, values }, target, weight: new Float64Array(rows).fill(1) };
}
const { table, target, weight } = rowsOf(6000);
const binned = binTable(table, findEdges(table, 64));

describe('boosted trees', () => {
  it('learn a step and what it means that a value is not known', () => {
    const forest = train(binned, target, weight, settings({ kind: 'squared' }));
    const asked = Float32Array.from([0.9, 0.5, 0.5, 0.1, 0.5, 0.5, 0.9, Number.NaN, 0.5, 0.1, Number.NaN, 0.5]);
    const found = [...predict(forest, asked, 4, 3)];
    for (const [k, wanted] of [12, 4, 17, 9].entries()) expect(Math.abs((found[k] ?? 0) - wanted)).toBeLessThan(0.5);
  });
  it.each([0.1, 0.5, 0.9])('put a share of %f of the rows below that quantile', (q) => {
    const forest = train(binned, target, weight, settings({ kind: 'pinball', q }));
    const found = predict(forest, table.values, table.rows, 3);
    const below = found.reduce((count, value, row) => count + ((target[row] ?? 0) <= value ? 1 : 0), 0) / table.rows;
    expect(Math.abs(below - q)).toBeLessThan(0.03);
  });
  it.each<Loss>([{ kind: 'poisson' }, { kind: 'tweedie', power: 1.3 }])('keep the mean with a log link', (loss) => {
    const found = predict(train(binned, target, weight, settings(loss)), table.values, table.rows, 3);
    const [a, b] = [found, target].map((values) => values.reduce((sum, value) => sum + value, 0));
    expect(Math.abs((a ?? 0) / (b ?? 1) - 1)).toBeLessThan(0.02);
  });
  it('are the same to the bit for the same seed, and others for another', () => {
    const once = JSON.stringify([
      ...(train(binned, target, weight, settings({ kind: 'squared' })).trees[40]?.value ?? []),
    ]);
    const again = JSON.stringify([
      ...(train(binned, target, weight, settings({ kind: 'squared' })).trees[40]?.value ?? []),
    ]);
    const other = train(binned, target, weight, { ...settings({ kind: 'squared' }), seed: 8 }).trees[40]?.value ?? [];
    expect(again).toBe(once);
    expect(JSON.stringify([...other])).not.toBe(once);
  });
});
