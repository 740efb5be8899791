/** What the search found, under the field and over the cart. Rule kept: five rows, best sellers first, match
 * in bold; nothing found says the two ways on. */
import { UnstyledButton } from '@mantine/core';
import type { FoundItem } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { formatQty, isMeasured } from '#core/quantity.ts';
import { Cap } from '../parts/pieces.tsx';
import { nameIn, qtyText, unitWord } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { heardText } from './heard-text.ts';
import { addFound } from './scan-text.ts';
import { type Chip, uiStore, useUi } from './ui-store.ts';

function Matched({ text, typed }: { readonly text: string; readonly typed: string }) {
  const at = text.toLowerCase().indexOf(typed.trim().toLowerCase());
  if (at < 0 || typed.trim() === '') return <>{text}</>;
  const end = at + typed.trim().length;
  return (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, end)}</b>
      {text.slice(end)}
    </>
  );
}

const stockText = (item: FoundItem, say: Say): string =>
  say('inStock', {
    qty: isMeasured(item.unit)
      ? `${formatQty(item.stockMilli, item.unit).replace(/\.000$/, '')} ${unitWord(item.unit, say)}`
      : formatQty(item.stockMilli, item.unit),
  });

function Result(props: {
  readonly item: FoundItem;
  readonly no: number;
  readonly isChosen: boolean;
  readonly typed: string;
  readonly chip: Chip | null;
}) {
  const { item, no, isChosen, typed, chip } = props;
  const { say, language } = useWords();
  const shown = nameIn(item, language);
  const other = shown === item.name ? item.nameHi : item.name;
  return (
    <UnstyledButton
      id={`bm-result-${no}`}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      className={isChosen ? 'bm-result bm-result-chosen' : 'bm-result'}
      data-testid="result"
      onMouseEnter={() => uiStore.patch({ resultAt: no - 1 })}
      onClick={() => void addFound(item, chip)}
    >
      <span className="bm-result-no">{no}</span>
      <span className="bm-result-name">
        <Matched text={shown} typed={typed} />
        {other === null || other === '' ? null : <small>{other}</small>}
      </span>
      <span className="bm-result-stock">
        {stockText(item, say)}
        {item.elsewhere === undefined ? null : (
          <small data-testid="result-elsewhere">
            {` ${item.elsewhere.storeName}: ${qtyText(item.elsewhere.qtyMilli, item.unit, say)} (${heardText(item.elsewhere.heardAtMs, say)})`}
          </small>
        )}
      </span>
      <span className="bm-result-price">
        <b>{formatPaise(item.sellingPricePaise)}</b>
        {isMeasured(item.unit) ? <small> {say('perUnit', { unit: unitWord(item.unit, say) })}</small> : null}
      </span>
      <span className="bm-result-buys">
        {item.buysMilli === null ? null : qtyText(item.buysMilli, item.unit, say)}
        {isChosen ? <Cap>Enter</Cap> : null}
      </span>
    </UnstyledButton>
  );
}

export function Results() {
  const { say } = useWords();
  const { results, resultAt, resultsFor, chip } = useUi((ui) => ({
    results: ui.results,
    resultAt: ui.resultAt,
    resultsFor: ui.resultsFor,
    chip: ui.chip,
  }));
  if (results === null) return null;
  if (results.length === 0) {
    return (
      <div className="bm-results" id="bm-results" data-testid="no-results">
        <div className="bm-results-none">
          <b>{say('noItemLike', { text: resultsFor.slice(0, 60) })}</b>
          <span>{say('noItemHelp')}</span>
        </div>
      </div>
    );
  }
  return (
    <div className="bm-results">
      <div id="bm-results" role="listbox" aria-label={say('results', { count: results.length })}>
        {results.map((item, i) => (
          <Result key={item.id} item={item} no={i + 1} isChosen={i === resultAt} typed={resultsFor} chip={chip} />
        ))}
      </div>
      <div className="bm-results-foot">
        <span className="bm-hint">
          <Cap>↑</Cap>
          <Cap>↓</Cap> {say('choose')}
        </span>
        <span className="bm-hint">
          <Cap>Esc</Cap> {say('clear')}
        </span>
        <span className="bm-hint">
          <Cap>F11</Cap> {say('shopHasNot')}
        </span>
        <span className="bm-push">{say('bestFirst')}</span>
      </div>
    </div>
  );
}
