/** Dates as other programs write them. */
import { describe, expect, it } from 'vitest';
import { daysOfTexts } from './date-forms.ts';
import { textOfDay } from './days.ts';

const read = (...texts: readonly string[]): readonly (string | null)[] =>
  daysOfTexts(texts).map((day) => (day === null ? null : textOfDay(day)));

describe('dates of a file', () => {
  it('are read with the year first, with a month in words, with a time behind', () => {
    expect(read('2017-10-22', '2017/1/5', '20171022', '2017.10.22 10:11', '2017-10-22T00:00:00Z')).toEqual([
      '2017-10-22',
      '2017-01-05',
      '2017-10-22',
      '2017-10-22',
      '2017-10-22',
    ]);
    expect(read('22-Oct-2017', '1 January 17', 'Oct 22, 2017', '12 December 2017 10:00 PM')).toEqual([
      '2017-10-22',
      '2017-01-01',
      '2017-10-22',
      '2017-12-12',
    ]);
  });
  it('have one order of day and month in a file: what its dates allow, else what makes them follow each other, else day first', () => {
    expect(read('1/2/2017', '13/2/2017')).toEqual(['2017-02-01', '2017-02-13']);
    expect(read('1-2-17', '2-13-17')).toEqual(['2017-01-02', '2017-02-13']);
    expect(read('5/1/2017', '5/2/2017', '5/3/2017')).toEqual(['2017-05-01', '2017-05-02', '2017-05-03']);
    expect(read('03/04/2017')).toEqual(['2017-04-03']);
  });
  it('are none where there is no such day', () => {
    expect(read('31/02/2017', 'soon', '', '2017-02-30', '20171322', '2017-10', '1/2')).toEqual(
      Array.from({ length: 7 }, () => null),
    );
  });
});
