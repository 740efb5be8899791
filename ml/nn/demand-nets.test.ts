/** Nets as a member of the demand model: what they read, that they learn, and that ONNX says what TypeScript says. */
import { afterAll, describe, expect, it } from 'vitest';
import { blend } from '../ensemble/blend.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { demandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { fitSeason } from '../models/season.ts';
import { demandOnnx } from '../onnx/demand-model.ts';
import { openModel, type RunningModel } from '../onnx/runtime.ts';
import { seeded } from '../random.ts';
import { type DemandNets, forecastNets, type NetsSettings, trainNets } from './demand-nets.ts';
import { pastOf } from './net-windows.ts';

const [items, days, horizon] = [24, 260, 14];
const origin = days - horizon;

/** A made-up shop: levels from a piece a fortnight to 60 a day, Sundays closed, a sale every fifth week, holes. */
function shop(): SeriesFrame {
  const random = seeded(8);
  const units = new Float64Array(items * days);
  const price = new Float64Array(items * days);
  for (let i = 0; i < items; i += 1) {
    const level = 0.07 * 1.33 ** i;
    for (let t = 0; t < days; t += 1) {
      const isSale = t % 35 >= 28;
      price[i * days + t] = isSale ? 8 : 10;
      const rate = (t % 7 === 6 ? 0 : level) * (isSale ? 1.8 : 1) * (1 + 0.4 * Math.sin(t / 9 + i));
      const drawn = Math.max(0, Math.round(rate + Math.sqrt(rate) * (random() + random() + random() - 1.5) * 2));
      units[i * days + t] = random() < 0.03 ? Number.NaN : drawn;
    }
  }
  // One item never sold, of one nothing at all is known.
  units.fill(0, 3 * days, 4 * days);
  units.fill(Number.NaN, 5 * days, 6 * days);
  const codes = Int32Array.from({ length: items }, (_, i) => i);
  const names = Array.from({ length: items }, (_, i) => `item ${i}`);
  return {
    names,
    groupings: [{ name: 'item', levels: names, codes }],
    firstDay: 18_000,
    days,
    units,
    price,
    starts: startsOf(units, days),
    calendar: null,
  };
}
const frame = shop();
const known = cutAt(frame, origin);
const season = fitSeason(known, origin);
const features = demandFeatures(known, season);
const settings = (encoder: NetsSettings['encoder']) => ({
  encoder,
  lookBack: 28,
  hidden: 12,
  context: 4,
  decoder: 12,
  seeds: 2,
  windows: 1500,
  maxHistory: 400,
  training: { batch: 64, steps: 60, rate: 0.005, decay: 0.05, clipNorm: 1, checkEvery: 20, patience: 3 },
  finish: { steps: 10, rate: 0.001 },
  horizon,
  seed: 3,
  threads: 2,
});
const train = async (encoder: NetsSettings['encoder']): Promise<DemandNets> => {
  const made = await trainNets(known, features, origin, settings(encoder), () => {});
  if (made === null) throw new Error('Nothing was learnt.');
  return made;
};
const opened: RunningModel[] = [];
afterAll(async () => {
  for (const model of opened) await model.close();
});

async function throughOnnx(nets: DemandNets): Promise<Float32Array> {
  const only = [0, 1];
  const bytes = demandOnnx([], { p10: only, p50: only, p90: only, mean: only }, features.count, {}, [nets]);
  const model = openModel(bytes, 20_000);
  opened.push(model);
  const rows = items * horizon;
  const [values, scale] = [new Float32Array(rows * features.count), new Float32Array(rows)];
  const width = nets.shape.steps * nets.shape.channels;
  const past = new Float32Array(items * width);
  const write = pastOf(known, features, nets.shape.steps);
  for (let i = 0; i < items; i += 1) {
    write(i, origin, past, i * width);
    for (let h = 0; h < horizon; h += 1) {
      const k = i * horizon + h;
      features.write(i, origin, h, values, k * features.count);
      const factor = features.factor(i, origin + h);
      scale[k] = factor < 0.05 ? 0 : features.level(i, origin) * factor;
    }
  }
  const { forecast } = await model.run({
    features: { dims: [rows, features.count], data: values },
    plain: { dims: [rows, 4], data: new Float32Array(rows * 4) },
    scale: { dims: [rows, 1], data: scale },
    past0: { dims: [items, width], data: past },
  });
  return forecast?.data ?? new Float32Array();
}

const total = ({ mean }: Forecasts, from: number): number =>
  mean.subarray(from * horizon, (from + 1) * horizon).reduce((a, b) => a + b, 0);

for (const encoder of ['dense', 'recurrent'] as const) {
  describe(`${encoder} nets`, async () => {
    const nets = await train(encoder);
    const made = forecastNets(nets, known, features, origin, horizon);

    it('forecast in order, none below nil, more where more sells', () => {
      for (let k = 0; k < items * horizon; k += 1) {
        const [a, b, c] = [made.p10[k] ?? -1, made.p50[k] ?? -1, made.p90[k] ?? -1];
        expect(0 <= a && a <= b && b <= c && c < 1000 && Number.isFinite(made.mean[k])).toBe(true);
      }
      expect(total(made, 23)).toBeGreaterThan(total(made, 12));
      expect(total(made, 3)).toBeLessThan(2);
    });
    it('say in ONNX what they say in TypeScript, to one part in ten thousand', async () => {
      const found = await throughOnnx(nets);
      const wanted = blend([emptyForecasts(items, horizon, origin), made], {
        p10: [0, 1],
        p50: [0, 1],
        p90: [0, 1],
        mean: [0, 1],
      });
      let worst = 0;
      for (let k = 0; k < items * horizon; k += 1) {
        for (const [at, head] of (['p10', 'p50', 'p90', 'mean'] as const).entries()) {
          const [a, b] = [found[k * 4 + at] ?? Number.NaN, wanted[head][k] ?? 0];
          worst = Math.max(worst, Math.abs(a - b) / Math.max(1, Math.abs(b)));
        }
      }
      expect(worst).toBeLessThan(1e-4);
      expect(worst).toBeGreaterThan(0);
    });
    it('are the same to the byte from the same seed', async () => {
      const again = await train(encoder);
      for (const [at, weights] of nets.nets.entries()) {
        const other = again.nets[at] ?? new Float32Array();
        expect(Buffer.from(weights.buffer).equals(Buffer.from(other.buffer))).toBe(true);
      }
      expect(nets.nets[0]).not.toEqual(nets.nets[1]);
    });
  });
}

describe('what the nets read', () => {
  it('does not change with anything that came after the origin', () => {
    const later = { ...frame, units: frame.units.slice() };
    for (let i = 0; i < items; i += 1) later.units.fill(999, i * days + 200, (i + 1) * days);
    const read = (from: SeriesFrame): Float32Array => {
      const cut = cutAt(from, 200);
      const to = new Float32Array(items * 28 * 9);
      const write = pastOf(cut, demandFeatures(cut, fitSeason(cut, 200)), 28);
      for (let i = 0; i < items; i += 1) write(i, 200, to, i * 28 * 9);
      return to;
    };
    expect(read(later)).toEqual(read(frame));
    expect(read(frame).some((value) => value !== 0)).toBe(true);
  });
  it('is too little in a shop of some weeks, or where nothing sells: no nets, no fault', async () => {
    expect(await trainNets(known, features, 40, settings('dense'), () => {})).toBeNull();
    const still = { ...known, units: new Float64Array(items * days) };
    const idle = { ...still, starts: startsOf(still.units, days) };
    const idleFeatures = demandFeatures(idle, fitSeason(idle, origin));
    expect(await trainNets(idle, idleFeatures, origin, settings('dense'), () => {})).toBeNull();
  });
  it('is learnt by no net when training runs away', async () => {
    const { training, ...rest } = settings('dense');
    const wild = { ...rest, training: { ...training, rate: 1e30 } };
    expect(await trainNets(known, features, origin, wild, () => {})).toBeNull();
  });
});
