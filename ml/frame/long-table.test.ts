/** Tables of sales as they come: what a missing day, a return and a file without zeros mean. */
import { describe, expect, it } from 'vitest';
import { longTable, type ReadFrame } from './long-table.ts';

function read(...rows: readonly string[]): ReadFrame {
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
  for (const row of rows) {
    const [date = '', item = '', units = ''] = row.split(' ');
    table.add({ date, item, units });
  }
  return table.finish();
}
const unitsOf = ({ frame }: ReadFrame, name: string): readonly number[] => {
  const i = frame.names.indexOf(name);
  return [...frame.units.subarray(i * frame.days, (i + 1) * frame.days)];
};

describe('days without a row', () => {
  it('are zero between first and last, and not known behind the last where the file writes its zeros', () => {
    const made = read('2024-01-01 a 3', '2024-01-03 a 2', '2024-01-01 b 0', '2024-01-05 b 4');
    expect(unitsOf(made, 'a')).toEqual([3, 0, 2, Number.NaN, Number.NaN]);
    expect(made.oddities.unlistedDays).toBe(0);
  });
  it('are zero up to the last known day of the file where it lists sales only', () => {
    const made = read('2024-01-01 a 3', '2024-01-03 a 2', '2024-01-02 b 1', '2024-01-05 b 4', '2024-01-06 b NaN');
    expect(unitsOf(made, 'a')).toEqual([3, 0, 2, 0, 0, Number.NaN]);
    expect(unitsOf(made, 'b').slice(0, 2)).toEqual([Number.NaN, 1]);
    expect(made.oddities.unlistedDays).toBe(2);
  });
  it('are not known behind the last where no day of any series is missing', () => {
    const made = read('2024-01-01 a 3', '2024-01-02 a 2', '2024-01-01 b 4', '2024-01-02 b 4', '2024-01-03 b 5');
    expect(unitsOf(made, 'a')).toEqual([3, 2, Number.NaN]);
  });
});

describe('rows', () => {
  it('of one day are added up, returns taken off, and a day of more returns than sales is none', () => {
    const made = read('2024-01-01 a 5', '2024-01-01 a -2', '2024-01-02 a -1', '2024-01-03 a 1,250');
    expect(unitsOf(made, 'a')).toEqual([3, 0, 1250]);
    expect(made.oddities).toMatchObject({ doubled: 1, negative: 1 });
  });
  it('that say a whole day again are copies; another number is added, and so is another sale of a list', () => {
    const daily = ['2024-01-01 a 5', '2024-01-02 a 0', '2024-01-03 a 4'];
    expect(unitsOf(read(...daily, '2024-01-03 a 4', '2024-01-01 a 5'), 'a')).toEqual([5, 0, 4]);
    expect(unitsOf(read(...daily, '2024-01-03 a 4', '2024-01-01 a 2'), 'a')).toEqual([7, 0, 8]);
    expect(unitsOf(read('2024-01-01 a 5', '2024-01-03 a 4', '2024-01-03 a 4'), 'a')).toEqual([5, 0, 8]);
  });
  it('without a date make no series, whatever their order', () => {
    const made = read('soon c 5', '02/01/2024 b 2', '13/01/2024 a 1', 'never a 9');
    expect(made.frame.names).toEqual(['b', 'a']);
    expect(made.frame.days).toBe(12);
    expect(made.oddities.badDate).toBe(2);
  });
});
