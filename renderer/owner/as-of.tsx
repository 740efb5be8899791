/**
 * How old what is shown is: nothing of a forecast that knows yesterday's sales; of an older one up to when it knows them,
 * of one that is ahead of the PC's date that the date may be wrong. Rule kept: the till says both dates; a number is never
 * called next week's when it is not.
 */
import { Icon } from '../parts/icons.tsx';
import { addDays } from '#core/time.ts';
import type { Language } from '#contract/views.ts';
import { type Say, useWords } from '../words/words.ts';
import { type Dates, dayText, passedDays } from './figures.ts';

/** The forecast knows sales of today or of days to come: the PC's date was set back. */
const isAhead = ({ origin, today }: Dates): boolean => origin >= today;

/** `fresh`, or from which day the seven are where the forecast is older. */
export const sevenDays = (dates: Dates, fresh: string, say: Say, language: Language): string =>
  passedDays(dates) === 0 ? fresh : say('fcSevenFrom', { day: dayText(addDays(dates.origin, 1), language) });

export function AsOf({ dates }: { readonly dates: Dates }) {
  const { say, language } = useWords();
  if (passedDays(dates) === 0 && !isAhead(dates)) return null;
  const until = dayText(dates.origin, language);
  return (
    <p className="ow-rung ow-as-of" role="status" data-testid="as-of">
      <Icon name="info" size={16} />
      <span>
        {isAhead(dates)
          ? say('fcAhead', { today: dayText(dates.today, language), until })
          : say('fcAsOf', { until, from: dayText(addDays(dates.origin, 1), language) })}
      </span>
    </p>
  );
}
