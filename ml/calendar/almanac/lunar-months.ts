/**
 * The Indian lunisolar months (amanta: from new moon to new moon) and the days of their tithis. Rule kept: a month bears
 * the name of the sign the sun enters in it; one in which the sun enters none is adhika, extra, and has no festivals.
 * A tithi belongs to the day at whose hour (sunrise, noon, dusk, midnight …) it prevails, longest where it does on two.
 *
 * Reingold & Dershowitz, "Calendrical Calculations" (4th ed., ch. 20, the modern Hindu calendars by true positions);
 * hours by the Dharmasindhu's parts of the day: the day in fifths, dusk three muhurtas of the night, midnight its eighth.
 */
import { elongation, siderealMoon, siderealSun, sunrise, sunset, whenAt } from './sky.ts';

/** Of a nijal month: Chaitra = 1 … Phalguna = 12. */
export type LunarMonth = {
  readonly month: number;
  readonly isExtra: boolean;
  /** The new moons at both ends; days since 1970, UTC. */
  readonly from: number;
  readonly to: number;
};

const synodic = 29.530588;
const perDay = 360 / synodic;

/** Months whose beginning lies within the span of days. */
export function lunarMonths(firstDay: number, lastDay: number): readonly LunarMonth[] {
  const made: LunarMonth[] = [];
  let from = whenAt(elongation, 0, firstDay - elongation(firstDay) / perDay, perDay);
  while (from <= lastDay) {
    const to = whenAt(elongation, 0, from + synodic, perDay);
    const [sign, next] = [Math.floor(siderealSun(from) / 30), Math.floor(siderealSun(to) / 30)];
    made.push({ month: ((sign + 1) % 12) + 1, isExtra: sign === next, from, to });
    from = to;
  }
  return made;
}

/** When a tithi (1 … 30) of a month begins. */
const tithiStart = ({ from }: LunarMonth, tithi: number): number =>
  tithi === 1 ? from : whenAt(elongation, 12 * (tithi - 1), from + ((tithi - 1) * synodic) / 30, perDay);

export type Hour =
  | 'sunrise'
  | 'forenoon'
  | 'noon'
  | 'afternoon'
  | 'dusk'
  | 'midnight'
  | 'dawn'
  | 'moonrise'
  /** Three muhurtas from sunrise on, else the afternoon: threads are tied when Bhadra, the tithi's first half, is over. */
  | 'morning'
  /** Dusk, not in Bhadra where the full moon lasts through seven eighths of the next day. */
  | 'bonfire'
  /** Afternoon; unless the tenth fills it and is over by the next, the day after where the moon is then in Shravana. */
  | 'victory';

const muhurtas = 2.4 / 24;
const shravana = 21;

/** Beginning and end of an hour of the day. */
function hourOf(day: number, hour: Hour): readonly [number, number] {
  const [rise, set] = [sunrise(day), sunset(day)];
  const fifth = (set - rise) / 5;
  const night = sunrise(day + 1) - set;
  switch (hour) {
    case 'sunrise':
      return [rise, rise + 1 / 1440];
    case 'forenoon':
      return [rise, rise + 2 * fifth];
    case 'noon':
      return [rise + 2 * fifth, rise + 3 * fifth];
    case 'afternoon':
    case 'victory':
    case 'morning':
      return [rise + 3 * fifth, rise + 4 * fifth];
    case 'dusk':
    case 'bonfire':
      return [set, set + night / 5];
    case 'midnight':
      return [set + (7 / 15) * night, set + (8 / 15) * night];
    case 'dawn':
      return [rise - 1.6 / 24, rise];
    case 'moonrise':
      return [set + night / 6, set + night / 4];
  }
}

/**
 * The day on which the tithi prevails at its hour, the first of two for what is done in the forenoon; where it does on
 * none, the day whose sunrise it is at, else the day in which it begins.
 */
export function dayOfTithi(month: LunarMonth, tithi: number, hour: Hour): number {
  const from = tithiStart(month, tithi);
  const to = tithi === 30 ? month.to : tithiStart(month, tithi + 1);
  const day = plainDay(from, to, hour);
  const next = sunrise(day + 1);
  const lastsThroughMorning = from <= next && to >= next + muhurtas;
  if (hour === 'morning') return lastsThroughMorning ? day + 1 : day;
  if (hour === 'bonfire') {
    const isInBhadra = hourOf(day, hour)[1] <= (from + to) / 2;
    return isInBhadra && to >= next + (7 / 8) * (sunset(day + 1) - next) ? day + 1 : day;
  }
  if (hour === 'victory') {
    const [first, last] = hourOf(day, 'afternoon');
    const [start, end] = hourOf(day + 1, 'afternoon');
    if (from <= first && to >= last && to <= start) return day;
    const isShravana = Math.floor(siderealMoon((start + end) / 2) / (360 / 27)) === shravana;
    return lastsThroughMorning && isShravana ? day + 1 : day;
  }
  return day;
}

function plainDay(from: number, to: number, hour: Hour): number {
  const early = Math.floor(from) - 1;
  let [best, most] = [-1, 0];
  for (let day = early; day <= early + 4; day += 1) {
    const [a, b] = hourOf(day, hour);
    const shared = Math.min(b, to) - Math.max(a, from);
    if (best >= 0 && hour === 'forenoon') break;
    if (shared > most + 1e-6) [best, most] = [day, shared];
  }
  if (best >= 0) return best;
  for (let day = early; ; day += 1) {
    const rise = sunrise(day + 1);
    if (rise > from) return rise < to ? day + 1 : day;
  }
}
