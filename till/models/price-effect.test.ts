/** Real ONNX runtime: a model that was taught prices is asked what a changed one does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extend, type SeriesFrame } from '#ml/frame/series-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { seeded } from '#ml/random.ts';
import { forecastPacked, type ShopView } from '#ml/registry/packed-demand.ts';
import { type ModelPackage, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { fitDemand } from '#ml/train/fit-demand.ts';
import { demandFrame, poisson } from '#tests/fixtures/made-up-demand.ts';
import { askPrices } from './price-effect.ts';

/** Old enough for a year's course, and so for what whole categories did. */
const [items, days, horizon] = [16, 520, 14];

/** Every fifth fortnight or so an item is a fifth cheaper and sells nearly twice as much. */
function pricedShop(): SeriesFrame {
  const random = seeded(6);
  const made = demandFrame({ items, days, seed: 5 });
  const price = new Float64Array(items * days);
  const units = new Float64Array(items * days);
  for (let i = 0; i < items; i += 1)
    for (let t = 0; t < days; t += 1) {
      const isCut = (Math.floor(t / 10) * 7 + i * 3) % 5 === 0;
      price[i * days + t] = isCut ? 80 : 100;
      units[i * days + t] = poisson((4 + i / 2) * (isCut ? 1.9 : 1), random);
    }
  return { ...made, units, price, starts: new Int32Array(items) };
}

const frame = pricedShop();
/** Prices of the days to come: item 0 is cheap, the others cost what they mostly do. */
function viewAt(priceOf: (i: number) => number): ShopView {
  const wide = extend(frame, horizon);
  for (let i = 0; i < items; i += 1) {
    const row = i * wide.days;
    wide.price?.fill(priceOf(i), row + days - 56, row + wide.days);
    if (i === 0) wide.price?.fill(80, row + days, row + wide.days);
  }
  return {
    frame: wide,
    origin: days,
    season: fitSeason(wide, days),
    blocks: (all, season) => [{ from: 0, frame: all, season }],
  };
}

describe('a changed price', () => {
  let made: ModelPackage;
  let running: RunningModel;
  beforeAll(async () => {
    const model = await fitDemand(frame, days - 28, { horizon, seed: 1, threads: 2, maxRows: 4_000 }, () => undefined);
    const found = packDemand(partsOfModel(model, frame, days - 28), {
      modelId: 'prices-1',
      version: '1.0.0+20260131',
      createdAt: '2026-01-31T00:00:00Z',
      expiresAt: '2027-01-31T00:00:00Z',
      codeVersion: '0.1.0',
      parentModel: null,
      stores: 1,
    });
    if (found === null) throw new Error('no trees');
    made = found;
    running = openModel(made.onnx, 60_000);
  }, 60_000);
  afterAll(() => running.close());

  it('is asked of the items whose price has moved, and a cut sells more', async () => {
    const view = viewAt(() => 100);
    const { raw } = await forecastPacked(made.manifest, running, view, horizon);
    const ratios = await askPrices(made.manifest, running, view, raw);
    expect([...ratios.keys()]).toEqual([0]);
    expect(ratios.get(0)).toBeGreaterThan(1.2);
    expect(ratios.get(0)).toBeLessThan(3);
  });

  it('is all that the second question changes: what else the model is told of the shop stays', async () => {
    const view = viewAt(() => 100);
    expect(view.season.isYearly).toBe(true);
    expect(made.manifest.featureSchema.names).toContain('category.mean7');
    const { raw } = await forecastPacked(made.manifest, running, view, horizon);
    let told: ArrayLike<unknown> = [];
    const listened: RunningModel = {
      ...running,
      run: (inputs) => {
        told = inputs['features']?.data ?? [];
        return running.run(inputs);
      },
    };
    const ratios = await askPrices(made.manifest, listened, view, raw);
    const few = Array.from(told);
    // The whole shop, had its first item not been cut.
    const price = view.frame.price?.slice() ?? new Float64Array();
    price.fill(100, days, view.frame.days);
    const dear: ShopView = { ...view, frame: { ...view.frame, price } };
    const usual = await forecastPacked(made.manifest, listened, dear, horizon);
    expect(few).toHaveLength(horizon * made.manifest.featureSchema.names.length);
    expect(few).toEqual(Array.from(told).slice(0, few.length));
    const week = (mean: Float64Array): number => mean.subarray(0, 7).reduce((sum, value) => sum + value, 0);
    // The runtime answers in single precision, and adds up trees in another order where it has more rows.
    expect(ratios.get(0)).toBeCloseTo(week(raw.mean) / week(usual.raw.mean), 5);
  });

  it('is asked of nobody where there are no prices', async () => {
    const view = viewAt(() => 100);
    const { raw } = await forecastPacked(made.manifest, running, view, horizon);
    const without: ShopView = { ...view, frame: { ...view.frame, price: null } };
    expect((await askPrices(made.manifest, running, without, raw)).size).toBe(0);
  });
});
