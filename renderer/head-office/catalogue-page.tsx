/**
 * Head office's catalogue: find an item, give it a new price. Rule kept: a price given here goes to nobody by itself; it
 * is put on the list of Publish prices, where a person says who gets it and from when.
 */
import { useEffect, useId, useState } from 'react';
import { type ItemsReply, type OfficeItem, publishApi } from '#contract/publish.ts';
import { formatPaise, formatRupees, type Paise, parsePaise } from '#core/money.ts';
import { nameIn } from '../words/formats.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { OfficeTable, PickRow, SearchField } from './office-list.tsx';
import { useOffice } from './office-words.ts';
import { addDraft, draftStore } from './price-draft.ts';
import { goTo } from './route.ts';
import { useRows } from './use-rows.ts';
import { useStore } from '../state/store.ts';

const moneyOr = (amount: Paise | null, none: string): string => (amount === null ? none : formatRupees(amount));
/** In a column whose head says that it is money. */
const amountOr = (amount: Paise | null, none: string): string => (amount === null ? none : formatPaise(amount));

export function CataloguePage({ canPublish }: { readonly canPublish: boolean }) {
  const { say, language } = useOffice();
  const searchId = useId();
  const [text, setText] = useState('');
  const [reply, setReply] = useState<ItemsReply | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const drafts = useStore(draftStore, (now) => now);
  useEffect(() => {
    // The last question asked is the one that is shown.
    let isGone = false;
    const timer = setTimeout(
      () =>
        void ask(publishApi.items, { text, after: null, limit: 200 }).then((answer) => {
          if (isGone) return;
          setTrouble(answer.ok ? null : answer.error);
          if (answer.ok) setReply(answer.value);
        }),
      150,
    );
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text]);
  const more = async (): Promise<void> => {
    const answer = await ask(publishApi.items, { text, after: reply?.next ?? null, limit: 200 });
    setTrouble(answer.ok ? null : answer.error);
    if (answer.ok) setReply((now) => ({ ...answer.value, items: [...(now?.items ?? []), ...answer.value.items] }));
  };
  const items = reply?.items ?? [];
  const open = items.find((item) => item.id === chosen) ?? items[0];
  useRows({
    ids: items.map((item) => item.id),
    chosen: open?.id ?? null,
    onChoose: setChosen,
    onOpen: () => document.querySelector<HTMLInputElement>('[data-testid="new-price"]')?.focus(),
    searchId,
  });
  return (
    <>
      <PageHead title={say('navCatalogue')} note={reply === null ? say('loading') : ''}>
        <SearchField id={searchId} label={say('findItem')} value={text} onText={setText} testId="find-item" />
        {canPublish && drafts.length > 0 ? (
          <OfficeButton look="main" icon="tag" onPress={() => goTo('publish')} testId="to-publish">
            {say('toPublish', { count: drafts.length })}
          </OfficeButton>
        ) : null}
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <OfficeTable
          label={say('navCatalogue')}
          testId="items"
          isWrapped
          columns={[
            { word: 'colItem' },
            { word: 'colCode' },
            { word: 'colMrp', isNumber: true },
            { word: 'colPrice', isNumber: true },
            { word: 'colCost', isNumber: true },
          ]}
          keys={{ row: say('keyItem'), enter: canPublish ? say('newPrice') : null, find: say('keyFind') }}
          below={
            <>
              {reply !== null && items.length === 0 ? (
                <p className="ho-calm">{text === '' ? say('noItems') : say('findItemNone', { text })}</p>
              ) : null}
              {reply?.next == null ? null : (
                <p className="ho-calm">
                  <OfficeButton onPress={() => void more()}>{say('moreItems')}</OfficeButton>
                </p>
              )}
            </>
          }
        >
          {items.map((item) => (
            <PickRow key={item.id} id={item.id} isChosen={item.id === open?.id} onChoose={setChosen}>
              <td className="ho-strong">{nameIn(item, language)}</td>
              <td className="ho-quiet">{item.code}</td>
              <td className="ho-num ho-quiet">{amountOr(item.mrpPaise, '')}</td>
              <td className="ho-num">{formatPaise(item.sellingPricePaise)}</td>
              <td className="ho-num ho-quiet">{amountOr(item.costPricePaise, say('notKnown'))}</td>
            </PickRow>
          ))}
        </OfficeTable>
        {open === undefined ? null : <ItemSide key={open.id} item={open} canPublish={canPublish} />}
      </div>
    </>
  );
}

function ItemSide({ item, canPublish }: { readonly item: OfficeItem; readonly canPublish: boolean }) {
  const { say, language } = useOffice();
  const waiting = useStore(draftStore, (drafts) => drafts.find((draft) => draft.itemId === item.id)?.newPaise ?? null);
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const put = (): void => {
    const newPaise = parsePaise(text);
    setWrong(newPaise === null || newPaise <= 0);
    if (newPaise === null || newPaise <= 0) return;
    addDraft({ itemId: item.id, newPaise });
    setText('');
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return (
    <section className="ho-card ho-side" aria-label={nameIn(item, language)} data-testid="item-side">
      <div>
        <h2>{nameIn(item, language)}</h2>
        <p className="ho-quiet">
          {[item.brand, item.category].filter((part) => part !== null && part !== '').join(', ')}
        </p>
      </div>
      <dl className="ho-pairs">
        <dt>{say('colPrice')}</dt>
        <dd>{formatRupees(item.sellingPricePaise)}</dd>
        <dt>{say('colMrp')}</dt>
        <dd>{moneyOr(item.mrpPaise, say('noneOfIt'))}</dd>
        <dt>{say('colCost')}</dt>
        <dd>{moneyOr(item.costPricePaise, say('notKnown'))}</dd>
        <dt>{say('barcodes')}</dt>
        <dd>{item.barcodes.map((barcode) => barcode.code).join(', ') || say('noneOfIt')}</dd>
        <dt>HSN</dt>
        <dd>{item.hsn ?? say('noneOfIt')}</dd>
      </dl>
      {canPublish ? (
        <form
          className="ho-price-form"
          onSubmit={(event) => {
            event.preventDefault();
            put();
          }}
        >
          <label htmlFor="ho-new-price">{say('newPriceField')}</label>
          <span>
            <input
              id="ho-new-price"
              className="bm-input bm-number"
              value={text}
              inputMode="decimal"
              autoComplete="off"
              aria-invalid={isWrong}
              onChange={(event) => setText(event.currentTarget.value)}
              data-testid="new-price"
            />
            <OfficeButton look="main" cap="Enter" isSubmit testId="put-price">
              {say('putOnList')}
            </OfficeButton>
          </span>
          <small className={isWrong ? 'bm-field-error' : 'ho-quiet'}>
            {isWrong
              ? say('notAmount')
              : waiting === null
                ? say('putHelp')
                : say('onList', { amount: formatRupees(waiting) })}
          </small>
        </form>
      ) : null}
    </section>
  );
}
