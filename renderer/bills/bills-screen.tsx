/** Today's bills (F12 5): search, look at the receipt, print again. Rule kept: a reprint is marked DUPLICATE
 * and changes nothing. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { BillRow } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { businessDateOf, instant } from '#core/time.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText, tellRefusal } from '../counter/till-calls.ts';
import { goTo, tell } from '../counter/ui-store.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { clockTime } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { ReceiptView } from './receipt-view.tsx';

export function BillsScreen() {
  const { say, language } = useWords();
  const [text, setText] = useState('');
  const [rows, setRows] = useState<readonly BillRow[] | null>(null);
  const [at, setAt] = useState(0);
  const [error, setError] = useState('');
  const chosen = rows?.[at];
  useEffect(() => {
    let isStale = false;
    const businessDate = text.trim() === '' ? businessDateOf(instant(Date.now())) : null;
    void ask((till) => till.bill.find({ text: text.slice(0, 120), businessDate, limit: 50 })).then((answer) => {
      if (isStale) return;
      setError(answer.ok ? '' : errorText(answer.error));
      setRows(answer.ok ? answer.value : []);
      setAt(0);
    });
    return () => {
      isStale = true;
    };
  }, [text]);
  const shown = useAnswer(chosen === undefined ? null : { id: chosen.id, kind: chosen.kind }, (till, wanted) =>
    till.bill.receipt(wanted),
  );
  const back = (): void => goTo('counter');
  const reprint = (): void => {
    if (chosen === undefined) return;
    const key = newKey();
    void ask((till) => till.bill.reprint({ key, id: chosen.id })).then((answer) => {
      if (answer.ok) tell(() => say('reprinted', { number: answer.value.number }), 'good');
      else {
        tellRefusal(answer.error);
        setError(errorText(answer.error));
      }
      if (answer.ok) setError('');
    });
  };
  useForm({
    name: 'bills',
    back,
    enter: reprint,
    print: reprint,
    scan: (code) => setText(code.slice(0, 60)),
    move: (key) => {
      const last = (rows?.length ?? 1) - 1;
      setAt((now) =>
        Math.max(0, Math.min(last, now + (key === 'Up' ? -1 : key === 'Down' ? 1 : key === 'PageUp' ? -10 : 10))),
      );
    },
  });
  return (
    <>
      <main className="bm-main bm-bills" data-form="bills" data-testid="bills-screen">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('billsTitle')}</h1>
          </div>
          <div className="bm-pad">
            <Field
              label={say('billsField')}
              value={text}
              onText={setText}
              isDefault
              error={error}
              testId="bills-field"
            />
          </div>
          <div className="bm-lines" role="listbox" aria-label={say('billsTitle')} tabIndex={-1}>
            {rows?.length === 0 ? <p className="bm-pad bm-dialog-help">{say('billsNone')}</p> : null}
            {rows?.map((row, i) => (
              <UnstyledButton
                key={row.id}
                role="option"
                aria-selected={i === at}
                className={i === at ? 'bm-bill bm-row-chosen' : 'bm-bill'}
                data-testid="bill-row"
                onClick={() => setAt(i)}
              >
                <span>{clockTime(row.occurredAtMs, language)}</span>
                <b>{row.number}</b>
                <span>
                  {row.kind === 'creditNote' ? say('creditNote') : row.cashierName} {row.customerMobile ?? ''}
                </span>
                <b className="bm-num">
                  {row.kind === 'creditNote' ? '−' : ''}
                  {formatPaise(row.payablePaise)}
                </b>
              </UnstyledButton>
            ))}
          </div>
        </section>
        <aside className="bm-right">
          <div className="bm-receipt-box">
            {shown?.ok !== true || chosen === undefined ? null : (
              <ReceiptView receipt={shown.value} label={say('receiptLabel', { number: chosen.number })} />
            )}
          </div>
          <ActionButton look="main" cap="Enter" onPress={reprint} isDisabled={chosen === undefined} testId="reprint">
            {say('reprint')}
          </ActionButton>
          <ActionButton cap="Esc" onPress={back}>
            {say('kBack')}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'Up', cap: '↑ ↓', word: 'kMoveForm' },
              { key: 'Enter', cap: 'Enter', word: 'reprint' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}
