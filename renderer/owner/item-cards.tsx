/**
 * Beside an item's fan: what is there, how long it lasts, what to order. Rule kept: every number is the till's; what has no
 * cost is shown as not known.
 */
import type { ItemForecast } from '#contract/till-forecast.ts';
import { formatDeskRupees } from '#core/money.ts';
import { formatQty, isUnit, milli, multiplyQty } from '#core/quantity.ts';
import { addDays } from '#core/time.ts';
import { ActionButton } from '../parts/pieces.tsx';
import type { Language } from '#contract/views.ts';
import { type Say, useWords } from '../words/words.ts';
import { isShort } from './desk-pieces.tsx';
import { countText, dayText, passedDays, plainQty, roundQty, unitName } from './figures.ts';
import { orderWhy } from './forecast-words.ts';

/** Longer than is forecast: two weeks, or what is left of them. */
function beyond(forecast: ItemForecast, say: Say, language: Language): string {
  const last = forecast.days.at(-1)?.date;
  return passedDays(forecast) === 0 || last === undefined
    ? say('fcLongEnough')
    : say('fcAfter', { day: dayText(last, language) });
}

export function OrderCard(props: {
  readonly forecast: ItemForecast;
  readonly onAdd: () => void;
  readonly hasEnter: boolean;
  readonly isFromOrder: boolean;
}) {
  const { say, language } = useWords();
  const { row, order } = props.forecast;
  const unit = isUnit(row.unit) ? row.unit : 'pc';
  const lastsUntil = row.daysLeft === null ? null : addDays(props.forecast.today, row.daysLeft);
  const look = row.daysLeft === null ? 'well' : isShort(row.daysLeft);
  const line = order !== null && order.packs > 0 ? order : null;
  return (
    <section className="bm-card ow-card" aria-label={say('owOrder')} data-testid="order-card">
      <h2>{say('owOrder')}</h2>
      {line === null ? (
        <p className="ow-order-none">{say('fcNothingToOrder')}</p>
      ) : (
        <p className="ow-fan-number ow-order-number">
          <b className="bm-display">{plainQty(multiplyQty(milli(line.packs * 1000), line.packMilli), line.unit)}</b>
          <span>
            {line.packMilli === 1000
              ? unitName(row.unit, say)
              : say('fcPacks', {
                  count: line.packs,
                  n: countText(line.packs),
                  pack: plainQty(line.packMilli, line.unit),
                })}
          </span>
        </p>
      )}
      <dl className="ow-facts">
        <dt>{say('fcInStock')}</dt>
        <dd>{formatQty(row.onHandMilli, unit)}</dd>
        <dt>{say('fcLastsUntil')}</dt>
        <dd className={`ow-days-${look}`}>
          {lastsUntil === null ? beyond(props.forecast, say, language) : dayText(lastsUntil, language)}
        </dd>
        {line === null ? null : (
          <>
            <dt>{say('olNeeded')}</dt>
            <dd>{roundQty(line.neededMilli, row.unit)}</dd>
            <dt>{say('fcSupplier')}</dt>
            <dd>{line.supplier ?? say('fcNoSupplier')}</dd>
            <dt>{say('fcCost')}</dt>
            <dd>{line.costPaise === null ? say('olCostUnknown') : formatDeskRupees(line.costPaise)}</dd>
            <dt>{say('olWhy')}</dt>
            <dd>{orderWhy(line.why, line.whyDate, say, language)}</dd>
          </>
        )}
      </dl>
      <ActionButton look="main" cap={props.hasEnter ? 'Enter' : undefined} onPress={props.onAdd} testId="add-to-order">
        {say(props.isFromOrder ? 'fcSeeOrder' : line === null ? 'fcAddToOrder' : 'fcChangeOrder')}
      </ActionButton>
    </section>
  );
}
