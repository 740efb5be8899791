/**
 * The forecast of one item: the fan, what to order, why this number, how good we were. Rule kept: every number is the
 * till's; where a lesser rung made it, the rung is named and why; `[` and `]` walk the list it was opened from.
 */
import { useState } from 'react';
import type { ItemForecast } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { errorText, tellRefusal } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { nameIn } from '../words/formats.ts';
import { languageNow, useWords } from '../words/words.ts';
import { DeskPageFrame } from './desk-pieces.tsx';
import { deskStore, showItem, showPage, useDesk } from './desk-store.ts';
import { FanCard, type Grain } from './fan-card.tsx';
import { fanOfItem, fewestWeeks, weeksOfItem } from './fan-points.ts';
import { countText, roundQty, signedQty, unitName } from './figures.ts';
import { reasonWords, sourceWords } from './forecast-words.ts';
import { useJob } from './job-state.tsx';
import { JudgedCard } from './judged-card.tsx';
import { OrderCard } from './item-cards.tsx';
import { useLastAnswer, useRounds } from './renewed.ts';
import { putInBill } from './scanned.ts';
import { WhyCard } from './why-card.tsx';

type From = 'forecasts' | 'order' | 'accuracy';

/** The item beside this one, in the order of the list it came from. */
async function stepFrom(from: From, itemId: Uuid, by: -1 | 1): Promise<void> {
  if (from === 'order') {
    const answer = await ask((till) => till.orderList.get({ groupBy: deskStore.get().groupBy }));
    if (!answer.ok) return tellRefusal(answer.error);
    const ids = answer.value.lines.map((line) => line.itemId);
    const next = ids[ids.indexOf(itemId) + by];
    if (next === undefined) return;
    deskStore.patch({ orderItem: next });
    return showItem(next, from);
  }
  const { at, query } = deskStore.get();
  if (at + by < 0) return;
  const answer = await ask((till) => till.forecast.list({ ...query, from: at + by, count: 1 }));
  if (!answer.ok) return tellRefusal(answer.error);
  const next = answer.value.rows[0];
  if (next === undefined) return;
  deskStore.patch({ at: at + by });
  showItem(next.itemId, 'forecasts');
}

export function ItemPage({ itemId, from }: { readonly itemId: Uuid; readonly from: From }) {
  const { say, language } = useWords();
  const scanned = useDesk((desk) => desk.scanned);
  const round = useRounds(useJob()?.state);
  const answer = useLastAnswer(useAnswer({ itemId, round }, (till) => till.forecast.item({ itemId })));
  const [grain, setGrain] = useState<Grain>('days');
  const forecast = answer?.ok === true ? answer.value : null;
  const back = (): void => showPage({ is: from });
  const step = (by: -1 | 1): void => void stepFrom(from, itemId, by);
  const hasWeeks = (forecast?.weeks.length ?? 0) >= fewestWeeks;
  const addToOrder = (): void => {
    if (forecast?.order != null && forecast.order.packs > 0) {
      deskStore.patch({ orderItem: itemId });
      return showPage({ is: 'order' });
    }
    void ask((till) => till.orderList.add({ itemId })).then((added) => {
      if (!added.ok) return tellRefusal(added.error);
      tell(() => say('fcAdded', { name: nameIn(added.value, languageNow()) }), 'good');
      deskStore.patch({ orderItem: itemId });
      showPage({ is: 'order' });
    });
  };
  const enter = (): void => {
    if (scanned !== null) putInBill(scanned);
    else if (from === 'order') back();
    else if (forecast !== null) addToOrder();
  };
  return (
    <DeskPageFrame
      testId="item-page"
      className="ow-item"
      keys={{
        name: 'itemForecast',
        back,
        enter,
        step,
        slash: () => {
          showPage({ is: 'forecasts' });
          requestAnimationFrame(() =>
            document.querySelector<HTMLInputElement>('[data-testid="forecast-search"]')?.select(),
          );
        },
        letters: {
          D: () => setGrain('days'),
          W: () => (hasWeeks ? setGrain('weeks') : undefined),
          M: () => showPage({ is: 'model' }),
        },
      }}
    >
      <header className="ow-head">
        <button type="button" className="ow-crumb" onClick={back}>
          {say(from === 'order' ? 'owOrder' : from === 'accuracy' ? 'acTitle' : 'owForecasts')}
        </button>
        <Icon name="next" size={16} />
        <h1>{forecast === null ? '' : nameIn(forecast.row, language)}</h1>
        <span className="ow-note">{forecast?.row.category ?? ''}</span>
        <span className="bm-push" />
        {scanned === null ? null : (
          <ActionButton look="main" cap="Enter" onPress={() => putInBill(scanned)} testId="put-in-bill">
            {say('fcPutInBill')}
          </ActionButton>
        )}
        <ActionButton cap="[" onPress={() => step(-1)}>
          {say('fcPrevious')}
        </ActionButton>
        <ActionButton cap="]" onPress={() => step(1)} testId="next-item">
          {say('fcNext')}
        </ActionButton>
      </header>
      {answer?.ok === false ? (
        <p className="ow-empty">{errorText(answer.error)}</p>
      ) : (
        <Body
          forecast={forecast}
          grain={grain}
          onGrain={setGrain}
          onAdd={addToOrder}
          hasEnter={scanned === null}
          from={from}
        />
      )}
    </DeskPageFrame>
  );
}

function Body(props: {
  readonly forecast: ItemForecast | null;
  readonly grain: Grain;
  readonly onGrain: (grain: Grain) => void;
  readonly onAdd: () => void;
  readonly hasEnter: boolean;
  readonly from: From;
}) {
  const { say } = useWords();
  const { forecast, grain } = props;
  if (forecast === null) return <div className="bm-card ow-fan ow-chart-coming" />;
  const { row } = forecast;
  const unit = unitName(row.unit, say);
  const next = roundQty(row.nextWeek.p50Milli, row.unit);
  const between = {
    from: roundQty(row.nextWeek.p10Milli, row.unit),
    to: roundQty(row.nextWeek.p90Milli, row.unit),
  };
  const why = reasonWords[forecast.reason];
  const ownPast = forecast.daysLearnt >= 365 ? 'fcSourceLastYear' : 'fcSourceOwnPast';
  const source = row.source === 'classical' ? ownPast : sourceWords[row.source];
  const range = say('fcWeeksBetween', between);
  return (
    <div className="ow-two">
      <div className="ow-column">
        <FanCard
          number={next}
          unit={unit}
          range={range}
          grain={grain}
          onGrain={props.onGrain}
          dates={forecast}
          weeksWhy={forecast.weeks.length < fewestWeeks ? say('fcNoWeeks') : null}
          fan={grain === 'days' ? fanOfItem(forecast) : weeksOfItem(forecast)}
          words={{
            label: say('fcChartLabel', { n: next, unit, range }),
            axis: (value) => countText(value),
            value: (value) => `${roundQty(value * 1000, row.unit)} ${unit}`,
            bare: (value) => roundQty(value * 1000, row.unit),
          }}
          below={
            row.source === 'netAndTrees' || row.source === 'trees' ? null : (
              <p className="ow-rung" data-testid="rung">
                <Icon name="info" size={16} />
                <span>
                  {say('fcUsing', { source: say(source) })} {why === null ? '' : say(why)}
                </span>
              </p>
            )
          }
        />
        <JudgedCard
          judged={forecast.judged.map(({ weekStart, soldMilli, p10Milli, p50Milli, p90Milli }) => ({
            weekStart,
            sold: soldMilli,
            p10: p10Milli,
            p50: p50Milli,
            p90: p90Milli,
          }))}
          missBp={forecast.missBp}
          lastWeekMissBp={forecast.lastWeekMissBp}
          text={(value) => roundQty(value, row.unit)}
          daysLearnt={forecast.daysLearnt}
          daysLeftOut={forecast.daysLeftOut}
          model={forecast.model}
        />
      </div>
      <div className="ow-column ow-side">
        <OrderCard
          forecast={forecast}
          onAdd={props.onAdd}
          hasEnter={props.hasEnter}
          isFromOrder={props.from === 'order'}
        />
        <WhyCard
          dates={forecast}
          daysLearnt={forecast.daysLearnt}
          drivers={forecast.drivers.map(({ effectMilli, ...driver }) => ({ ...driver, effect: effectMilli }))}
          plainWeek={forecast.plainWeekMilli}
          sum={next}
          text={(value) => roundQty(value, row.unit)}
          signed={(value) => signedQty(value, row.unit)}
        />
        <p className="ow-hints">
          <span className="ow-hint">
            <Cap>D</Cap>
            {say('fcDays')}
          </span>
          <span className="ow-hint">
            <Cap>W</Cap>
            {say('fcWeeks')}
          </span>
          <span className="ow-hint">
            <Cap>Esc</Cap>
            {say('owBack')}
          </span>
        </p>
      </div>
    </div>
  );
}
