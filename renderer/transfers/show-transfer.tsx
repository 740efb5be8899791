/**
 * A transfer that has nothing to be done here: what was asked, sent and arrived, and its history; the challan can be printed
 * again. Rule kept: nothing is changed by looking; what was asked here can be taken back while nothing has gone.
 */
import { useState } from 'react';
import type { TillTransfer } from '#contract/till-transfers.ts';
import { formatQty, type Milli } from '#core/quantity.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { nameIn, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { CallOff } from './call-off.tsx';
import { TransferSide } from './transfer-side.tsx';
import { reasonWords } from './transfer-words.ts';

export function ShowTransfer({ transfer, onBack }: { readonly transfer: TillTransfer; readonly onBack: () => void }) {
  const { say, language } = useWords();
  const { row, lines, steps, canCancel } = transfer;
  const [isOff, setOff] = useState(false);
  const [error, setError] = useState('');
  const challan = row.way === 'out' ? steps.findLast((step) => step.number !== null) : undefined;
  const print = (): void => {
    if (challan === undefined) return;
    const key = newKey();
    void ask((till) => till.transfer.printChallan({ key, dispatchId: challan.eventId })).then((answer) => {
      setError(answer.ok ? '' : errorText(answer.error));
      if (answer.ok) tell(() => say('trReprinted', { number: answer.value.number }), 'good');
    });
  };
  useForm({
    name: 'transferShow',
    back: onBack,
    enter: onBack,
    print,
    same: { F6: () => setOff(canCancel) },
  });
  return (
    <>
      <main className="bm-main" data-form="transferShow" data-testid="transfer-show">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say(row.way === 'out' ? 'trOut' : 'trIn', { store: row.otherName })}</h1>
          </div>
          <div className="bm-arrived bm-head">
            <span>{say('colItem')}</span>
            <span>{say('trWanted')}</span>
            <span>{say('trSent')}</span>
            <span>{say('trArrived')}</span>
            <span>{say('trDifference')}</span>
          </div>
          <div className="bm-lines">
            {lines.map((line) => {
              const text = (qty: Milli | null): string => (qty === null ? '' : formatQty(qty, line.unit));
              return (
                <div
                  key={line.itemId}
                  className={line.reasons.length === 0 ? 'bm-arrived' : 'bm-arrived bm-arrived-differs'}
                  data-testid="transfer-line"
                >
                  <span>
                    {nameIn(line, language)} <small>{unitBeside(line.unit, say)}</small>
                  </span>
                  <span className="bm-num">{text(line.wantedMilli)}</span>
                  <span className="bm-num">{text(line.sentMilli)}</span>
                  <span className="bm-num">{text(line.goodMilli)}</span>
                  <span>
                    {line.differenceMilli === 0 ? '' : `${text(line.differenceMilli)} `}
                    {line.reasons.map((reason) => say(reasonWords[reason])).join(', ')}
                  </span>
                </div>
              );
            })}
          </div>
          {error === '' ? null : (
            <div className="bm-pad bm-field-error" role="alert">
              {error}
            </div>
          )}
        </section>
        <aside className="bm-right">
          <TransferSide transfer={transfer} />
          {challan === undefined ? null : (
            <ActionButton cap="Ctrl P" onPress={print} testId="challan-print">
              {say('trPrintChallan')}
            </ActionButton>
          )}
          {canCancel ? (
            <ActionButton cap="F6" onPress={() => setOff(true)} testId="transfer-cancel">
              {say('trCancel')}
            </ActionButton>
          ) : null}
          <ActionButton look="quiet" cap="Esc" onPress={onBack}>
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
              ...(challan === undefined ? [] : [{ key: 'CtrlP', cap: 'Ctrl P', word: 'trPrintChallan' } as const]),
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
      {isOff ? <CallOff transfer={transfer} onBack={() => setOff(false)} onDone={onBack} /> : null}
    </>
  );
}
