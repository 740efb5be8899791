import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { type DriftAlarm, type DriftBaseline, type DriftDay, firstDrift, nextAction, watchDay } from './drift.ts';
import { binsOf, stabilityIndex } from './stability.ts';

const items = 60;
const baseline: DriftBaseline = {
  wql: 0.3,
  bias: 0,
  biasSpread: 0.08,
  pit: [0.1, 0.4, 0.4, 0.1],
  pitSpread: 2,
  nullShare: 0.05,
  promotedOn: 0,
};
type World = {
  readonly loss?: (day: number) => number;
  readonly bias?: (day: number) => number;
  readonly below?: (day: number) => number;
  readonly psi?: (day: number) => number;
};
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A shop of 60 items whose days hang together: loss ± 15 %, bias with a memory of .3 from day to day. */
function stream(seed: number, days: number, world: World = {}): readonly DriftDay[] {
  const random = seeded(seed);
  let memory = 0;
  return Array.from({ length: days }, (_, day) => {
    const units = 600 * (1 + 0.2 * normal(random));
    memory = 0.3 * memory + Math.sqrt(1 - 0.09) * normal(random);
    const wql = baseline.wql * (world.loss?.(day) ?? 1) * Math.exp(0.15 * normal(random));
    // All items share a part of the day's luck: that is the spread of 2.
    const low = Math.min(0.35, Math.max(0.02, 0.1 + (world.below?.(day) ?? 0) + 0.035 * normal(random)));
    const pit: [number, number, number, number] = [0, 0, 0, 0];
    for (let i = 0; i < items; i += 1) {
      const u = random();
      pit[u < low ? 0 : u < low + 0.4 ? 1 : u < low + 0.8 ? 2 : 3] += 1;
    }
    return {
      day,
      pinball: wql * units,
      units,
      meanError: units * (0.08 * memory + (world.bias?.(day) ?? 0)),
      pit,
      nullShare: 0.05,
      psi: { fast: world.psi?.(day) ?? 0.05 },
    };
  });
}

/** Kinds that ever alarmed with the day of the first, of a model that never gets old. */
function firstAlarms(days: readonly DriftDay[]): Readonly<Partial<Record<DriftAlarm['kind'], number>>> {
  let state = firstDrift;
  const found: Partial<Record<DriftAlarm['kind'], number>> = {};
  for (const day of days) {
    const told = watchDay(state, { ...baseline, promotedOn: day.day }, day);
    state = told.state;
    for (const { kind } of told.alarms) found[kind] ??= day.day;
  }
  return found;
}

describe('drift', () => {
  it('is silent where nothing drifts: fewer than one shop in twenty hears any alarm in a year', () => {
    const years = Array.from({ length: 300 }, (_, seed) => firstAlarms(stream(seed + 1, 365)));
    const share = (kind: DriftAlarm['kind']): number => years.filter((year) => kind in year).length / years.length;
    const any = years.filter((year) => Object.keys(year).length > 0).length / years.length;
    // Measured on these streams; docs/ml.md says the same.
    expect({ loss: share('loss'), features: share('features'), nulls: share('nulls') }).toEqual({
      loss: 0,
      features: 0,
      nulls: 0,
    });
    expect(share('bias')).toBeLessThan(0.05);
    expect(share('calibration')).toBeLessThan(0.03);
    expect(any).toBeLessThan(0.06);
  });
  it('hears a loss that is a third more within a month', () => {
    const found = Array.from({ length: 50 }, (_, seed) =>
      firstAlarms(stream(seed + 1, 120, { loss: (day) => (day < 60 ? 1 : 1.33) })),
    );
    expect(found.filter(({ loss = 999 }) => loss >= 60 && loss < 92).length).toBeGreaterThanOrEqual(48);
  });
  it('hears a bias of an eighth within four weeks, and which way it goes', () => {
    for (const way of [1, -1]) {
      const days = stream(7, 60, { bias: (day) => (day < 20 ? 0 : 0.12 * way) });
      let state = firstDrift;
      const heard: DriftAlarm[] = [];
      for (const day of days) {
        const told = watchDay(state, baseline, day);
        state = told.state;
        heard.push(...told.alarms.filter(({ kind }) => kind === 'bias'));
      }
      expect(heard[0]).toMatchObject({ kind: 'bias', isOver: way > 0 });
    }
    const found = Array.from({ length: 50 }, (_, seed) =>
      firstAlarms(stream(seed + 1, 60, { bias: (day) => (day < 20 ? 0 : 0.12) })),
    );
    expect(found.filter(({ bias = 999 }) => bias < 48).length).toBeGreaterThanOrEqual(47);
  });
  it('hears bands that no longer hold, features that moved, cells that went unknown, age', () => {
    const bands = firstAlarms(stream(3, 120, { below: (day) => (day < 60 ? 0 : 0.15) }));
    expect(bands.calibration).toBeGreaterThan(60);
    expect(bands.calibration).toBeLessThan(90);
    expect(firstAlarms(stream(3, 60, { psi: (day) => (day === 20 ? 0.5 : 0.05) })).features).toBeUndefined();
    expect(firstAlarms(stream(3, 60, { psi: (day) => (day < 30 ? 0.05 : 0.3) })).features).toBe(32);
    const [day] = stream(3, 1);
    if (day === undefined) throw new Error('no day');
    expect(watchDay(firstDrift, baseline, { ...day, nullShare: 0.2 }).alarms).toEqual([{ kind: 'nulls', share: 0.2 }]);
    expect(watchDay(firstDrift, baseline, { ...day, day: 29 }).alarms).toEqual([{ kind: 'age', days: 29 }]);
  });
  it('is not deceived by one wholesale bill, or a day without sales', () => {
    const days = stream(5, 60);
    const bill = days.map((day) =>
      day.day === 30 ? { ...day, units: 9_000, pinball: 8_000, meanError: -8_400 } : day,
    );
    expect(Object.keys(firstAlarms(bill)).filter((kind) => kind === 'bias' || kind === 'calibration')).toEqual([]);
    const shut = days.map((day) => (day.day === 30 ? { ...day, units: 0, pinball: 0, meanError: 0 } : day));
    expect(firstAlarms(shut)).toEqual({});
  });
});

describe('what is done about drift', () => {
  const loss: readonly DriftAlarm[] = [{ kind: 'loss', ratio: 1.3 }];
  it('goes in order, a week for each step', () => {
    let state = firstDrift;
    const done: (readonly [number, string])[] = [];
    for (let day = 0; day < 30; day += 1) {
      const next = nextAction(state, loss, day, true);
      state = next.state;
      if (next.action !== null) done.push([day, next.action]);
    }
    expect(done).toEqual([
      [0, 'refitBands'],
      [7, 'reweigh'],
      [14, 'rollBack'],
      [21, 'askRetrain'],
      [28, 'askRetrain'],
    ]);
  });
  it('begins anew when it is over, asks for a model at once where there is none to go back to, and for age alone', () => {
    const first = nextAction(firstDrift, loss, 0, true);
    const calm = nextAction(first.state, [], 8, true);
    expect(nextAction(calm.state, loss, 20, true).action).toBe('refitBands');
    const second = nextAction(nextAction(firstDrift, loss, 0, false).state, loss, 7, false);
    expect(nextAction(second.state, loss, 14, false).action).toBe('askRetrain');
    const age: readonly DriftAlarm[] = [{ kind: 'age', days: 29 }];
    const asked = nextAction(firstDrift, age, 29, true);
    expect(asked.action).toBe('askRetrain');
    expect(nextAction(asked.state, age, 30, true).action).toBeNull();
    expect(nextAction(asked.state, age, 57, true).action).toBe('askRetrain');
  });
});

describe('the population stability index', () => {
  const random = seeded(2);
  const then = Float32Array.from({ length: 2_000 }, () => normal(random));
  const bins = binsOf('x', then);
  it('is small for the same population, above .2 for one that moved, and hears what went unknown', () => {
    expect(
      stabilityIndex(
        bins,
        Float32Array.from({ length: 1_000 }, () => normal(random)),
      ),
    ).toBeLessThan(0.05);
    expect(
      stabilityIndex(
        bins,
        Float32Array.from({ length: 1_000 }, () => normal(random) + 0.6),
      ),
    ).toBeGreaterThan(0.2);
    const gone = Float32Array.from({ length: 1_000 }, (_, k) => (k % 3 === 0 ? Number.NaN : normal(random)));
    expect(stabilityIndex(bins, gone)).toBeGreaterThan(0.2);
    expect(stabilityIndex(binsOf('flat', new Float32Array(50)), new Float32Array(50))).toBeLessThan(0.01);
  });
});
