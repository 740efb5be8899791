/**
 * The forecast of a category in pieces, or of the whole shop in rupees. Rule kept: the till adds up; a category whose items
 * have different units is in rupees too, never in pieces of both.
 */
import type { GroupForecast } from '#contract/till-forecast.ts';
import { formatDeskRupees, paise } from '#core/money.ts';
import { errorText } from '../counter/till-calls.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { DeskPageFrame, KeyHints } from './desk-pieces.tsx';
import { deskStore, showPage } from './desk-store.ts';
import { FanCard } from './fan-card.tsx';
import { fanOfGroup } from './fan-points.ts';
import { axisRupees, countText, roundQty, unitName } from './figures.ts';

export function GroupPage({ of, name }: { readonly of: 'category' | 'store'; readonly name: string | null }) {
  const { say } = useWords();
  const answer = useAnswer({ of, name }, (till, question) => till.forecast.group(question));
  const back = (): void => showPage({ is: 'forecasts' });
  const seeItems = (): void => {
    deskStore.set((now) => ({ ...now, query: { ...now.query, category: name, search: '' }, at: 0 }));
    back();
  };
  return (
    <DeskPageFrame testId="group-page" className="ow-group" keys={{ name: 'groupForecast', back, enter: seeItems }}>
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
      {answer?.ok === true ? <GroupFan group={answer.value} /> : null}
      <KeyHints
        hints={[
          ['Enter', of === 'store' ? 'fcSeeEveryItem' : 'fcSeeItems'],
          ['←|→', 'fcHintRead'],
          ['Esc', 'owBack'],
        ]}
      />
    </DeskPageFrame>
  );
}

function GroupFan({ group }: { readonly group: GroupForecast }) {
  const { say } = useWords();
  const { nextWeek } = group;
  const isMoney = group.unit === null;
  const unit = group.unit === null ? say('fcByToday') : unitName(group.unit, say);
  const text = (value: number): string =>
    isMoney ? formatDeskRupees(paise(Math.round(value))) : roundQty(value, group.unit ?? 'pc');
  const range = say('fcWeeksBetween', { from: text(nextWeek.p10), to: text(nextWeek.p90) });
  const size = isMoney ? 100 : 1000;
  return (
    <FanCard
      number={text(nextWeek.p50)}
      unit={unit}
      range={range}
      fan={fanOfGroup(group)}
      words={{
        label: say('fcChartLabel', { n: text(nextWeek.p50), unit, range }),
        axis: (value) => (isMoney ? axisRupees(value, say) : countText(value)),
        bare: (value) => text(value * size),
        value: (value) => (isMoney ? text(value * size) : `${text(value * size)} ${unit}`),
      }}
    />
  );
}
