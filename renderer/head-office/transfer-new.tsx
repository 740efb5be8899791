/**
 * Asking one store to send goods to another: two stores, items found by name or barcode, quantities. Rule kept: stores of
 * two GSTINs are refused with the reason; sent twice it is asked once.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type OfficeItem, publishApi } from '#contract/publish.ts';
import { officeApi, type OrgView } from '#contract/server.ts';
import { transferApi } from '#contract/transfers.ts';
import { parseQty } from '#core/quantity.ts';
import { Choose } from '../parts/choose.tsx';
import { nameIn } from '../words/formats.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeField, OfficeTrouble } from './office-pieces.tsx';
import { type OfficeWord, useOffice } from './office-words.ts';

type Wanted = { readonly item: OfficeItem; readonly text: string };

const refusedWords = {
  sameStore: 'trSameStore',
  invoiceDue: 'trInvoiceDue',
  unknownItem: 'trUnknownItem',
  quantity: 'trQuantity',
} as const satisfies Readonly<Record<string, OfficeWord>>;

export function NewTransfer(props: { readonly onBack: () => void; readonly onAsked: (transferId: string) => void }) {
  const { say, language } = useOffice();
  const [org, setOrg] = useState<OrgView | null>(null);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly OfficeItem[]>([]);
  const [wanted, setWanted] = useState<readonly Wanted[]>([]);
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState('');
  const [isBusy, setBusy] = useState(false);
  const transferId = useRef<string>(crypto.randomUUID());
  useEffect(() => {
    void ask(officeApi.org, {}).then((answer) => {
      if (!answer.ok) return;
      setOrg(answer.value);
      const [first, second] = answer.value.regions.flatMap((region) => region.stores);
      setFrom((now) => now || (first?.storeId ?? ''));
      setTo((now) => now || (second?.storeId ?? ''));
    });
  }, []);
  useEffect(() => {
    let isGone = false;
    const timer = setTimeout(() => {
      if (text.trim() === '') return;
      void ask(publishApi.items, { text: text.trim(), after: null, limit: 5 }).then((answer) => {
        if (!isGone && answer.ok) setFound(answer.value.items);
      });
    }, 150);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text]);
  const hits = text.trim() === '' ? [] : found;
  const add = (item: OfficeItem): void => {
    setText('');
    setTrouble('');
    setWanted((now) => (now.some((one) => one.item.id === item.id) ? now : [...now, { item, text: '1' }]));
  };
  const setQty = (id: string, qty: string): void =>
    setWanted((now) => now.map((one) => (one.item.id === id ? { ...one, text: qty } : one)));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const [hit] = hits;
    // Enter in the search field takes the first that was found.
    if (text.trim() !== '') return hit === undefined ? undefined : add(hit);
    if (wanted.length === 0) return setTrouble(say('trNoLines'));
    const lines = wanted.map((one) => ({ itemId: one.item.id as string, qtyMilli: parseQty(one.text) ?? 0 }));
    if (isBusy) return;
    setBusy(true);
    const asked = { transferId: transferId.current, fromStoreId: from, toStoreId: to, lines, note };
    const answer = await ask(transferApi.request, asked as never);
    setBusy(false);
    if (!answer.ok) return setTrouble(errorText(answer.error, say));
    if (!answer.value.ok) return setTrouble(say(refusedWords[answer.value.reason]));
    props.onAsked(answer.value.transfer.transferId);
  };
  const stores = (org?.regions ?? []).flatMap((region) =>
    region.stores.map((store) => ({ value: store.storeId, text: store.name })),
  );
  return (
    <form
      className="ho-card ho-side"
      aria-label={say('trNewTitle')}
      data-testid="transfer-new-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onBack();
      }}
    >
      <div>
        <h2>{say('trNewTitle')}</h2>
        <p className="ho-quiet">{say('trNewHelp')}</p>
      </div>
      <Choose label={say('trFrom')} value={from} options={stores} onChoose={setFrom} testId="transfer-from" />
      <Choose label={say('trTo')} value={to} options={stores} onChoose={setTo} testId="transfer-to" />
      <div>
        <OfficeField
          label={say('trFindItem')}
          value={text}
          onText={setText}
          isFirst
          autoComplete="off"
          testId="transfer-find"
        />
        <div className="ho-hits">
          {hits.map((item) => (
            <OfficeButton key={item.id} look="quiet" onPress={() => add(item)} testId="transfer-hit">
              {nameIn(item, language)}
            </OfficeButton>
          ))}
        </div>
      </div>
      {wanted.map((one) => (
        <div key={one.item.id} className="ho-wanted" data-testid="transfer-wanted">
          <span>{nameIn(one.item, language)}</span>
          <input
            className="bm-input bm-number"
            inputMode="decimal"
            autoComplete="off"
            maxLength={12}
            aria-label={say('trQtyOf', { name: nameIn(one.item, language) })}
            value={one.text}
            data-testid="transfer-qty"
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setQty(one.item.id, event.currentTarget.value)}
          />
          <OfficeButton
            look="quiet"
            onPress={() => setWanted((now) => now.filter(({ item }) => item.id !== one.item.id))}
          >
            {say('trTakeOff')}
          </OfficeButton>
        </div>
      ))}
      <OfficeField label={say('trNote')} value={note} onText={setNote} maxLength={300} />
      {trouble === '' ? null : <OfficeTrouble>{trouble}</OfficeTrouble>}
      <div className="ho-side-foot">
        <OfficeButton look="main" isSubmit isDisabled={isBusy} testId="transfer-ask">
          {say('trAsk')}
        </OfficeButton>
        <OfficeButton look="quiet" cap="Esc" onPress={props.onBack}>
          {say('cancel')}
        </OfficeButton>
      </div>
    </form>
  );
}
