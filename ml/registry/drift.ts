/**
 * Whether a model that runs is still as good as when it was promoted. Rule kept: pure: yesterday's state and the day that
 * is over in, today's state and alarms out; an alarm names its figure; what is done about it goes in order, the cheap
 * first.
 *
 * Loss: EWMA of pinball over EWMA of units (Roberts 1959), 15 % above the promotion's for seven days. Bias: two-sided
 * CUSUM of the day's standardised error (Page 1954; k ¾, h 10). Calibration: Pearson's χ² of four PIT bins over 28 days,
 * divided by the spread that items selling together have (Rao & Scott 1981). Features: population stability index
 * (Siddiqi 2006, ch. 6). False alarms in a year of streams that do not drift are counted in drift.test.ts.
 */

/** A day that is over. */
export type DriftDay = {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Σ of 2 × pinball over .1, .5, .9 and items, ÷ 3; Σ units; Σ (mean − units). */
  readonly pinball: number;
  readonly units: number;
  readonly meanError: number;
  /** Shares of the days' probability below p10, to p50, to p90, above; summed over items. */
  readonly pit: readonly [number, number, number, number];
  readonly nullShare: number;
  /** Of the watched features against their promotion-time deciles, by name; null: not looked at on this day. */
  readonly psi: Readonly<Record<string, number>> | null;
};
/** As it was on the windows that the model was promoted by. */
export type DriftBaseline = {
  readonly wql: number;
  /** Of Σ (mean − units) ÷ Σ units from day to day: its mean and standard deviation. */
  readonly bias: number;
  readonly biasSpread: number;
  readonly pit: readonly [number, number, number, number];
  /** How much more the daily PIT shares vary than independent items would, ≥ 1. */
  readonly pitSpread: number;
  readonly nullShare: number;
  readonly promotedOn: number;
};
export type DriftState = {
  readonly pinball: number;
  readonly units: number;
  readonly daysAbove: number;
  readonly cusumUp: number;
  readonly cusumDown: number;
  /** The last 28 days, oldest first. */
  readonly pit: readonly (readonly [number, number, number, number])[];
  readonly daysPsi: number;
  readonly seen: number;
  /** What was done last in this alarm, and on which day. */
  readonly done: DriftAction | null;
  readonly doneOn: number;
};
export type DriftAlarm =
  | { readonly kind: 'loss'; readonly ratio: number }
  | { readonly kind: 'bias'; readonly cusum: number; readonly isOver: boolean }
  | { readonly kind: 'calibration'; readonly chiSquare: number }
  | { readonly kind: 'features'; readonly names: readonly string[]; readonly psi: number }
  | { readonly kind: 'nulls'; readonly share: number }
  | { readonly kind: 'age'; readonly days: number };
export const driftActions = ['refitBands', 'reweigh', 'rollBack', 'askRetrain'] as const;
export type DriftAction = (typeof driftActions)[number];

export const firstDrift: DriftState = {
  pinball: 0,
  units: 0,
  daysAbove: 0,
  cusumUp: 0,
  cusumDown: 0,
  pit: [],
  daysPsi: 0,
  seen: 0,
  done: null,
  doneOn: 0,
};

const lambda = 0.1;
const lossRatio = 1.15;
const lossDays = 7;
/** Wide enough for days that hang together: errors of one day have a third of the next one's. */
const slack = 0.75;
const cusumLimit = 10;
/** One day says no more than this many standard deviations: a wholesale bill is no drift. */
const mostZ = 3;
const pitDays = 28;
/** χ² with 3 degrees of freedom, p = .001, and a shift that a shop would notice. */
const chiLimit = 16.27;
const leastShift = 0.05;
const psiLimit = 0.2;
const psiDaysNeeded = 3;
const nullRise = 0.1;
const oldDays = 28;

const clamp = (value: number): number => Math.max(-mostZ, Math.min(mostZ, value));

function calibrationOf(state: DriftState, baseline: DriftBaseline): DriftAlarm | null {
  if (state.pit.length < pitDays) return null;
  const sums = [0, 1, 2, 3].map((bin) => state.pit.reduce((sum, day) => sum + (day[bin] ?? 0), 0));
  const total = sums.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return null;
  let [chi, shift] = [0, 0];
  for (const [bin, found] of sums.entries()) {
    const share = Math.max(baseline.pit[bin] ?? 0, 0.01);
    chi += (found - share * total) ** 2 / (share * total);
    shift = Math.max(shift, Math.abs(found / total - share));
  }
  const chiSquare = chi / Math.max(1, baseline.pitSpread);
  return chiSquare > chiLimit && shift > leastShift ? { kind: 'calibration', chiSquare } : null;
}

/** Days must come in order; a day of which nothing is known (the shop was shut) is not told. */
export function watchDay(
  before: DriftState,
  baseline: DriftBaseline,
  today: DriftDay,
): { readonly state: DriftState; readonly alarms: readonly DriftAlarm[] } {
  const alarms: DriftAlarm[] = [];
  const isFirst = before.seen === 0;
  const follow = (from: number, to: number): number => from + lambda * (to - from);
  // It starts from what was promised, at the units of the first day.
  const units = isFirst ? today.units : follow(before.units, today.units);
  const pinball = follow(isFirst ? baseline.wql * today.units : before.pinball, today.pinball);
  const ratio = units > 0 && baseline.wql > 0 ? pinball / units / baseline.wql : 1;
  const daysAbove = ratio > lossRatio ? before.daysAbove + 1 : 0;
  if (daysAbove >= lossDays) alarms.push({ kind: 'loss', ratio });
  const z =
    today.units > 0 ? clamp((today.meanError / today.units - baseline.bias) / Math.max(baseline.biasSpread, 0.01)) : 0;
  const cusumUp = Math.max(0, before.cusumUp + z - slack);
  const cusumDown = Math.max(0, before.cusumDown - z - slack);
  const cusum = Math.max(cusumUp, cusumDown);
  if (cusum > cusumLimit) alarms.push({ kind: 'bias', cusum, isOver: cusumUp >= cusumDown });
  const shifted = Object.entries(today.psi ?? {}).filter(([, psi]) => psi > psiLimit);
  const daysPsi = today.psi === null ? before.daysPsi : shifted.length > 0 ? before.daysPsi + 1 : 0;
  if (daysPsi >= psiDaysNeeded && shifted.length > 0)
    alarms.push({
      kind: 'features',
      names: shifted.map(([name]) => name),
      psi: Math.max(...shifted.map(([, psi]) => psi)),
    });
  if (today.nullShare > baseline.nullShare + nullRise) alarms.push({ kind: 'nulls', share: today.nullShare });
  const age = today.day - baseline.promotedOn;
  if (age > oldDays) alarms.push({ kind: 'age', days: age });
  const state: DriftState = {
    ...before,
    pinball,
    units,
    daysAbove,
    cusumUp,
    cusumDown,
    pit: [...before.pit, today.pit].slice(-pitDays),
    daysPsi,
    seen: before.seen + 1,
  };
  const calibration = calibrationOf(state, baseline);
  return { state, alarms: calibration === null ? alarms : [...alarms, calibration] };
}

/** A step has so long to help before the next is taken. */
const stepDays = 7;

/**
 * What to do about today's alarms: bands set anew, then the blend, then back to the model before, then a new model is
 * asked for; each only when the one before did not help in a week. Age alone asks for a new model, once in four weeks.
 */
export function nextAction(
  state: DriftState,
  alarms: readonly DriftAlarm[],
  today: number,
  canRollBack: boolean,
): { readonly action: DriftAction | null; readonly state: DriftState } {
  const pressing = alarms.filter(({ kind }) => kind !== 'age');
  if (pressing.length === 0) {
    const isDue = alarms.length > 0 && (state.done !== 'askRetrain' || today - state.doneOn >= oldDays);
    if (isDue) return { action: 'askRetrain', state: { ...state, done: 'askRetrain', doneOn: today } };
    const isOver = state.done !== null && alarms.length === 0;
    return { action: null, state: isOver ? { ...state, done: null } : state };
  }
  if (state.done !== null && today - state.doneOn < stepDays) return { action: null, state };
  const next = driftActions[state.done === null ? 0 : driftActions.indexOf(state.done) + 1] ?? 'askRetrain';
  const action = next === 'rollBack' && !canRollBack ? 'askRetrain' : next;
  // A fresh start for what the step is to mend: an alarm that stands is of the days since.
  return { action, state: { ...firstDrift, done: action, doneOn: today } };
}
