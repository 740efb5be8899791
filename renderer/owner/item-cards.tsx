/**
 * Beside an item's fan: what to order, and why this number. Rule kept: the effects are drawn on one scale around a plain
 * week, and they add up to the number because the till made them so.
 */
import { useState } from 'react';
import type { Driver, ItemForecast } from '#contract/till-forecast.ts';
import { formatDeskRupees } from '#core/money.ts';
import { formatQty, isUnit, milli, multiplyQty } from '#core/quantity.ts';
import { addDays, businessDateOf, instant } from '#core/time.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { isShort } from './desk-pieces.tsx';
import { countText, dayText, plainQty, roundQty, signedQty, unitName } from './figures.ts';
import { driverName, driverText, orderWhy } from './forecast-words.ts';

export function OrderCard(props: {
  readonly forecast: ItemForecast;
  readonly onAdd: () => void;
  readonly hasEnter: boolean;
  readonly isFromOrder: boolean;
}) {
  const { say, language } = useWords();
  const { row, order } = props.forecast;
  const [today] = useState(() => businessDateOf(instant(Date.now())));
  const unit = isUnit(row.unit) ? row.unit : 'pc';
  const lastsUntil = row.daysLeft === null ? null : addDays(today, row.daysLeft);
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
          {lastsUntil === null ? say('fcLongEnough') : dayText(lastsUntil, language)}
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

const half = 46;

function Effect({ effectMilli, most }: { readonly effectMilli: number; readonly most: number }) {
  const width = most === 0 ? 0 : (half * Math.abs(effectMilli)) / most;
  return (
    <svg className="ow-effect" width={half * 2 + 2} height="16" viewBox={`0 0 ${half * 2 + 2} 16`} aria-hidden="true">
      <rect
        className={effectMilli < 0 ? 'ow-effect-less' : 'ow-effect-more'}
        x={effectMilli < 0 ? half - width : half + 2}
        y="3"
        width={width}
        height="10"
        rx="2"
      />
      <rect className="ow-effect-line" x={half} width="2" height="16" />
    </svg>
  );
}

export function WhyCard({ forecast }: { readonly forecast: ItemForecast }) {
  const { say, language } = useWords();
  const { drivers, row, plainWeekMilli } = forecast;
  // A bar as long as the place is a quarter of a plain week, or the largest effect where that is more.
  const most = Math.max(plainWeekMilli / 4, ...drivers.map((driver) => Math.abs(driver.effectMilli)));
  const key = (driver: Driver): string =>
    `${driver.kind} ${driver.festival?.family ?? ''} ${driver.festival?.date ?? ''}`;
  return (
    <section className="bm-card ow-card ow-why" aria-label={say('fcWhy')} data-testid="why-card">
      <h2>{say('fcWhy')}</h2>
      <p className="ow-note">{say('fcPlainWeek', { n: roundQty(plainWeekMilli, row.unit) })}</p>
      {drivers.length === 0 ? <p className="ow-note">{say('fcNoDrivers')}</p> : null}
      <ul>
        {drivers.map((driver) => (
          <li key={key(driver)} data-testid="driver">
            <span className="ow-driver">
              <b>{driverName(driver, say)}</b>
              <Effect effectMilli={driver.effectMilli} most={most} />
              <b className="bm-num">{signedQty(driver.effectMilli, row.unit)}</b>
            </span>
            <small>{driverText(driver, say, language)}</small>
          </li>
        ))}
      </ul>
      <p className="ow-sum-line">
        <span>{say('fcSumUp')}</span>
        <b className="bm-num">{roundQty(row.nextWeek.p50Milli, row.unit)}</b>
      </p>
    </section>
  );
}
