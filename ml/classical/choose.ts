/**
 * Which classical models forecast which items, found by rolling backtest. Rule kept: only windows wholly before the
 * origin; a segment (state × volume class) with few items leans on what was best for all items of its state; a model that
 * is a tenth worse than the segment's best has no say.
 *
 * Greedy ensemble selection with replacement (Caruana et al. 2004) on the quantile loss; quantiles are averaged
 * (Lichtendahl, Grushka-Cockayne & Winkler 2013); shrinkage n ÷ (n + 8) towards the default.
 */
import { haveFewDaysSay, isShortPast, learnReach, speakBesideClassical } from '../cold/few-days.ts';
import { applyConformal, type Conformal, learnConformal } from '../ensemble/conformal.ts';
import { keepSane } from '../ensemble/sane.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { calmedFrame, tamedFrame } from '../features/tame.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';
import { fitSeason } from '../models/season.ts';
import { isCounts } from './forecast-locally.ts';
import type { ClassicalModel } from './local-model.ts';
import { classicalModels, wantsAllSeries } from './registry.ts';
import { type Segment, segmentName, segmentsOf, type SeriesState } from './states.ts';
import { takeSeason, takeSeries } from './take-series.ts';

export type Weights = Readonly<Record<string, number>>;
export type ClassicalChoice = {
  readonly weights: Readonly<Record<string, Weights>>;
  /** For a segment that was not seen. */
  readonly byState: Readonly<Partial<Record<SeriesState, Weights>>>;
  /** Quantile loss of each model on the windows, all items, units of units: for a person who asks how it won. */
  readonly losses: Readonly<Record<string, number>>;
  readonly windows: number;
  readonly conformal: Conformal;
  /** The past is short: each of its days is cut against all others. */
  readonly isShort: boolean;
  /** What the last weeks ask of the bands' width where few days have a say (ml/cold/few-days.ts); null: they have none. */
  readonly reach: number | null;
};

const rare: readonly string[] = ['tsb', 'croston-sba', 'adida', 'ses', 'recent-mean', 'arima', 'cold-start'];
export const competitors: Readonly<Record<SeriesState, readonly string[]>> = {
  new: ['cold-start'],
  intermittent: rare,
  lumpy: rare,
  smooth: ['recent-mean', 'ses', 'holt-winters', 'theta', 'arima', 'fourier', 'weekday-mean', 'tsb', 'cold-start'],
  'seasonal-item': ['last-season'],
  dead: ['tsb'],
};
const heads = ['p10', 'p50', 'p90', 'mean'] as const;
const levels = { p10: 0.1, p50: 0.5, p90: 0.9 } as const;
const maxWindows = 4;
const leastDays = 28;
/** More say no more of a segment, and cost a night. */
const maxSeries = 600;
const rounds = 10;
const dropAbove = 1.1;
const prior = 8;

const evenly = (names: readonly string[]): Weights => Object.fromEntries(names.map((name) => [name, 1 / names.length]));

/** Loss of one window of some members at some series: what the greedy search adds up. */
type Seen = { readonly frame: SeriesFrame; readonly windows: readonly Readonly<Record<string, Forecasts>>[] };

/** Models beside the classical ones that compete where an item has a past to tell of: the seed model. */
export type MoreModels = Readonly<Record<string, ClassicalModel>>;

/** Whether items of this state have a past to tell of. */
export const competesFor = (state: SeriesState): boolean =>
  state === 'smooth' || state === 'intermittent' || state === 'lumpy';

const competing = (state: SeriesState, more: MoreModels): readonly string[] =>
  competesFor(state) ? [...competitors[state], ...Object.keys(more)] : competitors[state];

export function chooseClassical(
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  more: MoreModels = {},
): ClassicalChoice {
  const sample = sampleOf(frame, origin);
  const first = Math.min(origin, ...sample.map((i) => frame.starts[i] ?? origin));
  const windows = Math.max(0, Math.min(maxWindows, Math.floor((origin - first - leastDays) / horizon)));
  const isShort = isShortPast(origin - first);
  const known = calmBefore(frame, origin, isShort);
  const few = takeSeries(known, sample);
  const before = origin - windows * horizon;
  const season = takeSeason(fitSeason(cutAt(known, before), before), sample, frame.days);
  const names = [...new Set([...Object.values(competitors).flat(), ...Object.keys(more)])];
  const seen: Seen = {
    frame: few,
    windows: Array.from({ length: windows }, (_, w) => {
      const at = before + w * horizon;
      const then = cutAt(few, at);
      return Object.fromEntries(names.map((name) => [name, forecastBy(more, name, then, at, horizon, season)]));
    }),
  };
  const segments = segmentsOf(few, origin);
  const all = segments.map((_, i) => i);
  const byState: Partial<Record<SeriesState, Weights>> = {};
  const weights: Record<string, Weights> = {};
  for (const state of new Set(segments.map((segment) => segment.state))) {
    const members = all.filter((i) => segments[i]?.state === state);
    const names = competing(state, more);
    byState[state] = shrunk(greedy(seen, members, names), evenly(names), members.length);
  }
  for (const segment of segments) {
    const name = segmentName(segment);
    if (weights[name] !== undefined) continue;
    const members = all.filter((i) => segmentName(segments[i] as Segment) === name);
    const rivals = competing(segment.state, more);
    const usual = byState[segment.state] ?? evenly(rivals);
    weights[name] = shrunk(greedy(seen, members, rivals), usual, members.length);
  }
  const blended = seen.windows.map((members, w) => {
    const made = emptyForecasts(few.names.length, horizon, before + w * horizon);
    for (const [i, segment] of segments.entries())
      addWeighted(made, members, i, i, weights[segmentName(segment)] ?? {});
    putInOrder(made);
    return made;
  });
  return {
    weights,
    byState,
    losses: Object.fromEntries(names.map((name) => [name, lossOf(seen, all, { [name]: 1 })])),
    windows,
    conformal: learnConformal(few, blended),
    isShort,
    reach: haveFewDaysSay(origin - first) ? learnReach(few, origin, more['seed'] ?? null) : null,
  };
}

const forecastBy = (
  more: MoreModels,
  name: string,
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  season: SeasonFactors,
): Forecasts => {
  const model = classicalModels[name] ?? more[name];
  if (model === undefined) throw new Error(`There is no model named ${name}.`);
  return model(frame, origin, horizon, season);
};

/** What is known before `origin`, accidents cut; in a short past each day against all others. */
function calmBefore(frame: SeriesFrame, origin: number, isShort: boolean): SeriesFrame {
  const tame = tamedFrame(cutAt(frame, origin));
  return isShort ? calmedFrame(tame, origin) : tame;
}

/** Up to 600 series, as many of each segment as its share. */
function sampleOf(frame: SeriesFrame, origin: number): readonly number[] {
  const n = seriesCount(frame);
  if (n <= maxSeries) return Array.from({ length: n }, (_, i) => i);
  const segments = segmentsOf(frame, origin);
  const order = segments
    .map((_, i) => i)
    .toSorted((a, b) => {
      const [left, right] = [segmentName(segments[a] as Segment), segmentName(segments[b] as Segment)];
      return left < right ? -1 : left > right ? 1 : a - b;
    });
  return Array.from({ length: maxSeries }, (_, k) => order[Math.floor((k * n) / maxSeries)] ?? 0).toSorted(
    (a, b) => a - b,
  );
}

function addWeighted(
  to: Forecasts,
  members: Readonly<Record<string, Forecasts>>,
  from: number,
  row: number,
  weights: Weights,
): void {
  for (const [name, weight] of Object.entries(weights)) {
    const member = members[name];
    if (member === undefined || weight === 0) continue;
    for (const head of heads) {
      for (let h = 0; h < to.horizon; h += 1) {
        const k = row * to.horizon + h;
        to[head][k] = (to[head][k] ?? 0) + weight * (member[head][from * to.horizon + h] ?? 0);
      }
    }
  }
}

/** Σ of 2 × pinball of the blend on the windows of some series. */
function lossOf({ frame, windows }: Seen, members: readonly number[], weights: Weights): number {
  const named = Object.entries(weights).filter(([, weight]) => weight > 0);
  let loss = 0;
  for (const window of windows) {
    for (const [head, q] of Object.entries(levels)) {
      const columns = named.map(([name, weight]) => ({ weight, values: window[name]?.[head as 'p10'] ?? null }));
      const any = window[named[0]?.[0] ?? ''];
      if (any === undefined) continue;
      for (const i of members) {
        for (let h = 0; h < any.horizon; h += 1) {
          const y = frame.units[i * frame.days + any.origin + h] ?? Number.NaN;
          if (y !== y) continue;
          let f = 0;
          for (const { weight, values } of columns) f += weight * (values?.[i * any.horizon + h] ?? 0);
          loss += 2 * Math.max(q * (y - f), (q - 1) * (y - f));
        }
      }
    }
  }
  return loss;
}

/** Adds, ten times, the model that helps most; ties go to the first named. */
function greedy(seen: Seen, members: readonly number[], names: readonly string[]): Weights {
  if (seen.windows.length === 0 || members.length === 0) return evenly(names);
  const alone = names.map((name) => ({ name, loss: lossOf(seen, members, { [name]: 1 }) }));
  const least = Math.min(...alone.map(({ loss }) => loss));
  const good = alone.filter(({ loss }) => loss <= dropAbove * least).map(({ name }) => name);
  const counts: Record<string, number> = {};
  for (let round = 1; round <= rounds; round += 1) {
    let [best, found] = ['', Number.POSITIVE_INFINITY];
    for (const name of good) {
      const tried = Object.fromEntries(
        good.map((each) => [each, ((counts[each] ?? 0) + (each === name ? 1 : 0)) / round]),
      );
      const loss = lossOf(seen, members, tried);
      if (loss < found) [best, found] = [name, loss];
    }
    counts[best] = (counts[best] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / rounds]));
}

function shrunk(own: Weights, usual: Weights, n: number): Weights {
  const trust = n / (n + prior);
  const names = new Set([...Object.keys(own), ...Object.keys(usual)]);
  return Object.fromEntries(
    [...names].map((name) => [name, trust * (own[name] ?? 0) + (1 - trust) * (usual[name] ?? 0)]),
  );
}

/** Who has how much of a say in a segment, be it one that the choice has not seen. */
export const weightsOfSegment = (choice: ClassicalChoice, segment: Segment, more: MoreModels = {}): Weights =>
  choice.weights[segmentName(segment)] ?? choice.byState[segment.state] ?? evenly(competing(segment.state, more));

/**
 * Forecasts of the chosen blend; each model runs only on the series in which it has a say. `learnt`: the season of
 * these series as known before `origin`, where the caller has it.
 */
export function forecastChosen(
  choice: ClassicalChoice,
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  more: MoreModels = {},
  learnt: SeasonFactors | null = null,
): Forecasts {
  const known = calmBefore(frame, origin, choice.isShort);
  const season = learnt ?? fitSeason(known, origin);
  const segments = segmentsOf(known, origin);
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const weightsOf = (segment: Segment): Weights => weightsOfSegment(choice, segment, more);
  const rows = new Map<string, number[]>();
  for (const [i, segment] of segments.entries()) {
    for (const [name, weight] of Object.entries(weightsOf(segment))) {
      if (weight > leastWeight) rows.set(name, [...(rows.get(name) ?? []), i]);
    }
  }
  for (const [name, members] of rows) {
    const isWhole = wantsAllSeries.has(name);
    const few = isWhole ? known : takeSeries(known, members);
    const found = forecastBy(
      more,
      name,
      few,
      origin,
      horizon,
      isWhole ? season : takeSeason(season, members, frame.days),
    );
    for (const [at, i] of members.entries()) {
      const from = isWhole ? i : at;
      const weights = weightsOf(segments[i] as Segment);
      const sum = Object.values(weights).reduce((total, weight) => total + (weight > leastWeight ? weight : 0), 0);
      addWeighted(made, { [name]: found }, from, i, { [name]: (weights[name] ?? 0) / sum });
    }
  }
  putInOrder(made);
  const festive = segments.flatMap(({ state }, i) => (state === 'seasonal-item' ? [i] : []));
  const kept = festive.map((i) => heads.map((head) => made[head].slice(i * horizon, (i + 1) * horizon)));
  applyConformal(choice.conformal, made);
  if (choice.reach !== null) speakOfThose(made, known, season, choice.reach, segments, more);
  keepSane(made, known);
  // Months without a sale are no sign of death in goods of one festival; other items' errors are none of theirs.
  for (const [at, i] of festive.entries())
    for (const [no, head] of heads.entries()) made[head].set(kept[at]?.[no] ?? [], i * horizon);
  if (isCounts(known, origin))
    for (const head of ['p10', 'p50', 'p90'] as const) made[head].set(made[head].map(Math.round));
  return made;
}

/** Of a short past, the items that classical models compete for. */
function speakOfThose(
  made: Forecasts,
  known: SeriesFrame,
  season: SeasonFactors,
  reach: number,
  segments: readonly Segment[],
  more: MoreModels,
): void {
  const { origin, horizon } = made;
  const rows = segments.flatMap(({ state }, i) => (competesFor(state) ? [i] : []));
  if (rows.length === 0) return;
  const some = emptyForecasts(rows.length, horizon, origin);
  for (const head of heads)
    for (const [at, i] of rows.entries())
      some[head].set(made[head].subarray(i * horizon, (i + 1) * horizon), at * horizon);
  const frame = takeSeries(known, rows);
  speakBesideClassical(
    some,
    { frame, season: takeSeason(season, rows, known.days), shipped: more['seed'] ?? null },
    reach,
  );
  for (const head of heads)
    for (const [at, i] of rows.entries())
      made[head].set(some[head].subarray(at * horizon, (at + 1) * horizon), i * horizon);
}

/** A say of less is not worth the model's run. */
export const leastWeight = 0.04;
