/** UPI payments that were left waiting: a person says for each whether the money came. Rule kept: never
 * settled by a timer. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { WaitingUpi } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { tellRefusal } from '../counter/till-calls.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { clockTime } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { goTo } from '../counter/ui-store.ts';

export function SettleUpi({ waiting }: { readonly waiting: readonly WaitingUpi[] }) {
  const { say, language } = useWords();
  const [at, setAt] = useState(0);
  const chosen = waiting[Math.min(at, waiting.length - 1)];
  const settle = (outcome: 'received' | 'notReceived'): void => {
    if (chosen === undefined) return;
    void ask((till) => till.shift.settleUpi({ billId: chosen.billId, tenderNo: chosen.tenderNo, outcome })).then(
      (answer) => {
        if (!answer.ok) tellRefusal(answer.error);
      },
    );
  };
  const came = (): void => settle('received');
  const never = (): void => settle('notReceived');
  useForm({
    name: 'settleUpi',
    back: () => goTo('counter'),
    letters: { Y: came, N: never },
    move: (key) => setAt((now) => Math.max(0, Math.min(waiting.length - 1, now + (key === 'Up' ? -1 : 1)))),
  });
  return (
    <section className="bm-card bm-close-col" data-testid="settle-upi">
      <h2>{say('upiOpen')}</h2>
      <p className="bm-dialog-help">{say('upiOpenHelp')}</p>
      {waiting.map((one, i) => (
        <UnstyledButton
          key={`${one.billId}-${one.tenderNo}`}
          className={one === chosen ? 'bm-held bm-held-chosen' : 'bm-held'}
          onClick={() => setAt(i)}
        >
          <span className="bm-held-top">
            <b>{one.number}</b>
            <b className="bm-num">{formatPaise(one.amountPaise)}</b>
          </span>
          <span className="bm-held-under">
            {clockTime(one.occurredAtMs, language)} {one.reference ?? ''}
          </span>
        </UnstyledButton>
      ))}
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Y" onPress={came} testId="upi-came">
          {say('upiCame')}
        </ActionButton>
        <ActionButton cap="N" onPress={never}>
          {say('upiNever')}
        </ActionButton>
      </div>
    </section>
  );
}
