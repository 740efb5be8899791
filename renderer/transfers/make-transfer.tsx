/**
 * Asking another store for goods, or sending some that nobody asked for. Rule kept: a store of another GSTIN can't be
 * chosen and says why; the till draws the challan's number and prints, this screen only says what goes.
 */
import { useRef, useState } from 'react';
import type { SisterStoreView } from '#contract/till-transfers.ts';
import type { Uuid } from '#core/ids.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { useWords } from '../words/words.ts';
import { pickedLines, PickGoods, usePicking } from './goods-to-pick.tsx';
import { tellSent, tellAsked } from './transfer-told.ts';

export function MakeTransfer(props: {
  readonly kind: 'ask' | 'send';
  readonly stores: readonly SisterStoreView[];
  readonly onBack: () => void;
}) {
  const { say } = useWords();
  const isSending = props.kind === 'send';
  const first = props.stores.find((store) => !store.needsInvoice) ?? props.stores[0];
  const [storeId, setStoreId] = useState<string>(first?.storeId ?? '');
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const picking = usePicking([]);
  const key = useRef(newKey());
  const store = props.stores.find((one) => one.storeId === storeId);
  const commit = async (): Promise<void> => {
    const lines = pickedLines(picking.picked);
    if (lines === null) return picking.setError(say('qtyBad'));
    if (lines.length === 0) return picking.setError(say('trEmpty'));
    if (isBusy) return;
    setBusy(true);
    const goods = { key: key.current, lines: [...lines], note: note.trim() };
    const other = storeId as Uuid;
    const answer = isSending
      ? await ask((till) => till.transfer.dispatch({ ...goods, transferId: null, toStoreId: other }))
      : await ask((till) => till.transfer.request({ ...goods, fromStoreId: other }));
    setBusy(false);
    if (!answer.ok) {
      play('refused');
      return picking.setError(errorText(answer.error));
    }
    if ('number' in answer.value) tellSent(answer.value, store?.name ?? '');
    else tellAsked(store?.name ?? '');
    props.onBack();
  };
  useForm({
    name: 'transferMake',
    back: props.onBack,
    accept: () => void commit(),
    enter: () => {
      if (!picking.enter()) walkToNextField();
    },
    scan: picking.scan,
  });
  return (
    <>
      <main className="bm-main" data-form="transferMake" data-testid="transfer-make">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say(isSending ? 'trSend' : 'trAsk')}</h1>
          </div>
          <PickGoods picking={picking} showsWanted={false} />
        </section>
        <aside className="bm-right">
          <div className="bm-card bm-pad bm-stack">
            <Choose
              label={say('trStore')}
              value={storeId}
              onChoose={setStoreId}
              testId="transfer-store"
              options={props.stores.map((one) => ({
                value: one.storeId as string,
                text: one.needsInvoice ? say('trNeedsInvoice', { store: one.name }) : one.name,
              }))}
            />
            <Field
              label={say(isSending ? 'trNote' : 'trNoteAsk')}
              value={note}
              onText={setNote}
              maxLength={300}
              testId="transfer-note"
            />
          </div>
          <div className="bm-space" />
          <ActionButton look="main" cap="Ctrl A" onPress={() => void commit()} testId="transfer-do">
            {say(isSending ? 'trDoSend' : 'trDoAsk')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={props.onBack}>
            {say('kBack')}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupTransfer',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
    </>
  );
}
