/**
 * The card of a fan: the next seven days' number, how sure it is, days or weeks, and the chart under it. Rule kept: the
 * number is the largest thing on the page; while the chart is on its way only its place stands.
 */
import { UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useWords } from '../words/words.ts';
import { AsOf, sevenDays } from './as-of.tsx';
import type { FanWords } from './fan-chart.tsx';
import type { Fan } from './fan-points.ts';
import type { Dates } from './figures.ts';

// Charts are half a megabyte: they come when the first one is shown, never with the counter.
const FanChart = lazy(async () => ({ default: (await import('./fan-chart.tsx')).FanChart }));

export type Grain = 'days' | 'weeks';

export function FanCard(props: {
  readonly number: string;
  /** Beside the number; '' where the number has its own (rupees). */
  readonly unit: string;
  /** What more is said of the number. */
  readonly of?: string;
  readonly range: string;
  readonly fan: Fan;
  readonly dates: Dates;
  readonly words: FanWords;
  readonly grain?: Grain;
  readonly onGrain?: (grain: Grain) => void;
  /** Why there are no weeks yet. */
  readonly weeksWhy?: string | null;
  readonly below?: ReactNode;
}) {
  const { say, language } = useWords();
  const { colorScheme } = useMantineColorScheme();
  const grain = props.grain ?? 'days';
  const seven = say('fcMostLikely', { days: sevenDays(props.dates, say('fcSumUp'), say, language) });
  return (
    <section className="bm-card ow-fan" aria-label={seven}>
      <p className="ow-note">{props.of === undefined ? seven : `${seven}, ${props.of}`}</p>
      <div className="ow-fan-head">
        <p className="ow-fan-number">
          <b className={props.number.length > 8 ? 'bm-display ow-fan-long' : 'bm-display'} data-testid="next-week">
            {props.number}
          </b>
          {props.unit === '' ? null : <span>{props.unit}</span>}
        </p>
        <p className="ow-fan-range">
          <b>{props.range}</b>
          <span className="ow-note">{say('fcBandHelp')}</span>
        </p>
        {props.onGrain === undefined ? null : (
          <div className="ow-grain" role="radiogroup" aria-label={say('fcGrain')}>
            {(['days', 'weeks'] as const).map((one) => (
              <UnstyledButton
                key={one}
                role="radio"
                aria-checked={grain === one}
                className="ow-grain-one"
                disabled={one === 'weeks' && props.weeksWhy != null}
                title={one === 'weeks' ? (props.weeksWhy ?? undefined) : undefined}
                onClick={() => props.onGrain?.(one)}
                data-testid={`grain-${one}`}
              >
                {say(one === 'days' ? 'fcDays' : 'fcWeeks')}
              </UnstyledButton>
            ))}
          </div>
        )}
      </div>
      <div className="ow-fan-chart">
        {props.fan.points.length < 2 ? (
          <p className="ow-empty">{say('fcNoPast')}</p>
        ) : (
          <Suspense fallback={<div className="ow-chart ow-chart-coming" />}>
            <FanChart
              key={`${grain} ${colorScheme} ${language} ${props.dates.origin} ${props.dates.today} ${props.number}`}
              fan={props.fan}
              words={props.words}
            />
          </Suspense>
        )}
      </div>
      <AsOf dates={props.dates} />
      {props.below}
    </section>
  );
}
