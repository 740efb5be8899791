/**
 * Returns (screens.md §5.6): one field finds the bill; its lines say how many come back; the amount panel shows
 * the refund. Rule kept: the refund is the till's number; without a bill a supervisor's PIN is needed.
 */
import { useEffect, useState } from 'react';
import type { BillForReturn, BillRow } from '#contract/views.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText, flash } from '../counter/till-calls.ts';
import { goTo } from '../counter/ui-store.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { clockTime, shortRupees } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { ReturnForBill } from './return-for-bill.tsx';
import { returnWanted } from './return-wanted.ts';
import { ReturnNoBill } from './return-no-bill.tsx';

type At =
  | { readonly step: 'find' }
  | { readonly step: 'pick'; readonly rows: readonly BillRow[] }
  | { readonly step: 'bill'; readonly found: BillForReturn }
  | { readonly step: 'noBill' };

export function ReturnScreen() {
  const [at, setAt] = useState<At>({ step: 'find' });
  if (at.step === 'bill') return <ReturnForBill found={at.found} onBack={() => setAt({ step: 'find' })} />;
  if (at.step === 'noBill') return <ReturnNoBill onBack={() => setAt({ step: 'find' })} />;
  return <FindBill rows={at.step === 'pick' ? at.rows : []} onAt={setAt} />;
}

function FindBill({ rows, onAt }: { readonly rows: readonly BillRow[]; readonly onAt: (at: At) => void }) {
  const { say, language } = useWords();
  const [text, setText] = useState(() => returnWanted.get());
  useEffect(() => returnWanted.set(''), []);
  const [error, setError] = useState('');
  const open = async (typed: string): Promise<void> => {
    const wanted = typed.trim().slice(0, 120);
    if (wanted === '') return;
    const answer = await ask((till) => till.bill.forReturn({ text: wanted }));
    if (answer.ok) return onAt({ step: 'bill', found: answer.value });
    const found = await ask((till) => till.bill.find({ text: wanted, limit: 9 }));
    const bills = found.ok ? found.value.filter((row) => row.kind === 'bill') : [];
    if (bills.length > 0) return onAt({ step: 'pick', rows: bills });
    play('refused');
    flash('bad');
    setError(errorText(answer.error));
  };
  const pick = (index: number): void => {
    const row = rows[index];
    if (row !== undefined) void open(row.number);
  };
  useForm({
    name: 'return',
    back: () => goTo('counter'),
    accept: () => void open(text),
    enter: () => {
      if (text.trim() === '' && rows.length > 0) pick(0);
      else if (text.trim() !== '' || !walkToNextField()) void open(text);
    },
    choose: (digit) => pick(digit - 1),
    scan: (code) => {
      setText(code.slice(0, 120));
      void open(code);
    },
    same: { F8: () => onAt({ step: 'noBill' }) },
  });
  return (
    <>
      <main className="bm-center" data-form="return" data-testid="return-screen">
        <section className="bm-card bm-find">
          <h1>{say('returnTitle')}</h1>
          <Field
            label={say('returnField')}
            value={text}
            onText={setText}
            isDefault
            error={error}
            maxLength={120}
            testId="return-field"
          />
          {rows.length === 0 ? null : (
            <div>
              <b>{say('pickBill')}</b>
              {rows.map((row, i) => (
                <button
                  key={row.id}
                  type="button"
                  className="bm-button bm-button-quiet bm-find-row"
                  onClick={() => pick(i)}
                >
                  <Cap>{i + 1}</Cap>
                  <b>{row.number}</b>
                  <span>{clockTime(row.occurredAtMs, language)}</span>
                  <b className="bm-push">₹{shortRupees(row.payablePaise)}</b>
                </button>
              ))}
            </div>
          )}
          <div className="bm-pane-actions">
            <ActionButton look="main" cap="Enter" onPress={() => void open(text)}>
              {say('returnWithBill')}
            </ActionButton>
            <ActionButton cap="F8" onPress={() => onAt({ step: 'noBill' })} testId="no-bill">
              {say('returnNoBill')}
            </ActionButton>
            <ActionButton look="quiet" cap="Esc" onPress={() => goTo('counter')}>
              {say('kBack')}
            </ActionButton>
          </div>
          <p className="bm-dialog-help">{say('exchangeHelp')}</p>
        </section>
      </main>
      <KeyBar
        state="form"
        groups={[
          { title: 'groupReturn', hints: [{ key: 'Escape', cap: 'Esc', word: 'kBack' }] },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}
