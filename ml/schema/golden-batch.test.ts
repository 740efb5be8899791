import { describe, expect, it } from 'vitest';
import type { BillRows } from '../frame/bill-rows.ts';
import { demandSchema } from './feature-schema.ts';
import { featureBatch, goldenCount, worstDifference } from './golden-batch.ts';
import { goldenDays, goldenRows } from './golden-shop.ts';
import { goldenNames, goldenValues } from './golden-values.ts';

const golden = new Float32Array(Uint8Array.from(Buffer.from(goldenValues, 'base64')).buffer);

describe('the golden batch', () => {
  it('is what the builder makes: names in order, values to 1e-6 (if a change is meant: node tools/golden-features.ts)', () => {
    const made = featureBatch(goldenRows(), goldenDays);
    expect(made.names.join(' ')).toBe(goldenNames);
    expect(made.values).toHaveLength(goldenCount * made.names.length);
    expect(worstDifference(made.values, golden)).toBeLessThanOrEqual(1e-6);
  });
  it('has a number wherever the schema promises one', () => {
    const { features } = demandSchema(goldenNames.split(' '));
    for (const [j, { name, nulls }] of features.entries()) {
      const column = Array.from({ length: goldenCount }, (_, row) => golden[row * features.length + j] ?? Number.NaN);
      if (nulls === 'never') expect(column.every(Number.isFinite), name).toBe(true);
    }
  });
  it('is not met by a batch that differs', () => {
    const changed = golden.slice();
    changed[7] = (changed[7] ?? 0) * 1.00001 + 1e-5;
    expect(worstDifference(changed, golden)).toBeGreaterThan(1e-6);
    changed.set(golden);
    changed[golden.findIndex(Number.isNaN)] = 0;
    expect(worstDifference(changed, golden)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what happens from the origin on', () => {
  const origin = 440;
  const rows = goldenRows();
  const first = rows.firstDay + origin;
  const same = featureBatch(rows, origin).values;
  const isLate = ({ day }: { readonly day: number }): boolean => day >= first;
  const batch = (more: Partial<BillRows>): Float32Array => featureBatch({ ...rows, ...more }, origin).values;
  const scaled = <T extends { readonly day: number; readonly qtyMilli: number }>(list: Iterable<T>, by: number): T[] =>
    [...list].map((row) => (isLate(row) ? { ...row, qtyMilli: row.qtyMilli * by } : row));

  it('changes no feature: sales, returns, stock, wishes, opening hours', () => {
    const returns = [...rows.lines]
      .filter((line) => !line.isReturn && line.day > first - 20 && line.day < first)
      .map((line, k) => ({ ...line, isReturn: true, soldOn: line.day, day: first + (k % 9) }));
    const wishes = [...rows.wishes, ...Array.from({ length: 30 }, (_, k) => ({ item: 1 + (k % 8), day: first + k }))];
    const hours = Array.from({ length: 30 }, (_, k) => ({ store: 'golden', day: first + k, from: 900, to: 960 }));
    for (const [what, more] of [
      ['sales', { lines: scaled(rows.lines, 9) }],
      ['no sales', { lines: [...rows.lines].filter((row) => !isLate(row)) }],
      ['returns of sales before it', { lines: [...rows.lines, ...returns] }],
      ['stock', { movements: scaled(rows.movements, 0.1) }],
      ['no stock', { movements: [...rows.movements].filter((row) => !isLate(row)) }],
      ['wishes', { wishes }],
      ['hours', { hours }],
    ] as const) {
      expect(batch(more), what).toEqual(same);
    }
  });
  it('and the day before it does, each of them: the control', () => {
    const before = (day: number): boolean => day === first - 1;
    const lines = [...rows.lines].map((row) => (before(row.day) ? { ...row, qtyMilli: row.qtyMilli * 9 } : row));
    const wishes = [...rows.wishes, { item: 1, day: first - 1 }];
    const late = [...rows.lines].find((line) => !line.isReturn && line.item === 1 && line.day < first - 1);
    if (late === undefined) throw new Error('the golden shop sells nothing');
    const back = { ...late, isReturn: true, soldOn: late.day, day: first - 1 };
    const gone = { item: 1, day: first - 2, minute: 400, qtyMilli: -1_000_000, kind: 'other' as const };
    const restocked = [...rows.movements].filter((row) => row.item !== 1 || row.day < first - 2);
    for (const [what, more] of [
      ['sales', { lines }],
      ['returns', { lines: [...rows.lines, back] }],
      ['wishes', { wishes }],
      ['stock', { movements: [...restocked, { ...gone, qtyMilli: -onHandOf(restocked) }] }],
    ] as const) {
      expect(batch(more), what).not.toEqual(same);
    }
  });
  it('but prices and schemes of days to come are known ahead, and may be read', () => {
    const prices = [{ item: 1, day: first + 1, pricePaise: 9900 }];
    expect(batch({ prices })).not.toEqual(same);
    expect(batch({ promotions: [{ item: 1, from: first, to: first + 13 }] })).not.toEqual(same);
  });
});

const onHandOf = (movements: readonly { readonly item: number; readonly qtyMilli: number }[]): number =>
  movements.reduce((sum, { item, qtyMilli }) => sum + (item === 1 ? qtyMilli : 0), 0);
