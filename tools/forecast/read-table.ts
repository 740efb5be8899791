/**
 * Files of the forecast's command line as frames: the table itself, its calendar, what is known of days to come. Rule
 * kept: a file that can't be used is named with what to do; what was odd in it is counted on stderr.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import papaparse from 'papaparse';
import { textOfDay } from '#ml/calendar/days.ts';
import { dayTable, type LongColumns, longTable, type Oddities, type Row, TableUnusable } from '#ml/frame/long-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';

export type Files = {
  readonly data?: string | undefined;
  readonly calendar?: string | undefined;
  readonly future?: string | undefined;
};

export const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function eachRow(path: string, needed: readonly string[], take: (row: Row) => void): Promise<void> {
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  let isChecked = false;
  await new Promise<void>((done, fail) => {
    file.once('error', () => fail(new TableUnusable(`${path} can't be opened. Is the name right?`)));
    text.once('error', () => fail(new TableUnusable(`${path} can't be unpacked: it is damaged, or no gzip.`)));
    papaparse.parse<Row>(text, {
      header: true,
      // Names as a person reads them: without a spreadsheet's mark in front, or a space behind.
      transformHeader: (name) => name.replace(/^\uFEFF/, '').trim(),
      skipEmptyLines: true,
      step: ({ data, meta }, parser) => {
        if (!isChecked) {
          isChecked = true;
          const missing = needed.filter((name) => !(meta.fields ?? []).includes(name));
          if (missing.length > 0) {
            fail(
              new TableUnusable(
                `${path} has no column "${missing.join('", "')}". It has: ${(meta.fields ?? []).join(', ')}.`,
              ),
            );
            parser.abort();
            return;
          }
        }
        take(data);
      },
      complete: () => done(),
      error: fail,
    });
  });
}

const sayOddities = (odd: Oddities): void => {
  const words: Readonly<Record<keyof Oddities, string>> = {
    badDate: 'rows without a readable date were left out',
    badUnits: 'rows whose units are no number were left out',
    badPrice: 'prices that are no number or below zero were taken as not known',
    negative: 'days with more returns than sales were taken as zero',
    doubled: 'rows of the same series and day were added up',
    copied: 'rows that said a series and day again, with the same units, were taken once',
    blankUnits: 'blank days were taken as not known',
    unlistedDays:
      'days after the last row of a series were taken as days without a sale: rows of this file hardly ever say 0, so it lists sales',
    strayDate: 'rows dated months before or after all others were left out: their dates must be wrong',
  };
  for (const [kind, count] of Object.entries(odd)) if (count > 0) say(`${count} ${words[kind as keyof Oddities]}`);
};

export async function readFrame(files: Files, columns: LongColumns): Promise<SeriesFrame> {
  const table = longTable(columns);
  const priced = columns.price === null ? [] : [columns.price];
  await eachRow(files.data ?? '', [columns.date, columns.units, ...priced, ...columns.group], table.add);
  const { frame, rows, oddities } = table.finish();
  sayOddities(oddities);
  say(
    `${rows} rows: ${frame.names.length} series, ${textOfDay(frame.firstDay)} to ${textOfDay(frame.firstDay + frame.days - 1)}`,
  );
  if (files.calendar === undefined) return frame;
  const days: Row[] = [];
  await eachRow(files.calendar, [], (row) => days.push(row));
  const named = Object.keys(days[0] ?? {}).find((name) => name === columns.date) ?? 'date';
  return { ...frame, calendar: dayTable(named, days) };
}

/** Prices of the days to come, from rows of date, group columns and price. */
export async function withFuture(frame: SeriesFrame, files: Files, columns: LongColumns): Promise<SeriesFrame> {
  if (files.future === undefined || columns.price === null || frame.price === null) return frame;
  const table = longTable({ ...columns, units: columns.price });
  await eachRow(files.future, [columns.date, columns.price, ...columns.group], table.add);
  const { frame: ahead } = table.finish();
  const price = frame.price.slice();
  const rowOf = new Map(frame.names.map((name, i) => [name, i]));
  for (const [i, name] of ahead.names.entries()) {
    const row = rowOf.get(name);
    if (row === undefined) continue;
    for (let t = 0; t < ahead.days; t += 1) {
      const at = ahead.firstDay + t - frame.firstDay;
      const known = ahead.units[i * ahead.days + t] ?? Number.NaN;
      if (at >= 0 && at < frame.days && known > 0) price[row * frame.days + at] = known;
    }
  }
  return { ...frame, price };
}
