/** Short forms of the counter: not in the shop, a new item, price only, drop the bill. Rule kept: Enter walks
 * from field to field and accepts at the end; Esc goes back and nothing has changed. */
import { useState } from 'react';
import type { Uuid } from '#core/ids.ts';
import { type Paise, parsePaise } from '#core/money.ts';
import { onePiece, parseQty } from '#core/quantity.ts';
import type { Answer } from '../link/till-link.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Dialog, Field, Numbered } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { recordEnquiry } from './actions.ts';
import { useTaxChoices } from './tax-choices.ts';
import { command, errorText } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

export function FormFoot({ onAccept, word }: { readonly onAccept: () => void; readonly word: string }) {
  const { say } = useWords();
  return (
    <>
      <ActionButton look="main" cap="Ctrl A" onPress={onAccept} testId="accept">
        {word}
      </ActionButton>
      <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
        {say('cancel')}
      </ActionButton>
    </>
  );
}

export function NotInShopForm({ text }: { readonly text: string }) {
  const { say } = useWords();
  const [asked, setAsked] = useState(text);
  const save = (): void => {
    if (asked.trim() === '') return;
    recordEnquiry(asked.trim());
    closePanel();
  };
  return (
    <Dialog
      title={say('notInShopTitle')}
      size="small"
      keys={{ name: 'notInShop', back: closePanel, accept: save }}
      footer={<FormFoot onAccept={save} word={say('save')} />}
    >
      <Field
        label={say('notInShopHelp')}
        value={asked}
        onText={setAsked}
        isDefault
        maxLength={120}
        testId="asked-for"
      />
    </Dialog>
  );
}

/** Reads a price that must be there and an MRP that may. */
function readPrices(price: string, mrp: string): { readonly price: Paise; readonly mrp: Paise | null } | null {
  const sellingPricePaise = parsePaise(price);
  const mrpPaise = mrp.trim() === '' ? null : parsePaise(mrp);
  if (sellingPricePaise === null || sellingPricePaise < 0 || (mrp.trim() !== '' && mrpPaise === null)) return null;
  return { price: sellingPricePaise, mrp: mrpPaise };
}

const closeOrTell = (setError: (text: string) => void) => (answer: Answer<unknown>) => {
  if (answer.ok) closePanel();
  else setError(errorText(answer.error));
};

export function NewItemForm({ lineId, code }: { readonly lineId: Uuid; readonly code: string }) {
  const { say } = useWords();
  const [name, setName] = useState('');
  const [price, setPrice] = useState('');
  const [mrp, setMrp] = useState('');
  const [taxClass, setTaxClass] = useState('');
  const [error, setError] = useState('');
  const choices = useTaxChoices();
  const save = (): void => {
    const prices = readPrices(price, mrp);
    if (name.trim() === '') return setError(say('eCustomerName'));
    if (prices === null) return setError(say('amountBad'));
    void command(
      (till, key) =>
        till.cart.settleUnknown({
          key,
          lineId,
          as: {
            kind: 'newItem',
            name: name.trim(),
            sellingPricePaise: prices.price,
            mrpPaise: prices.mrp,
            taxClassKey: taxClass === '' ? null : taxClass,
          },
        }),
      { isQuiet: true },
    ).then(closeOrTell(setError));
  };
  return (
    <Dialog
      title={say('newItemTitle')}
      help={say('newItemHelp', { code })}
      size="small"
      keys={{ name: 'newItem', back: closePanel, accept: save }}
      footer={<FormFoot onAccept={save} word={say('addIt')} />}
    >
      <Field
        label={say('name')}
        value={name}
        onText={setName}
        isDefault
        maxLength={120}
        error={error}
        testId="new-name"
      />
      <div className="bm-two">
        <Field label={say('sellingPrice')} value={price} onText={setPrice} isNumber testId="new-price" />
        <Field label={say('mrpIfPrinted')} value={mrp} onText={setMrp} isNumber testId="new-mrp" />
      </div>
      <Choose label={say('taxClass')} value={taxClass} options={choices} onChoose={setTaxClass} />
    </Dialog>
  );
}

export function PriceOnlyForm({ name: typed }: { readonly name: string }) {
  const { say } = useWords();
  const [name, setName] = useState(typed);
  const [price, setPrice] = useState('');
  const [qty, setQty] = useState('1');
  const [taxClass, setTaxClass] = useState('');
  const [error, setError] = useState('');
  const choices = useTaxChoices();
  const save = (): void => {
    const sellingPricePaise = parsePaise(price);
    const qtyMilli = qty.trim() === '' ? onePiece : parseQty(qty);
    if (sellingPricePaise === null || sellingPricePaise < 0) return setError(say('amountBad'));
    if (qtyMilli === null) return setError(say('qtyBad'));
    void command(
      (till, key) =>
        till.cart.addPriceOnly({
          key,
          name: name.trim(),
          sellingPricePaise,
          qtyMilli,
          taxClassKey: taxClass === '' ? null : taxClass,
        }),
      { isQuiet: true },
    ).then(closeOrTell(setError));
  };
  return (
    <Dialog
      title={say('priceOnlyTitle')}
      help={say('priceOnlyHelp')}
      size="small"
      keys={{ name: 'priceOnly', back: closePanel, accept: save }}
      footer={<FormFoot onAccept={save} word={say('addIt')} />}
    >
      <Field label={say('name')} value={name} onText={setName} maxLength={120} testId="only-name" />
      <div className="bm-two">
        <Field
          label={say('sellingPrice')}
          value={price}
          onText={setPrice}
          isNumber
          isDefault
          error={error}
          testId="only-price"
        />
        <Field label={say('quantity')} value={qty} onText={setQty} isNumber testId="only-qty" />
      </div>
      <Choose label={say('taxClass')} value={taxClass} options={choices} onChoose={setTaxClass} />
    </Dialog>
  );
}

export function DropForm() {
  const { say } = useWords();
  const reasons = say('dropReasons').split('|');
  const [chosen, setChosen] = useState(0);
  const drop = (index: number): void => {
    const reason = reasons[index];
    if (reason === undefined) return;
    void command((till, key) => till.cart.drop({ key, reason })).then((answer) => {
      if (answer.ok) closePanel();
    });
  };
  return (
    <Dialog
      title={say('dropBillTitle')}
      help={say('dropBillHelp')}
      keys={{
        name: 'drop',
        back: closePanel,
        choose: (digit) => drop(digit - 1),
        enter: () => drop(chosen),
        accept: () => drop(chosen),
        move: (key) => setChosen((at) => Math.max(0, Math.min(reasons.length - 1, at + (key === 'Up' ? -1 : 1)))),
      }}
    >
      <Numbered label={say('reason')} options={reasons} chosen={chosen} onChoose={drop} />
    </Dialog>
  );
}
