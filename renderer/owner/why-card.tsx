/**
 * Why this number: effects against a plain week, of an item, a category or the shop. Rule kept: the effects are drawn on
 * one scale around a plain week, and they add up to the number because the till made them so.
 */
import type { GroupDriver } from '#contract/till-forecast.ts';
import { useWords } from '../words/words.ts';
import { sevenDays } from './as-of.tsx';
import type { Dates } from './figures.ts';
import { driverName, driverText } from './forecast-words.ts';

const half = 46;
const yearDays = 365;

function Effect({ effect, most }: { readonly effect: number; readonly most: number }) {
  const width = most === 0 ? 0 : (half * Math.abs(effect)) / most;
  return (
    <svg className="ow-effect" width={half * 2 + 2} height="16" viewBox={`0 0 ${half * 2 + 2} 16`} aria-hidden="true">
      <rect
        className={effect < 0 ? 'ow-effect-less' : 'ow-effect-more'}
        x={effect < 0 ? half - width : half + 2}
        y="3"
        width={width}
        height="10"
        rx="2"
      />
      <rect className="ow-effect-line" x={half} width="2" height="16" />
    </svg>
  );
}

export function WhyCard(props: {
  readonly drivers: readonly GroupDriver[];
  readonly isMoney?: boolean;
  readonly daysLearnt: number;
  /** null: too young to say. */
  readonly plainWeek: number | null;
  readonly sum: string;
  readonly dates: Dates;
  readonly text: (value: number) => string;
  readonly signed: (value: number) => string;
}) {
  const { say, language } = useWords();
  const { plainWeek } = props;
  const size = ({ kind, effect }: GroupDriver): number => (kind === 'rest' ? -1 : Math.abs(effect));
  // What does most comes first, what can't be named last.
  const drivers = props.drivers.toSorted((a, b) => size(b) - size(a));
  // A bar as long as the place is a quarter of a plain week, or the largest effect where that is more.
  const most = Math.max((plainWeek ?? 0) / 4, ...drivers.map(({ effect }) => Math.abs(effect)));
  // A shop that has not seen this time of year before knows only what its festivals and weekdays do.
  const isYoungSeason = ({ kind }: GroupDriver): boolean => kind === 'season' && props.daysLearnt < yearDays;
  const key = ({ kind, festival }: GroupDriver): string => `${kind} ${festival?.family ?? ''} ${festival?.date ?? ''}`;
  return (
    <section
      className={props.isMoney === true ? 'bm-card ow-card ow-why ow-why-money' : 'bm-card ow-card ow-why'}
      aria-label={say('fcWhy')}
      data-testid="why-card"
    >
      <h2>{say('fcWhy')}</h2>
      <p className="ow-note">
        {plainWeek === null ? say('fcWhyYoung') : say('fcPlainWeek', { n: props.text(plainWeek) })}
      </p>
      {drivers.length === 0 && plainWeek !== null ? <p className="ow-note">{say('fcNoDrivers')}</p> : null}
      <ul>
        {drivers.map((driver) => (
          <li key={key(driver)} data-testid="driver">
            <span className="ow-driver">
              <b>{isYoungSeason(driver) ? say('fcDriverWeekday') : driverName(driver, say)}</b>
              <Effect effect={driver.effect} most={most} />
              <b className="bm-num">{props.signed(driver.effect)}</b>
            </span>
            <small>{isYoungSeason(driver) ? say('fcDriverSeasonYoung') : driverText(driver, say, language)}</small>
          </li>
        ))}
      </ul>
      <p className="ow-sum-line">
        <span>{sevenDays(props.dates, say('fcSumUp'), say, language)}</span>
        <b className="bm-num">{props.sum}</b>
      </p>
    </section>
  );
}
