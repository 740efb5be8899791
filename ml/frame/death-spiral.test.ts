import { describe, expect, it } from 'vitest';
import { demandFeatures } from '../features/demand-features.ts';
import { fitSeason } from '../models/season.ts';
import { seeded } from '../random.ts';
import { billFrame } from './bill-frame.ts';
import type { BillItem, LineRow, StockRow } from './bill-rows.ts';

const items = 12;
const weeks = 22;
const reviewDays = 3;
/** The shelf holds that much of what is forecast. */
const shelf = 0.85;
const wantedADay = (no: number): number => 2 + no;

function poisson(random: () => number, mean: number): number {
  let [count, product] = [0, random()];
  const stop = Math.exp(-mean);
  while (product > stop) {
    count += 1;
    product *= random();
  }
  return count;
}

/**
 * A shop that orders less than its forecast of three days: it is sold out every few days. What it forecasts it
 * learns from its own bills. Answers forecast ÷ what customers want, by review, over all items.
 */
function liveOn(isCensored: boolean, seed: number): { readonly ratios: number[]; readonly outShare: number } {
  const random = seeded(seed);
  const goods: BillItem[] = Array.from({ length: items }, (_, no) => ({
    no,
    name: `item ${no}`,
    store: 'here',
    isMeasured: false,
    isActive: true,
    groups: {},
  }));
  const lines: LineRow[] = [];
  const movements: StockRow[] = [];
  const onHand = new Float64Array(items);
  const ratios: number[] = [];
  let [daysOut, days] = [0, 0];
  for (let t = 0; t < weeks * 7; t += 1) {
    if (t % reviewDays === 0) {
      // The first four weeks are stocked by hand, amply.
      const forecasts = t < 28 ? goods.map(({ no }) => wantedADay(no) * 3) : forecast(t);
      if (t >= 28) {
        const wanted = goods.reduce((sum, { no }) => sum + wantedADay(no), 0);
        ratios.push(forecasts.reduce((sum, value) => sum + value, 0) / wanted);
      }
      for (const [i, value] of forecasts.entries()) {
        const order = Math.max(0, Math.round(shelf * value * reviewDays - (onHand[i] ?? 0)));
        if (order === 0) continue;
        onHand[i] = (onHand[i] ?? 0) + order;
        movements.push({ item: i, day: t, minute: 430, qtyMilli: order * 1000, kind: 'other' });
      }
    }
    const asked = goods.flatMap(({ no }) =>
      Array.from({ length: poisson(random, wantedADay(no)) }, () => ({ no, minute: 480 + Math.floor(random() * 800) })),
    );
    for (const { no, minute } of asked.toSorted((a, b) => a.minute - b.minute)) {
      if ((onHand[no] ?? 0) < 1) continue;
      onHand[no] = (onHand[no] ?? 0) - 1;
      const sale = { item: no, day: t, minute, qtyMilli: 1000 };
      lines.push({ ...sale, paidPaise: 1000, isPromoted: false, isReturn: false, soldOn: null });
      movements.push({ ...sale, qtyMilli: -1000, kind: 'sale' });
    }
    if (t >= 28) {
      days += items;
      daysOut += onHand.filter((units) => units < 1).length;
    }
  }
  return { ratios, outShare: daysOut / days };

  function forecast(t: number): number[] {
    const frame = billFrame(
      {
        firstDay: 0,
        lastDay: t - 1,
        items: goods,
        lines,
        hours: [],
        onHand: [],
        // The control is not told of stock at all: a day without any is a day without demand to it.
        movements: isCensored ? movements : [],
        wishes: [],
        prices: [],
        promotions: [],
      },
      { ahead: reviewDays },
    );
    const season = fitSeason(frame, t);
    const { level, factor } = demandFeatures(frame, season);
    return goods.map((_, i) => {
      let sum = 0;
      for (let h = 0; h < reviewDays; h += 1) sum += level(i, t) * factor(i, t + h);
      return sum / reviewDays;
    });
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a shop that runs out every few days', () => {
  it('does not see its forecast sink, and would if stock-outs were learnt as days without demand', () => {
    const { ratios, outShare } = liveOn(true, 11);
    const control = liveOn(false, 11);
    expect(outShare).toBeGreaterThan(0.15);
    const last = mean(ratios.slice(-10));
    expect(last, `forecast over demand ${last.toFixed(3)}`).toBeGreaterThan(0.93);
    expect(last).toBeLessThan(1.12);
    expect(mean(control.ratios.slice(-10))).toBeLessThan(0.6);
  });
});
