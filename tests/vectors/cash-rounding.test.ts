/**
 * Peers' vectors of cash rounding (cash_rounding.json): total and step → what is due and the rounding. Here
 * the round-off is the bill's own line, to the nearest step, and the tender comes after it.
 */
import { describe, expect, it } from 'vitest';
import { type Paise, paise, roundToStep } from '#core/money.ts';
import { noData } from '../data.ts';
import { readVectors, toPaise } from './peer-taxes.ts';

type Vector = {
  readonly name: string;
  readonly round_to: number;
  readonly method: 'HALF-UP' | 'UP' | 'DOWN';
  readonly cash_only: boolean;
  readonly total: number;
  readonly steps: readonly (readonly [string, string])[];
};

const vectors = readVectors<Vector>('cash_rounding.json');
const whyNot = ({ method }: Vector): string | null =>
  method === 'HALF-UP'
    ? null
    : `Rounding always ${method}: an Indian bill's round-off goes to the nearest step, 50 paise and more up (as s. 170 does for sums payable).`;
const run = vectors.filter((vector) => whyNot(vector) === null);
const leftOut = vectors.flatMap((vector) => whyNot(vector) ?? []);

/** The first amount and rounding that each way of paying shows. */
function shown(vector: Vector): readonly { readonly pay: string; readonly due: Paise; readonly rounding: Paise }[] {
  const rows: { pay: string; due: Paise; rounding: Paise }[] = [];
  for (const [step, value] of vector.steps) {
    if (step === 'pay') rows.push({ pay: value, due: paise(0), rounding: paise(0) });
    const row = rows.at(-1);
    if (row !== undefined && step === 'amount') row.due = toPaise(Number(value));
    if (row !== undefined && step === 'rounding') row.rounding = toPaise(Number(value));
  }
  return rows;
}

describe.skipIf(vectors.length === 0)(`peers' cash rounding (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  it.each(run.map((v) => [v.name, v] as const))('%s', (_, vector) => {
    const total = toPaise(vector.total);
    for (const { pay, due, rounding } of shown(vector)) {
      const step = vector.cash_only && pay !== 'cashPm' ? paise(1) : toPaise(vector.round_to);
      expect(roundToStep(total, step), pay).toBe(due);
      expect(roundToStep(total, step) - total, pay).toBe(rounding);
    }
  });

  it.each([...new Set(leftOut)].map((why) => [why, leftOut.filter((w) => w === why).length] as const))(
    'left out: %s (%i)',
    (why, count) => {
      expect(why.endsWith('.')).toBe(true);
      expect(count).toBeGreaterThan(0);
    },
  );

  it('run + left out = all', () => {
    expect(run.length + leftOut.length).toBe(vectors.length);
    expect(run.length).toBeGreaterThan(0);
  });
});
