/**
 * The forecast of a category in pieces, or of the whole shop in rupees. Rule kept: the till adds up; a category whose items
 * have different units is in rupees too, never in pieces of both.
 */
import { useState } from 'react';
import type { GroupForecast } from '#contract/till-forecast.ts';
import { formatDeskRupees, paise } from '#core/money.ts';
import { errorText } from '../counter/till-calls.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { DeskPageFrame, KeyHints } from './desk-pieces.tsx';
import { deskStore, showPage } from './desk-store.ts';
import { FanCard, type Grain } from './fan-card.tsx';
import { fanOfGroup, fewestWeeks, weeksOfGroup } from './fan-points.ts';
import { axisRupees, countText, roundQty, signedQty, unitName } from './figures.ts';
import { useJob } from './job-state.tsx';
import { JudgedCard } from './judged-card.tsx';
import { useLastAnswer, useRounds } from './renewed.ts';
import { WhyCard } from './why-card.tsx';

export function GroupPage({ of, name }: { readonly of: 'category' | 'store'; readonly name: string | null }) {
  const { say } = useWords();
  const round = useRounds(useJob()?.state);
  const answer = useLastAnswer(useAnswer({ of, name, round }, (till) => till.forecast.group({ of, name })));
  const [grain, setGrain] = useState<Grain>('days');
  const hasWeeks = answer?.ok === true && answer.value.weeks.length >= fewestWeeks;
  const back = (): void => showPage({ is: 'forecasts' });
  const seeItems = (): void => {
    deskStore.set((now) => ({ ...now, query: { ...now.query, category: name, search: '' }, at: 0 }));
    back();
  };
  return (
    <DeskPageFrame
      testId="group-page"
      className="ow-group"
      keys={{
        name: 'groupForecast',
        back,
        enter: seeItems,
        letters: {
          D: () => setGrain('days'),
          W: () => (hasWeeks ? setGrain('weeks') : undefined),
          M: () => showPage({ is: 'model' }),
        },
      }}
    >
      <header className="ow-head">
        <button type="button" className="ow-crumb" onClick={back}>
          {say('owForecasts')}
        </button>
        <Icon name="next" size={16} />
        <h1>{of === 'store' ? say('fcWholeShop') : name}</h1>
        <span className="bm-push" />
        <ActionButton cap="Enter" onPress={seeItems} testId="see-items">
          {say(of === 'store' ? 'fcSeeEveryItem' : 'fcSeeItems')}
        </ActionButton>
      </header>
      {answer === null ? <div className="bm-card ow-fan ow-chart-coming" /> : null}
      {answer?.ok === false ? <p className="ow-empty">{errorText(answer.error)}</p> : null}
      {answer?.ok === true ? <GroupBody group={answer.value} grain={grain} onGrain={setGrain} /> : null}
      <KeyHints
        hints={[
          ['Enter', of === 'store' ? 'fcSeeEveryItem' : 'fcSeeItems'],
          ['D', 'fcDays'],
          ['W', 'fcWeeks'],
          ['←|→', 'fcHintRead'],
          ['Esc', 'owBack'],
        ]}
      />
    </DeskPageFrame>
  );
}

function GroupBody(props: {
  readonly group: GroupForecast;
  readonly grain: Grain;
  readonly onGrain: (grain: Grain) => void;
}) {
  const { say } = useWords();
  const { group, grain } = props;
  const { nextWeek } = group;
  const isMoney = group.unit === null;
  const unit = group.unit === null ? '' : unitName(group.unit, say);
  const text = (value: number): string =>
    isMoney ? formatDeskRupees(paise(Math.round(value))) : roundQty(value, group.unit ?? 'pc');
  const signed = (value: number): string => {
    if (group.unit !== null) return signedQty(value, group.unit);
    const amount = text(value);
    return value > 0 && /[1-9]/.test(amount) ? `+${amount}` : amount;
  };
  const range = say('fcWeeksBetween', { from: text(nextWeek.p10), to: text(nextWeek.p90) });
  const size = isMoney ? 100 : 1000;
  return (
    <div className="ow-two">
      <div className="ow-column">
        <FanCard
          number={text(nextWeek.p50)}
          unit={unit}
          {...(isMoney ? { of: say('fcByToday') } : {})}
          range={range}
          grain={grain}
          onGrain={props.onGrain}
          dates={group}
          weeksWhy={group.weeks.length < fewestWeeks ? say('fcNoWeeks') : null}
          fan={grain === 'days' ? fanOfGroup(group) : weeksOfGroup(group)}
          words={{
            label: say('fcChartLabel', { n: text(nextWeek.p50), unit, range }),
            axis: (value) => (isMoney ? axisRupees(value, say) : countText(value)),
            bare: (value) => text(value * size),
            value: (value) => (isMoney ? text(value * size) : `${text(value * size)} ${unit}`),
          }}
        />
        <JudgedCard
          judged={group.judged}
          missBp={group.missBp}
          lastWeekMissBp={group.lastWeekMissBp}
          text={text}
          daysLearnt={group.daysLearnt}
          daysLeftOut={0}
          model={null}
        />
      </div>
      <div className="ow-column ow-side">
        <WhyCard
          dates={group}
          isMoney={isMoney}
          daysLearnt={group.daysLearnt}
          drivers={group.drivers}
          plainWeek={group.plainWeek}
          sum={text(nextWeek.p50)}
          text={text}
          signed={signed}
        />
      </div>
    </div>
  );
}
