/** When a weight counts as standing still. */
import { describe, expect, it } from 'vitest';
import { milli } from '#core/quantity.ts';
import { type Run, settleRule, stepSettle } from './settle.ts';

function settle(readings: readonly (readonly [number, number])[]) {
  let run: Run | null = null;
  return readings.map(([grams, atMs]) => {
    const step = stepSettle(run, { kind: 'weight', milli: milli(grams), isStable: null }, atMs, settleRule);
    run = step.run;
    return step.now.kind;
  });
}

describe('a scale that never says stable', () => {
  it('is stable after enough equal readings over enough time, not before', () => {
    expect(
      settle([
        [500, 0],
        [500, 40],
        [500, 80],
        [500, 120],
      ]),
    ).toEqual(['moving', 'moving', 'moving', 'stable']);
  });
  it('is not fooled by a burst of equal readings', () => {
    expect(
      settle([
        [500, 0],
        [500, 1],
        [500, 2],
        [500, 3],
      ]),
    ).toEqual(['moving', 'moving', 'moving', 'moving']);
  });
  it('starts again at the smallest change', () => {
    expect(
      settle([
        [500, 0],
        [500, 80],
        [501, 160],
        [500, 240],
        [500, 320],
        [500, 400],
      ]),
    ).toEqual(['moving', 'moving', 'moving', 'moving', 'moving', 'stable']);
  });
});

describe('a scale that says it', () => {
  it('is believed', () => {
    expect(stepSettle(null, { kind: 'weight', milli: milli(500), isStable: true }, 0, settleRule).now.kind).toBe(
      'stable',
    );
    expect(stepSettle(null, { kind: 'weight', milli: milli(500), isStable: false }, 0, settleRule).now.kind).toBe(
      'moving',
    );
    expect(stepSettle(null, { kind: 'overload' }, 0, settleRule).now).toEqual({ kind: 'overload', milli: null });
  });
});
