/**
 * Sending what another store or head office asked for: the asked lines stand there, less or more may go, other goods too.
 * Rule kept: what goes is on the challan, what was asked stays beside it; a line of zero does not go.
 */
import { useRef, useState } from 'react';
import type { TillTransfer } from '#contract/till-transfers.ts';
import { formatQty } from '#core/quantity.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { useWords } from '../words/words.ts';
import { CallOff } from './call-off.tsx';
import { pickedLines, PickGoods, usePicking } from './goods-to-pick.tsx';
import { TransferSide } from './transfer-side.tsx';
import { tellSent } from './transfer-told.ts';

export function SendTransfer({ transfer, onBack }: { readonly transfer: TillTransfer; readonly onBack: () => void }) {
  const { say } = useWords();
  const { row, lines } = transfer;
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [isOff, setOff] = useState(false);
  const picking = usePicking(
    lines.map(({ itemId, name, nameHi, unit, wantedMilli }) => ({
      itemId,
      name,
      nameHi,
      unit,
      wantedMilli,
      isKnown: transfer.onHand[itemId] !== undefined,
      text: wantedMilli === null ? '' : formatQty(wantedMilli, unit),
    })),
  );
  const key = useRef(newKey());
  const commit = async (): Promise<void> => {
    const goods = pickedLines(picking.picked);
    if (goods === null) return picking.setError(say('qtyBad'));
    if (goods.length === 0) return picking.setError(say('trEmpty'));
    if (isBusy) return;
    setBusy(true);
    const { transferId, toStoreId } = row;
    const answer = await ask((till) =>
      till.transfer.dispatch({ key: key.current, transferId, toStoreId, lines: [...goods], note: note.trim() }),
    );
    setBusy(false);
    if (!answer.ok) {
      play('refused');
      return picking.setError(errorText(answer.error));
    }
    tellSent(answer.value, row.otherName);
    onBack();
  };
  useForm({
    name: 'transferSend',
    back: onBack,
    accept: () => void commit(),
    enter: () => {
      if (!picking.enter()) walkToNextField();
    },
    scan: picking.scan,
    same: { F6: () => setOff(true) },
  });
  return (
    <>
      <main className="bm-main" data-form="transferSend" data-testid="transfer-send-one">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('trOut', { store: row.otherName })}</h1>
          </div>
          <PickGoods picking={picking} showsWanted />
        </section>
        <aside className="bm-right">
          <TransferSide transfer={transfer} />
          <Field label={say('trNote')} value={note} onText={setNote} maxLength={300} testId="transfer-note" />
          <ActionButton look="main" cap="Ctrl A" onPress={() => void commit()} testId="transfer-do">
            {say('trDoSend')}
          </ActionButton>
          <ActionButton cap="F6" onPress={() => setOff(true)} testId="transfer-decline">
            {say('trDecline')}
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
      {isOff ? <CallOff transfer={transfer} onBack={() => setOff(false)} onDone={onBack} /> : null}
    </>
  );
}
