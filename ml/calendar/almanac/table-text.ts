/**
 * The almanac's table as the text that stands in festival-table.ts. Rule kept: the same rules give the same bytes; a
 * test makes them anew and compares. A line a festival: family|name|main or also|states|dates; `~` behind a date: the
 * moon has not been seen yet, `*`: corrected.
 */
import { textOfDay } from '../days.ts';
import { festivalDates } from './festival-dates.ts';
import { festivalRules } from './festival-rules.ts';

const [firstYear, lastYear] = [2015, 2035] as const;

const header = `/**
 * Days of Indian festivals, ${firstYear}–${lastYear}: our own almanac's, written by \`node tools/calendar.ts\`. Rule kept: never edited by
 * hand; a day that India kept otherwise is a row of almanac/corrections.ts. One festival a line: family, name, whether
 * it is the family's main day, states, dates (~ moon not seen yet, * corrected).
 */
`;

export function tableText(): string {
  const dates = festivalDates(firstYear, lastYear);
  const lines = festivalRules.map(({ family, name, isMain, states }) => {
    const days = dates
      .filter((row) => row.name === name)
      .map((row) => `${textOfDay(row.day)}${row.isCorrected ? '*' : ''}${row.isEstimated ? '~' : ''}`);
    return `${family}|${name}|${isMain ? 'main' : 'also'}|${states}|${days.join(' ')}`;
  });
  return `${header}export const festivalTable = \`\n${lines.join('\n')}\n\`;\n`;
}
