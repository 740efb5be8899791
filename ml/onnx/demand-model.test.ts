import { afterAll, describe, expect, it } from 'vitest';
import { blend } from '../ensemble/blend.ts';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { binTable, findEdges } from '../gbdt/bins.ts';
import { type Loss } from '../gbdt/losses.ts';
import { train } from '../gbdt/train.ts';
import { predict } from '../gbdt/tree.ts';
import { type BoostedModel, defaultSettings, headLosses } from '../models/boosted.ts';
import { seeded } from '../random.ts';
import { demandOnnx } from './demand-model.ts';
import { ModelFault, openModel } from './runtime.ts';

const features = 6;
const rows = 4000;
const random = seeded(11);
const values = Float32Array.from({ length: rows * features }, () => (random() < 0.15 ? Number.NaN : 20 * random() - 5));
const target = Float64Array.from({ length: rows }, (_, row) =>
  Math.max(0, (values[row * features] || 0) + 4 * random()),
);
const weight = new Float64Array(rows).fill(1);
const table = { rows, features, values };
const binned = binTable(table, findEdges(table, 254));
const model = (seed: number): BoostedModel => {
  const head = (loss: Loss) => train(binned, target, weight, { ...defaultSettings, trees: 60, loss, seed });
  return {
    p10: head(headLosses.p10),
    p50: head(headLosses.p50),
    p90: head(headLosses.p90),
    mean: head(headLosses.mean),
  };
};
const boosted = [model(1), model(2)];
const weights = { p10: [0.2, 0.5, 0.3], p50: [0, 0.4, 0.6], p90: [0.1, 0.1, 0.8], mean: [0.5, 0.25, 0.25] };
const bytes = demandOnnx(boosted, weights, features, { schema: 'test' });
const running = openModel(bytes, 20_000);
afterAll(() => running.close());

describe('the demand model as ONNX', () => {
  it('forecasts what TypeScript forecasts, to one part in ten thousand, unknown values too', async () => {
    const plain = Float32Array.from({ length: rows * 4 }, (_, k) => [0.4, 0.9, 1.8, 1][k % 4] ?? 1);
    const scale = Float32Array.from({ length: rows }, () => 0.1 + 30 * random());
    const { forecast } = await running.run({
      features: { dims: [rows, features], data: values },
      plain: { dims: [rows, 4], data: plain },
      scale: { dims: [rows, 1], data: scale },
    });
    const members = [0, 1, 2].map((member) => {
      const made = emptyForecasts(rows, 1, 0);
      for (const [at, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries()) {
        const found =
          boosted[member - 1] === undefined
            ? null
            : predict(boosted[member - 1]?.[head] ?? { base: 0, trees: [], link: 'identity' }, values, rows, features);
        for (let row = 0; row < rows; row += 1)
          made[head][row] =
            Math.max(0, found === null ? (plain[row * 4 + at] ?? 0) : (found[row] ?? 0)) * (scale[row] ?? 0);
      }
      return made;
    });
    const wanted = blend(members, weights);
    let worst = 0;
    for (let row = 0; row < rows; row += 1) {
      for (const [at, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries()) {
        const [a, b] = [forecast?.data[row * 4 + at] ?? Number.NaN, wanted[head][row] ?? 0];
        worst = Math.max(worst, Math.abs(a - b) / Math.max(1, Math.abs(b)));
      }
    }
    expect(worst).toBeLessThan(1e-4);
    expect(worst).toBeGreaterThan(0);
  });
  it('is the same to the byte when it is written again', () => {
    expect(Buffer.from(demandOnnx(boosted, weights, features, { schema: 'test' })).equals(Buffer.from(bytes))).toBe(
      true,
    );
  });
  it('refuses bytes that are no model, and a run with the wrong shape, and goes on', async () => {
    const broken = openModel(bytes.slice(0, 4000), 20_000);
    await expect(broken.run({})).rejects.toBeInstanceOf(ModelFault);
    await broken.close();
    await expect(running.run({ features: { dims: [1, 2], data: new Float32Array(2) } })).rejects.toBeInstanceOf(
      ModelFault,
    );
  });
  it('ends a run that takes too long', async () => {
    const slow = openModel(bytes, 1);
    await expect(slow.run({ features: { dims: [rows, features], data: values } })).rejects.toThrow('longer than 1 ms');
    await slow.close();
  });
});
