/**
 * Islamic months as they begin in India: on the evening on which the young moon can be seen there. Rule kept: a month
 * has 29 or 30 days; what comes out is a forecast of a sighting, and is marked as estimated where nobody has seen it yet.
 *
 * Seen: at least so high and so far from the sun at sunset (a form of the criteria in Yallop 1997, "A method for
 * predicting the first sighting of the new crescent moon", NAO Technical Note 69). Months are counted from 1 Muharram
 * 1436, 26 October 2014.
 */
import { elongation, moonAt, sunset, whenAt } from './sky.ts';

export type IslamicMonth = {
  readonly year: number /** Muharram = 1 */;
  readonly month: number;
  readonly firstDay: number;
};

const synodic = 29.530588;
/** Degrees at sunset: what separates the evenings on which India saw it, 2015–2026, from those on which it did not. */
const least = { altitude: 8, arc: 12.1 } as const;
const start = { day: 16_369, year: 1436 } as const;

/** Months that begin before `lastDay`. */
export function islamicMonths(lastDay: number): readonly IslamicMonth[] {
  const made: IslamicMonth[] = [];
  let newMoon = whenAt(elongation, 0, start.day - 2, 360 / synodic);
  for (let n = 0; ; n += 1) {
    const before = made.at(-1)?.firstDay;
    let evening = Math.floor(newMoon);
    // Thirty days are over: the new month begins whether it was seen or not.
    for (; before === undefined || evening < before + 29; evening += 1) {
      const time = sunset(evening);
      if (time < newMoon) continue;
      const { altitude, arc } = moonAt(time);
      if (altitude >= least.altitude && arc >= least.arc) break;
    }
    const firstDay = evening + 1;
    if (firstDay > lastDay) return made;
    made.push({ year: start.year + Math.floor(n / 12), month: (n % 12) + 1, firstDay });
    newMoon = whenAt(elongation, 0, newMoon + synodic, 360 / synodic);
  }
}
