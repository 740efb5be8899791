/**
 * The days of every festival of a span of years, by rule and correction. Rule kept: pure; the same years give the same
 * rows. A year is a row's Gregorian year; an Islamic festival may fall twice in one.
 */
import { dayOfParts, textOfDay } from '../days.ts';
import { corrections } from './corrections.ts';
import { type FestivalRule, festivalRules, type Rule } from './festival-rules.ts';
import { type IslamicMonth, islamicMonths } from './islamic-months.ts';
import { dayOfTithi, type LunarMonth, lunarMonths } from './lunar-months.ts';
import { siderealMoon, siderealSun, sunrise, whenAt } from './sky.ts';

export type FestivalDate = FestivalRule & {
  readonly day: number;
  /** A sighting of the moon that nobody has seen yet decides it. */
  readonly isEstimated: boolean;
  /** Not as the rule gives it. */
  readonly isCorrected: boolean;
};

/** Sightings up to here are known. */
const seenUntil = dayOfParts(2026, 11, 20);
/** India's clock is ahead of UTC by that share of a day. */
const india = 5.5 / 24;

type Sky = {
  readonly firstYear: number;
  readonly lastYear: number;
  readonly lunar: readonly LunarMonth[];
  readonly islamic: readonly IslamicMonth[];
};

export function festivalDates(firstYear: number, lastYear: number): readonly FestivalDate[] {
  const [first, last] = [dayOfParts(firstYear, 1, 1), dayOfParts(lastYear, 12, 31)];
  const sky: Sky = {
    firstYear,
    lastYear,
    lunar: lunarMonths(first - 60, last + 30),
    islamic: islamicMonths(last),
  };
  const made: FestivalDate[] = [];
  for (const festival of festivalRules) {
    for (const ruled of daysOf(festival.rule, sky)) {
      const said = textOfDay(ruled);
      const correction = corrections.find(({ name, rule }) => name === festival.name && rule === said);
      const day = correction === undefined ? ruled : ruled + correction.days;
      if (day < first || day > last) continue;
      const isEstimated = festival.rule.by === 'islamic' && day > seenUntil;
      made.push({ ...festival, day, isEstimated, isCorrected: correction !== undefined });
    }
  }
  return made;
}

function daysOf(rule: Rule, { firstYear, lastYear, lunar, islamic }: Sky): readonly number[] {
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, n) => firstYear + n);
  switch (rule.by) {
    case 'date':
      return years.map((year) => dayOfParts(year, rule.month, rule.date));
    case 'easter':
      return years.map((year) => easter(year) + rule.after);
    case 'tithi':
      return lunar
        .filter(({ month, isExtra }) => month === rule.month && !isExtra)
        .map((month) => dayOfTithi(month, rule.tithi, rule.at) + (rule.after ?? 0));
    case 'islamic':
      return islamic.filter(({ month }) => month === rule.month).map(({ firstDay }) => firstDay + rule.date - 1);
    case 'sign':
      return years.map((year) => {
        const time = entryOf(rule.sign, year) + india;
        return Math.floor(time + (24 - rule.before) / 24) + (rule.after ?? 0);
      });
    case 'asterism':
      return years.map((year) => lastInAsterism(rule.sign, rule.asterism, year));
  }
}

/** When the sun enters a sidereal sign in a year: Mesha in mid-April. */
const entryOf = (sign: number, year: number): number =>
  whenAt(siderealSun, 30 * sign, dayOfParts(year, 1, 14) + ((sign + 3) % 12) * 30.44, 0.9856);

function lastInAsterism(sign: number, asterism: number, year: number): number {
  const [from, to] = [entryOf(sign, year), entryOf(sign + 1, year)];
  let found = -1;
  for (let day = Math.floor(from); day <= to + 1; day += 1) {
    const rise = sunrise(day);
    if (rise >= from && rise < to && Math.floor(siderealMoon(rise) / (360 / 27)) === asterism) found = day;
  }
  return found;
}

/** Gregorian Easter (Meeus, "Astronomical Algorithms", ch. 8; Butcher 1876). */
function easter(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayOfParts(year, Math.floor(sum / 31), (sum % 31) + 1);
}
