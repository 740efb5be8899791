/**
 * Beside the order: its value, and the sum behind the chosen line. Rule kept: each line of the sum is the till's; what has
 * no cost price is counted as not known, never as nought.
 */
import type { OrderLine, OrderView } from '#contract/till-forecast.ts';
import { formatDeskRupees } from '#core/money.ts';
import { milli, multiplyQty } from '#core/quantity.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { nameIn } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { Sureness } from './desk-pieces.tsx';
import { countText, percent, plainQty, roundQty, signedQty, unitName } from './figures.ts';
import { orderWhy } from './forecast-words.ts';
import { printList, saveList } from './order-state.ts';

export function OrderValue({ view, onSheet }: { readonly view: OrderView; readonly onSheet: () => void }) {
  const { say } = useWords();
  // Those whose supplier nobody said are of no supplier.
  const named = view.groups.filter(({ name }) => name !== null).length;
  const ordered = view.lines.filter((line) => line.packs > 0).length;
  return (
    <section className="bm-card ow-card ol-value" aria-label={say('olValue')}>
      <p className="ow-note">
        {named === 0
          ? say('olValue')
          : say(view.groupBy === 'supplier' ? 'olValueSuppliers' : 'olValueCategories', { count: named })}
      </p>
      <b className="bm-display" data-testid="order-value">
        {formatDeskRupees(view.valuePaise)}
      </b>
      <dl className="ow-facts">
        <dt>{say('olOrdered')}</dt>
        <dd data-testid="order-count">{countText(ordered)}</dd>
        <dt>{say('olAtRisk')}</dt>
        <dd>{formatDeskRupees(view.atRiskPaise)}</dd>
        {view.linesWithoutCost === 0 ? null : (
          <>
            <dt>{say('olWithoutCost')}</dt>
            <dd className="ow-warn-text">{countText(view.linesWithoutCost)}</dd>
          </>
        )}
      </dl>
      <ActionButton
        look="main"
        cap="Ctrl P"
        onPress={() => void printList()}
        isDisabled={ordered === 0}
        testId="order-print"
      >
        {say('olPrint')}
      </ActionButton>
      <div className="ol-two-buttons">
        <ActionButton cap="A" onPress={onSheet} isDisabled={ordered === 0} testId="order-a4">
          {say('olSheet')}
        </ActionButton>
        <ActionButton cap="E" onPress={() => void saveList()} isDisabled={ordered === 0} testId="order-export">
          {say('olSave')}
        </ActionButton>
      </div>
    </section>
  );
}

export function OrderSum(props: { readonly line: OrderLine; readonly view: OrderView; readonly onItem: () => void }) {
  const { say, language } = useWords();
  const { line, view } = props;
  const pack = plainQty(line.packMilli, line.unit);
  const packs = milli(line.packs * 1000);
  const isSingle = line.packMilli === 1000;
  return (
    <section className="bm-card ow-card ol-sum" aria-label={nameIn(line, language)} data-testid="order-sum">
      <h2>{nameIn(line, language)}</h2>
      <p className="ow-note">
        {isSingle
          ? say('olWhyPieces', { n: countText(line.advisedPacks), unit: unitName(line.unit, say) })
          : say('olWhyPacks', { count: line.advisedPacks, n: countText(line.advisedPacks), pack })}
      </p>
      <dl className="ow-facts">
        <dt>{say('olUntil', { count: line.throughDays })}</dt>
        <dd>{roundQty(line.likelyMilli, line.unit)}</dd>
        <dt>{say('olSpare')}</dt>
        <dd>{signedQty(line.busyMilli - line.likelyMilli, line.unit)}</dd>
        <dt>{say('fcInStock')}</dt>
        <dd>{signedQty(-line.onHandMilli, line.unit)}</dd>
      </dl>
      <dl className="ow-facts ol-needed">
        <dt>
          <b>{say('olNeeded')}</b>
        </dt>
        <dd>{roundQty(line.neededMilli, line.unit)}</dd>
        <dt>{isSingle ? say('olOrdering') : say('olRounded', { pack })}</dt>
        <dd>
          {plainQty(multiplyQty(packs, line.packMilli), line.unit)} {unitName(line.unit, say)}
        </dd>
      </dl>
      <p className="ow-note">
        {say('olService', { share: percent(view.rules.serviceLevelBp) })}{' '}
        {line.packs === line.advisedPacks ? '' : say('olYours', { n: countText(line.advisedPacks) })}
      </p>
      <p className="ow-note">
        {line.why === 'underLeadTime' ? say('olUnderLeadHelp') : orderWhy(line.why, line.whyDate, say, language)}
      </p>
      <p className="ol-sure">
        {say('fcHowSure')}: <Sureness confidence={line.confidence} />
      </p>
      <ActionButton cap="I" onPress={props.onItem} testId="order-item">
        {say('olItemForm')}
      </ActionButton>
    </section>
  );
}
