/**
 * An item's card (Ctrl K "Item card"): what it is, what other stores have, a new price. Rule kept: of an item of head
 * office a new price waits until head office has said so, and the card says that it waits; nothing is worked out here.
 */
import { useRef, useState } from 'react';
import type { FoundItem } from '#contract/views.ts';
import type { ItemCardView, ItemProposalView, StockElsewhere } from '#contract/till-item.ts';
import { formatPaise, parsePaise } from '#core/money.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { clockTime, nameIn, qtyText, shortDay } from '../words/formats.ts';
import { type Say, useWords, type Word } from '../words/words.ts';
import { heardText } from './heard-text.ts';
import { errorText } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

const stateWords: Readonly<Record<ItemProposalView['state'], Word>> = {
  open: 'brWaits',
  accepted: 'brAccepted',
  declined: 'brDeclined',
  takenBack: 'brTakenBack',
};

function Elsewhere({
  stores,
  unit,
  say,
}: {
  readonly stores: readonly StockElsewhere[];
  readonly unit: FoundItem['unit'];
  readonly say: Say;
}) {
  if (stores.length === 0) return null;
  return (
    <p data-testid="card-elsewhere">
      <b>{say('brElsewhere')}</b>{' '}
      {stores
        .slice(0, 6)
        .map((one) => `${one.storeName}: ${qtyText(one.qtyMilli, unit, say)} (${heardText(one.heardAtMs, say)})`)
        .join(', ')}
    </p>
  );
}

const priceOf = (change: ItemProposalView['change']): string =>
  change.sellingPricePaise === undefined ? '' : `₹${formatPaise(change.sellingPricePaise)}`;

export function ItemCard() {
  const { say, language } = useWords();
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly FoundItem[]>([]);
  const [card, setCard] = useState<ItemCardView | null>(null);
  const [price, setPrice] = useState('');
  const [error, setError] = useState('');
  const asked = useRef(0);
  const search = async (typed: string): Promise<void> => {
    setText(typed);
    asked.current += 1;
    const no = asked.current;
    const answer = typed.trim() === '' ? null : await ask((till) => till.item.search({ text: typed, limit: 5 }));
    // An answer to letters that have been typed over since shows nothing.
    if (no !== asked.current) return;
    setFound(answer?.ok === true ? answer.value : []);
    if (answer?.ok === false) setError(errorText(answer.error));
  };
  const show = (answer: Awaited<ReturnType<typeof ask<ItemCardView>>>): void => {
    setError(answer.ok ? '' : errorText(answer.error));
    if (!answer.ok) return;
    setCard(answer.value);
    setPrice('');
  };
  const openFirst = async (item: FoundItem | undefined): Promise<void> => {
    if (item === undefined) return setError(say('noItemLike', { text: text.slice(0, 60) }));
    show(await ask((till) => till.item.card({ id: item.id })));
  };
  const change = async (of: ItemCardView): Promise<void> => {
    const sellingPricePaise = parsePaise(price);
    if (sellingPricePaise === null) return setError(say('discountBad'));
    const key = crypto.randomUUID();
    show(await ask((till) => till.item.change({ key, id: of.item.id, change: { sellingPricePaise } })));
  };
  const takeBack = async (proposal: ItemProposalView): Promise<void> => {
    const key = crypto.randomUUID();
    show(await ask((till) => till.item.takeBack({ key, proposalId: proposal.id })));
  };
  const go = (): void => {
    if (card === null) void openFirst(found[0]);
    else if (price.trim() !== '') void change(card);
    else closePanel();
  };
  const waits = card?.proposals.find((one) => one.state === 'open');
  return (
    <Dialog
      title={card === null ? say('brCard') : nameIn(card.item, language)}
      help={card === null ? say('brCardHelp') : say(card.isHeadOffices ? 'brTheirs' : 'brOurs')}
      keys={{ name: 'itemCard', back: closePanel, enter: go, accept: go }}
      footer={
        <>
          {card === null ? null : (
            <ActionButton look="main" cap="Enter" onPress={() => void change(card)} testId="card-save">
              {say(card.isHeadOffices ? 'brPropose' : 'save')}
            </ActionButton>
          )}
          {waits === undefined ? null : (
            <ActionButton onPress={() => void takeBack(waits)} testId="card-take-back">
              {say('brTakeBack')}
            </ActionButton>
          )}
          <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      {card === null ? (
        <>
          <Field
            label={say('brFind')}
            value={text}
            onText={(typed) => void search(typed)}
            isDefault
            testId="card-find"
          />
          {found.map((item) => (
            <ActionButton key={item.id} look="quiet" onPress={() => void openFirst(item)} testId="card-found">
              {`${nameIn(item, language)}, ₹${formatPaise(item.sellingPricePaise)}`}
            </ActionButton>
          ))}
        </>
      ) : (
        <>
          <p data-testid="card-facts">
            {say('brFacts', {
              price: formatPaise(card.item.sellingPricePaise),
              mrp: card.item.mrpPaise === null ? '-' : formatPaise(card.item.mrpPaise),
              stock: qtyText(card.item.stockMilli, card.item.unit, say),
            })}
          </p>
          <Elsewhere stores={card.elsewhere} unit={card.item.unit} say={say} />
          {card.proposals.slice(0, 4).map((one) => (
            <p key={one.id} data-testid="card-proposal">
              {say('brProposed', {
                from: priceOf(one.base),
                to: priceOf(one.change),
                state: say(stateWords[one.state]),
              })}{' '}
              <small>
                {`${one.byName}, ${shortDay(one.atMs, language)}, ${clockTime(one.atMs, language)}`}
                {one.note === '' ? '' : `: ${one.note}`}
              </small>
            </p>
          ))}
          <Field
            label={say('brNewPrice')}
            value={price}
            onText={setPrice}
            isDefault
            error={error}
            testId="card-price"
          />
        </>
      )}
      {card === null && error !== '' ? (
        <div className="bm-field-error" role="alert">
          {error}
        </div>
      ) : null}
    </Dialog>
  );
}
