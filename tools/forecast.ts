/**
 * `npm run -s forecast -- predict|backtest|fit --data FILE.csv[.gz] --date COL --units COL [--price COL] --group COL[,COL]
 * [--calendar FILE] [--future FILE] [--horizon 14] [--origins 5] [--seed 1] [--out FILE]`: forecasts of any shop's own
 * table. Rule kept: figures are JSON lines on stdout, all else goes to stderr; exit code 2 for wrong usage or a file
 * that can't be used, with a sentence that says what to do.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import papaparse from 'papaparse';
import { textOfDay } from '#ml/calendar/days.ts';
import { backtest, interval, TooShort } from '#ml/evaluate/backtest.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { Figures } from '#ml/evaluate/metrics.ts';
import { dayTable, type LongColumns, longTable, type Oddities, type Row, TableUnusable } from '#ml/frame/long-table.ts';
import { extend, type SeriesFrame } from '#ml/frame/series-frame.ts';
import { backtestRung } from '#ml/ladder/backtest-rung.ts';
import { type Rung, rungs } from '#ml/ladder/rungs.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { fitDemand, forecastDemand } from '#ml/train/fit-demand.ts';
import type { FitSettings } from '#ml/train/members.ts';

const usage =
  'usage: npm run -s forecast -- predict|backtest|fit --data FILE.csv[.gz] --date COL --units COL [--price COL] --group COL[,COL]\n' +
  '       [--calendar FILE] [--future FILE] [--horizon 14] [--origins 5] [--seed 1] [--out FILE]\n' +
  `       [--model ${['boosted', ...Object.keys(rungs)].join('|')}]\n`;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const options = {
  data: { type: 'string' },
  date: { type: 'string' },
  units: { type: 'string' },
  price: { type: 'string' },
  group: { type: 'string' },
  calendar: { type: 'string' },
  future: { type: 'string' },
  horizon: { type: 'string', default: '14' },
  origins: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
  /** The full model, or one rung of the ladder below it by itself. */
  model: { type: 'string', default: 'boosted' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function eachRow(path: string, needed: readonly string[], take: (row: Row) => void): Promise<void> {
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  let isChecked = false;
  await new Promise<void>((done, fail) => {
    file.once('error', () => fail(new TableUnusable(`${path} can't be opened. Is the name right?`)));
    text.once('error', () => fail(new TableUnusable(`${path} can't be unpacked: it is damaged, or no gzip.`)));
    papaparse.parse<Row>(text, {
      header: true,
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
    blankUnits: 'blank days were taken as not known',
  };
  for (const [kind, count] of Object.entries(odd)) if (count > 0) say(`${count} ${words[kind as keyof Oddities]}`);
};

async function readFrame(values: Values, columns: LongColumns): Promise<SeriesFrame> {
  const table = longTable(columns);
  const priced = columns.price === null ? [] : [columns.price];
  await eachRow(values.data ?? '', [columns.date, columns.units, ...priced, ...columns.group], table.add);
  const { frame, rows, oddities } = table.finish();
  sayOddities(oddities);
  say(
    `${rows} rows: ${frame.names.length} series, ${textOfDay(frame.firstDay)} to ${textOfDay(frame.firstDay + frame.days - 1)}`,
  );
  if (values.calendar === undefined) return frame;
  const days: Row[] = [];
  await eachRow(values.calendar, [], (row) => days.push(row));
  const named = Object.keys(days[0] ?? {}).find((name) => name === columns.date) ?? 'date';
  return { ...frame, calendar: dayTable(named, days) };
}

/** Prices of the days to come, from rows of date, group columns and price. */
async function withFuture(frame: SeriesFrame, values: Values, columns: LongColumns): Promise<SeriesFrame> {
  if (values.future === undefined || columns.price === null || frame.price === null) return frame;
  const table = longTable({ ...columns, units: columns.price });
  await eachRow(values.future, [columns.date, columns.price, ...columns.group], table.add);
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

const number = (value: number): string => (Number.isNaN(value) ? '' : String(Math.round(value * 1e6) / 1e6));
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function lines(frame: SeriesFrame, made: readonly Forecasts[], isPrediction: boolean): string {
  const rows = [isPrediction ? 'series,date,p10,p50,p90,mean' : 'series,origin,date,p10,p50,p90,mean,units'];
  for (const { series, horizon, origin, p10, p50, p90, mean } of made) {
    for (let k = 0; k < series * horizon; k += 1) {
      const i = Math.floor(k / horizon);
      const t = origin + (k % horizon);
      const values = [p10[k], p50[k], p90[k], mean[k]].map((value) => number(value ?? 0));
      const day = textOfDay(frame.firstDay + t);
      const name = quoted(frame.names[i] ?? '');
      const units = number(frame.units[i * frame.days + t] ?? Number.NaN);
      rows.push(
        (isPrediction
          ? [name, day, ...values]
          : [name, textOfDay(frame.firstDay + origin), day, ...values, units]
        ).join(','),
      );
    }
  }
  return `${rows.join('\n')}\n`;
}

function print(name: string, value: number, more: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ name, group: 'all', value: Math.round(value * 1e5) / 1e5, ...more })}\n`);
}

const whole = (text: string | undefined, least: number, most: number): number | null => {
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [mode] = positionals;
  const [horizon, origins, seed] = [
    whole(values.horizon, 1, 60),
    whole(values.origins, 1, 60),
    whole(values.seed, 0, 2 ** 31 - 1),
  ];
  const rung: Rung | undefined = rungs[values.model];
  const isKnown =
    mode === 'predict' || mode === 'backtest' ? values.model === 'boosted' || rung !== undefined : mode === 'fit';
  if (
    !isKnown ||
    !values.data ||
    !values.date ||
    !values.units ||
    !values.group ||
    horizon === null ||
    origins === null ||
    seed === null
  ) {
    process.stderr.write(usage);
    return 2;
  }
  const started = performance.now();
  const columns: LongColumns = {
    date: values.date,
    units: values.units,
    price: values.price ?? null,
    group: values.group.split(','),
  };
  const frame = await readFrame(values, columns);
  const settings: FitSettings = { horizon, seed, threads: availableParallelism(), maxRows: 250_000 };
  const progress = (what: string): void => say(`${Math.round((performance.now() - started) / 1000)} s: ${what}`);
  const seconds = (): number => (performance.now() - started) / 1000;
  if (mode === 'backtest') {
    const found = rung
      ? backtestRung(rung, frame, origins, horizon, progress)
      : await backtest(frame, origins, settings, progress);
    if (values.out !== undefined) writeFileSync(values.out, lines(frame, found.forecasts, false));
    for (const [name, value] of Object.entries(found.figures)) {
      print(name, value, {
        interval95: interval(found.scores, name as keyof Figures, seed).map((edge) => Math.round(edge * 1e5) / 1e5),
      });
    }
    print('naiveSkill', found.naiveSkill);
    print('seconds', seconds());
    return 0;
  }
  if (mode === 'predict' && rung) {
    const text = lines(frame, [rung(extend(frame, horizon), frame.days, horizon)], true);
    if (values.out === undefined) process.stdout.write(text);
    else writeFileSync(values.out, text);
    return 0;
  }
  const model = await fitDemand(frame, frame.days, settings, progress);
  if (mode === 'fit') {
    if (values.out !== undefined) {
      const { featureNames } = model.members;
      const metadata = { features: JSON.stringify(featureNames), horizon: String(horizon), seed: String(seed) };
      writeFileSync(values.out, demandOnnx(model.members.boosted, model.weights, featureNames.length, metadata));
    }
    print('members', model.members.boosted.length + 1, { weights: model.weights, conformal: model.conformal });
    print('seconds', seconds());
    return 0;
  }
  const wide = await withFuture(extend(frame, horizon), values, columns);
  const text = lines(wide, [forecastDemand(model, wide, frame.days, horizon)], true);
  if (values.out === undefined) process.stdout.write(text);
  else writeFileSync(values.out, text);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isOurs = error instanceof TableUnusable || error instanceof TooShort;
    process.stderr.write(`${isOurs ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = isOurs ? 2 : 1;
  },
);
