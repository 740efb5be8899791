/**
 * `npm run -s forecast -- predict|backtest|fit --data FILE.csv[.gz] --date COL --units COL [--price COL] --group COL[,COL]
 * [--calendar FILE] [--future FILE] [--horizon 14] [--origins 5] [--seed 1] [--out FILE]`: forecasts of any shop's own
 * table. Rule kept: figures are JSON lines on stdout, all else goes to stderr; exit code 2 for wrong usage or a file
 * that can't be used, with a sentence that says what to do.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textOfDay } from '#ml/calendar/days.ts';
import { readSeedModel } from '#ml/cold/seed-model.ts';
import { backtest, interval, TooShort, type Track } from '#ml/evaluate/backtest.ts';
import { breakdown } from '#ml/evaluate/breakdown.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { type Figures, figuresOf } from '#ml/evaluate/metrics.ts';
import { type LongColumns, TableUnusable } from '#ml/frame/long-table.ts';
import { extend, type SeriesFrame } from '#ml/frame/series-frame.ts';
import { backtestRung } from '#ml/ladder/backtest-rung.ts';
import { type Rung, rungsOf } from '#ml/ladder/rungs.ts';
import { netChoices } from '#ml/nn/net-settings.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { fitDemand, forecastDays } from '#ml/train/fit-demand.ts';
import type { FitSettings } from '#ml/train/members.ts';
import { readFrame, say, withFuture } from './forecast/read-table.ts';

const seedFile = (): Uint8Array =>
  readFileSync(join(import.meta.dirname, '..', 'assets', 'seed-model', 'seed-model.onnx'));
const rungs = rungsOf(seedFile);

const usage =
  'usage: npm run -s forecast -- predict|backtest|fit --data FILE.csv[.gz] --date COL --units COL [--price COL] --group COL[,COL]\n' +
  '       [--calendar FILE] [--future FILE] [--horizon 14] [--origins 5] [--seed 1] [--out FILE]\n' +
  `       [--model ${['boosted', ...Object.keys(rungs)].join('|')}]\n` +
  '       backtest also: [--keep-days 30]; the full model: [--nets dense|recurrent|both|none], its backtest: [--censor 3-7 [--censor-share 0.1]]\n';

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
  nets: { type: 'string', default: 'dense' },
  out: { type: 'string' },
  /** The full model, or one rung of the ladder below it by itself. */
  model: { type: 'string', default: 'boosted' },
  'keep-days': { type: 'string' },
  censor: { type: 'string' },
  'censor-share': { type: 'string', default: '0.1' },
} as const;

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

/** Columns up to the last of which any units are known; all of them where none are. */
function daysKnown({ units, days, names }: SeriesFrame): number {
  for (let t = days - 1; t >= 0; t -= 1)
    for (let i = 0; i < names.length; i += 1) if (!Number.isNaN(units[i * days + t] ?? Number.NaN)) return t + 1;
  return days;
}

function print(name: string, value: number, more: Readonly<Record<string, unknown>> = {}, group = 'all'): void {
  process.stdout.write(`${JSON.stringify({ name, group, value: Math.round(value * 1e5) / 1e5, ...more })}\n`);
}

const whole = (text: string | undefined, least: number, most: number): number | null => {
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
};

/** What `--keep-days` and `--censor` ask for; null for what can't be. */
function trackOf(keep: string | undefined, censor: string | undefined, share: string): Track | null {
  const keepDays = keep === undefined ? null : whole(keep, 21, 100_000);
  const runs = /^(\d{1,3})-(\d{1,3})$/.exec(censor ?? '');
  const [leastDays, mostDays, part] = [Number(runs?.[1]), Number(runs?.[2]), Number(share)];
  if ((keep !== undefined && keepDays === null) || (censor !== undefined && runs === null)) return null;
  if (runs === null) return { keepDays, stockOuts: null };
  if (leastDays < 1 || mostDays < leastDays || !(part > 0 && part < 0.9)) return null;
  return { keepDays, stockOuts: { leastDays, mostDays, share: part } };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [mode] = positionals;
  const [horizon, origins, seed] = [
    whole(values.horizon, 1, 60),
    whole(values.origins, 1, 60),
    whole(values.seed, 0, 2 ** 31 - 1),
  ];
  const track = trackOf(values['keep-days'], values.censor, values['censor-share']);
  const rung: Rung | undefined = rungs[values.model];
  const nets = netChoices[values.nets];
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
    seed === null ||
    track === null ||
    nets === undefined
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
  const settings: FitSettings = {
    horizon,
    seed,
    threads: availableParallelism(),
    maxRows: 250_000,
    nets,
    shipped: readSeedModel(seedFile()),
  };
  const progress = (what: string): void => say(`${Math.round((performance.now() - started) / 1000)} s: ${what}`);
  const seconds = (): number => (performance.now() - started) / 1000;
  if (mode === 'backtest') {
    const found = rung
      ? backtestRung(rung, frame, origins, horizon, progress, track.keepDays)
      : await backtest(frame, origins, settings, progress, track);
    if (values.out !== undefined) writeFileSync(values.out, lines(frame, found.forecasts, false));
    for (const [name, value] of Object.entries(found.figures)) {
      print(name, value, {
        interval95: interval(found.scores, name as keyof Figures, seed).map((edge) => Math.round(edge * 1e5) / 1e5),
      });
    }
    print('naiveSkill', found.naiveSkill);
    for (const [rule, scores] of Object.entries(found.naive)) print('naiveWql', figuresOf(scores).wql, {}, rule);
    for (const { name, group, value } of breakdown(frame, found.forecasts, found.scores, found.spans))
      print(name, value, {}, group);
    print('seconds', seconds());
    return 0;
  }
  // With the days to come: what is known of them ahead, and the season reaches over them.
  const origin = daysKnown(frame);
  if (origin < frame.days)
    say(`no units are known from ${textOfDay(frame.firstDay + origin)} on: those are the days to come`);
  const ahead = extend(frame, Math.max(0, origin + horizon - frame.days));
  if (mode === 'predict' && rung) {
    const text = lines(frame, [rung(ahead, origin, horizon)], true);
    if (values.out === undefined) process.stdout.write(text);
    else writeFileSync(values.out, text);
    return 0;
  }
  const wide = await withFuture(ahead, values, columns);
  const model = await fitDemand(wide, origin, settings, progress);
  if (mode === 'fit') {
    if (values.out !== undefined) {
      const { featureNames } = model.members;
      const metadata = { features: JSON.stringify(featureNames), horizon: String(horizon), seed: String(seed) };
      writeFileSync(
        values.out,
        demandOnnx(model.members.boosted, model.weights, featureNames.length, metadata, model.members.nets),
      );
    }
    print('members', model.weights.p50.length, { weights: model.weights, conformal: model.conformal });
    print('seconds', seconds());
    return 0;
  }
  const text = lines(wide, [forecastDays(model, wide, origin, horizon)], true);
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
