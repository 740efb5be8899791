/**
 * How good were we: the miss of an item's forecasts made seven days before, how often the band held, and what "same as last
 * week" would have missed. Rule kept: nothing judged yet is said so, never shown as nought.
 */
import type { GroupForecast, ItemForecast } from '#contract/till-forecast.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { shortDay } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { showPage } from './desk-store.ts';
import { countText, dateText, percent } from './figures.ts';

/** By how much less we missed than "same as last week", in hundredths of a percent; null where there is nothing to weigh. */
export const smallerMissBp = (missBp: number | null, lastWeekMissBp: number | null): number | null =>
  missBp === null || lastWeekMissBp === null || lastWeekMissBp === 0
    ? null
    : Math.round((10_000 * (lastWeekMissBp - missBp)) / lastWeekMissBp);

type Judged = GroupForecast['judged'][number];
const isInside = ({ sold, p10, p90 }: Judged): boolean => sold >= p10 && sold <= p90;

/** Sold as bars, the forecast as a mark over each. */
function JudgedBars({ weeks, text }: { readonly weeks: readonly Judged[]; readonly text: (value: number) => string }) {
  const { say, language } = useWords();
  const most = Math.max(1, ...weeks.map(({ sold, p50 }) => Math.max(sold, p50)));
  const y = (value: number): number => 68 - (64 * value) / most;
  const step = Math.min(52, 260 / weeks.length);
  const left = 260 - step * weeks.length;
  return (
    <svg className="ow-judged" viewBox="0 0 260 70" role="img" aria-label={say('fcJudgedBars')}>
      {weeks.map((week, i) => (
        <g key={week.weekStart}>
          <title>
            {say('fcJudgedWeek', {
              day: dateText(week.weekStart, language),
              sold: text(week.sold),
              likely: text(week.p50),
            })}
          </title>
          <rect
            className="ow-judged-sold"
            x={left + i * step + 4}
            y={y(week.sold)}
            width={step - 10}
            height={68 - y(week.sold)}
          />
          <rect
            className="ow-judged-mark"
            x={left + i * step}
            y={y(week.p50) - 1.5}
            width={step - 2}
            height="3"
            rx="1"
          />
        </g>
      ))}
    </svg>
  );
}

export function JudgedCard(props: {
  readonly judged: readonly Judged[];
  readonly missBp: number | null;
  readonly lastWeekMissBp: number | null;
  readonly text: (value: number) => string;
  readonly daysLearnt: number;
  readonly daysLeftOut: number;
  readonly model: ItemForecast['model'];
}) {
  const { say, language } = useWords();
  const { judged, missBp, lastWeekMissBp, model, daysLearnt, daysLeftOut } = props;
  const smaller = smallerMissBp(missBp, lastWeekMissBp);
  const inside = judged.filter(isInside).length;
  return (
    <section className="bm-card ow-card ow-good" aria-label={say('fcHowGood')} data-testid="judged-card">
      <header>
        <h2>{say('fcHowGood')}</h2>
        {judged.length === 0 ? null : <span className="ow-note">{say('fcJudgedWeeks', { count: judged.length })}</span>}
      </header>
      {missBp === null || judged.length === 0 ? (
        <p className="ow-note">{say('fcNotJudged')}</p>
      ) : (
        <div className="ow-good-row">
          <p className="ow-good-one">
            <b className="bm-display">{percent(missBp)}</b>
            <span>{say('fcMiss')}</span>
          </p>
          <p className="ow-good-one">
            <b className="bm-display">{say('fcInsideOf', { inside, count: judged.length })}</b>
            <span>{say('fcInside')}</span>
          </p>
          {smaller === null ? null : (
            <p className="ow-good-one">
              <b className="bm-display">{percent(Math.abs(smaller))}</b>
              <span>{say(smaller < 0 ? 'fcLargerMiss' : 'fcSmallerMiss')}</span>
            </p>
          )}
          <JudgedBars weeks={judged} text={props.text} />
        </div>
      )}
      <p className="ow-learnt">
        <span>
          {say('fcLearnt', { count: daysLearnt, n: countText(daysLearnt) })}{' '}
          {daysLeftOut === 0 ? '' : say('fcLeftOut', { count: daysLeftOut, n: countText(daysLeftOut) })}{' '}
          {model === null ? '' : say('fcModelSince', { day: shortDay(model.sinceMs, language) })}
        </span>
        <ActionButton look="quiet" cap="M" onPress={() => showPage({ is: 'model' })} testId="about-model">
          {say('fcAboutModel')}
        </ActionButton>
      </p>
    </section>
  );
}
