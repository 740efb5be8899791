/**
 * What the till says by name, in a shopkeeper's words: rungs, reasons, stages, drivers, festivals. Rule kept: each name has
 * words or does not compile; a festival without words of ours is shown by its own name.
 */
import type { SpeedClass } from '#contract/till-accuracy.ts';
import type {
  Driver,
  DriverKind,
  ForecastJobStage,
  ForecastReason,
  ForecastSource,
  ModelEvent,
  ModelState,
  ModelView,
  OrderWhy,
} from '#contract/till-forecast.ts';
import type { Language } from '#contract/views.ts';
import { en } from '../words/en.ts';
import type { Say, Word } from '../words/words.ts';
import { dateText, dayText, percent, weekdayText } from './figures.ts';

export const sourceWords: Readonly<Record<ForecastSource, Word>> = {
  netAndTrees: 'fcSourceNetAndTrees',
  trees: 'fcSourceTrees',
  seedModel: 'fcSourceSeed',
  classical: 'fcSourceClassical',
  weekdayMean: 'fcSourceWeekday',
  categoryRate: 'fcSourceCategory',
  rule: 'fcSourceRule',
};
/** The same in a list's column. */
export const sourceShort: Readonly<Record<ForecastSource, Word>> = {
  netAndTrees: 'fcShortNetAndTrees',
  trees: 'fcShortTrees',
  seedModel: 'fcShortSeed',
  classical: 'fcShortClassical',
  weekdayMean: 'fcShortWeekday',
  categoryRate: 'fcShortCategory',
  rule: 'fcShortRule',
};
/** null: nothing to explain, it is the best there is. */
export const reasonWords: Readonly<Record<ForecastReason, Word | null>> = {
  best: null,
  newItem: 'fcReasonNew',
  tooFewDays: 'fcReasonFew',
  neverSold: 'fcReasonNever',
  noModel: 'fcReasonNoModel',
  modelRefused: 'fcReasonRefused',
  modelFailed: 'fcReasonFailed',
  modelSlow: 'fcReasonSlow',
  noRuntime: 'fcReasonNoRuntime',
  notYetRun: 'fcReasonNotYet',
};
export const stageWords: Readonly<Record<ForecastJobStage, Word>> = {
  reading: 'fcStageReading',
  training: 'fcStageTraining',
  forecasting: 'fcStageForecasting',
  judging: 'fcStageJudging',
  writing: 'fcStageWriting',
};
const driverWords: Readonly<Record<DriverKind, Word>> = {
  festival: 'fcDriverFestival',
  season: 'fcDriverSeason',
  trend: 'fcDriverTrend',
  price: 'fcDriverPrice',
  payday: 'fcDriverPayday',
  rest: 'fcDriverRest',
};
const driverHelp: Readonly<Record<Exclude<DriverKind, 'festival'>, Word>> = {
  season: 'fcDriverSeasonHelp',
  trend: 'fcDriverTrendHelp',
  price: 'fcDriverPriceHelp',
  payday: 'fcDriverPaydayHelp',
  rest: 'fcDriverRestHelp',
};

/** "guruNanakJayanti" → "Guru Nanak Jayanti", where no words of ours are known for it. */
const plainName = (family: string): string =>
  family
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^./, (first) => first.toUpperCase());
export const festivalName = (family: string, say: Say): string => {
  const word = `fest_${family}`;
  return word in en ? say(word as Word) : plainName(family);
};

/** Below half a percent nobody would call it more or less. */
const sameBp = 50;
type Named = Pick<Driver, 'kind' | 'festival' | 'lastTimeBp'>;
export const driverName = (driver: Named, say: Say): string =>
  driver.festival === null ? say(driverWords[driver.kind]) : festivalName(driver.festival.family, say);
/** One reason a shopkeeper would give. */
export function driverText(driver: Named, say: Say, language: Language): string {
  if (driver.kind !== 'festival') return say(driverHelp[driver.kind]);
  const day = driver.festival === null ? '' : dayText(driver.festival.date, language);
  if (driver.lastTimeBp === null) return say('fcFestivalFirst', { day });
  if (Math.abs(driver.lastTimeBp) < sameBp) return say('fcFestivalSame', { day });
  const share = percent(Math.abs(driver.lastTimeBp));
  return say(driver.lastTimeBp < 0 ? 'fcFestivalLess' : 'fcFestivalMore', { day, share });
}

export const speedWords: Readonly<Record<SpeedClass, Word>> = {
  fast: 'acFast',
  medium: 'acMedium',
  slow: 'acSlow',
};
export const stateWords: Readonly<Record<ModelState, Word>> = {
  running: 'moRunning',
  shadow: 'moShadow',
  previous: 'moPrevious',
  refused: 'moRefused',
  withdrawn: 'moWithdrawn',
};
export const originWords: Readonly<Record<ModelView['origin'], Word>> = {
  headOffice: 'moFromOffice',
  thisShop: 'moFromShop',
  product: 'moFromProduct',
};
export const eventWords: Readonly<Record<ModelEvent['what'], Word>> = {
  arrived: 'moArrived',
  verified: 'moVerified',
  refused: 'moWasRefused',
  promoted: 'moPromoted',
  shadowed: 'moShadowed',
  rolledBack: 'moRolledBack',
  withdrawn: 'moWasWithdrawn',
  drifted: 'moDrifted',
  failed: 'moFailed',
  trainedHere: 'moTrainedHere',
  unread: 'moWasUnread',
  mended: 'moMended',
};

/** "Out on Sunday", "Festival 24 Nov": why a line is on the list. */
export function orderWhy(why: OrderWhy, date: string | null, say: Say, language: Language): string {
  switch (why) {
    case 'outNow':
      return say('olOutNow');
    case 'outSoon':
      return date === null ? say('olOutSoon') : say('olOutOn', { day: weekdayText(date, language) });
    case 'festival':
      return date === null ? say('fcDriverFestival') : say('olFestivalOn', { day: dateText(date, language) });
    case 'underLeadTime':
      return say('olUnderLead');
    case 'askedFor':
      return say('olAskedFor');
  }
}
