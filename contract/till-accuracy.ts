/**
 * How good the forecasts were, over the whole shop. Rule kept: only weeks that are over and that were forecast seven days
 * before are counted; quantities are milli-units, shares hundredths of a percent.
 */
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';

/** By how fast items sell a day: under one, one to ten, above. */
export type SpeedClass = 'slow' | 'medium' | 'fast';
export type AccuracyView = {
  /** Item-weeks that were forecast seven days before and are over; of them, how many fell inside P10…P90. */
  readonly weeks: number;
  readonly inside: number;
  readonly missBp: number | null;
  readonly lastWeekMissBp: number | null;
  readonly bySpeed: readonly {
    readonly speed: SpeedClass;
    readonly items: number;
    readonly weeks: number;
    readonly inside: number;
    readonly missBp: number | null;
    readonly lastWeekMissBp: number | null;
  }[];
  /** Ten items with the greatest miss in pieces over the weeks judged. */
  readonly worst: readonly {
    readonly itemId: Uuid;
    readonly name: string;
    readonly nameHi: string | null;
    readonly unit: string;
    readonly soldMilli: Milli;
    readonly forecastMilli: Milli;
    /** Each week's miss, too much or too little, added up. */
    readonly missMilli: Milli;
    readonly weeks: number;
  }[];
};
